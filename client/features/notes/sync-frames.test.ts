import * as encoding from "lib0/encoding";
import { describe, expect, test } from "vitest";
import * as syncProtocol from "y-protocols/sync";
import * as Y from "yjs";
import { notesMessage } from "../../../shared/protocol/notes-sync.ts";
import { readRefusal, updateStep } from "./sync-frames.ts";

function frame(type: number, write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  write(encoder);
  return encoding.toUint8Array(encoder);
}

describe("outgoing frames of notes", () => {
  const document = new Y.Doc();

  test("sync step two and updates carry edits, step one and awareness do not", () => {
    expect(
      updateStep(frame(notesMessage.sync, (to) => syncProtocol.writeSyncStep1(to, document))),
    ).toBeNull();
    expect(updateStep(frame(notesMessage.sync, (to) => syncProtocol.writeSyncStep2(to, document)))).toBe(
      "two",
    );
    const update = Y.encodeStateAsUpdate(document);
    expect(updateStep(frame(notesMessage.sync, (to) => syncProtocol.writeUpdate(to, update)))).toBe("update");
    const awareness = frame(notesMessage.awareness, (to) =>
      encoding.writeVarUint8Array(to, new Uint8Array(2)),
    );
    expect(updateStep(awareness)).toBeNull();
  });

  test("a refusal is read as code and message, and rubbish as none", () => {
    const text = JSON.stringify({ code: "FORBIDDEN", message: "You may only read." });
    expect(readRefusal(text)).toEqual({ code: "FORBIDDEN", message: "You may only read." });
    expect(readRefusal("{")).toBeNull();
    expect(readRefusal("[]")).toBeNull();
  });
});
