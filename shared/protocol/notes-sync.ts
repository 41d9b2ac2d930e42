// The notes WebSocket: y-websocket's messages, our close codes and one further message that stock clients ignore.

/** First varint of a frame, as y-websocket numbers them. */
export const notesMessage = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  /**
   * Server → client: varuint, how many update-bearing frames (sync step 2 and update) received on this connection are
   * durable. A client that has sent more than that shows "saving", else "saved". Counting frames, not state vectors,
   * covers deletions too, which leave a state vector unchanged.
   */
  durable: 100,
  /** Server → client: varstring, JSON of `{code, message}`; the frame it answers was not applied. */
  refused: 101,
} as const;

export const notesCloseCode = {
  unauthorized: 4401,
  forbidden: 4403,
  tooBig: 4409,
  goingAway: 1012,
} as const;

/** Name of the Y.XmlFragment that holds the rich text. */
export const notesFragmentName = "notes";

/** What follows `/notes/<meetingId>` in a stream's address, by the layer of notes that it carries. */
export const notesStreams = { shared: "", mine: "/mine" } as const;
export type NotesLayer = keyof typeof notesStreams;
