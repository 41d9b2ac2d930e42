// Whether what was written on this device is safe, as a pure machine: "saved" is said only when the server has said so.

export type SaveConnection =
  /** Not there yet, or lost: it is tried again. */
  | { kind: "down" }
  | { kind: "open" }
  /** Given up for good, with the reason. */
  | { kind: "ended"; reason: "forbidden" | "too-big" | "signed-out" };

export interface SaveState {
  connection: SaveConnection;
  mayWrite: boolean;
  /** There was a connection before: being down now means offline, not starting. */
  everOpen: boolean;
  /**
   * The server's first question was answered with everything that it lacks. Until then edits from before this
   * connection may exist on this device alone.
   */
  offered: boolean;
  /** Update-bearing frames sent on this connection, and how many of them the server has called durable. */
  sent: number;
  durable: number;
  /** Written on this device since everything was last known to be safe, in a form that no connection carried yet. */
  unsent: boolean;
  /** Why the server did not take an edit of this connection. */
  refusal: string | null;
}

export type SaveEvent =
  | { type: "edited" }
  | { type: "opened" }
  | { type: "sent"; step: "two" | "update" }
  | { type: "durable"; frames: number }
  | { type: "refused"; message: string }
  | { type: "lost" }
  | { type: "ended"; reason: "forbidden" | "too-big" | "signed-out" }
  | { type: "resumed" };

export function initialSaveState(mayWrite: boolean): SaveState {
  return {
    connection: { kind: "down" },
    mayWrite,
    everOpen: false,
    offered: false,
    sent: 0,
    durable: 0,
    unsent: false,
    refusal: null,
  };
}

export function reduceSave(state: SaveState, event: SaveEvent): SaveState {
  switch (event.type) {
    case "edited":
      // On an open connection the edit leaves as a frame of its own, which is counted there.
      return state.connection.kind === "open" ? state : { ...state, unsent: true };
    case "opened":
      return {
        ...state,
        connection: { kind: "open" },
        everOpen: true,
        offered: false,
        sent: 0,
        durable: 0,
        refusal: null,
      };
    case "sent":
      return {
        ...state,
        sent: state.sent + 1,
        offered: state.offered || event.step === "two",
        // Step two holds everything that the server lacks; from here on the count of frames tells.
        unsent: event.step === "two" ? false : state.unsent,
      };
    case "durable":
      return { ...state, durable: Math.min(state.sent, Math.max(state.durable, event.frames)) };
    case "refused":
      return { ...state, refusal: event.message };
    case "lost":
      return disconnected(state, { kind: "down" });
    case "ended":
      return disconnected(state, { kind: "ended", reason: event.reason });
    case "resumed":
      return { ...state, connection: { kind: "down" } };
  }
}

export type SaveView =
  | "connecting"
  | "saved"
  | "saving"
  /** No connection; everything written here is on the server. */
  | "offline"
  /** No connection, and something written here is on this device alone. */
  | "offline-unsaved"
  | "read-only"
  | "refused"
  | "forbidden"
  | "too-big"
  | "signed-out";

export function saveView(state: SaveState): SaveView {
  const { connection } = state;
  if (connection.kind === "ended") return connection.reason;
  if (state.refusal !== null) return "refused";
  if (connection.kind === "down") {
    if (hasUnsafeEdits(state)) return "offline-unsaved";
    return state.everOpen ? "offline" : "connecting";
  }
  if (!state.mayWrite) return "read-only";
  if (!state.offered && !hasUnsafeEdits(state) && state.sent === 0) return "connecting";
  return hasUnsafeEdits(state) ? "saving" : "saved";
}

/** True while closing the page would leave something behind that the server does not have. */
export function hasUnsafeEdits(state: SaveState): boolean {
  return state.unsent || state.durable < state.sent;
}

function disconnected(state: SaveState, connection: SaveConnection): SaveState {
  // What was under way may have been lost with the connection: the next one offers it again.
  return { ...state, connection, unsent: hasUnsafeEdits(state), offered: false, sent: 0, durable: 0 };
}
