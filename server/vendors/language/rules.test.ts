// The rules on conversations made for them: what is found, what is deliberately left, and bounds.
import { describe, expect, test } from "vitest";
import type { ConversationReading, Turn } from "./index.ts";
import { createRulesLanguage } from "./rules.ts";

const rules = createRulesLanguage();

function turnsOf(lines: readonly (readonly [string, string])[]): Turn[] {
  return lines.map(([speakerId, text], index) => ({
    sequence: index + 1,
    speakerId,
    text,
    startMs: index * 4_000,
    endMs: index * 4_000 + 3_500,
  }));
}

const read = (...lines: [string, string][]): Promise<ConversationReading> =>
  rules.read(turnsOf(lines), { hostIds: ["coach"] });

const actionsIn = async (...lines: [string, string][]) =>
  (await read(...lines)).actions.map(({ text, ownerId, dueText }) => [ownerId, text, dueText]);

describe("commitments", () => {
  test.each([
    ["I'll call the clinic by Friday.", "Call the clinic by Friday", "by Friday"],
    [
      "Okay, so I will send the form to my manager tomorrow morning.",
      "Send the form to my manager tomorrow morning",
      "tomorrow morning",
    ],
    ["i'm going to book a table for the family", "Book a table for the family", null],
    ["Tomorrow I’ll register for the course.", "Register for the course", "Tomorrow"],
    ["I guess I'll switch to orange juice.", "Switch to orange juice", null],
    ["I'm gonna walk to work every morning.", "Walk to work every morning", null],
    ["I'll talk to my sister on the 3rd of May.", "Talk to my sister on the 3rd of May", "on the 3rd of May"],
  ])("a promise in the first person is an action of its speaker: %s", async (said, text, dueText) => {
    expect(await actionsIn(["client", said])).toEqual([["client", text, dueText]]);
  });

  test.each([
    "I'll be honest with you, it was hard.",
    "I'll tell you what happened there.",
    "I'll ask you a few questions now.",
    "Maybe I'll call the clinic.",
    "If it rains I'll call the clinic.",
    "I'll call the clinic if it gets worse.",
    "He said I'll call the clinic tomorrow.",
    "She will call the clinic tomorrow.",
    "I called the clinic on Friday.",
    "I was going to call the clinic.",
    "Should I call the clinic by Friday?",
    "I'll call the clinic by Friday?",
    "I'll do that.",
    "I'll try it.",
    "I will remind her that we have a plan.",
    "I'm going to start with the first question.",
    "I'll call it a summary of the day.",
    "We'll see how it goes with the clinic.",
    "We're going to talk about your goals.",
    "I'll do some -- I'll rub the features",
    "I used to write letters to the clinic.",
    "I would call the clinic tomorrow.",
  ])("talk is not a promise: %s", async (said) => {
    expect(await actionsIn(["client", said], ["client", "Something else about gardens."])).toEqual([]);
  });

  test("what a coach says about change is about the other one, and no promise of the coach", async () => {
    expect(await actionsIn(["coach", "I'm going to cut down on sugar and sweets."])).toEqual([]);
    expect(await actionsIn(["client", "I'm going to cut down on sugar and sweets."])).toHaveLength(1);
  });

  test("a request that was accepted is an action of whoever accepted it, where there are two", async () => {
    const lines: [string, string][] = [
      ["coach", "Could you write down what you eat until our next session?"],
      ["client", "Sure, I can do that."],
    ];
    expect(await actionsIn(...lines)).toEqual([
      ["client", "Write down what you eat until our next session", "until our next session"],
    ]);
    const third: [string, string] = ["observer", "I have nothing to add to this."];
    expect((await actionsIn(...lines, third))[0]?.[0]).toBeNull();
    const { actions } = await read(...lines);
    expect(actions[0]?.evidence.map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  test.each(["No, I can't.", "Yes, but I have no time.", "Why?", "Hm."])(
    "a request answered with %j is no action",
    async (answer) => {
      expect(await actionsIn(["coach", "Could you send me the form by Friday?"], ["client", answer])).toEqual(
        [],
      );
    },
  );

  test("the same promise made twice is one action, with the date once it was said", async () => {
    const { actions } = await read(
      ["client", "I'll call the clinic."],
      ["coach", "Good. When?"],
      ["client", "I'll call the clinic on Monday."],
    );
    expect(actions).toHaveLength(1);
    expect(actions[0]).toMatchObject({ dueText: "on Monday", text: "Call the clinic on Monday" });
    expect(actions[0]?.evidence).toHaveLength(2);
  });
});

describe("decisions", () => {
  test.each([
    "So we decided to meet every second week instead.",
    "Let's go with the smaller training plan for the winter.",
    "I've made up my mind to leave the company in spring.",
  ])("what is settled is a decision: %s", async (said) => {
    expect((await read(["client", said])).decisions).toHaveLength(1);
  });

  test.each([
    "We haven't decided on the training plan for winter.",
    "Have we decided on the training plan for winter?",
    "If we decided to meet weekly, would the company pay?",
    "We need to decide on the training plan for winter.",
  ])("what is open is none: %s", async (said) => {
    expect((await read(["client", said])).decisions).toEqual([]);
  });
});

describe("grounding", () => {
  const lines: [string, string][] = [
    ["coach", "What brings you here today?"],
    [
      "client",
      "I keep losing my temper with the team, mostly in the weekly planning meeting. It frightens them.",
    ],
    ["coach", "So the planning meeting is where your temper gets the better of you."],
    ["client", "Yes, because the planning meeting always runs late and nobody prepares for the planning."],
    ["coach", "It sounds like you want the planning meeting to be prepared, and to stay calm with the team."],
    ["client", "I'll send the agenda to the team by Thursday."],
  ];

  test("every statement rests on words that stand in its turn letter by letter", async () => {
    const reading = await read(...lines);
    const all = [reading.outcome, ...reading.summary, ...reading.decisions, ...reading.actions];
    expect(all.length).toBeGreaterThan(3);
    for (const statement of all) {
      expect(statement?.evidence.length).toBeGreaterThan(0);
      for (const { sequence, quote } of statement?.evidence ?? [])
        expect(lines[sequence - 1]?.[1]).toContain(quote);
    }
    expect(reading.outcome?.text).toContain("stay calm with the team");
    expect(reading.topics).toContain("planning meeting");
  });

  test("the same conversation gives the same reading", async () => {
    expect(await read(...lines)).toEqual(await read(...lines));
  });

  test("the summary repeats neither the outcome nor itself", async () => {
    const { outcome, summary } = await read(...lines, ...lines);
    const texts = [outcome?.text, ...summary.map(({ text }) => text)];
    expect(new Set(texts).size).toBe(texts.length);
  });

  test.each([
    ["nothing", []],
    ["only sounds", [["client", "Mm-hmm."] as const, ["coach", "…"] as const]],
    ["emoji and controls", [["client", "🙂\u200b"] as const]],
  ])("from %s nothing is invented", async (_title, said) => {
    expect(await rules.read(turnsOf(said), { hostIds: [] })).toEqual({
      outcome: null,
      summary: [],
      decisions: [],
      actions: [],
      topics: [],
      suggestions: [],
    });
  });
});

describe("bounds", () => {
  // A deterministic stream of talk with changing matters: 100 000 words, as three hours bring.
  function longTalk(words: number): Turn[] {
    const nouns = "budget garden training holiday contract budget sleep family kitchen project".split(" ");
    const verbs = "worries changes delays helps costs surprises".split(" ");
    const lines: [string, string][] = [];
    for (let said = 0, n = 0; said < words; n += 1) {
      const noun = nouns[Math.floor(n / 97) % nouns.length] ?? "";
      const verb = verbs[n % verbs.length] ?? "";
      const other = nouns[(n * 7) % nouns.length] ?? "";
      const text = `The ${noun} number ${n} ${verb} everyone near the ${other} place, because item${n % 211} was missing there.`;
      lines.push([n % 2 === 0 ? "coach" : "client", text]);
      said += 14;
    }
    return turnsOf(lines);
  }

  test("three hours are read in seconds, and the last hour counts like the first", async () => {
    const turns = longTalk(100_000);
    const last = turns.at(-1)?.sequence ?? 0;
    const unique = "The insurance company finally accepted the insurance claim for the roof insurance.";
    const late = [...turns, ...turnsOf([["client", "I'll call the roofer by Monday."]])].map((turn, index) =>
      index > turns.length - 40 && index % 4 === 0
        ? { ...turn, text: unique, sequence: index + 1 }
        : { ...turn, sequence: index + 1 },
    );
    const startedAt = performance.now();
    const reading = await rules.read(late, { hostIds: ["coach"] });
    // Generous: the machine may be busy; a quadratic algorithm would take minutes.
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    expect(reading.summary.length).toBeGreaterThanOrEqual(3);
    expect(reading.summary.length).toBeLessThanOrEqual(6);
    expect(reading.actions.at(-1)?.evidence[0]?.sequence).toBe(last + 1);
    expect(reading.summary.some(({ evidence }) => (evidence[0]?.sequence ?? 0) > last / 2)).toBe(true);
  });

  test.each([
    ["one endless word", "x".repeat(4_000)],
    ["thousands of commas", "I'll call the clinic, ".repeat(180)],
    ["thousands of fillers", "and so ".repeat(570)],
    ["thousands of dots", ". ".repeat(2_000)],
  ])("%s does not stall it", async (_title, text) => {
    const turns = turnsOf(Array.from({ length: 50 }, () => ["client", text] as const));
    const startedAt = performance.now();
    await rules.read(turns, { hostIds: [] });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});
