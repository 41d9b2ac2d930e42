// Triggers beside the lull: each rule on a timeline of a few lines, and which finding is shown.
import { describe, expect, test } from "vitest";
import type { PromptFeedbackValue } from "../../../shared/schemas/prompts.ts";
import { coachAskedLast, emptyTimeline, type Timeline } from "./timeline.ts";
import { chooseTrigger, welcomeOf, type Answer } from "./trigger-choice.ts";
import { triggersAt, type TriggerContext, type TriggerFinding } from "./trigger-rules.ts";

const [coach, coachee] = ["coach", "coachee"];
/** Told by the first word, always sure. */
const judge: TriggerContext["judge"] = {
  questionKind: ({ text }) => ({
    label: /^(?:did|is|are)/i.test(text) ? "closed" : "open",
    probability: 0.9,
  }),
};
type Said = [speaker: string, text: string, fromSeconds: number, toSeconds: number];

function talk(...lines: Said[]): Timeline {
  const recent = lines.map(([speakerId, text, from, to], index) => ({
    sequence: index + 1,
    speakerId,
    text,
    startMs: from * 1_000,
    endMs: to * 1_000,
    afterwards: false,
  }));
  return { ...emptyTimeline(), recent, lastActivityMs: recent.at(-1)?.endMs ?? null };
}

/** Nothing that any rule is about, in English. */
const chat = (from: number, count = 10): Said[] =>
  Array.from({ length: count }, (_, index): Said => [
    index % 2 === 0 ? coach : coachee,
    "And that is what you have told them about it, because of the weather.",
    from + index * 5,
    from + index * 5 + 4,
  ]);

const at = (nowSeconds: number, timeline: Timeline, change: Partial<TriggerContext> = {}) =>
  triggersAt({
    timeline,
    nowMs: nowSeconds * 1_000,
    hostIds: [coach],
    plannedMs: 60 * 60_000,
    covered: new Set(["goal", "reality", "options", "way-forward"]),
    goal: null,
    english: true,
    judge,
    ...change,
  });
const kindsAt = (...args: Parameters<typeof at>) => at(...args).map(({ kind }) => kind);

