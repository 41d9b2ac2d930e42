// Journal, transcript, chat and notes on a test store, as one process after another runs them.
import { createMemoryBus, type EventBus } from "../../server/platform/event-bus.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { systemIds } from "../../server/platform/ids.ts";
import {
  createCluster,
  type Cluster,
  type Host,
  type Transport,
} from "../../server/platform/cluster/index.ts";
import type { Journal } from "../../server/platform/journal/index.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { assertAllowed } from "../../server/modules/meetings/meetings.policy.ts";
import type { MeetingRecord, MeetingsService } from "../../server/modules/meetings/index.ts";
import { createMessagingModule, type MessagingService } from "../../server/modules/messaging/index.ts";
import { createAuditModule } from "../../server/modules/audit/index.ts";
import type { UserRecord } from "../../server/modules/users/index.ts";
import { createNotesModule, type NotesService } from "../../server/modules/notes/index.ts";
import { createTranscriptsModule, type TranscriptsService } from "../../server/modules/transcripts/index.ts";
import type { Actor } from "../../shared/actor.ts";
import { noAnswers, type ConsentAnswers } from "../../shared/consent-rules.ts";
import { AppError, notFound } from "../../shared/errors.ts";
import type { MeetingId, UserId } from "../../shared/ids.ts";
import type { MeetingLifecycle, MeetingRole, NotesTemplate } from "../../shared/schemas/meetings.ts";
import type { AppendChunk } from "../../shared/schemas/transcripts.ts";
import type { TestStore } from "./store.ts";
import { testCipher } from "./cipher.ts";

export interface House {
  cluster: Cluster;
  journal: Journal;
  transcripts: TranscriptsService;
  messaging: MessagingService;
  notes: NotesService;
  bus: EventBus;
}

const people = new Map<MeetingId, MeetingRecord>();
const answers = new Map<MeetingId, Map<UserId, ConsentAnswers>>();

/** From now on; observers of these meetings see everything whatever people answer. */
export function answerConsent(
  meetingId: MeetingId,
  { userId }: Actor,
  change: Partial<ConsentAnswers>,
): void {
  const known = answers.get(meetingId) ?? new Map<UserId, ConsentAnswers>();
  answers.set(meetingId, known.set(userId, { ...(known.get(userId) ?? noAnswers), ...change }));
}

/** The places in each meeting, decided by the real policy. */
const meetings: Pick<MeetingsService, "authorize" | "authorizeVendor" | "record" | "consents"> = {
  async authorize({ userId }, meetingId, action) {
    const record = people.get(meetingId);
    const place = record?.participants.find((participant) => participant.userId === userId);
    if (record === undefined || place === undefined) throw notFound("This meeting");
    assertAllowed(action, { role: place.role, state: record.state, mayBeObserved: true });
    const { state, startedAt } = record;
    return { meetingId, userId, role: place.role, state, startedAt, over: new Set() };
  },
  async authorizeVendor(meetingId, action) {
    const record = people.get(meetingId);
    if (record === undefined) throw notFound("This meeting");
    assertAllowed(action, { role: "host", state: record.state, mayBeObserved: false });
  },
  consents: async (meetingId) => answers.get(meetingId) ?? new Map(),
  record: async (meetingId) => people.get(meetingId) ?? null,
};

export function actor(): Actor {
  const userId = systemIds.objectId() as UserId;
  return {
    userId,
    email: `${userId}@example.org`,
    displayName: userId,
    orgId: null,
    orgRole: "member",
    sessionId: userId,
    expiresAt: new Date("2100-01-01"),
  };
}

export function meeting(
  places: [Actor, MeetingRole][],
  options: { id?: MeetingId; state?: MeetingLifecycle; template?: NotesTemplate } = {},
): MeetingId {
  const id = options.id ?? (systemIds.objectId() as MeetingId);
  people.set(id, {
    id,
    organizerId: places[0]?.[0].userId ?? (id as string as UserId),
    orgId: null,
    title: "A call",
    description: null,
    scheduledAt: null,
    durationMinutes: null,
    timeZone: null,
    template: options.template ?? "grow",
    recapDelivery: "automatic",
    state: options.state ?? "active",
    startedAt: new Date(),
    endedAt: null,
    participants: places.map(([{ userId }, role]) => ({ userId, role, everJoined: true })),
  });
  return id;
}

/** A process on the store; without a transport each takes over from the one before. */
export async function house(
  store: Pick<TestStore, "connection">,
  { transport = null, host }: { transport?: Transport | null; host?: Host } = {},
): Promise<House> {
  const bus = createMemoryBus(silentLogger);
  const parts = {
    connection: store.connection,
    cipher: testCipher,
    clock: systemClock,
    ids: systemIds,
    logger: silentLogger,
    meetings,
    bus,
  };
  forgetModels(store);
  const metrics = createMetrics({ processMetrics: false });
  const cluster = await createCluster({
    ...parts,
    metrics,
    transport,
    exclusive: transport === null,
    ...(host && { host }),
  });
  const { journal, streams } = cluster;
  const audit = await createAuditModule({ ...parts, metrics, heads: null });
  const transcripts = await createTranscriptsModule({ ...parts, journal, streams, audit, metrics });
  const messaging = await createMessagingModule({
    ...parts,
    journal,
    streams,
    audit,
    metrics,
    files: noFiles,
  });
  const notes = await createNotesModule({
    ...parts,
    journal,
    streams,
    metrics,
    audit,
    users: { byIds: namesOf },
  });
  await journal.start();
  return { cluster, journal, transcripts, messaging, notes, bus };
}

const refused = () => Promise.reject(new Error("there are no files in these tests"));
const noFiles = {
  keep: refused,
  find: refused,
  use: refused,
  remove: refused,
  countIn: refused,
  read(): AsyncIterable<Uint8Array> {
    throw new Error("there are no files in these tests");
  },
};

async function namesOf(ids: UserId[]): Promise<UserRecord[]> {
  return ids.map((id) => ({
    id,
    email: `${id}@example.org`,
    displayName: `Person ${id}`,
    photo: null,
    workosUserId: null,
    orgId: null,
    orgRole: "member",
    timeZone: null,
    language: null,
    deletedAt: null,
    erasedAt: null,
  }));
}

// A process compiles its models once; these tests are several processes in turn on one connection.
export function forgetModels(store: Pick<TestStore, "connection">): void {
  for (const name of store.connection.modelNames()) store.connection.deleteModel(name);
}

export function chunks(count: number, prefix = "k", more: Partial<AppendChunk> = {}): AppendChunk[] {
  return Array.from({ length: count }, (_, index) => ({
    clientKey: `${prefix}-${index}`,
    text: `utterance ${prefix} ${index}`,
    confidence: 0.9,
    startMs: index * 100,
    endMs: index * 100 + 90,
    ...more,
  }));
}

export async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof AppError ? error.code : String(error);
}

export function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Entries in the journal of streams with this in their names. */
export async function journalEntries({ connection }: TestStore, name: string): Promise<number> {
  const documents = connection.getClient().db(connection.name).collection("journal").find();
  let count = 0;
  for await (const { entries } of documents)
    count += (entries as { s: string }[]).filter(({ s: stream }) => stream.includes(name)).length;
  return count;
}
