// The materialised text of a meeting's notes, for readers without Yjs.
import { z } from "zod";
import { meetingIdSchema } from "../ids.ts";
import { timestampSchema } from "./common.ts";

export const notesViewSchema = z.object({
  meetingId: meetingIdSchema,
  /** Markdown of the shared rich text: headings, lists and checkboxes kept. */
  content: z.string(),
  /** Sequence of the last edit contained in `content`. */
  version: z.number().int(),
  updatedAt: timestampSchema.nullable(),
});
export type NotesView = z.infer<typeof notesViewSchema>;
