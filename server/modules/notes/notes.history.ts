// History: the revisions of a document, its past versions, and bringing one back as a new edit.
import { z } from "zod";
import type { Actor } from "../../../shared/actor.ts";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { Page } from "../../../shared/schemas/common.ts";
import type {
  NoteRevision,
  NotesLayer,
  NoteVersion,
  RestoredNotes,
  RestoreNotes,
} from "../../../shared/schemas/notes.ts";
import type { Clock } from "../../platform/clock.ts";
import { decodeCursor, encodeCursor } from "../../platform/cursor.ts";
import type { Journal } from "../../platform/journal/index.ts";
import type { AuditService } from "../audit/index.ts";
import type { UsersService } from "../users/index.ts";
import type { BuiltDocuments } from "./notes.built.ts";
import { copyInto, replaceContent } from "./notes.copy.ts";
import { difference } from "./notes.difference.ts";
import { plainTextOf } from "./notes.layout.ts";
import type { NotesLog } from "./notes.log.ts";
import { toMarkdown } from "./notes.markdown.ts";
import type { NotesMeters } from "./notes.meters.ts";
import { unknownVersion } from "./notes.operations.ts";
import type { PastVersions } from "./notes.past.ts";
import { restoreKey, type Revision, type Revisions, type RevisionsRepository } from "./notes.revisions.ts";
import type { NotesWriting } from "./notes.writing.ts";

export interface NotesHistory {
  list(
    actor: Actor,
    meetingId: MeetingId,
    query: { layer: NotesLayer; limit: number; cursor?: string | undefined },
  ): Promise<Page<NoteRevision>>;
  version(
    actor: Actor,
    meetingId: MeetingId,
    query: { layer: NotesLayer; version: number; compareWith?: number | undefined },
  ): Promise<NoteVersion>;
  restore(actor: Actor, meetingId: MeetingId, version: number, input: RestoreNotes): Promise<RestoredNotes>;
}

export interface NotesHistoryParts {
  writing: NotesWriting;
  built: BuiltDocuments;
  past: PastVersions;
  log: NotesLog;
  revisions: Revisions;
  repository: RevisionsRepository;
  journal: Journal;
  users: Pick<UsersService, "byIds">;
  audit: AuditService;
  clock: Clock;
  meters: NotesMeters;
}

const cursorSchema = z.tuple([z.number().int().min(1)]);

export function createNotesHistory(parts: NotesHistoryParts): NotesHistory {
  const { writing, built, past, log, revisions, repository, journal, users, audit, clock, meters } = parts;

  async function timed<Result>(what: "history" | "version", run: () => Promise<Result>): Promise<Result> {
    const startedMs = clock.monotonicMs();
    const result = await run();
    meters.read(what, (clock.monotonicMs() - startedMs) / 1_000);
    return result;
  }

  async function namesOf(page: Revision[]): Promise<Map<UserId, string>> {
    const ids = new Set(page.flatMap(({ authors }) => authors.flatMap(({ userId }) => userId ?? [])));
    const people = await users.byIds([...ids].slice(0, namesMost));
    return new Map(people.map(({ id, displayName }) => [id, displayName]));
  }

  return {
    async list(actor, meetingId, { layer, limit, cursor }) {
      const documentId = await writing.allowed(actor, meetingId, { layer, to: "history" });
      const [before] = cursor === undefined ? [Number.MAX_SAFE_INTEGER] : decodeCursor(cursor, cursorSchema);
      return timed("history", async () => {
        // What is only in the journal yet belongs to the newest page.
        if (cursor === undefined) {
          await journal.materialise(documentId);
          await revisions.catchUp(documentId);
        }
        const found = await repository.page(documentId, { before, limit: limit + 1 });
        const page = found.slice(0, limit);
        const names = await namesOf(page);
        const last = page.at(-1);
        return {
          items: page.map((revision) => toView(revision, names)),
          nextCursor: found.length > limit && last !== undefined ? encodeCursor([last.firstSequence]) : null,
        };
      });
    },

    async version(actor, meetingId, { layer, version, compareWith }) {
      const documentId = await writing.allowed(actor, meetingId, { layer, to: "history" });
      return timed("version", async () => {
        const now = await built.text(documentId);
        const other = compareWith ?? now.version;
        if (Math.max(version, other) > now.version) throw unknownVersion(now.version);
        const read = async (at: number) =>
          at === now.version
            ? now
            : await past.use(documentId, at, (fragment) => ({
                content: toMarkdown(fragment),
                text: plainTextOf(fragment),
              }));
        const [wanted, compared] = [await read(version), await read(other)];
        const [earlier, later] = version <= other ? [wanted, compared] : [compared, wanted];
        return {
          meetingId,
          layer,
          version,
          currentVersion: now.version,
          content: wanted.content,
          text: wanted.text,
          comparedWith: other,
          changes: difference(earlier.text, later.text, "word"),
          earlierText: earlier.text,
        };
      });
    },

    async restore(actor, meetingId, version, { clientKey, layer }) {
      const documentId = await writing.allowed(actor, meetingId, { layer, to: "restore" });
      const key = restoreKey(version, actor.userId, clientKey);
      const outcome = await built.edit(documentId, async (now) => {
        const known = await log.byKey(documentId, key);
        if (known !== null) {
          return { version: known.sequence, restoredVersion: version, changed: true, repeated: true };
        }
        if (version > now.version) throw unknownVersion(now.version);
        const source = await past.use(documentId, version, copyInto);
        const result = { version: now.version, restoredVersion: version, changed: false, repeated: false };
        await now.change(
          () => replaceContent(now.fragment, source),
          async (update) => {
            const appended = await writing.store({ documentId, authorId: actor.userId, key, update });
            if (appended === null) return false;
            Object.assign(result, {
              version: appended.entry.sequence,
              changed: true,
              repeated: appended.repeated,
            });
            return !appended.repeated;
          },
        );
        return result;
      });
      if (outcome.changed && !outcome.repeated) {
        meters.restored();
        await audit.record({
          actorUserId: actor.userId,
          resourceType: "meeting",
          resourceId: meetingId,
          action: "notes.restore",
          outcome: "done",
          metadata: { layer, restoredVersion: version, version: outcome.version },
        });
      }
      return outcome;
    },
  };
}

const namesMost = 200;

function toView(revision: Revision, names: Map<UserId, string>): NoteRevision {
  const { firstSequence, lastSequence, startedAt, endedAt, authors, ...rest } = revision;
  return {
    ...rest,
    version: lastSequence,
    fromVersion: firstSequence - 1,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
    authors: [...authors]
      .sort((a, b) => b.edits - a.edits)
      .map(({ userId, edits }) => ({
        userId,
        displayName: userId === null ? null : (names.get(userId) ?? null),
        edits,
      })),
  };
}
