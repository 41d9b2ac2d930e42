// Opening, loading, appending to and reading notes documents.
import type { Connection } from "mongoose";
import type { Actor } from "../../../shared/actor.ts";
import { AppError, toAppError } from "../../../shared/errors.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Journal } from "../../platform/journal/index.ts";
import type { Logger } from "../../platform/logger.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { NotesAccess, NotesService } from "./index.ts";
import { createBuiltDocuments } from "./notes.built.ts";
import { ownDocument, parseDocument, sharedDocument } from "./notes.documents.ts";
import { createNotesLog } from "./notes.log.ts";
import { createNotesMaterialiser } from "./notes.materialiser.ts";
import { createMongoNotesRepository } from "./notes.repository.mongo.ts";
import type { NotesRepository } from "./notes.repository.ts";
import { createDocumentSizes } from "./notes.sizes.ts";
import { templateKey, templateUpdate } from "./notes.template.ts";
import { checkUpdate } from "./notes.updates.ts";

export interface NotesParts {
  clock: Clock;
  journal: Journal;
  meetings: Pick<MeetingsService, "authorize" | "record">;
  bus: EventBus;
  logger: Logger;
}

export async function createNotesModule({
  connection,
  ...parts
}: NotesParts & { connection: Connection }): Promise<NotesService> {
  return createNotesService({ ...parts, repository: await createMongoNotesRepository(connection) });
}

/** Registers its materialiser with the journal, so it is made before the journal starts. */
export function createNotesService({
  clock,
  journal,
  meetings,
  bus,
  logger,
  repository,
}: NotesParts & { repository: NotesRepository }): NotesService {
  const log = createNotesLog({ journal, repository, logger });
  const built = createBuiltDocuments({ log, clock, logger });
  const sizes = createDocumentSizes({ journal, repository });
  journal.register(createNotesMaterialiser({ repository, built, sizes, clock, logger }));

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

  /** Once only: by the key within this store, and by the same bytes wherever the update may arrive twice. */
  async function initialise(documentId: string, meetingId: MeetingId): Promise<void> {
    if ((await journal.lastSequence(documentId)) > 0) return;
    const record = await meetings.record(meetingId);
    const update = record === null ? null : templateUpdate(record.template);
    if (record === null || update === null) return;
    await journal.append(documentId, [
      { key: templateKey(record.template), authorId: null, payload: update },
    ]);
  }

  return {
    async open(actor, meetingId, layer): Promise<NotesAccess> {
      if (layer === "mine") {
        await meetings.authorize(actor, meetingId, "notes.own");
        return { documentId: ownDocument(meetingId, actor.userId), meetingId, layer, mode: "write" };
      }
      const documentId = sharedDocument(meetingId);
      const writes = await mayWrite(actor, meetingId);
      if (writes) await initialise(documentId, meetingId);
      return { documentId, meetingId, layer, mode: writes ? "write" : "read" };
    },

    async load(documentId) {
      parseDocument(documentId);
      const { state, updates, sequence } = await log.all(documentId);
      const bytes = updates.map(({ update }) => update);
      return { updates: state === null ? bytes : [state, ...bytes], sequence };
    },

    async append(documentId, authorId, update) {
      const { meetingId, layer } = parseDocument(documentId);
      if (checkUpdate(update) === "empty") return { sequence: await journal.lastSequence(documentId) };
      const size = await sizes.of(documentId);
      const bytes = size.snapshotBytes + size.logBytes + size.unmovedBytes;
      if (bytes + update.byteLength > limits.notesDocumentMaxBytes) {
        throw new AppError("PAYLOAD_TOO_LARGE", "These notes have become too large to take more.", {
          details: { maxBytes: limits.notesDocumentMaxBytes },
        });
      }
      size.unmovedBytes += update.byteLength;
      try {
        // A copy, as the caller's bytes may be a view into a buffer that is used again.
        const [appended] = await journal.append(documentId, [
          { key: null, authorId, payload: update.slice() },
        ]);
        if (appended === undefined) throw new Error("the journal answered nothing for an update");
        const { sequence } = appended.entry;
        bus.publish("notes.changed", { meetingId, layer, version: sequence });
        return { sequence };
      } catch (error) {
        size.unmovedBytes -= update.byteLength;
        throw error;
      }
    },

    async read(actor, meetingId) {
      await meetings.authorize(actor, meetingId, "notes.read");
      const documentId = sharedDocument(meetingId);
      const [head, durable] = await Promise.all([
        repository.head(documentId),
        journal.lastSequence(documentId),
      ]);
      const kept = head === null || head.content === null || head.version < durable ? null : head.content;
      const text =
        head === null || kept === null
          ? await built.text(documentId)
          : { content: kept, version: head.version, updatedAt: head.updatedAt };
      return {
        meetingId,
        content: text.content,
        version: text.version,
        updatedAt: (text.updatedAt ?? head?.updatedAt ?? null)?.toISOString() ?? null,
      };
    },
  };
}
