// Notes put together: opening, loading, appending, reading, operations, history.
import type { Connection } from "mongoose";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { Journal, StreamFollowers } from "../../platform/journal/index.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { AuditService } from "../audit/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { UsersService } from "../users/index.ts";
import type { NotesService } from "./index.ts";
import { createBuiltDocuments } from "./notes.built.ts";
import { parseDocument } from "./notes.documents.ts";
import { createNotesErasure } from "./notes.erasure.ts";
import {
  createNotesErasureRepository,
  type NotesErasureRepository,
} from "./notes.erasure.repository.mongo.ts";
import { createNotesHistory } from "./notes.history.ts";
import { withoutLines } from "./notes.layout.ts";
import { createNotesLog, fromEntry } from "./notes.log.ts";
import { toMarkdown } from "./notes.markdown.ts";
import { createNotesMaterialiser } from "./notes.materialiser.ts";
import { createNotesMeters } from "./notes.meters.ts";
import { createOperations } from "./notes.operations.ts";
import { createPastVersions } from "./notes.past.ts";
import { createMongoNotesRepository } from "./notes.repository.mongo.ts";
import type { NotesRepository } from "./notes.repository.ts";
import { createMongoRevisionsRepository } from "./notes.revisions.repository.mongo.ts";
import { createRevisions, type RevisionsRepository } from "./notes.revisions.ts";
import { createDocumentSizes } from "./notes.sizes.ts";
import { createMongoTemplatesRepository } from "./notes.templates.repository.mongo.ts";
import { fragmentFrom } from "./notes.template.ts";
import { createTemplates, type TemplatesRepository } from "./notes.templates.ts";
import { createNotesWriting } from "./notes.writing.ts";
import { wordsOf } from "./notes.words.ts";

export interface NotesParts {
  clock: Clock;
  ids: IdSource;
  journal: Journal;
  streams: StreamFollowers;
  meetings: Pick<MeetingsService, "authorize" | "record">;
  users: Pick<UsersService, "byIds">;
  audit: AuditService;
  bus: EventBus;
  logger: Logger;
  metrics: Metrics;
}

export async function createNotesModule({
  connection,
  ...parts
}: NotesParts & { connection: Connection }): Promise<NotesService> {
  return createNotesService({
    ...parts,
    repository: await createMongoNotesRepository(connection),
    revisionsRepository: await createMongoRevisionsRepository(connection),
    templatesRepository: await createMongoTemplatesRepository(connection),
    erasureRepository: createNotesErasureRepository(connection),
  });
}

/** Registers its materialiser with the journal, so it is made before the journal starts. */
export function createNotesService(
  parts: NotesParts & {
    repository: NotesRepository;
    revisionsRepository: RevisionsRepository;
    templatesRepository: TemplatesRepository;
    erasureRepository: NotesErasureRepository;
  },
): NotesService {
  const { clock, journal, logger, repository, revisionsRepository, templatesRepository } = parts;
  const log = createNotesLog({ journal, repository, logger });
  const built = createBuiltDocuments({ log, clock, logger });
  const past = createPastVersions({ log });
  const sizes = createDocumentSizes({ journal, repository });
  const revisions = createRevisions({ revisions: revisionsRepository, repository });
  const meters = createNotesMeters(parts.metrics);
  const writing = createNotesWriting({ ...parts, sizes, templates: templatesRepository });
  journal.register(createNotesMaterialiser({ repository, revisions, built, sizes, clock, logger }));
  const history = createNotesHistory({
    ...parts,
    repository: revisionsRepository,
    writing,
    built,
    past,
    log,
    revisions,
    meters,
  });

  const templates = createTemplates({
    ...parts,
    repository: templatesRepository,
    writing,
    built,
    log,
    meters,
  });

  const forget = async (documentId: string) => {
    await built.forget(documentId);
    past.forget(documentId);
    sizes.forget(documentId);
  };
  const erasure = createNotesErasure({ ...parts, repository: parts.erasureRepository, forget });
  // What another process has erased must not be served from what was built here.
  parts.bus.subscribe("notes.erased", ({ documentId }) => void forget(documentId));

  return {
    erase: erasure.erase,
    eraseTemplates: erasure.eraseTemplates,
    removeOfMeeting: erasure.removeOfMeeting,
    wordsOf: (meetingId, userId) => wordsOf({ ...parts, built }, meetingId, userId),
    async templatesOf(userId) {
      const all = await templatesRepository.all(userId);
      return all.map(({ title, createdAt, update }) => ({
        title,
        createdAt,
        content: toMarkdown(fragmentFrom(update)),
      }));
    },
    open: (actor, meetingId, layer) => writing.open(actor, meetingId, layer),
    applyOperations: createOperations({ writing, built, past, log, meters }),
    history: (actor, meetingId, query) => history.list(actor, meetingId, query),
    version: (actor, meetingId, query) => history.version(actor, meetingId, query),
    restore: (actor, meetingId, version, input) => history.restore(actor, meetingId, version, input),

    templates: (actor) => templates.list(actor),
    saveTemplate: (actor, meetingId, input) => templates.save(actor, meetingId, input),
    deleteTemplate: (actor, id) => templates.remove(actor, id),
    useTemplate: (actor, meetingId, input) => templates.use(actor, meetingId, input),
    checkTemplate: (actor, template) => templates.check(actor, template),

    async load(documentId) {
      parseDocument(documentId);
      const { state, updates, sequence } = await log.all(documentId);
      const bytes = updates.map(({ update }) => update);
      return { updates: state === null ? bytes : [state, ...bytes], sequence };
    },

    async append(documentId, authorId, update, options) {
      const { origin, taken } = options ?? {};
      const appended = await writing.store({ documentId, authorId, key: null, update, origin, taken });
      return { sequence: appended?.entry.sequence ?? (await journal.lastSequence(documentId)) };
    },

    follow: (documentId, { afterSequence, deliver }) =>
      parts.streams.follow(documentId, {
        afterSequence,
        deliver: (entries) =>
          deliver(
            entries.map((entry) => ({
              sequence: entry.sequence,
              update: fromEntry(entry).update,
              origin: entry.origin ?? null,
            })),
          ),
      }),

    async read(actor, meetingId, layer) {
      const documentId = await writing.allowed(actor, meetingId, { layer, to: "read" });
      const [head, durable] = await Promise.all([
        repository.head(documentId),
        journal.lastSequence(documentId),
      ]);
      const { content = null, text = null } = head ?? {};
      const isCurrent = head !== null && content !== null && text !== null && head.version >= durable;
      const { updatedAt, ...view } = isCurrent
        ? { content, text, version: head.version, updatedAt: head.updatedAt }
        : await built.text(documentId);
      if (!isCurrent) {
        const { version, layout } = await built.layout(documentId);
        past.remember(documentId, version, withoutLines(layout));
      }
      return {
        meetingId,
        layer,
        ...view,
        updatedAt: (updatedAt ?? head?.updatedAt ?? null)?.toISOString() ?? null,
      };
    },
  };
}
