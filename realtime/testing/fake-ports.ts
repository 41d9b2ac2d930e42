// An in-memory rest of the house for tests of the realtime core: access by role, a transcript, a notes log that can fail.
import type { Actor } from "../../shared/actor.ts";
import { AppError, keyMismatch, notFound } from "../../shared/errors.ts";
import { limits } from "../../shared/limits.ts";
import type { MeetingId, MessageId, UserId } from "../../shared/ids.ts";
import type { Topic } from "../../shared/protocol/live-queries.ts";
import type { Meeting, MeetingRole, MeetingState } from "../../shared/schemas/meetings.ts";
import { neverChanged } from "../../shared/chat-changes.ts";
import type { Message, MessageChange } from "../../shared/schemas/messages.ts";
import type { Correction } from "../../shared/schemas/transcript-corrections.ts";
import type { TranscriptChunk } from "../../shared/schemas/transcripts.ts";
import type { FollowedUpdate, LiveQuery, Nodes, RealtimePorts } from "../ports.ts";

const startedAt = "2026-01-05T09:00:00.000Z";

export const idOf = (number: number): string => number.toString(16).padStart(24, "0");
export const meetingIdOf = (number: number): MeetingId => idOf(number) as MeetingId;
export const userIdOf = (number: number): UserId => idOf(number) as UserId;

interface FakeMeeting {
  lifecycle: Meeting["state"];
  roles: Map<UserId, MeetingRole>;
  joined: Set<UserId>;
  chunks: TranscriptChunk[];
  messages: Message[];
  title: string;
  topics: string[];
}

export interface FakeHouse {
  ports: RealtimePorts;
  meetings: Map<MeetingId, FakeMeeting>;
  notes: Map<string, Uint8Array[]>;
  /** An update that becomes durable without a socket, e.g. by HTTP. */
  appendNotes(documentId: string, update: Uint8Array): void;
  /** Whether appends are taken at once, as by a journal in the same process. */
  takesAppends: boolean;
  /** Called before each append; may wait or throw. */
  beforeAppend: (documentId: string, update: Uint8Array) => Promise<void>;
  beforeLoad: (documentId: string) => Promise<void>;
  calls: { joined: string[]; left: string[]; loads: number; feedback: number };
  logged: { level: string; event: string }[];
  refused: string[];
  /** Events that were told to the limits, and what they answer. */
  sent: number;
  sentRefusedSeconds: number | null;
  connectingRefused: boolean;
  changingRefused: boolean;
  gauges: Map<string, number>;
  addMeeting(number: number, roles: Record<number, MeetingRole>): MeetingId;
  /** Moves the clock of `now` and runs what is due on the fake schedule. */
  advance(byMs: number): void;
  /** To whoever follows the meeting's transcript, without being stored. */
  publishTranscript(meetingId: MeetingId, chunks: TranscriptChunk[]): void;
  publishCorrection(meetingId: MeetingId, correction: Correction): void;
  /** Meetings whose transcript or chat is followed. */
  followed(): MeetingId[];
  queries: Map<string, { topics: Topic[]; run(actor: Actor): unknown }>;
  tokens: Map<string, Partial<Actor>>;
  /** Proofs of identity that carry one of these are refused. */
  endedSessions: Set<string>;
}

const tooOften = () => new AppError("RATE_LIMITED", "Too often.", { retryAfterSeconds: 7 });

/** A process that serves alone. */
function aloneNodes(): Nodes {
  return {
    term: () => "here",
    others: () => [],
    owner: async () => "here",
    call: () => Promise.reject(new Error("this process is alone")),
    serve: () => undefined,
    onEnded: () => undefined,
  };
}

class Followers<Key, Items> {
  readonly #sets = new Map<Key, Set<(items: Items) => void>>();