describe("rules", () => {
  test("[PROMPTS-40] after a fifth of the plan without a goal", () => {
    const missing = { covered: new Set<never>() };
    expect(kindsAt(719, talk(...chat(660)), missing)).toEqual([]);
    expect(at(720, talk(...chat(660)), missing)).toMatchObject([
      { kind: "no-goal", reason: "12 minutes into the call nobody has said what they want from it." },
    ]);
    expect(kindsAt(720, talk(...chat(660)))).toEqual([]);
    expect(kindsAt(600, talk(...chat(540)), { ...missing, plannedMs: null })).toEqual(["no-goal"]);
  });

  test("[PROMPTS-41] when the planned time runs out, and not after it", () => {
    const open = { covered: new Set(["goal"] as const) };
    expect(kindsAt(53 * 60, talk(...chat(3_130)))).toEqual([]);
    expect(at(55 * 60, talk(...chat(3_250)), open)).toMatchObject([
      {
        kind: "time-running-out",
        reason: "5 minutes of the planned time are left, and no next step has been named.",
      },
    ]);
    expect(kindsAt(61 * 60, talk(...chat(3_610)))).toEqual([]);
    expect(kindsAt(55 * 60, talk(...chat(3_250)), { plannedMs: null })).toEqual([]);
  });

  test("[PROMPTS-42] when one person goes on, whatever signals the other gives", () => {
    const long = (who: string, other: string, seconds: number) =>
      talk(
        [other, "So that is what I have seen of it so far this year.", 0, 10],
        [who, "It all began in spring when we had moved, and then it went on.", 10, 100],
        [other, "Mm-hmm.", 100, 101],
        [who, "And then there was the garden, and what they have done with it.", 101, seconds],
      );
    expect(at(190, long(coach, coachee, 190))).toMatchObject([
      { kind: "long-talk", reason: "You have been speaking for 3 minutes." },
    ]);
    expect(kindsAt(190, long(coachee, coach, 190))).toEqual([]);
    expect(kindsAt(371, long(coachee, coach, 371))).toEqual(["long-talk"]);
    expect(kindsAt(240, long(coach, coachee, 190))).toEqual([]);
  });

  test("[PROMPTS-43] after four closed questions in a row", () => {
    const asked = [
      "Did you speak to your manager?",
      "Is that every week?",
      "Did you tell them?",
      "Are you sure?",
    ];
    const lines = (questions: readonly string[]) =>
      talk(
        ...questions.flatMap((text, index): Said[] => [
          [coach, text, index * 20, index * 20 + 3],
          [
            coachee,
            "Yes, I have done that with them, and it was what they wanted.",
            index * 20 + 4,
            index * 20 + 9,
          ],
        ]),
      );
    expect(kindsAt(75, lines(asked))).toEqual(["closed-questions"]);
    expect(kindsAt(75, lines(asked.with(2, "What would you like to do about that?")))).toEqual([]);
    expect(kindsAt(400, lines(asked))).toEqual([]);
  });

  test("[PROMPTS-44] when a promise has no date", () => {
    const promised = (answer: string) =>
      talk(
        ...chat(0, 6),
        [coachee, "I'll talk to my manager about the hours.", 40, 44],
        [coach, answer, 45, 60],
      );
    const vague = "That sounds like what you have wanted to do for them.";
    expect(kindsAt(80, promised(vague))).toEqual([]);
    expect(at(90, promised(vague))).toMatchObject([{ kind: "no-date", key: "no-date/7" }]);
    expect(kindsAt(90, promised("By when would that be for you?"))).toEqual([]);
    expect(kindsAt(300, promised(vague))).toEqual([]);
  });

  test("[PROMPTS-45] when what was named as the goal has not come up for five minutes", () => {
    const goal = { sequence: 1, terms: ["night shifts"] };
    const lines: Said[] = [[coachee, "I want to have fewer night shifts.", 0, 5], ...chat(300, 60)];
    expect(kindsAt(600, talk(...lines), { goal })).toEqual(["drift"]);
    const back: Said = [coachee, "And the night that I had there was bad.", 590, 595];
    expect(kindsAt(600, talk(...lines, back), { goal })).toEqual([]);
    expect(kindsAt(200, talk(...lines.slice(0, 20)), { goal })).toEqual([]);
  });

  test("[PROMPTS-40] [PROMPTS-41] in another language only time is looked at", () => {
    const said = talk(...chat(3_250));
    expect(kindsAt(55 * 60, said, { covered: new Set() })).toEqual(["time-running-out", "no-goal"]);
    expect(kindsAt(55 * 60, said, { covered: new Set(), english: false })).toEqual(["time-running-out"]);
  });

  test("[PROMPTS-47] after the coach's question the other may be thinking", () => {
    expect(coachAskedLast(talk([coach, "What would you like instead?", 0, 2]), [coach])).toBe(true);
    expect(coachAskedLast(talk([coachee, "What would you do?", 0, 2]), [coach])).toBe(false);
    expect(coachAskedLast(emptyTimeline(), [coach])).toBe(false);
  });
});

describe("the choice", () => {
  const finding = (kind: TriggerFinding["kind"], relevance: number): TriggerFinding => ({
    kind,
    key: kind,
    content: "What now?",
    reason: "Because.",
    relevance,
    livesMs: 1,
  });
  const answers = (trigger: string, feedback: PromptFeedbackValue, times: number): Answer[] =>
    Array.from({ length: times }, () => ({ trigger, feedback }));
  const none = { answers: [], shown: new Set<string>() };
  const both = [finding("drift", 0.6), finding("no-date", 0.7)];

  test("[PROMPTS-46] the most relevant one, and none that was shown", () => {
    expect(chooseTrigger(both, none)).toMatchObject({ kind: "no-date", relevance: 0.7 });
    expect(chooseTrigger(both, { ...none, shown: new Set(["no-date"]) })?.kind).toBe("drift");
    expect(chooseTrigger([], none)).toBeNull();
  });

  test("[PROMPTS-46] what the coach used comes sooner, what was wrong later, and six times wrong never again", () => {
    expect(welcomeOf("drift", [])).toBe(0.5);
    expect(welcomeOf("drift", answers("drift", "used", 4))).toBe(0.75);
    expect(welcomeOf("drift", answers("drift", "dismissed", 4))).toBeCloseTo(1 / 3);
    expect(chooseTrigger(both, { ...none, answers: answers("no-date", "wrong", 1) })?.kind).toBe("drift");
    expect(chooseTrigger(both, { ...none, answers: answers("drift", "upvoted", 2) })?.kind).toBe("drift");
    const tired = answers("no-date", "wrong", 6);
    expect(chooseTrigger([finding("no-date", 0.7)], { ...none, answers: tired })).toBeNull();
    expect(chooseTrigger([finding("no-date", 0.7)], { ...none, answers: tired.slice(1) })).not.toBeNull();
  });
});
