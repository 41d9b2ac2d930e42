// The job that makes the reviews of a call, one a host: after its end, and anew when lines, answers or rules change. May be repeated.
import { createHash } from "node:crypto";
import { z } from "zod";
import { mayBeReadByMachine, noAnswers, type ConsentAnswers } from "../../../shared/consent-rules.ts";
import { erasedText } from "../../../shared/erased.ts";
import { AppError } from "../../../shared/errors.ts";
import { meetingIdSchema, type MeetingId, type UserId } from "../../../shared/ids.ts";
import type { TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import { inTimeOrder } from "../../../shared/transcript/order.ts";
import { defineJob, type Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { ConsentLedger } from "../consent/index.ts";
import type { MeetingRecord, MeetingsService } from "../meetings/index.ts";
import type { TranscriptsService } from "../transcripts/index.ts";
import { behaviourModels } from "./behaviours.ts";
import { reviewOf, reviewRules } from "./review.ts";
import type { ReviewsRepository } from "./reviews.repository.ts";

export interface ReviewsJobsParts {
  repository: ReviewsRepository;
  clock: Clock;
  jobs: Jobs;
  meetings: Pick<MeetingsService, "record" | "overIn">;
  transcripts: Pick<TranscriptsService, "readAll" | "lastSequence">;
  consents: Pick<ConsentLedger, "answers">;
  bus: EventBus;
  logger: Logger;
  metrics: Metrics;
}

const retryWaitsMs = [2_000, 15_000, 60_000, 300_000];
/** Beyond this many lines something is wrong, and the review says so instead of filling memory. */
const linesMost = 200_000;

/** Which rules and weights make reviews now. */
export const currentRules = `${reviewRules}.${createHash("sha256")
  .update(JSON.stringify(behaviourModels))
  .digest("hex")
  .slice(0, 12)}`;

export function createReviewsJob(parts: ReviewsJobsParts) {
  const { repository, clock, jobs, meetings, transcripts, consents, bus, logger, metrics } = parts;
  const made = metrics.counter("reviews_made_total", "Reviews of calls made for their coaches", ["occasion"]);

  const job = defineJob({
    name: "feedback.review",
    payload: z.object({ meetingId: meetingIdSchema }),
    maxAttempts: retryWaitsMs.length + 1,
    leaseMs: 60_000,
    backoffMs: (attempt) => retryWaitsMs[attempt - 1] ?? 0,
    async run({ meetingId }, { signal }) {
      const record = await meetings.record(meetingId);
      if (record?.state !== "concluded") return;
      // There is nothing left to make it from, or nobody may keep it.
      if ((await meetings.overIn(meetingId)).has("reviews")) return;
      const chunks = await wholeTranscript(meetingId);
      signal.throwIfAborted();
      const speakers = [...new Set(chunks.map(({ speakerId }) => speakerId))].sort();
      const withheld = withheldAmong(speakers, await consents.answers(meetingId, speakers));
      const hostIds = hostsOf(record);
      const lines = chunks.filter(
        ({ speakerId, text }) => text !== erasedText && !withheld.includes(speakerId),
      );
      const startedMs = clock.monotonicMs();
      for (const coachId of hostIds) {
        const before = await repository.find(meetingId, coachId);
        await repository.put({
          ...basisOf(record, coachId),
          speakers,
          withheld,
          lastSequence: chunks.length,
          revision: revisionOf(chunks),
          figures: reviewOf({ lines, coachId, hostIds, withheld }),
          problem: null,
        });
        made.inc({ occasion: before === null ? "first" : "anew" });
      }
      logger.info(
        { meetingId, lines: chunks.length, ms: Math.round(clock.monotonicMs() - startedMs) },
        "reviews made",
      );
      bus.publish("review.changed", { meetingId });
    },
    async onDead({ meetingId }, code) {
      const record = await meetings.record(meetingId);
      if (record === null) return;
      const problem =
        code === "PAYLOAD_TOO_LARGE"
          ? "The transcript is longer than a review can be made from."
          : `Looking at the call failed several times (${code}).`;
      for (const coachId of hostsOf(record)) {
        const nothing = { speakers: [], withheld: [], lastSequence: 0, revision: 0, figures: null };
        await repository.put({ ...basisOf(record, coachId), ...nothing, problem });
      }
      bus.publish("review.changed", { meetingId });
    },
  });

  function basisOf(record: MeetingRecord, coachId: UserId) {
    const madeAt = clock.now();
    const startedAt = record.startedAt ?? record.endedAt ?? madeAt;
    return { meetingId: record.id, userId: coachId, startedAt, rules: currentRules, madeAt };
  }

  /** In the order in which it was said. Throws UNAVAILABLE, to be tried again, where what was acknowledged cannot be read completely yet. */
  async function wholeTranscript(meetingId: MeetingId): Promise<TranscriptChunk[]> {
    const expected = await transcripts.lastSequence(meetingId);
    const chunks: TranscriptChunk[] = [];
    for await (const page of transcripts.readAll(meetingId)) {
      chunks.push(...page);
      if (chunks.length > linesMost)
        throw new AppError("PAYLOAD_TOO_LARGE", "The transcript is too long for a review.");
    }
    if (chunks.length < expected || chunks.some(({ sequence }, index) => sequence !== index + 1))
      throw new AppError("UNAVAILABLE", "The transcript is not complete yet: the review is tried again.");
    return [...inTimeOrder(chunks)];
  }

  jobs.register(job);
  return job;
}

/** Whose words no rule may look at, in a fixed order. */
export function withheldAmong(
  speakers: readonly UserId[],
  answers: ReadonlyMap<UserId, ConsentAnswers>,
): UserId[] {
  return speakers
    .filter((speaker) => !mayBeReadByMachine(answers.get(speaker) ?? noAnswers, "rules"))
    .toSorted();
}

/** The latest correction that has changed a line. */
export function revisionOf(chunks: readonly TranscriptChunk[]): number {
  return Math.max(0, ...chunks.map(({ edited }) => edited?.revision ?? 0));
}

function hostsOf({ participants }: MeetingRecord): UserId[] {
  return participants.filter(({ role }) => role === "host").map(({ userId }) => userId);
}
