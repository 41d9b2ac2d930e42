// As much of the y-websocket protocol as the saved indicator needs: which outgoing frames carry an edit.
import * as decoding from "lib0/decoding";
import { notesMessage } from "../../../shared/protocol/notes-sync.ts";

const syncStepTwo = 1;
const syncUpdate = 2;

/** `two` answers the server's question with all that it lacks, `update` carries one edit, null carries none. */
export function updateStep(frame: Uint8Array): "two" | "update" | null {
  const decoder = decoding.createDecoder(frame);
  if (decoding.readVarUint(decoder) !== notesMessage.sync) return null;
  switch (decoding.readVarUint(decoder)) {
    case syncStepTwo:
      return "two";
    case syncUpdate:
      return "update";
    default:
      return null;
  }
}

/** The server's refusal: JSON of `{code, message}`. */
export function readRefusal(text: string): { code: string; message: string } | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("code" in value) || !("message" in value))
      return null;
    return { code: String(value.code), message: String(value.message) };
  } catch {
    return null;
  }
}
