// What a Yjs update must be before it may enter the journal.
import * as Y from "yjs";
import { AppError } from "../../../shared/errors.ts";
import { limits } from "../../../shared/limits.ts";

/**
 * Reads the update to its end, without building a document. Answers whether it holds anything: clients send empty ones
 * when they connect. Throws PAYLOAD_TOO_LARGE or VALIDATION_ERROR.
 */
export function checkUpdate(update: Uint8Array): "empty" | "edit" {
  if (update.byteLength > limits.notesFrameMaxBytes) {
    throw new AppError("PAYLOAD_TOO_LARGE", "This edit is too large to be saved in one piece.", {
      details: { maxBytes: limits.notesFrameMaxBytes },
    });
  }
  try {
    const { structs, ds } = Y.decodeUpdate(update);
    return structs.length === 0 && ds.clients.size === 0 ? "empty" : "edit";
  } catch (error) {
    throw new AppError("VALIDATION_ERROR", "This edit is damaged and was not saved. Reload the notes.", {
      cause: error,
    });
  }
}

/**
 * Applies what the document lacks of an update. Of one that brings something else under an id that is taken, Yjs would
 * keep the other form beside the document where that has to wait for something, and put it first into the next state.
 */
export function applyNew(doc: Y.Doc, update: Uint8Array): void {
  const { from } = Y.parseUpdateMeta(update);
  const overlaps = [...from].some(([client, clock]) => clock < Y.getState(doc.store, client));
  Y.applyUpdate(doc, overlaps ? Y.diffUpdate(update, Y.encodeStateVector(doc)) : update);
}
