// An export module in memory, for tests: its store, its jobs run by hand, and a person with meetings of made-up words.
import type { z } from "zod";
import type { Actor } from "../../../shared/actor.ts";
import { notFound } from "../../../shared/errors.ts";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { JobDefinition, Jobs } from "../../jobs/index.ts";
import { FakeClock } from "../../platform/clock.ts";
import { countingIds } from "../../platform/ids.ts";
import { createMetrics } from "../../platform/metrics.ts";
import type { ExportFiles, StagedPiece } from "./export.files.ts";
import type { ExportParts } from "./export.gather.ts";
import type { ExportsRepository, StoredExport } from "./export.repository.mongo.ts";
import { createExportService } from "./export.service.ts";

export const personId = "a".repeat(24) as UserId;
export const person: Actor = {
  userId: personId,
  email: "anna@example.org",
  displayName: "Anna",
  orgId: null,
  orgRole: "member",
  sessionId: "session",
  expiresAt: new Date("2100-01-01T00:00:00Z"),
};

interface Waiting {
  name: string;
  key: string;
  payload: unknown;
  runAt: Date | null;
}

export function memoryRepository(): ExportsRepository & { stored: StoredExport | null } {
  const ofRun = ({ exportId, fence }: StoredExport) => {
    const { stored } = repository;
    return stored?.exportId === exportId && stored.fence === fence && stored.state === "preparing"
      ? stored
      : null;
  };
  const repository: ExportsRepository & { stored: StoredExport | null } = {
    stored: null,
    find: () => Promise.resolve(repository.stored === null ? null : { ...repository.stored }),
    request(userId, request) {
      if (repository.stored?.state === "preparing") return Promise.resolve(false);
      const nothing = { sizeBytes: null, sha256: null, expiresAt: null, after: null, partsDone: 0, fence: 0 };
      repository.stored = { userId, ...request, state: "preparing", ...nothing };
      return Promise.resolve(true);
    },
    claim(_userId, exportId, fence) {
      const { stored } = repository;
      if (stored?.exportId !== exportId || stored.state !== "preparing" || stored.fence >= fence)
        return Promise.resolve(null);
      stored.fence = fence;
      return Promise.resolve({ ...stored });
    },
    gathered(claimed, gathered) {
      const stored = ofRun(claimed);
      if (stored !== null) Object.assign(stored, gathered);
      return Promise.resolve(stored !== null);
    },
    ready(claimed, zip) {
      const stored = ofRun(claimed);
      if (stored !== null) Object.assign(stored, zip, { state: "ready" });
      return Promise.resolve(stored !== null);
    },
    fail() {
      const isPreparing = repository.stored?.state === "preparing";
      if (isPreparing && repository.stored !== null) repository.stored.state = "failed";
      return Promise.resolve(isPreparing);
    },
    expire(_userId, _exportId, now) {
      const { stored } = repository;
      if (stored?.state !== "ready" || stored.expiresAt === null || stored.expiresAt > now)
        return Promise.resolve(false);
      Object.assign(stored, { state: "expired", sizeBytes: null, sha256: null });
      return Promise.resolve(true);
    },
    unfinished: () =>
      Promise.resolve(repository.stored?.state === "preparing" ? [{ ...repository.stored }] : []),
    remove() {
      repository.stored = null;
      return Promise.resolve();
    },
  };
  return repository;
}

interface MemoryPiece {
  exportId: string;
  kind: "staged" | "zip";
  part: number;
  fence: number;
  piece: StagedPiece | Uint8Array;
}

export function memoryFiles(): ExportFiles & { pieces: MemoryPiece[] } {
  const files: ExportFiles & { pieces: MemoryPiece[] } = {
    pieces: [],
    async put({ exportId, fence }, bytes) {
      for await (const piece of bytes) files.pieces.push({ exportId, kind: "zip", part: 0, fence, piece });
    },
    async *get({ exportId, fence }) {
      for (const each of files.pieces)
        if (each.kind === "zip" && each.exportId === exportId && each.fence === fence)
          yield await Promise.resolve(each.piece as Uint8Array);
    },
    async stage({ exportId, fence }, part, staged) {
      for await (const piece of staged) files.pieces.push({ exportId, kind: "staged", part, fence, piece });
    },
    async *staged({ exportId }, part) {
      const all = files.pieces.filter(
        (each) => each.kind === "staged" && each.exportId === exportId && each.part === part,
      );
      const newest = Math.max(0, ...all.map(({ fence }) => fence));
      for (const { fence, piece } of all)
        if (fence === newest) yield await Promise.resolve(piece as StagedPiece);
    },
    remove(_userId, kept) {
      files.pieces = files.pieces.filter(
        ({ kind, exportId, fence }) => kind === "zip" && exportId === kept?.exportId && fence === kept.fence,
      );
      return Promise.resolve();
    },
    removeOthers(_userId, exportId) {
      files.pieces = files.pieces.filter((piece) => piece.exportId === exportId);
      return Promise.resolve();
    },
  };
  return files;
}

