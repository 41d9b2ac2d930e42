// What calls for a prompt beside a lull: rules over the timeline, each with its reason. Pure; which of them is shown is decided elsewhere.
import { growStages, type GrowStage } from "../../../shared/schemas/reviews.ts";
import { contentStems, wordsOf } from "../../platform/text/words.ts";
import type { TalkJudge } from "../feedback/index.ts";
import type { Timeline, Utterance } from "./timeline.ts";
import { factsOf, isClosed } from "./utterance-facts.ts";

export const triggerKinds = [
  "no-goal",
  "time-running-out",
  "long-talk",
  "closed-questions",
  "no-date",
  "drift",
] as const;
export type TriggerKind = (typeof triggerKinds)[number];

/** What somebody said that they want of the call, in words to come back to. */
export interface NamedGoal {
  sequence: number;
  terms: readonly string[];
}

export interface TriggerContext {
  timeline: Timeline;
  nowMs: number;
  hostIds: readonly string[];
  /** How long the call is meant to take; null where nobody has said. */
  plannedMs: number | null;
  covered: ReadonlySet<GrowStage>;
  goal: NamedGoal | null;
  /** Whether the talk is in the language that the cues are made for. */
  english: boolean;
  judge: Pick<TalkJudge, "questionKind">;
}

export interface TriggerFinding {
  kind: TriggerKind;
  /** The same as long as it is about the same thing: shown once. */
  key: string;
  content: string;
  /** One sentence. */
  reason: string;
  /** Before what this coach makes of such prompts; 0 to 1. */
  relevance: number;
  /** A card folds by itself after this time. */
  livesMs: number;
}

/** Where the plan says nothing, a goal is missed after this time. */
const goalByMs = 10 * 60_000;
/** Of the planned time: by then most coaches have agreed on a goal. */
const goalByShare = 0.2;
const leastUtterances = 8;
const lastShare = 0.1;
const lastLeastMs = 5 * 60_000;
const coachLongMs = 3 * 60_000;
const otherLongMs = 6 * 60_000;
const listeningMostWords = 3;
/** So long words may be under way that have not arrived; whoever is not heard for longer has stopped. */
const stretchPauseMs = 30_000;
const closedInARow = 4;
const closedWithinMs = 5 * 60_000;
const dateWithinMs = 45_000;
const dateForgottenMs = 4 * 60_000;
const driftMs = 5 * 60_000;
const driftLeastUtterances = 12;
const cardMs = 90_000;

/** What the rules find now, in no order. Those that read words are made for English. */
export function triggersAt(context: TriggerContext): TriggerFinding[] {
  const byTime = [timeRunningOut(context), longTalk(context)];
  const byWords = context.english
    ? [noGoal, closedQuestions, noDate, drift].map((rule) => rule(context))
    : [];
  return [...byTime, ...byWords].filter((found) => found !== null);
}

/** **PROMPTS-40** */
function noGoal({ timeline, nowMs, plannedMs, covered }: TriggerContext): TriggerFinding | null {
  const byMs = plannedMs === null ? goalByMs : plannedMs * goalByShare;
  if (covered.has("goal") || nowMs < byMs || timeline.recent.length < leastUtterances) return null;
  return {
    kind: "no-goal",
    key: "no-goal",
    content: "What would make this conversation worth your time today?",
    reason: `${minutes(nowMs)} into the call nobody has said what they want from it.`,
    relevance: 0.8,
    livesMs: cardMs,
  };
}

/** **PROMPTS-41** */
function timeRunningOut({ nowMs, plannedMs, covered }: TriggerContext): TriggerFinding | null {
  if (plannedMs === null) return null;
  const leftMs = plannedMs - nowMs;
  if (leftMs <= 0 || leftMs > Math.max(lastLeastMs, plannedMs * lastShare) || plannedMs < 2 * lastLeastMs)
    return null;
  const open = growStages.filter((stage) => stage === "way-forward" && !covered.has(stage)).length > 0;
  return {
    kind: "time-running-out",
    key: "time-running-out",
    content: open ? "What will you do, and by when?" : "What are you taking from this?",
    reason: `${minutes(leftMs)} of the planned time are left${open ? ", and no next step has been named" : ""}.`,
    relevance: 0.9,
    livesMs: 2 * cardMs,
  };
}

