// The bytes of the notes WebSocket: y-websocket's messages and our two, decoded and encoded.
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { notesMessage } from "../../shared/protocol/notes-sync.ts";

/** Second varint of a sync frame, as y-protocols numbers them. */
const syncStep = { one: 0, two: 1, update: 2 } as const;

export interface AwarenessEntry {
  clientId: number;
  clock: number;
  /** JSON text of the state; `null` as text means gone. */
  state: string;
}

export type NotesFrame =
  | { kind: "sync-step-1"; stateVector: Uint8Array }
  /** Sync step 2 and update differ only in when they are sent: both bear an update. */
  | { kind: "update"; update: Uint8Array; step: "two" | "update" }
  | { kind: "awareness"; entries: AwarenessEntry[]; bytes: number }
  | { kind: "query-awareness" }
  | { kind: "unknown" };

/** Throws on bytes that are no frame. The arrays of the result are views into `data`. */
export function decodeFrame(data: Uint8Array): NotesFrame {
  const decoder = decoding.createDecoder(data);
  switch (decoding.readVarUint(decoder)) {
    case notesMessage.sync:
      return decodeSync(decoder);
    case notesMessage.awareness: {
      const payload = decoding.readVarUint8Array(decoder);
      return { kind: "awareness", entries: decodeAwareness(payload), bytes: payload.byteLength };
    }
    case notesMessage.queryAwareness:
      return { kind: "query-awareness" };
    default:
      return { kind: "unknown" };
  }
}

function decodeSync(decoder: decoding.Decoder): NotesFrame {
  const step = decoding.readVarUint(decoder);
  const payload = decoding.readVarUint8Array(decoder);
  if (step === syncStep.one) return { kind: "sync-step-1", stateVector: payload };
  if (step === syncStep.two) return { kind: "update", update: payload, step: "two" };
  if (step === syncStep.update) return { kind: "update", update: payload, step: "update" };
  return { kind: "unknown" };
}

function decodeAwareness(payload: Uint8Array): AwarenessEntry[] {
  const decoder = decoding.createDecoder(payload);
  const count = decoding.readVarUint(decoder);
  const entries: AwarenessEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    entries.push({
      clientId: readNumber(decoder),
      clock: readNumber(decoder),
      state: decoding.readVarString(decoder),
    });
  }
  return entries;
}

/** Throws where it is none that can be written again: of as many bytes as one likes comes Infinity, whose writing has no end. */
function readNumber(decoder: decoding.Decoder): number {
  const number = decoding.readVarUint(decoder);
  if (!Number.isSafeInteger(number))
    throw new Error("a frame of the notes protocol counts further than anything is counted");
  return number;
}

export function syncStep1Frame(stateVector: Uint8Array): Uint8Array {
  return syncFrame(syncStep.one, stateVector);
}

export function syncStep2Frame(update: Uint8Array): Uint8Array {
  return syncFrame(syncStep.two, update);
}

export function updateFrame(update: Uint8Array): Uint8Array {
  return syncFrame(syncStep.update, update);
}

function syncFrame(step: number, payload: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, notesMessage.sync);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, payload);
  });
}

export function awarenessFrame(entries: AwarenessEntry[]): Uint8Array {
  const payload = encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, entries.length);
    for (const { clientId, clock, state } of entries) {
      encoding.writeVarUint(encoder, clientId);
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarString(encoder, state);
    }
  });
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, notesMessage.awareness);
    encoding.writeVarUint8Array(encoder, payload);
  });
}

/** Changes nothing, but tells a stock client, which reconnects after 30 s of silence, that the line is alive. */
export const keepAliveFrame: Uint8Array = awarenessFrame([]);

export function durableFrame(frames: number): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, notesMessage.durable);
    encoding.writeVarUint(encoder, frames);
  });
}

export function refusedFrame(error: { code: string; message: string }): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, notesMessage.refused);
    encoding.writeVarString(encoder, JSON.stringify({ code: error.code, message: error.message }));
  });
}
