// Segments and topics of running calls, kept up with the talk: a bounded number of calls at each tick, one write for all of them.
import { setImmediate as othersTurn } from "node:timers/promises";
import { mayBeReadByMachine, type ConsentAnswers } from "../../../shared/consent-rules.ts";
import type { MeetingId, SegmentId, UserId } from "../../../shared/ids.ts";
import type { Segment, TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { TranscriptsService } from "../transcripts/index.ts";
import type { InsightsRepository } from "./insights.repository.ts";
import { LiveTalk } from "./live-talk.ts";

export interface LiveAggregationParts {
  repository: Pick<InsightsRepository, "putSegments" | "forgetReading">;
  meetings: Pick<MeetingsService, "record">;
  transcripts: Pick<TranscriptsService, "readAll">;
  /** What people allow, with nothing read of anybody where machines are off; throws NOT_FOUND. */
  consentsIn(meetingId: MeetingId): Promise<ReadonlyMap<UserId, ConsentAnswers>>;
  clock: Clock;
  bus: EventBus;
  logger: Logger;
  metrics: Metrics;
}

export interface LiveAggregation {
  watch(meetingId: MeetingId): void;
  /** Resolves when nothing of it will be written any more. */
  unwatch(meetingId: MeetingId): Promise<void>;
  observe(meetingId: MeetingId, chunks: readonly TranscriptChunk[]): void;
  /** The words have changed: they are read anew. */
  reread(meetingId: MeetingId): void;
  stop(): Promise<void>;
}

const tickMs = 1_000;
/** A call's talk is divided again this often at most. */
const passEveryMs = 60_000;
/** Whatever the number of calls, a tick does no more: beyond passEveryMs / tickMs times as many, passes come less often. */
const passesATick = 50;

export function createLiveAggregation(parts: LiveAggregationParts): LiveAggregation {
  const { repository, meetings, transcripts, consentsIn, clock, bus, logger, metrics } = parts;
  const watched = new Map<MeetingId, { talk: LiveTalk; nextMs: number }>();
  const seconds = metrics.histogram("talk_pass_seconds", "Dividing the newest talk of one running call");
  let cancelTick: (() => void) | null = null;
  let ticking: Promise<void> | null = null;
  let stopped = false;

  function scheduleTick(): void {
    if (stopped || cancelTick !== null || ticking !== null || watched.size === 0) return;
    cancelTick = clock.schedule(tickMs, () => {
      cancelTick = null;
      ticking = tick().finally(() => {
        ticking = null;
        scheduleTick();
      });
    });
  }

  async function tick(): Promise<void> {
    const nowMs = clock.monotonicMs();
    const put: Segment[] = [];
    const gone: SegmentId[] = [];
    const passed: LiveTalk[] = [];
    for (const [meetingId, one] of watched) {
      if (passed.length === passesATick) break;
      const { talk } = one;
      if (one.nextMs > nowMs || !talk.isDue) continue;
      one.nextMs = nowMs + passEveryMs;
      // To the end of the line: where there are too many, each gets its turn.
      watched.delete(meetingId);
      watched.set(meetingId, one);
      passed.push(talk);
      try {
        if (talk.outdated || !talk.loaded) await load(talk);
        const endTimer = seconds.startTimer();
        const changes = talk.pass();
        endTimer();
        put.push(...changes.put);
        gone.push(...changes.gone);
      } catch (error) {
        talk.outdated = true;
        logger.warn({ meetingId, error: error as Error }, "a running call's topics could not be made out");
      }
      await othersTurn();
    }
    const stays = ({ meetingId }: Segment) => {
      const talk = watched.get(meetingId)?.talk;
      // Somebody may have taken their words back meanwhile, or the call ended.
      return talk !== undefined && !talk.outdated;
    };
    try {
      await repository.putSegments(put.filter(stays), gone, clock.now());
    } catch (error) {
      for (const talk of passed) talk.outdated = true;
      logger.warn({ error: error as Error }, "segments of running calls could not be written");
    }
  }

  async function load(talk: LiveTalk): Promise<void> {
    const record = await meetings.record(talk.id);
    if (record?.state !== "active") {
      watched.delete(talk.id);
      return;
    }
    const answers = await consentsIn(talk.id);
    talk.people = new Set(answers.keys());
    const unread = [...answers].filter(([, each]) => !mayBeReadByMachine(each, "rules")).map(([id]) => id);
    talk.begin(unread.length === answers.size ? "everybody" : unread);
    for await (const chunks of transcripts.readAll(talk.id)) {
      talk.add(chunks);
      // A long call is divided window by window, as it would have been while it ran.
      if (talk.isFull) await keep(talk);
    }
    talk.finishLoading();
  }

  async function keep(talk: LiveTalk): Promise<void> {
    const { put, gone } = talk.pass();
    await repository.putSegments(put, gone, clock.now());
  }

  /** What was made out goes at once, and is made out anew from what may be read now. */
  function forget(meetingId: MeetingId): void {
    const one = watched.get(meetingId);
    if (one === undefined) return;
    one.talk.outdated = true;
    one.nextMs = 0;
    repository.forgetReading(meetingId, clock.now()).catch((error: unknown) => {
      logger.warn({ meetingId, error: error as Error }, "a running call's topics could not be taken away");
    });
  }

  bus.subscribe("consent.changed", ({ userId, meetingId }) => {
    if (meetingId !== null) forget(meetingId);
    else for (const [id, { talk }] of watched) if (talk.people.has(userId)) forget(id);
  });
  bus.subscribe("ai.changed", ({ meetingId }) => {
    for (const id of meetingId === null ? [...watched.keys()] : [meetingId]) forget(id);
  });

  return {
    watch(meetingId) {
      if (stopped || watched.has(meetingId)) return;
      watched.set(meetingId, { talk: new LiveTalk(meetingId), nextMs: 0 });
      scheduleTick();
    },
    async unwatch(meetingId) {
      watched.delete(meetingId);
      await ticking;
    },
    observe(meetingId, chunks) {
      watched.get(meetingId)?.talk.observe(chunks);
    },
    reread(meetingId) {
      const one = watched.get(meetingId);
      if (one !== undefined) one.talk.outdated = true;
    },
    async stop() {
      stopped = true;
      cancelTick?.();
      cancelTick = null;
      watched.clear();
      await ticking;
    },
  };
}
