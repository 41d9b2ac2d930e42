// What a recap recommends to each person: what was left open for them, and to coaches what their own review shows. Pure.
import type { UserId } from "../../../shared/ids.ts";
import type { Recommendation } from "../../../shared/schemas/insights.ts";
import type { Moment, ReviewExample, ShownReview } from "../../../shared/schemas/reviews.ts";
import type { Facts, Suggestion } from "./citations.ts";

const most = 6;
const ofActionsMost = 3;

/**
 * How directly it follows from the words it cites: an action whose date is not in its quote lacks it for sure, whether an
 * aim is served by no action is a comparison of words, and what a model suggests is the model's.
 */
const confidence = {
  "no-date": 0.9,
  "no-owner": 0.8,
  "put-off": 0.8,
  "open-question": 0.7,
  suggestion: 0.6,
  "goal-without-step": 0.5,
} as const;

const wordings: Record<
  Suggestion["kind"],
  { own: (text: string) => string; coach: (text: string) => string }
> = {
  "open-question": {
    own: (text) => `Still without an answer: “${text}” Take it up before the next call.`,
    coach: (text) => `Still without an answer: “${text}” Ask it again in the next call.`,
  },
  "put-off": {
    own: (text) => `Put off in this call: “${text}” Bring it to the next one.`,
    coach: (text) => `Put off in this call: “${text}” Make time for it in the next one.`,
  },
  "goal-without-step": {
    own: (text) => `An aim without a first step so far: “${text}” What could the first one be?`,
    coach: (text) => `An aim without a first step so far: “${text}” Ask for the first one.`,
  },
  suggestion: { own: (text) => text, coach: (text) => text },
};

/** For somebody who talks in the call; observers get none. */
export function recommendationsFor(
  reader: UserId,
  { actions, suggestions }: Pick<Facts, "actions" | "suggestions">,
  hostIds: readonly UserId[],
): Recommendation[] {
  const coaches = hostIds.includes(reader);
  const undated = actions
    .filter(({ ownerId, dueText }) => ownerId === reader && dueText === null)
    .slice(0, ofActionsMost)
    .map(({ text, citations }) => ({
      type: "no-date",
      content: `Name a day for it: “${text}”`,
      confidence: confidence["no-date"],
      citations,
    }));
  const unowned = actions
    .filter(({ ownerId }) => ownerId === null)
    .slice(0, ofActionsMost)
    .map(({ text, citations }) => ({
      type: "no-owner",
      content: `Agree who does it: “${text}”`,
      confidence: confidence["no-owner"],
      citations,
    }));
  const left = suggestions
    .filter(({ forId }) => forId === null || forId === reader || coaches)
    .map(({ kind, forId, text, citations }) => ({
      type: kind,
      content: wordings[kind][coaches && forId !== reader ? "coach" : "own"](text),
      confidence: confidence[kind],
      citations,
    }));
  return [...undated, ...unowned, ...left]
    .sort((one, other) => other.confidence - one.confidence)
    .slice(0, most);
}

/** What a coach's review of the call shows, with the moments it rests on: for that coach alone. */
export interface CoachHint {
  content: string;
  confidence: number;
  moments: ReviewExample[];
}

const questionsLeast = 8;
const closedFrom = 0.6;
const talkFrom = 0.55;
const wordsLeast = 300;
const spokeFirstLeast = 3;
const monologueMs = 120_000;
const momentsMost = 2;

/** At most three, most striking first; none where the review cannot tell. */
export function coachHintsOf(review: ShownReview): CoachHint[] {
  const hints: (Omit<CoachHint, "moments"> & { moments: readonly (ReviewExample | null)[] })[] = [];
  const { questions, people, waits, words, timed } = review;
  const coach = people.find(({ part }) => part === "coach");
  const longestMs = coach?.longest?.lastsMs ?? 0;
  const talkMs = people.reduce((sum, one) => sum + one.talkMs, 0);
  if (timed && coach !== undefined && words >= wordsLeast && talkMs > 0 && coach.talkMs / talkMs > talkFrom)
    hints.push({
      content: `You talked for ${Math.round((coach.talkMs / talkMs) * 100)} % of the time. Leave more of the next call to the other side.`,
      confidence: 0.8,
      moments: [coach.longest],
    });
  else if (coach !== undefined && longestMs >= monologueMs)
    hints.push({
      content: `Once you talked for ${minutes(longestMs)} on end. Try a question in the middle.`,
      confidence: 0.7,
      moments: [coach.longest],
    });
  if (questions !== null) {
    const asked = questions.open + questions.closed;
    if (asked >= questionsLeast && questions.closed / asked > closedFrom)
      hints.push({
        content: `${questions.closed} of your ${asked} questions could be answered with yes or no. Try to open some of them.`,
        confidence: 0.7,
        moments: questions.closedExamples,
      });
  }
  if (waits !== null && waits.coachFirst >= spokeFirstLeast)
    hints.push({
      content: `After ${waits.coachFirst} of your questions you spoke first again. Try to wait a little longer.`,
      confidence: 0.7,
      moments: waits.examples,
    });
  return hints.flatMap((hint) => {
    const moments = hint.moments.filter((one): one is ReviewExample => one !== null).slice(0, momentsMost);
    return moments.length === 0 ? [] : [{ ...hint, moments }];
  });
}

/** The line as far as it is shown, without the mark that it goes on. */
export function quoteOf({ text }: Moment & { text: string }): string {
  return text.replace(/…$/u, "").trim();
}

function minutes(ms: number): string {
  const whole = Math.round(ms / 60_000);
  return whole === 1 ? "1 minute" : `${whole} minutes`;
}