/** **PROMPTS-42** */
function longTalk({ timeline, nowMs, hostIds }: TriggerContext): TriggerFinding | null {
  let first: Utterance | undefined;
  // From the end, as every running call is asked each second and most stretches are short.
  for (let index = timeline.recent.length - 1; index >= 0; index -= 1) {
    const one = timeline.recent[index];
    if (one === undefined || isListening(one)) continue;
    const laterMs = first?.startMs ?? nowMs;
    if (laterMs - one.endMs > stretchPauseMs || (first !== undefined && first.speakerId !== one.speakerId))
      break;
    first = one;
  }
  if (first === undefined) return null;
  const speaker = first.speakerId;
  const lastsMs = nowMs - first.startMs;
  const isCoach = hostIds.includes(speaker);
  if (lastsMs < (isCoach ? coachLongMs : otherLongMs)) return null;
  return {
    kind: "long-talk",
    key: `long-talk/${first.sequence}`,
    content: isCoach
      ? "What is coming up for you as you hear this?"
      : "Let me check that I have understood: what is the most important part of this for you?",
    reason: isCoach
      ? `You have been speaking for ${minutes(lastsMs)}.`
      : `One person has been speaking for ${minutes(lastsMs)}; a short summary may help both of you.`,
    relevance: isCoach ? 0.75 : 0.6,
    livesMs: cardMs,
  };
}

function isListening(one: Utterance): boolean {
  return one.text !== "" && factsOf(one).words <= listeningMostWords;
}

/** **PROMPTS-43** */
function closedQuestions({ timeline, nowMs, hostIds, judge }: TriggerContext): TriggerFinding | null {
  let closed = 0;
  let first: Utterance | undefined;
  for (let index = timeline.recent.length - 1; index >= 0 && closed < closedInARow; index -= 1) {
    const one = timeline.recent[index];
    if (one === undefined || !hostIds.includes(one.speakerId) || !factsOf(one).asks) continue;
    if (!isClosed(one, timeline.recent[index - 1]?.text ?? null, judge)) return null;
    closed += 1;
    first = one;
  }
  if (first === undefined || closed < closedInARow || nowMs - first.startMs > closedWithinMs) return null;
  return {
    kind: "closed-questions",
    key: `closed-questions/${first.sequence}`,
    content: "Tell me more about that.",
    reason: `Your last ${closedInARow} questions could be answered with yes, no or a number.`,
    relevance: 0.65,
    livesMs: cardMs,
  };
}

/** **PROMPTS-44** */
function noDate({ timeline, nowMs, hostIds }: TriggerContext): TriggerFinding | null {
  const index = timeline.recent.findLastIndex(
    (one) => !hostIds.includes(one.speakerId) && factsOf(one).promises,
  );
  const said = timeline.recent[index];
  if (said === undefined) return null;
  const sinceMs = nowMs - said.endMs;
  if (sinceMs < dateWithinMs || sinceMs > dateForgottenMs) return null;
  // Words about a time shortly before count, too: "by Friday? Yes, I'll do that".
  const around = timeline.recent.slice(Math.max(0, index - 1));
  if (around.some((one) => factsOf(one).dated)) return null;
  return {
    kind: "no-date",
    key: `no-date/${said.sequence}`,
    content: "By when will you do that?",
    reason: `Something was promised ${seconds(sinceMs)} ago, and nobody has said by when.`,
    relevance: 0.7,
    livesMs: cardMs,
  };
}

/** **PROMPTS-45** */
function drift({ timeline, nowMs, goal }: TriggerContext): TriggerFinding | null {
  if (goal === null || goal.terms.length === 0) return null;
  const lately = timeline.recent.filter(({ endMs }) => nowMs - endMs <= driftMs);
  const covers = (timeline.recent[0]?.startMs ?? nowMs) <= nowMs - driftMs || lately[0]?.sequence !== 1;
  if (
    !covers ||
    lately.length < driftLeastUtterances ||
    lately.some(({ sequence }) => sequence <= goal.sequence)
  )
    return null;
  const wanted = contentStems(goal.terms.flatMap((term) => wordsOf(term)));
  if (wanted.length === 0 || lately.some((one) => wanted.some((stem) => factsOf(one).stems.has(stem))))
    return null;
  return {
    kind: "drift",
    key: `drift/${goal.sequence}`,
    content: `Would it help to come back to ${goal.terms[0] ?? "your goal"}?`,
    reason: `For ${minutes(driftMs)} nothing of ${goal.terms.join(" and ")} has come up, which was named as what this is for.`,
    relevance: 0.6,
    livesMs: cardMs,
  };
}

function minutes(ms: number): string {
  const count = Math.max(1, Math.round(ms / 60_000));
  return count === 1 ? "1 minute" : `${count} minutes`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} seconds`;
}
