// Collaborative notes: a durable log of Yjs updates a document, its text, operations on that, and its history.
import type { Actor } from "../../../shared/actor.ts";
import type { MeetingId, NotesTemplateId, UserId } from "../../../shared/ids.ts";
import type { StreamFollow } from "../../platform/journal/index.ts";
import type { Page } from "../../../shared/schemas/common.ts";
import type { NotesTemplate } from "../../../shared/schemas/meetings.ts";
import type {
  AppliedNoteOperations,
  AppliedTemplate,
  ApplyTemplate,
  NotesTemplates,
  OwnNotesTemplate,
  SaveTemplate,
  ApplyNoteOperations,
  NoteRevision,
  NotesLayer,
  NotesView,
  NoteVersion,
  RestoredNotes,
  RestoreNotes,
} from "../../../shared/schemas/notes.ts";

export { createNotesModule } from "./notes.service.ts";

/** A document the actor was let into. `documentId` names it for `load` and `append`. */
export interface NotesAccess {
  documentId: string;
  meetingId: MeetingId;
  layer: NotesLayer;
  mode: "write" | "read";
}

export interface FollowedUpdate {
  sequence: number;
  update: Uint8Array;
  /** Whom it came from, where that is still known. */
  origin: string | null;
}

/** The rules it keeps are numbered in `SPEC.md`. */
export interface NotesService {
  /** Throws NOT_FOUND or FORBIDDEN as the policy says. */
  open(actor: Actor, meetingId: MeetingId, layer: NotesLayer): Promise<NotesAccess>;
  /** Everything durable of the document; applying all updates in any order gives its state. */
  load(documentId: string): Promise<{ updates: Uint8Array[]; sequence: number }>;
  /**
   * Resolves with the update's sequence after it is durable. `origin` reaches whoever follows the document; `taken` is
   * called as the journal does it.
   */
  append(
    documentId: string,
    authorId: UserId,
    update: Uint8Array,
    options?: { origin: string; taken?: () => void },
  ): Promise<{ sequence: number }>;
  /** Delivers every durable update above `afterSequence`, once and in order, whichever process took it, and however it came. */
  follow(
    documentId: string,
    options: { afterSequence: number; deliver(updates: FollowedUpdate[]): void },
  ): StreamFollow;
  /** The notes as Markdown and as plain text. */
  read(actor: Actor, meetingId: MeetingId, layer: NotesLayer): Promise<NotesView>;
  /**
   * Operations of a client without Yjs. Throws NOTES_VERSION_UNKNOWN, NOTES_VERSION_TOO_OLD (details: currentVersion),
   * VALIDATION_ERROR for positions outside of the base version's text, PAYLOAD_TOO_LARGE.
   */
  applyOperations(
    actor: Actor,
    meetingId: MeetingId,
    input: ApplyNoteOperations,
  ): Promise<AppliedNoteOperations>;
  /** Revisions, newest first. */
  history(
    actor: Actor,
    meetingId: MeetingId,
    query: { layer: NotesLayer; limit: number; cursor?: string | undefined },
  ): Promise<Page<NoteRevision>>;
  /** Throws NOTES_VERSION_UNKNOWN. */
  version(
    actor: Actor,
    meetingId: MeetingId,
    query: { layer: NotesLayer; version: number; compareWith?: number | undefined },
  ): Promise<NoteVersion>;
  /** Brings a past version's content back as a new edit of the actor's; idempotent by its key. */
  restore(actor: Actor, meetingId: MeetingId, version: number, input: RestoreNotes): Promise<RestoredNotes>;
  templates(actor: Actor): Promise<NotesTemplates>;
  /** Throws CONFLICT beyond `limits.notesTemplatesPerPerson`, PAYLOAD_TOO_LARGE, VALIDATION_ERROR for empty notes. */
  saveTemplate(actor: Actor, meetingId: MeetingId, input: SaveTemplate): Promise<OwnNotesTemplate>;
  /** Throws NOT_FOUND, for somebody else's too. */
  deleteTemplate(actor: Actor, id: NotesTemplateId): Promise<void>;
  /** Throws NOTES_NOT_EMPTY where something is written already. */
  useTemplate(actor: Actor, meetingId: MeetingId, input: ApplyTemplate): Promise<AppliedTemplate>;
  /**
   * Takes what the person wrote out of the meeting's notes for good, and removes their own layer; their templates go by
   * themselves, afterwards. May be repeated. Answers whether they had written in the shared notes.
   */
  erase(meetingId: MeetingId, userId: UserId): Promise<boolean>;
  eraseTemplates(userId: UserId): Promise<void>;
  /** Every layer with its history, for good, as their term is over. May be repeated. Answers how many documents are gone. */
  removeOfMeeting(meetingId: MeetingId): Promise<number>;
  /**
   * For whoever wrote it, whatever they may open today: their own layer as Markdown, empty where there is none, and what
   * the shared notes still show of what they wrote, in the order of the page.
   */
  wordsOf(meetingId: MeetingId, userId: UserId): Promise<{ own: string; shared: string[] }>;
  /** A person's templates of all organisations, newest first, as Markdown. */
  templatesOf(userId: UserId): Promise<{ title: string; createdAt: Date; content: string }[]>;
  /** Before a meeting is given a template: throws NOT_FOUND where the actor cannot choose it. */
  checkTemplate(actor: Actor, template: NotesTemplate | undefined): Promise<void>;
}
