// Words for a prompt by rules: chosen for what was talked about and what the GROW stages still lack; never twice.
import { keyTerms } from "../../platform/text/key-terms.ts";
import type { PromptFeedbackValue } from "../../../shared/schemas/prompts.ts";
import { isQuestion } from "../../platform/text/sentences.ts";
import { growStages, type GrowStage } from "../../../shared/schemas/reviews.ts";
import type { Timeline } from "./timeline.ts";

export interface PromptContext {
  timeline: Timeline;
  /** Topics of the whole call so far, most weighty first. */
  topics: readonly string[];
  hostIds: readonly string[];
  covered: ReadonlySet<GrowStage>;
  silentMs: number;
  /** What was shown in this meeting, with the coach's answer. */
  shown: readonly { content: string; tags: readonly string[]; feedback: PromptFeedbackValue | null }[];
  /** What a model has proposed for this very silence; ranked among the others. */
  proposed?: readonly WrittenPrompt[];
}

export interface WrittenPrompt {
  content: string;
  reason: string;
  tags: string[];
  /** 0 to 1. */
  relevance: number;
  /** Who wrote the words, where that is not the rules. */
  generatedBy?: string;
}

const stageNames: Record<GrowStage, string> = {
  goal: "a goal",
  reality: "where things stand now",
  options: "options",
  "way-forward": "a next step",
};

const stagePrompts: Record<GrowStage, readonly string[]> = {
  goal: [
    "What would make this conversation worth your time today?",
    "If this went well, what would be different a month from now?",
    "What is it that you really want here?",
    "How will you notice that you are getting there?",
  ],
  reality: [
    "What have you tried so far, and what came of it?",
    "What is happening now that tells you this matters?",
    "Who else is affected, and how do they see it?",
    "On a scale from 1 to 10, where are you with this today, and why not lower?",
  ],
  options: [
    "What could you do, even if you would never choose it?",
    "What would you tell a good friend in your place?",
    "What has helped in a similar situation before?",
    "If nothing stood in the way, what would you try first?",
  ],
  "way-forward": [
    "What is the smallest step you could take this week?",
    "What will you do, and by when?",
    "What might get in the way, and how will you deal with it?",
    "Who could support you with this, and when will you ask them?",
  ],
};

const topicPrompts: readonly ((topic: string) => string)[] = [
  (topic) => `You spoke about ${topic}. What matters most to you about it?`,
  (topic) => `When you think of ${topic}, what would you like to be different?`,
  (topic) => `What would help you with ${topic} right now?`,
  (topic) => `What have you learned about yourself from ${topic}?`,
];

const earlierPrompts: readonly ((topic: string) => string)[] = [
  (topic) => `Earlier ${topic} came up. How does that fit in here?`,
  (topic) => `Would it help to come back to ${topic}?`,
];

const openPrompts: readonly string[] = [
  "What else comes to mind?",
  "What are you noticing as you sit with this?",
  "What have we not talked about yet that we should?",
  "What would be most useful for us to do with the time left?",
  "Would you like to say what you are taking from this so far?",
];

/** Null where everything fitting was shown already: then silence is better. Same context, same words. */
export function writePrompt(context: PromptContext): WrittenPrompt | null {
  const shown = new Set(context.shown.map(({ content }) => content));
  return (
    [...(context.proposed ?? []), ...candidates(context)]
      .filter(({ content }) => !shown.has(content))
      .map((candidate) => ({ ...candidate, relevance: adjusted(candidate, context) }))
      .sort((a, b) => b.relevance - a.relevance)[0] ?? null
  );
}

function candidates(context: PromptContext): WrittenPrompt[] {
  const quiet = `Quiet for ${Math.round(context.silentMs / 1_000)} seconds`;
  const recent = recentTopics(context);
  const about = recent[0] === undefined ? "" : ` after talking about ${recent[0]}`;
  const result: WrittenPrompt[] = [];
  const missing = growStages.filter((stage) => !context.covered.has(stage));
  missing.forEach((stage, index) => {
    stagePrompts[stage].forEach((content, place) =>
      result.push({
        content,
        reason: `${quiet}${about}; ${stageNames[stage]} has not come up yet.`,
        tags: ["grow", stage],
        relevance: 0.8 - index * 0.08 - place * 0.01,
      }),
    );
  });
  recent.slice(0, 3).forEach((topic, index) => {
    topicPrompts.forEach((write, place) =>
      result.push({
        content: write(topic),
        reason: `${quiet} after talking about ${topic}.`,
        tags: ["topic", topic],
        relevance: 0.76 - index * 0.05 - place * 0.02,
      }),
    );
  });
  const earlier = context.topics.filter((topic) => !recent.includes(topic)).slice(0, 3);
  earlier.forEach((topic, index) => {
    earlierPrompts.forEach((write, place) =>
      result.push({
        content: write(topic),
        reason: `${quiet}; ${topic} came up earlier and was left.`,
        tags: ["earlier", topic],
        relevance: 0.6 - index * 0.05 - place * 0.02,
      }),
    );
  });
  openPrompts.forEach((content, place) =>
    result.push({ content, reason: `${quiet}${about}.`, tags: ["open"], relevance: 0.4 - place * 0.02 }),
  );
  return result;
}

/** What the coach answered to prompts of the same kind changes what comes next; the same kind twice in a row tires. */
function adjusted({ relevance, tags }: WrittenPrompt, { shown }: PromptContext): number {
  const kind = tags[0];
  let change = 0;
  for (const prompt of shown) {
    if (prompt.tags[0] !== kind) continue;
    if (prompt.feedback === "wrong") change -= 0.15;
    else if (prompt.feedback === "dismissed") change -= 0.06;
    else if (prompt.feedback === "used") change += 0.05;
    else if (prompt.feedback === "upvoted") change += 0.08;
  }
  if (shown.at(-1)?.tags[0] === kind) change -= 0.1;
  return Math.min(1, Math.max(0, relevance + change));
}

const recentUtterances = 12;

/** Key terms of the last words; from the coached person first, for theirs are the words to take up. */
function recentTopics({ timeline, hostIds }: PromptContext): string[] {
  const last = timeline.recent.slice(-recentUtterances).filter(({ text }) => !isQuestion(text));
  const theirs = last.filter(({ speakerId }) => !hostIds.includes(speakerId));
  const texts = (theirs.length > 0 ? theirs : last).map(({ text }) => text);
  const repeated = keyTerms(texts, { max: 3, leastCount: 2 });
  return repeated.length > 0
    ? repeated
    : keyTerms(texts.slice(-3), { max: 1, leastCount: 1 }).filter(isSayable);
}

/** A word said once is only worth naming where it is long enough to be a thing. */
export function isSayable(topic: string): boolean {
  return topic.length >= 5;
}
