// What the realtime core asks for, answered by the modules.
import type { LiveQuery, Origin, RealtimePorts } from "../../realtime/index.ts";
import type { Actor } from "../../shared/actor.ts";
import { toAppError } from "../../shared/errors.ts";
import type { AuditService } from "../modules/audit/index.ts";
import type { IdentityService } from "../modules/identity/index.ts";
import type { MeetingsService } from "../modules/meetings/index.ts";
import type { MessagingService } from "../modules/messaging/index.ts";
import type { NotesService } from "../modules/notes/index.ts";
import type { PromptsService } from "../modules/prompts/index.ts";
import type { TranscriptsService } from "../modules/transcripts/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Cluster } from "../platform/cluster/index.ts";
import type { IdSource } from "../platform/ids.ts";
import type { Logger } from "../platform/logger.ts";
import type { Metrics } from "../platform/metrics.ts";
import type { Tracing } from "../platform/tracing.ts";
import { withRequestContext } from "../platform/request-context.ts";
import type { AddressOf } from "../transport/http/client-address.ts";
import type { Idempotency } from "../transport/http/idempotency.ts";
import type { RateLimiter } from "../transport/http/rate-limits.ts";

interface Parts {
  callMaxPeers: number;
  rateLimiter: RateLimiter;
  idempotency: Idempotency;
  addressOf: AddressOf;
  audit: Pick<AuditService, "recordRefusal">;
  identity: IdentityService;
  meetings: MeetingsService;
  transcripts: TranscriptsService;
  messaging: MessagingService;
  notes: NotesService;
  prompts: PromptsService;
  liveQueries: LiveQuery[];
  cluster: Cluster;
  clock: Clock;
  ids: IdSource;
  logger: Logger;
  metrics: Metrics;
  tracing: Tracing;
}

export function createRealtimePorts(parts: Parts): RealtimePorts {
  const { rateLimiter, identity, meetings, transcripts, messaging, notes, prompts, clock, ids, logger } =
    parts;
  const within = <Result>(origin: Origin, run: () => Promise<Result>) =>
    withRequestContext({ requestId: ids.uuid(), ...origin }, run);
  return {
    addressOf: parts.addressOf,
    callMaxPeers: parts.callMaxPeers,
    async once<Result>(actor: Actor, key: string, request: unknown, run: () => Promise<Result>) {
      const answer = await parts.idempotency.once({ key, userId: actor.userId, request }, async () => ({
        status: 200,
        body: await run(),
      }));
      return answer.body as Result;
    },
    limits: {
      connecting: (origin) => rateLimiter.checkNamed("connect", callerOf(origin)),
      // Of a person alone: no address is asked for.
      changingMessage: (actor) => rateLimiter.checkNamed("chat-change", { actor, address: "" }),
      sent: (origin, events) => rateLimiter.countDone("socket-events", callerOf(origin), events),
    },
    serving: (origin, what, run) =>
      parts.tracing.span(`event ${what}`, { kind: "server" }, () => within(origin, run)),
    refused(origin, action, meetingId, code) {
      const { userId: actorUserId } = origin.actor;
      void within(origin, () =>
        parts.audit.recordRefusal({
          actorUserId,
          action,
          resourceType: "meeting",
          resourceId: meetingId,
          code,
        }),
      );
    },
    authenticate: async (credentials) => (await identity.resolve(credentials)).actor,
    meetings: {
      join: (actor, meetingId, seenBy) => meetings.join(actor, meetingId, seenBy),
      leave: (actor, meetingId, seenBy) => meetings.leave(actor, meetingId, seenBy),
      async authorizeCall(actor, meetingId) {
        await meetings.authorize(actor, meetingId, "call.enter");
      },
      async mayRead(actor, meetingId) {
        try {
          await meetings.authorize(actor, meetingId, "meeting.join");
          return true;
        } catch (error) {
          const { kind } = toAppError(error);
          if (kind === "not-found" || kind === "forbidden") return false;
          throw error;
        }
      },
      views: (meetingId, readers) => meetings.views(meetingId, readers),
    },
    transcripts: {
      append: (actor, meetingId, chunks) => transcripts.append(actor, meetingId, chunks),
      read: (actor, meetingId, query) => transcripts.read(actor, meetingId, query),
      follow: async (meetingId, hear) =>
        await transcripts.follow(meetingId, {
          afterSequence: await transcripts.lastSequence(meetingId),
          ...hear,
        }),
    },
    messages: {
      send: (actor, meetingId, input) => messaging.send(actor, meetingId, input),
      change: (actor, meetingId, messageId, input) => messaging.change(actor, meetingId, messageId, input),
      follow: async (meetingId, hear) =>
        messaging.follow(meetingId, { afterSequence: await messaging.lastSequence(meetingId), ...hear }),
    },
    prompts: {
      feedback: (actor, meetingId, promptId, value) => prompts.feedback(actor, meetingId, promptId, value),
    },
    notes: {
      open: (actor, meetingId, layer) => notes.open(actor, meetingId, layer),
      load: (documentId) => notes.load(documentId),
      append: (documentId, edit) => notes.append(documentId, edit.authorId, edit.update, edit),
      follow: (documentId, options) => notes.follow(documentId, options),
    },
    liveQueries: parts.liveQueries,
    nodes: parts.cluster,
    schedule: (delayMs, run) => clock.schedule(delayMs, run),
    now: () => clock.now(),
    newId: () => ids.uuid(),
    log: (level, event, fields) => logger[level](fields, event),
    ...meters(parts.metrics),
  };
}

function callerOf({ actor, ipAddress }: Origin) {
  return { actor, address: ipAddress ?? "unknown" };
}

// The core names its metrics; each is made on first use, as the core owns the list.
function meters(metrics: Metrics): Pick<RealtimePorts, "count" | "gauge" | "observeSeconds"> {
  const counters = new Map<string, ReturnType<Metrics["counter"]>>();
  const gauges = new Map<string, ReturnType<Metrics["gauge"]>>();
  const histograms = new Map<string, ReturnType<Metrics["histogram"]>>();
  return {
    count: (name, by) => once(counters, name, () => metrics.counter(name, `Realtime: ${name}`)).inc(by),
    gauge: (name, value) => once(gauges, name, () => metrics.gauge(name, `Realtime: ${name}`)).set(value),
    observeSeconds: (name, seconds) =>
      once(histograms, name, () => metrics.histogram(name, `Realtime: ${name}`)).observe(seconds),
  };
}

function once<Meter>(known: Map<string, Meter>, name: string, make: () => Meter): Meter {
  const existing = known.get(name);
  if (existing !== undefined) return existing;
  const made = make();
  known.set(name, made);
  return made;
}
