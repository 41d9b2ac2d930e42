// Reviews as use cases: a coach reads how they coached one call and their newest ones; nobody else does.
import type mongoose from "mongoose";
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import type {
  CoachReview,
  Moment,
  ReviewExample,
  ReviewFigures,
  ReviewTrend,
  ShownReview,
} from "../../../shared/schemas/reviews.ts";
import type { TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import type { AuditService } from "../audit/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { FeedbackService } from "./index.ts";
import {
  createReviewsJob,
  currentRules,
  revisionOf,
  withheldAmong,
  type ReviewsJobsParts,
} from "./reviews.jobs.ts";
import { createReviewsRepository } from "./reviews.repository.mongo.ts";
import type { StoredReview } from "./reviews.repository.ts";

/** Several corrections in a row are one making. */
const settlesMs = 1_000;
const keptNoLongerSentence = "What this review rests on is kept no longer: its term is over.";
const trendCalls = 12;
const meetingsAtOnce = 100;
const exampleMostChars = 240;

/** Registers its job with the queue, so it is made before the queue starts. */
export async function createFeedbackModule({
  connection,
  audit,
  ...options
}: Omit<ReviewsJobsParts, "repository"> & {
  connection: mongoose.Connection;
  meetings: Pick<MeetingsService, "authorize" | "record">;
  audit: Pick<AuditService, "record">;
}): Promise<FeedbackService> {
  const { meetings, transcripts, consents, jobs, bus, clock } = options;
  const repository = await createReviewsRepository(connection);
  const job = createReviewsJob({ ...options, repository });

  async function remake(meetingId: MeetingId): Promise<void> {
    const runAt = new Date(clock.now().getTime() + settlesMs);
    await jobs.rerun(job, { meetingId }, { key: meetingId, runAt });
  }

  /** False where it was made from other words than people allow now: then nothing of it is shown. */
  async function isAllowed({ meetingId, speakers, withheld }: StoredReview): Promise<boolean> {
    const now = withheldAmong(speakers, await consents.answers(meetingId, speakers));
    return now.length === withheld.length && now.every((speaker) => withheld.includes(speaker));
  }

  async function linesOf(meetingId: MeetingId): Promise<TranscriptChunk[]> {
    const lines: TranscriptChunk[] = [];
    for await (const page of transcripts.readAll(meetingId)) lines.push(...page);
    return lines;
  }

  async function view(actor: Actor, meetingId: MeetingId): Promise<CoachReview> {
    const access = await meetings.authorize(actor, meetingId, "review.read");
    assertOneself(actor);
    const none = { meetingId, problem: null, review: null, madeAt: null };
    if (access.state !== "concluded") return { ...none, status: "waiting" };
    if (access.over.has("reviews")) return { ...none, status: "failed", problem: keptNoLongerSentence };
    const stored = await repository.find(meetingId, actor.userId);
    if (stored === null) {
      await jobs.enqueue(job, { meetingId }, { key: meetingId });
      return { ...none, status: "processing" };
    }
    if (stored.problem !== null) return { ...none, status: "failed", problem: stored.problem };
    if (stored.figures === null || !(await isAllowed(stored))) {
      await remake(meetingId);
      return { ...none, status: "processing" };
    }
    const lines = await linesOf(meetingId);
    const isNow = stored.rules === currentRules && stored.revision === revisionOf(lines);
    if (!isNow) await remake(meetingId);
    return {
      ...none,
      status: isNow ? "ready" : "processing",
      review: shown(stored.figures, lines),
      madeAt: stored.madeAt.toISOString(),
    };
  }

  /** Null where the actor may not see it any more; `unready` where it must be made anew. */
  async function trendOf(actor: Actor, stored: StoredReview): Promise<ReviewTrend | "unready" | null> {
    const { meetingId, figures, startedAt } = stored;
    const record = await meetings.record(meetingId);
    if (record === null || !(await mayRead(actor, meetingId))) return null;
    if (figures === null || stored.rules !== currentRules || !(await isAllowed(stored))) {
      await remake(meetingId);
      return "unready";
    }
    return { meetingId, title: record.title, startedAt: startedAt.toISOString(), ...trendFigures(figures) };
  }

  async function mayRead(actor: Actor, meetingId: MeetingId): Promise<boolean> {
    try {
      const { over } = await meetings.authorize(actor, meetingId, "review.read");
      return !over.has("reviews");
    } catch (error) {
      if (error instanceof AppError && (error.kind === "not-found" || error.kind === "forbidden"))
        return false;
      throw error;
    }
  }

  return {
    review: view,

    async retry(actor, meetingId) {
      await meetings.authorize(actor, meetingId, "review.retry");
      assertOneself(actor);
      const stored = await repository.find(meetingId, actor.userId);
      if (stored?.problem === null || stored === null)
        throw new AppError("CONFLICT", "Nothing has failed here: the review is made, or is being made.");
      await repository.put({ ...stored, problem: null });
      await jobs.rerun(job, { meetingId }, { key: meetingId });
      await audit.record({
        actorUserId: actor.userId,
        resourceType: "meeting",
        resourceId: meetingId,
        action: "review.retry",
        outcome: "done",
      });
      bus.publish("review.changed", { meetingId });
      return view(actor, meetingId);
    },

    async trends(actor) {
      assertOneself(actor);
      const trends: (ReviewTrend | "unready" | null)[] = [];
      for (const stored of await repository.newest(actor.userId, trendCalls))
        trends.push(await trendOf(actor, stored));
      return {
        items: trends.filter((one) => one !== null && one !== "unready").reverse(),
        unready: trends.filter((one) => one === "unready").length,
      };
    },

    async prepare(meetingId) {
      await jobs.enqueue(job, { meetingId }, { key: meetingId });
    },

    async linesChanged(meetingId) {
      // While a call runs nothing is made of it, and its corrections are many.
      if (await repository.hasAny(meetingId)) await remake(meetingId);
    },

    async reconsider({ userId, meetingId }) {
      if (meetingId !== null) {
        if (!(await repository.hasAny(meetingId))) return;
        await remake(meetingId);
        bus.publish("review.changed", { meetingId });
        return;
      }
      let after: MeetingId | null = null;
      for (;;) {
        const found: MeetingId[] = await repository.spokenIn(userId, { after, limit: meetingsAtOnce });
        for (const one of found) {
          await remake(one);
          bus.publish("review.changed", { meetingId: one });
        }
        after = found.at(-1) ?? null;
        if (after === null) return;
      }
    },
  };
}

/** A mirror is for who stands before it, not for whoever acts in their name. */
function assertOneself({ impersonator }: Actor): void {
  if (impersonator === undefined) return;
  throw new AppError("FORBIDDEN", "A review is for the coach alone: it is closed to whoever acts as them.");
}

/** With the lines as they stand now; a moment whose line is gone is left out. */
function shown(figures: ReviewFigures, lines: readonly TranscriptChunk[]): ShownReview {
  const bySequence = new Map(lines.map((line) => [line.sequence, line]));
  const example = (moment: Moment): ReviewExample[] => {
    const line = bySequence.get(moment.sequence);
    if (line === undefined) return [];
    return [{ ...moment, speakerId: line.speakerId, text: shortened(line.text) }];
  };
  const all = (moments: readonly Moment[]) => moments.flatMap(example);
  const { people, overlaps, waits, questions, reflections, talk, grow } = figures;
  return {
    ...figures,
    people: people.map((person) => ({
      ...person,
      longest: person.longest === null ? null : (example(person.longest)[0] ?? null),
    })),
    overlaps: overlaps && { ...overlaps, examples: all(overlaps.examples) },
    waits: waits && { ...waits, examples: all(waits.examples) },
    questions: questions && {
      ...questions,
      openExamples: all(questions.openExamples),
      closedExamples: all(questions.closedExamples),
    },
    reflections: reflections && { ...reflections, examples: all(reflections.examples) },
    talk: talk && {
      ...talk,
      changeExamples: all(talk.changeExamples),
      sustainExamples: all(talk.sustainExamples),
    },
    grow: grow && grow.map((stage) => ({ ...stage, examples: all(stage.examples) })),
  };
}

function shortened(text: string): string {
  if (text.length <= exampleMostChars) return text;
  const cut = text.slice(0, exampleMostChars);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), exampleMostChars / 2)).toWellFormed()}…`;
}

function trendFigures(figures: ReviewFigures): Omit<ReviewTrend, "meetingId" | "title" | "startedAt"> {
  const { people, timed, leftOut, questions, reflections, talk, waits, grow } = figures;
  const coach = people.find(({ part }) => part === "coach");
  const measure = (person: (typeof people)[number]) => (timed ? person.talkMs : person.words);
  const all = people.reduce((sum, person) => sum + measure(person), 0);
  const known = leftOut === 0 && coach !== undefined && all > 0;
  return {
    talkShare: known ? measure(coach) / all : null,
    longestMs: coach?.longest?.lastsMs ?? null,
    questions: questions === null ? null : questions.open + questions.closed,
    openQuestions: questions?.open ?? null,
    reflections: reflections?.count ?? null,
    changeTalk: talk?.change ?? null,
    sustainTalk: talk?.sustain ?? null,
    medianWaitMs: waits?.medianMs ?? null,
    growStages: grow === null ? null : grow.filter(({ lines }) => lines > 0).length,
  };
}
