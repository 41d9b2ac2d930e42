// Figures of a review in words: shares, durations, ratios.
import type { ReviewTrend, ShownReview } from "../../../shared/schemas/reviews.ts";

export type ReviewPerson = ShownReview["people"][number];

/** `8 s`, `2 min 5 s`. */
export function formatSpan(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (ms > 0 && ms < 9_950) return `${(ms / 1_000).toFixed(1).replace(/\.0$/, "")} s`;
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  return rest === 0 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 60)} min ${rest} s`;
}

export function wholePercent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Each person's part of the talk, by time where the transcript tells it and by words where not; null where nothing was said. */
export function sharesOf({ people, timed }: Pick<ShownReview, "people" | "timed">): number[] | null {
  const sizes = people.map(({ talkMs, words }) => (timed ? talkMs : words));
  const all = sizes.reduce((sum, size) => sum + size, 0);
  return all === 0 ? null : sizes.map((size) => size / all);
}

/** Reflections for each question; null where nothing was asked. */
export function ratioOf(reflections: number, questions: number): string | null {
  return questions === 0 ? null : (reflections / questions).toFixed(1);
}

/** `null` where a call could not tell. */
export const trendMeasures = {
  talkShare: { of: ({ talkShare }: ReviewTrend) => talkShare, format: wholePercent },
  openShare: {
    of: ({ questions, openQuestions }: ReviewTrend) =>
      questions === null || openQuestions === null || questions === 0 ? null : openQuestions / questions,
    format: wholePercent,
  },
  reflectionRatio: {
    of: ({ questions, reflections }: ReviewTrend) =>
      questions === null || reflections === null || questions === 0 ? null : reflections / questions,
    format: (ratio: number) => ratio.toFixed(1),
  },
  longest: { of: ({ longestMs }: ReviewTrend) => longestMs, format: formatSpan },
  wait: { of: ({ medianWaitMs }: ReviewTrend) => medianWaitMs, format: formatSpan },
  changeShare: {
    of: ({ changeTalk, sustainTalk }: ReviewTrend) =>
      changeTalk === null || sustainTalk === null || changeTalk + sustainTalk === 0
        ? null
        : changeTalk / (changeTalk + sustainTalk),
    format: wholePercent,
  },
  growStages: {
    of: ({ growStages }: ReviewTrend) => growStages,
    format: (stages: number) => `${stages} of 4`,
  },
} as const;
export type TrendMeasure = keyof typeof trendMeasures;