/** Nothing is allowed but the person's own words of so many meetings, of which each says its number. */
export function fewParts(meetings: readonly MeetingId[], asked: MeetingId[]): Omit<ExportParts, "audit"> {
  async function* none(): AsyncGenerator<never> {}
  const refused = () => Promise.reject(notFound());
  const nobody = { items: [], nextCursor: null };
  const record = (id: MeetingId) => {
    asked.push(id);
    return Promise.resolve({
      id,
      organizerId: personId,
      orgId: null,
      title: `../Call ${meetings.indexOf(id)}`,
      description: null,
      scheduledAt: new Date("2026-01-01T09:00:00Z"),
      durationMinutes: null,
      timeZone: null,
      language: null,
      template: "grow" as const,
      recapDelivery: "automatic" as const,
      state: "concluded" as const,
      startedAt: null,
      endedAt: null,
      participants: [],
    });
  };
  return {
    sources: {
      meetingsOf: (_userId, { after, limit }) =>
        Promise.resolve(meetings.filter((id) => after === null || id > after).slice(0, limit)),
      account: () => Promise.resolve({ email: person.email }),
      profile: () => Promise.resolve(null),
      memberships: () => Promise.resolve([]),
      apiKeys: () => Promise.resolve([]),
      connections: () => Promise.resolve([]),
      matching: () => Promise.resolve({ place: null, answers: [], pairing: null }),
      calendar: () => Promise.resolve(null),
      ratings: () => Promise.resolve([]),
      correctionsOf: none,
      attendance: () => Promise.resolve(null),
    },
    users: {
      byIds: () =>
        Promise.resolve([
          {
            id: personId,
            email: person.email,
            displayName: "<b>Anna</b>",
            workosUserId: null,
            orgId: null,
            orgRole: "member",
            timeZone: null,
            language: null,
            photo: null,
            deletedAt: null,
            erasedAt: null,
          },
        ]),
    },
    organizations: { membersAmong: () => Promise.resolve(new Set()) },
    identity: { sessions: () => Promise.resolve([]) },
    meetings: { get: refused, record },
    transcripts: { read: refused, readAll: none, fileCorrections: () => Promise.resolve() },
    messaging: { list: refused, writtenBy: none, editedBy: none },
    career: { exportOf: () => Promise.resolve({}) },
    sent: { sentBy: () => Promise.resolve([]), read: none },
    notes: {
      read: refused,
      wordsOf: (id) => Promise.resolve({ own: `own words of ${id}`, shared: ["<script>alert(1)</script>"] }),
      templatesOf: () => Promise.resolve([]),
    },
    prompts: { list: refused },
    insights: { recap: refused },
    feedback: { review: refused },
    consent: { ledger: () => Promise.resolve(nobody), ofMeeting: refused },
    mail: {
      list: () => Promise.resolve(nobody),
      get: refused,
      attachment: refused,
      settings: () => Promise.resolve({ lists: [], bouncedAt: null }),
    },
  };
}

export function openExport(
  options: { meetings?: number; files?: ExportFiles; sent?: ExportParts["sent"] } = {},
) {
  const clock = new FakeClock(new Date("2026-02-01T09:00:00Z"));
  const ids = countingIds();
  const meetings = Array.from({ length: options.meetings ?? 3 }, () => ids.objectId() as MeetingId);
  const asked: MeetingId[] = [];
  const recorded: string[] = [];
  const repository = memoryRepository();
  const memory = memoryFiles();
  const waiting: Waiting[] = [];
  const definitions = new Map<string, JobDefinition>();
  let fence = 0;

  const add = (name: string, payload: unknown, key: string, runAt: Date | null) => {
    if (waiting.some((job) => job.name === name && job.key === key)) return Promise.resolve();
    waiting.push({ name, key, payload, runAt });
    return Promise.resolve();
  };
  const jobs: Jobs = {
    register: (definition) => void definitions.set(definition.name, definition as unknown as JobDefinition),
    enqueue: <Payload extends z.ZodType>(
      { name }: JobDefinition<Payload>,
      payload: z.input<Payload>,
      { key, runAt }: { key: string; runAt?: Date },
    ) => add(name, payload, key, runAt ?? null),
    requeue: () => Promise.resolve(),
    rerun: ({ name }, payload, { key, runAt }) => add(name, payload, key, runAt ?? null),
    start: () => {},
    stop: () => Promise.resolve(),
    counts: () => Promise.resolve({ waiting: waiting.length, running: 0, dead: 0 }),
  };
  const open = (files: ExportFiles = options.files ?? memory) =>
    createExportService({
      ...fewParts(meetings, asked),
      ...(options.sent === undefined ? {} : { sent: options.sent }),
      repository,
      files,
      jobs,
      audit: {
        record: ({ action }) => Promise.resolve(void recorded.push(action)),
        async *ofPerson() {},
      },
      clock,
      ids,
      metrics: createMetrics({ processMetrics: false }),
    });

  return {
    clock,
    meetings,
    /** Whose records were read, in order. */
    asked,
    recorded,
    repository,
    files: memory,
    waiting,
    /** As another process: its job definitions take the place of those before. */
    open,
    /** Runs the waiting job of this name once, as a worker would; it stays to be run again where it throws. */
    async run(name: string, signal = new AbortController().signal): Promise<void> {
      const index = waiting.findIndex((job) => job.name === name);
      const job = waiting[index];
      const definition = definitions.get(name);
      if (job === undefined || definition === undefined) throw new Error(`no job ${name} waits`);
      fence += 1;
      waiting.splice(index, 1);
      try {
        await definition.run(job.payload, { jobId: job.key, attempt: 1, fence, signal });
      } catch (error) {
        waiting.push(job);
        throw error;
      }
    },
    async giveUp(name: string): Promise<void> {
      const job = waiting.find((each) => each.name === name);
      await definitions.get(name)?.onDead?.(job?.payload, "X");
    },
  };
}

export async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}
