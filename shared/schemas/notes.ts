// Notes for readers and writers without Yjs: text, operations, history, templates.
import { z } from "zod";
import { meetingIdSchema, notesTemplateIdSchema, userIdSchema } from "../ids.ts";
import { limits } from "../limits.ts";
import { builtInTemplateNames } from "../notes-templates.ts";
import { clientKeySchema, requiredText, timestampSchema } from "./common.ts";
import { notesTemplateSchema } from "./meetings.ts";

/** `shared` is everybody's; `mine` belongs to one person and is shown to nobody else. */
export const notesLayerSchema = z.enum(["shared", "mine"]);
export type NotesLayer = z.infer<typeof notesLayerSchema>;

export const notesQuerySchema = z.object({ layer: notesLayerSchema.default("shared") });

export const notesViewSchema = z.object({
  meetingId: meetingIdSchema,
  layer: notesLayerSchema,
  /** Markdown of the rich text: headings, lists and checkboxes kept. */
  content: z.string(),
  /** The plain text that positions of operations count in: blocks as lines, without marks. */
  text: z.string(),
  /** Sequence of the last edit contained in both. */
  version: z.number().int(),
  updatedAt: timestampSchema.nullable(),
});
export type NotesView = z.infer<typeof notesViewSchema>;

const positionSchema = z.number().int().min(0).max(limits.notesTextMaxChars);
const lengthSchema = z.number().int().min(1).max(limits.notesTextMaxChars);

/** Positions and lengths count UTF-16 code units of the plain text, as JavaScript strings do. */
export const noteOperationSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("insert"),
    position: positionSchema,
    /** A line break opens a new block. */
    content: z
      .string()
      .min(1)
      .max(limits.notesOperationsMaxChars)
      .refine(isPlain, "must be well-formed text without control characters; lines end with \\n alone"),
  }),
  z.strictObject({ type: z.literal("delete"), position: positionSchema, length: lengthSchema }),
  /** Changes nothing: asks whether the range is there. */
  z.strictObject({ type: z.literal("retain"), position: positionSchema, length: lengthSchema.optional() }),
]);
export type NoteOperation = z.infer<typeof noteOperationSchema>;

export const applyNoteOperationsSchema = z.object({
  /** Names this request for this person and document: repeated, it is applied once. */
  clientKey: clientKeySchema,
  layer: notesLayerSchema.default("shared"),
  /** The version whose text the first operation refers to; each further one refers to what the one before has left. */
  baseVersion: z.number().int().min(0),
  operations: z
    .array(noteOperationSchema)
    .min(1)
    .max(limits.notesOperationsMaxItems)
    .refine(
      (operations) =>
        operations.reduce((sum, each) => sum + (each.type === "insert" ? each.content.length : 0), 0) <=
        limits.notesOperationsMaxChars,
      `must insert at most ${limits.notesOperationsMaxChars} characters together`,
    ),
});
export type ApplyNoteOperations = z.infer<typeof applyNoteOperationsSchema>;

/** A change of a text, from its start on: so many units kept, put in, taken out; what is left behind the end is kept. */
export const noteChangeSchema = z.union([
  z.strictObject({ retain: z.number().int().min(1) }),
  z.strictObject({ insert: z.string() }),
  z.strictObject({ delete: z.number().int().min(1) }),
]);
export type NoteChange = z.infer<typeof noteChangeSchema>;

export const appliedNoteOperationsSchema = z.object({
  /** Sequence of this edit in the log; of the last edit where nothing was left to change. */
  sequence: z.number().int(),
  /** True where the key had been applied before. */
  repeated: z.boolean(),
  /** The operations as they were carried over to the text they met; null for a repeat. */
  transformed: z.array(noteChangeSchema).nullable(),
  /** The version that `changes` lead to. */
  version: z.number().int(),
  /** From the base version's text to that of `version`, the operations included; null: read the text again. */
  changes: z.array(noteChangeSchema).nullable(),
});
export type AppliedNoteOperations = z.infer<typeof appliedNoteOperationsSchema>;

