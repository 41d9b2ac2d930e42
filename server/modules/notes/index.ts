// Collaborative notes: a durable log of Yjs updates a document, snapshots of it, and its text.
import type { Actor } from "../../../shared/actor.ts";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { NotesView } from "../../../shared/schemas/notes.ts";

export { createNotesModule } from "./notes.service.ts";

/** `shared` is everybody's; `mine` belongs to one person and is shown to nobody else. */
export type NotesLayer = "shared" | "mine";

/** A document the actor was let into. `documentId` names it for `load` and `append`. */
export interface NotesAccess {
  documentId: string;
  meetingId: MeetingId;
  layer: NotesLayer;
  mode: "write" | "read";
}

export interface NotesService {
  /** Throws NOT_FOUND or FORBIDDEN as the policy says. */
  open(actor: Actor, meetingId: MeetingId, layer: NotesLayer): Promise<NotesAccess>;
  /** Everything durable of the document; applying all updates in any order gives its state. */
  load(documentId: string): Promise<{ updates: Uint8Array[]; sequence: number }>;
  /** Resolves with the update's sequence after it is durable. */
  append(documentId: string, authorId: UserId, update: Uint8Array): Promise<{ sequence: number }>;
  /** The shared notes as Markdown. */
  read(actor: Actor, meetingId: MeetingId): Promise<NotesView>;
}
