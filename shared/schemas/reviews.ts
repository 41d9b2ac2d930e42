// A coach's review of a call they hosted: figures about how it was talked, for their own eyes, with the moments they come from.
import { z } from "zod";
import { meetingIdSchema, userIdSchema } from "../ids.ts";
import { timestampSchema } from "./common.ts";

export const growStageSchema = z.enum(["goal", "reality", "options", "way-forward"]);
export const growStages = growStageSchema.options;
export type GrowStage = z.infer<typeof growStageSchema>;

const count = z.number().int().min(0);
const ms = z.number().int().min(0);

/** A moment in the transcript. */
const momentSchema = z.object({
  sequence: z.number().int().min(1),
  startMs: ms,
  /** What was measured there, where it is a duration: of a monologue, an overlap, a silence. */
  lastsMs: ms.nullable(),
});
export type Moment = z.infer<typeof momentSchema>;

/** As it is shown: with the line as it stands in the transcript now, shortened. */
const exampleSchema = momentSchema.extend({ speakerId: userIdSchema, text: z.string() });
export type ReviewExample = z.infer<typeof exampleSchema>;

function figuresOf<Item extends z.ZodType>(example: Item) {
  const examples = z.array(example);
  return z.object({
    /** From the meeting's start to the last words. */
    lastsMs: ms,
    /** Width of each step of what is counted over time. */
    stepMs: ms,
    /** Words that could be looked at. */
    words: count,
    /** Turns of the coach, and of those who are coached. */
    turns: z.object({ coach: count, coachee: count }),
    /** Whether the coach's own words could be looked at: refused to machines, or nothing in the transcript is by them. */
    own: z.enum(["read", "refused", "none"]),
    /** What depends on language is counted in English alone. */
    language: z.enum(["english", "other", "too-little"]),
    /** People whose words no machine may read: left out of everything. */
    leftOut: count,
    /** False where the transcript does not say how long things took, or somebody is left out: then nothing is said of time. */
    timed: z.boolean(),
    /** The coach first, then by talk. */
    people: z.array(
      z.object({
        speakerId: userIdSchema,
        /** Where the transcript knows a label and no person. */
        label: z.string().nullable(),
        part: z.enum(["coach", "coachee", "other-host"]),
        talkMs: ms,
        words: count,
        turns: count,
        /** Talk in each step, where times are known. */
        steps: z.array(ms),
        /** Their longest stretch of talk; null where times are not known. */
        longest: example.nullable(),
      }),
    ),
    /** Null where times are not known, or each line lasts until the next one begins. */
    overlaps: z.object({ byCoach: count, byOthers: count, examples }).nullable(),
    /** Silences after the coach's questions; null as `overlaps`. */
    waits: z
      .object({
        questions: count,
        medianMs: ms.nullable(),
        /** Of at least three seconds. */
        long: count,
        /** Where the coach spoke first again. */
        coachFirst: count,
        examples,
      })
      .nullable(),
    /** The four below are null where the talk is not in English. */
    questions: z
      .object({
        open: count,
        closed: count,
        /** Of both: seen with less than two chances in three. */
        unsure: count,
        openExamples: examples,
        closedExamples: examples,
      })
      .nullable(),
    reflections: z.object({ count, unsure: count, examples }).nullable(),
    talk: z
      .object({
        change: count,
        sustain: count,
        neutral: count,
        /** Of change and sustain. */
        unsure: count,
        steps: z.array(z.object({ change: count, sustain: count })),
        changeExamples: examples,
        sustainExamples: examples,
      })
      .nullable(),
    grow: z
      .array(z.object({ stage: growStageSchema, lines: count, steps: z.array(count), examples }))
      .nullable(),
  });
}

/** As it is stored: no word of anybody. */
export const reviewFiguresSchema = figuresOf(momentSchema);
export type ReviewFigures = z.infer<typeof reviewFiguresSchema>;

export const shownReviewSchema = figuresOf(exampleSchema);
export type ShownReview = z.infer<typeof shownReviewSchema>;

export const coachReviewSchema = z.object({
  meetingId: meetingIdSchema,
  /** `waiting` until the call is over, `processing` also while it is made anew. */
  status: z.enum(["waiting", "processing", "ready", "failed"]),
  problem: z.string().nullable(),
  review: shownReviewSchema.nullable(),
  madeAt: timestampSchema.nullable(),
});
export type CoachReview = z.infer<typeof coachReviewSchema>;

/** During the call, for its coach alone; what cannot be told is null. */
export const liveMirrorSchema = z.object({
  /** The reader's share of the time that was talked. */
  talkShare: z.number().min(0).max(1).nullable(),
  /** The reader's questions; null where the talk is not in English, or a machine may not read their words. */
  questions: z.object({ open: count, closed: count }).nullable(),
});
export type LiveMirror = z.infer<typeof liveMirrorSchema>;

/** One call of a coach among others; null where it could not be told. */
export const reviewTrendSchema = z.object({
  meetingId: meetingIdSchema,
  title: z.string(),
  startedAt: timestampSchema,
  /** The coach's share of the time that was talked, from 0 to 1. */
  talkShare: z.number().min(0).max(1).nullable(),
  longestMs: ms.nullable(),
  questions: count.nullable(),
  openQuestions: count.nullable(),
  reflections: count.nullable(),
  changeTalk: count.nullable(),
  sustainTalk: count.nullable(),
  medianWaitMs: ms.nullable(),
  growStages: count.nullable(),
});
export type ReviewTrend = z.infer<typeof reviewTrendSchema>;

export const reviewTrendsSchema = z.object({
  /** The newest calls, oldest first. */
  items: z.array(reviewTrendSchema),
  /** Calls that are being looked at anew, because people allow something else by now. */
  unready: count,
});
export type ReviewTrends = z.infer<typeof reviewTrendsSchema>;
