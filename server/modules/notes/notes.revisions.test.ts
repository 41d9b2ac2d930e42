// Revisions, as they are made of the log alone.
import { expect, test } from "vitest";
import { noteRevisionSchema } from "../../../shared/schemas/notes.ts";
import { grouped } from "./notes.revisions.ts";

test("[NOTES-HISTORY-1] an update that claims to delete more than anybody has written leaves a history that can be read", () => {
  const farthest = [255, 255, 255, 255, 255, 255, 255, 15];
  // All that two clients have written and will ever write.
  const update = Uint8Array.from([0, 2, 7, 1, 0, ...farthest, 8, 1, 0, ...farthest]);
  const at = new Date("2030-01-01T00:00:00Z");
  const edits = [1, 2].map((sequence) => ({ sequence, authorId: null, key: null, at, update }));
  const [revision] = grouped(null, edits);
  expect(noteRevisionSchema.shape.deletedChars.safeParse(revision?.deletedChars).success).toBe(true);
  expect(noteRevisionSchema.shape.edits.parse(revision?.edits)).toBe(2);
});