export const noteRevisionSchema = z.object({
  /** The text after this revision; `fromVersion` is the text before it. */
  version: z.number().int(),
  fromVersion: z.number().int(),
  startedAt: timestampSchema,
  endedAt: timestampSchema,
  /** Most edits first; without `userId` what the house wrote, such as a template's headings. */
  authors: z.array(
    z.object({
      userId: userIdSchema.nullable(),
      displayName: z.string().nullable(),
      edits: z.number().int(),
    }),
  ),
  edits: z.number().int(),
  /** As typed: what was typed and deleted again counts in both. */
  insertedChars: z.number().int(),
  deletedChars: z.number().int(),
  kind: z.enum(["edit", "template", "restore"]),
  restoredVersion: z.number().int().nullable(),
});
export type NoteRevision = z.infer<typeof noteRevisionSchema>;

export const notesHistoryQuerySchema = notesQuerySchema.extend({
  limit: z.coerce.number().int().min(1).max(limits.notesHistoryPageMaxItems).default(20),
  cursor: z.string().max(200).optional(),
});

export const noteVersionParamSchema = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const noteVersionQuerySchema = notesQuerySchema.extend({
  /** Another version to compare with; the present one where it is left out. */
  compareWith: z.coerce.number().int().min(0).optional(),
});

export const noteVersionSchema = z.object({
  meetingId: meetingIdSchema,
  layer: notesLayerSchema,
  version: z.number().int(),
  currentVersion: z.number().int(),
  content: z.string(),
  text: z.string(),
  comparedWith: z.number().int(),
  /** From the earlier of the two versions' text to the later one's, word by word. */
  changes: z.array(noteChangeSchema),
  /** The earlier one's text: what `changes` begins at. */
  earlierText: z.string(),
});
export type NoteVersion = z.infer<typeof noteVersionSchema>;

export const restoreNotesSchema = z.object({
  /** Repeated, it is restored once. */
  clientKey: clientKeySchema,
  layer: notesLayerSchema.default("shared"),
});
export type RestoreNotes = z.infer<typeof restoreNotesSchema>;

export const restoredNotesSchema = z.object({
  /** The version that the notes have now. */
  version: z.number().int(),
  restoredVersion: z.number().int(),
  /** False where the notes said the same already. */
  changed: z.boolean(),
  repeated: z.boolean(),
});
export type RestoredNotes = z.infer<typeof restoredNotesSchema>;

export const ownNotesTemplateSchema = z.object({
  id: notesTemplateIdSchema,
  title: z.string(),
  /** The first lines. */
  preview: z.string(),
  createdAt: timestampSchema,
});
export type OwnNotesTemplate = z.infer<typeof ownNotesTemplateSchema>;

export const notesTemplatesSchema = z.object({
  builtIn: z.array(z.object({ name: z.enum(builtInTemplateNames), headings: z.array(z.string()) })),
  /** One's own, newest first; chosen as `own:<id>`. */
  own: z.array(ownNotesTemplateSchema),
  ownMost: z.number().int(),
});
export type NotesTemplates = z.infer<typeof notesTemplatesSchema>;

export const saveTemplateSchema = z.object({
  title: requiredText(limits.nameMaxChars),
  layer: notesLayerSchema.default("shared"),
});
export type SaveTemplate = z.infer<typeof saveTemplateSchema>;

export const applyTemplateSchema = z.object({
  clientKey: clientKeySchema,
  layer: notesLayerSchema.default("shared"),
  template: notesTemplateSchema,
});
export type ApplyTemplate = z.infer<typeof applyTemplateSchema>;

export const appliedTemplateSchema = z.object({ version: z.number().int() });
export type AppliedTemplate = z.infer<typeof appliedTemplateSchema>;

function isPlain(value: string): boolean {
  // eslint-disable-next-line no-control-regex -- the control characters are what is looked for
  return value.isWellFormed() && !/[\u0000-\u0008\u000b-\u001f\u007f\ufffc]/.test(value);
}