  keys(): Key[] {
    return [...this.#sets.keys()];
  }

  add(key: Key, deliver: (items: Items) => void): { close(): void } {
    const set = this.#sets.get(key) ?? new Set();
    this.#sets.set(key, set.add(deliver));
    return {
      close: () => {
        set.delete(deliver);
        if (set.size === 0) this.#sets.delete(key);
      },
    };
  }

  tell(key: Key, items: Items): void {
    for (const deliver of this.#sets.get(key) ?? []) deliver(items);
  }
}

/** Token `user-<number>` signs that person in. With `fakeTime` nothing scheduled runs until `advance`. */
export function createFakeHouse(options: { fakeTime?: boolean } = {}): FakeHouse {
  let offsetMs = 0;
  const frozenMs = new Date().getTime();
  let timers: { atMs: number; run: () => void }[] = [];
  const nowMs = () => (options.fakeTime === true ? frozenMs : new Date().getTime()) + offsetMs;
  const meetings = new Map<MeetingId, FakeMeeting>();
  const transcriptFollowers = new Followers<MeetingId, TranscriptChunk[]>();
  const correctionFollowers = new Followers<MeetingId, Correction>();
  const chatFollowers = new Followers<MeetingId, Message[]>();
  const changeFollowers = new Followers<MeetingId, MessageChange>();
  const notesFollowers = new Followers<string, FollowedUpdate[]>();
  let ids = 0;
  const once = new Map<string, { request: string; answer: Promise<unknown> }>();

  const roleOf = (actor: Pick<Actor, "userId">, meetingId: MeetingId): MeetingRole => {
    const role = meetings.get(meetingId)?.roles.get(actor.userId);
    if (role === undefined) throw notFound("This meeting");
    return role;
  };
  const meetingOf = (actor: Pick<Actor, "userId">, meetingId: MeetingId): FakeMeeting => {
    roleOf(actor, meetingId);
    const meeting = meetings.get(meetingId);
    if (meeting === undefined) throw notFound("This meeting");
    return meeting;
  };
  const writerOf = (actor: Actor, meetingId: MeetingId): FakeMeeting => {
    if (roleOf(actor, meetingId) === "observer") throw new AppError("FORBIDDEN", "Observers only read.");
    return meetingOf(actor, meetingId);
  };
  const viewOf = (
    actor: Pick<Actor, "userId">,
    meetingId: MeetingId,
  ): { meeting: Meeting; state: MeetingState } => {
    const fake = meetingOf(actor, meetingId);
    const participants = [...fake.roles].map(([userId, role]) => ({
      userId,
      displayName: `Person ${userId}`,
      photo: null,
      email: null,
      role,
      presence: fake.joined.has(userId) ? ("joined" as const) : ("invited" as const),
      joinedAt: null,
      leftAt: null,
    }));
    const meeting: Meeting = {
      id: meetingId,
      organizerId: userIdOf(1),
      title: fake.title,
      description: null,
      scheduledAt: null,
      durationMinutes: null,
      timeZone: null,
      series: null,
      template: "blank",
      recapDelivery: "automatic",
      state: fake.lifecycle,
      startedAt,
      endedAt: null,
      myRole: roleOf(actor, meetingId),
      participants,
      createdAt: startedAt,
      updatedAt: startedAt,
    };
    const state: MeetingState = {
      meetingId,
      active: fake.lifecycle === "active",
      startedAt,
      endedAt: null,
      speakingStats: [],
      lullState: null,
      topics: fake.topics,
      recordingEnabled: false,
      updatedAt: startedAt,
    };
    return { meeting, state };
  };

  const storeNotes = (documentId: string, update: Uint8Array, origin: string | null): number => {
    const log = house.notes.get(documentId) ?? [];
    house.notes.set(documentId, log);
    log.push(update);
    notesFollowers.tell(documentId, [{ update, origin }]);
    return log.length;
  };

  const house: FakeHouse = {
    meetings,
    notes: new Map(),
    appendNotes: (documentId, update) => void storeNotes(documentId, update, null),
    takesAppends: true,
    beforeAppend: () => Promise.resolve(),
    beforeLoad: () => Promise.resolve(),
    calls: { joined: [], left: [], loads: 0, feedback: 0 },
    logged: [],
    refused: [],
    sent: 0,
    sentRefusedSeconds: null,
    connectingRefused: false,
    changingRefused: false,
    gauges: new Map(),
    publishCorrection: (meetingId, correction) => correctionFollowers.tell(meetingId, correction),
    publishTranscript: (meetingId, chunks) => transcriptFollowers.tell(meetingId, chunks),
    followed: () => [...new Set([...transcriptFollowers.keys(), ...chatFollowers.keys()])],
    queries: new Map(),
    tokens: new Map(),
    endedSessions: new Set(),
    addMeeting(number, roles) {
      const meetingId = meetingIdOf(number);
      meetings.set(meetingId, {
        lifecycle: "active",
        roles: new Map(Object.entries(roles).map(([user, role]) => [userIdOf(Number(user)), role])),
        joined: new Set(),
        chunks: [],
        messages: [],
        title: `Meeting ${number}`,
        topics: [],
      });
      return meetingId;
    },
    advance(byMs) {
      const untilMs = nowMs() + byMs;
      for (;;) {
        const [due] = timers.filter((timer) => timer.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
        if (due === undefined) break;
        timers = timers.filter((timer) => timer !== due);
        offsetMs += Math.max(0, due.atMs - nowMs());
        due.run();
      }
      offsetMs += Math.max(0, untilMs - nowMs());
    },
    ports: {
      callMaxPeers: limits.callMaxPeers,
      addressOf: ({ socket }) => socket.remoteAddress ?? null,
      serving: (_origin, _what, run) => run(),
      async once(actor, key, request, run) {
        const id = `${actor.userId} ${key}`;
        const known = once.get(id);
        if (known !== undefined && known.request !== JSON.stringify(request)) throw keyMismatch("Another.");
        const answer = known?.answer ?? run();
        once.set(id, { request: JSON.stringify(request), answer });
        return (await answer) as Awaited<ReturnType<typeof run>>;
      },
      limits: {
        connecting: () => (house.connectingRefused ? Promise.reject(tooOften()) : Promise.resolve()),
        changingMessage: () => (house.changingRefused ? Promise.reject(tooOften()) : Promise.resolve()),
        sent(_origin, events) {
          house.sent += events;
          return Promise.resolve(house.sentRefusedSeconds);
        },
      },
      refused: ({ actor }, action, meetingId, code) =>
        void house.refused.push(`${actor.userId} ${action} ${meetingId} ${code}`),
      async authenticate({ token, cookieHeader }) {
        const credential = token ?? /session=([\w-]+)/.exec(cookieHeader ?? "")?.[1] ?? "";
        const [, number] = /^user-(\d+)/.exec(credential) ?? [];
        if (number === undefined) throw new AppError("UNAUTHENTICATED", "Sign in again.");
        if (house.endedSessions.has(`session-${credential}`)) throw new AppError("SESSION_EXPIRED", "Over.");
        return {
          userId: userIdOf(Number(number)),
          email: `person${number}@example.org`,
          displayName: `Person ${number}`,
          orgId: null,
          orgRole: "member",
          sessionId: `session-${credential}`,
          expiresAt: new Date(nowMs() + 3_600_000),
          ...house.tokens.get(credential),
        };
      },
      meetings: {
        async join(actor, meetingId) {
          meetingOf(actor, meetingId).joined.add(actor.userId);
          house.calls.joined.push(actor.userId);
          return viewOf(actor, meetingId);
        },
        async leave(actor, meetingId) {
          house.calls.left.push(actor.userId);
          meetings.get(meetingId)?.joined.delete(actor.userId);
        },
        async authorizeCall(actor, meetingId) {
          roleOf(actor, meetingId);
        },
        async mayRead(actor, meetingId) {
          return meetings.get(meetingId)?.roles.has(actor.userId) ?? false;
        },
        async views(meetingId, readers) {
          const roles = meetings.get(meetingId)?.roles;
          if (roles === undefined) throw notFound("This meeting");
          return new Map(
            readers.flatMap((userId) =>
              roles.has(userId) ? [[userId, viewOf({ userId }, meetingId)] as const] : [],
            ),
          );
        },
      },
      transcripts: {
        async append(actor, meetingId, chunks) {
          const meeting = writerOf(actor, meetingId);
          const appended: TranscriptChunk[] = [];
          for (const chunk of chunks) {
            if (meeting.chunks.some((known) => known.clientKey === chunk.clientKey)) continue;
            const stored: TranscriptChunk = {
              source: "typed",
              ...chunk,
              speakerId: actor.userId,
              sequence: meeting.chunks.length + 1,
              createdAt: startedAt,
            } as TranscriptChunk;
            meeting.chunks.push(stored);
            appended.push(stored);
          }
          if (appended.length > 0) transcriptFollowers.tell(meetingId, appended);
          const sequences = meeting.chunks
            .filter(({ clientKey }) => chunks.some((chunk) => chunk.clientKey === clientKey))
            .map(({ sequence }) => sequence);
          return { firstSequence: Math.min(...sequences), lastSequence: Math.max(...sequences) };
        },
        async read(actor, meetingId, { fromSequence, limit }) {
          const { chunks } = meetingOf(actor, meetingId);
          const found = chunks.filter(({ sequence }) => sequence >= fromSequence).slice(0, limit);
          const lastSequence = chunks.length;
          const last = found.at(-1)?.sequence ?? lastSequence;
          const nextFromSequence = last < lastSequence ? last + 1 : null;
          return { chunks: found, lastSequence, revision: 0, nextFromSequence };
        },
        async follow(meetingId, { deliver, corrected }) {
          const follows = [
            transcriptFollowers.add(meetingId, deliver),
            correctionFollowers.add(meetingId, corrected),
          ];
          return { close: () => follows.forEach((follow) => follow.close()) };
        },
      },
      messages: {
        async send(actor, meetingId, input) {
          const { messages } = writerOf(actor, meetingId);
          const message: Message = {
            id: idOf(messages.length + 1) as MessageId,
            meetingId,
            sequence: messages.length + 1,
            userId: actor.userId,
            content: input.content,
            parentId: null,
            attachments: [],
            clientKey: input.clientKey,
            createdAt: startedAt,
            ...neverChanged,
          };
          messages.push(message);
          chatFollowers.tell(meetingId, [message]);
          return message;
        },
        async change(actor, meetingId, messageId, { change: wanted }) {
          const { messages } = writerOf(actor, meetingId);
          const made = { messageId, userId: actor.userId, sequence: messages.length + 1, at: startedAt };
          const change: MessageChange = { ...wanted, ...made };
          changeFollowers.tell(meetingId, change);
          return change;
        },
        async follow(meetingId, { deliver, changed }) {
          const follows = [chatFollowers.add(meetingId, deliver), changeFollowers.add(meetingId, changed)];
          return { close: () => follows.forEach((follow) => follow.close()) };
        },
      },
      prompts: {
        async feedback(actor, meetingId) {
          if (roleOf(actor, meetingId) !== "host") throw new AppError("FORBIDDEN", "Hosts only.");
          house.calls.feedback += 1;
        },
      },
      notes: {
        async open(actor, meetingId, layer) {
          const role = roleOf(actor, meetingId);
          const documentId = layer === "shared" ? `${meetingId}` : `${meetingId}/${actor.userId}`;
          return { documentId, meetingId, layer, mode: role === "observer" ? "read" : "write" };
        },
        async load(documentId) {
          house.calls.loads += 1;
          await house.beforeLoad(documentId);
          const updates = [...(house.notes.get(documentId) ?? [])];
          return { updates, sequence: updates.length };
        },
        async append(documentId, { update, origin, taken }) {
          if (house.takesAppends) taken();
          await house.beforeAppend(documentId, update);
          return { sequence: storeNotes(documentId, update, origin) };
        },
        follow(documentId, { afterSequence, deliver }) {
          const missed = (house.notes.get(documentId) ?? []).slice(afterSequence);
          if (missed.length > 0) {
            queueMicrotask(() => deliver(missed.map((update) => ({ update, origin: null }))));
          }
          return notesFollowers.add(documentId, deliver);
        },
      },
      liveQueries: (["home", "prompts", "state"] as const).map((name): LiveQuery => ({
        name,
        topics: (_actor, args) => {
          const { meetingId } = args as { meetingId?: string };
          return house.queries.get(name)?.topics ?? [`meeting:${meetingId ?? "none"}`];
        },
        run: async (actor) => house.queries.get(name)?.run(actor) ?? { name },
      })),
      nodes: aloneNodes(),
      schedule(delayMs, run) {
        if (options.fakeTime === true) {
          const timer = { atMs: nowMs() + delayMs, run };
          timers.push(timer);
          return () => {
            timers = timers.filter((other) => other !== timer);
          };
        }
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
      now: () => new Date(nowMs()),
      newId: () => `id-${(ids += 1)}`,
      log: (level, event) => void house.logged.push({ level, event }),
      count: () => undefined,
      gauge: (name, value) => void house.gauges.set(name, value),
      observeSeconds: () => undefined,
    },
  };
  return house;
}
