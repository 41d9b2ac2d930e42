// Who may do what with which document, and the one way by which an edit becomes durable.
import type { Actor } from "../../../shared/actor.ts";
import { AppError, toAppError } from "../../../shared/errors.ts";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { NotesLayer } from "../../../shared/schemas/notes.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Journal, JournalEntry, JournalInput } from "../../platform/journal/index.ts";
import type { MeetingRecord, MeetingsService } from "../meetings/index.ts";
import type { NotesAccess } from "./index.ts";
import { keptNoLonger } from "../../../shared/retention.ts";
import { ownDocument, parseDocument, sharedDocument } from "./notes.documents.ts";
import type { DocumentSize, DocumentSizes } from "./notes.sizes.ts";
import { builtIn, ownIdOf, templateKey, templateUpdate } from "./notes.template.ts";
import type { TemplatesRepository } from "./notes.templates.ts";
import { checkUpdate } from "./notes.updates.ts";

export interface Edit {
  documentId: string;
  authorId: UserId;
  key: string | null;
  /** Not changed afterwards by whoever brings it. */
  update: Uint8Array;
  /** Passed on to whoever follows the document; not stored. */
  origin?: string | undefined;
  /** As the journal calls it. */
  taken?: (() => void) | undefined;
}

export interface NotesWriting {
  open(actor: Actor, meetingId: MeetingId, layer: NotesLayer): Promise<NotesAccess>;
  /** The document's name, where the actor may do this; a shared document is initialised for who writes. Throws as the policy says. */
  allowed(
    actor: Actor,
    meetingId: MeetingId,
    access: { layer: NotesLayer; to: "read" | "write" | "history" | "restore" },
  ): Promise<string>;
  /** Null for an update that holds nothing. Throws PAYLOAD_TOO_LARGE and what the journal throws. */
  store(edit: Edit): Promise<{ entry: JournalEntry; repeated: boolean } | null>;
}

export interface NotesWritingParts {
  journal: Journal;
  meetings: Pick<MeetingsService, "authorize" | "record">;
  bus: EventBus;
  sizes: DocumentSizes;
  templates: Pick<TemplatesRepository, "find">;
}

export function createNotesWriting(parts: NotesWritingParts): NotesWriting {
  const { journal, meetings, bus, sizes, templates } = parts;
  async function mayWrite(actor: Actor, meetingId: MeetingId): Promise<boolean> {
    try {
      await meetings.authorize(actor, meetingId, "notes.write");
      return true;
    } catch (error) {
      const { code } = toAppError(error);
      if (code !== "FORBIDDEN" && code !== "MEETING_NOT_ACTIVE") throw error;
    }
    await meetings.authorize(actor, meetingId, "notes.read");
    return false;
  }

  /** A person's own template serves while the person is a host of the meeting; where it is gone the notes begin empty. */
  async function contentFor({ template, participants }: MeetingRecord): Promise<Uint8Array | null> {
    const name = builtIn(template);
    if (name !== null) return templateUpdate(name);
    const own = await templates.find(ownIdOf(template));
    const isHosts = participants.some(({ userId, role }) => role === "host" && userId === own?.ownerId);
    return own !== null && isHosts ? own.update : null;
  }

  /** Once only: by the key within this store, and by the same bytes wherever the update may arrive twice. */
  async function initialise(documentId: string, meetingId: MeetingId): Promise<void> {
    if ((await journal.lastSequence(documentId)) > 0) return;
    const record = await meetings.record(meetingId);
    const update = record === null ? null : await contentFor(record);
    if (record === null || update === null) return;
    await journal.append(documentId, [
      { key: templateKey(record.template), authorId: null, payload: update },
    ]);
  }

  async function store({ documentId, authorId, key, update, origin, taken }: Edit) {
    const { meetingId, layer } = parseDocument(documentId);
    if (checkUpdate(update) === "empty") return null;
    let size = sizes.known(documentId) ?? (await sizes.of(documentId));
    // What other processes have filed of it is seen only when it is counted anew.
    if (isFull(size, update)) size = await sizes.renewed(documentId);
    if (isFull(size, update)) {
      throw new AppError("PAYLOAD_TOO_LARGE", "These notes have become too large to take more.", {
        details: { maxBytes: limits.notesDocumentMaxBytes },
      });
    }
    size.unmovedBytes += update.byteLength;
    try {
      const input: JournalInput = { key, authorId, payload: update };
      if (origin !== undefined) input.origin = origin;
      if (taken !== undefined) input.taken = taken;
      const [appended] = await journal.append(documentId, [input]);
      if (appended === undefined) throw new Error("the journal answered nothing for an update");
      if (appended.repeated) size.unmovedBytes -= update.byteLength;
      else bus.publish("notes.changed", { meetingId, layer, version: appended.entry.sequence });
      return appended;
    } catch (error) {
      size.unmovedBytes -= update.byteLength;
      throw error;
    }
  }

  return {
    async open(actor, meetingId, layer) {
      if (layer === "mine") {
        const { over } = await meetings.authorize(actor, meetingId, "notes.own");
        const mode = over.has("notes") ? "read" : "write";
        return { documentId: ownDocument(meetingId, actor.userId), meetingId, layer, mode };
      }
      const documentId = sharedDocument(meetingId);
      const writes = await mayWrite(actor, meetingId);
      if (writes) await initialise(documentId, meetingId);
      return { documentId, meetingId, layer, mode: writes ? "write" : "read" };
    },

    async allowed(actor, meetingId, { layer, to }) {
      if (layer === "mine") {
        const { over } = await meetings.authorize(actor, meetingId, "notes.own");
        if (over.has("notes") && (to === "write" || to === "restore")) throw keptNoLonger("notes");
        return ownDocument(meetingId, actor.userId);
      }
      await meetings.authorize(actor, meetingId, `notes.${to}`);
      const documentId = sharedDocument(meetingId);
      if (to === "write") await initialise(documentId, meetingId);
      return documentId;
    },

    store,
  };
}

function isFull({ snapshotBytes, logBytes, unmovedBytes }: DocumentSize, update: Uint8Array): boolean {
  return snapshotBytes + logBytes + unmovedBytes + update.byteLength > limits.notesDocumentMaxBytes;
}
