// Topics on conversations made for the purpose: where they change, what they are called, and bounds.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { topicStarts, topicStretches } from "./topics.ts";

const matters = {
  garden: "soil tomato compost watering greenhouse seedling harvest weeds".split(" "),
  budget: "invoice salary savings mortgage interest account spending insurance".split(" "),
  health: "doctor blood pressure tablets clinic exercise appetite sleeping".split(" "),
};

/** Turns that each say some of a matter's words, in turn. */
function talk(matter: keyof typeof matters, turns: number): string[] {
  const words = matters[matter];
  return Array.from({ length: turns }, (_none, n) =>
    Array.from({ length: 5 }, (_no, m) => words[(n * 3 + m) % words.length]).join(" and the "),
  );
}

describe("topics", () => {
  test("[INSIGHTS-5] a stretch begins where the words change, and is called by its own", () => {
    const turns = [...talk("garden", 60), ...talk("budget", 60), ...talk("health", 60)];
    const stretches = topicStretches(turns);
    expect(stretches.map(({ first, last }) => [first, last])).toEqual([
      [0, expect.toSatisfy((last: number) => Math.abs(last - 59) <= 8)],
      [expect.any(Number), expect.toSatisfy((last: number) => Math.abs(last - 119) <= 8)],
      [expect.any(Number), 179],
    ]);
    const names = Object.values(matters);
    stretches.forEach(({ labels }, index) => {
      expect(labels.length).toBeGreaterThan(0);
      const own = labels.filter((label) =>
        names[index]?.some((word) => label.startsWith(word) || word.startsWith(label.slice(0, 4))),
      );
      expect(own).toEqual(labels);
    });
  });

  test("[INSIGHTS-5] talk about one matter, and too little talk, is one stretch", () => {
    expect(topicStarts(talk("garden", 120))).toEqual([0]);
    expect(topicStarts(["Yes.", "No."])).toEqual([0]);
    expect(topicStretches([])).toEqual([]);
  });

  test("[INSIGHTS-5] every turn of any talk is in exactly one stretch, and again in the same", () => {
    fc.assert(
      fc.property(fc.array(fc.lorem({ maxCount: 40 }), { maxLength: 60 }), (turns) => {
        const stretches = topicStretches(turns, { blockStems: 5, smoothing: 0.3, penalty: 0.2, cue: 0.2 });
        let next = 0;
        for (const { first, last } of stretches) {
          expect(first).toBe(next);
          expect(last).toBeGreaterThanOrEqual(first);
          next = last + 1;
        }
        expect(next).toBe(turns.length);
        expect(topicStretches(turns, { blockStems: 5, smoothing: 0.3, penalty: 0.2, cue: 0.2 })).toEqual(
          stretches,
        );
      }),
      { seed: 7, numRuns: 40 },
    );
  });

  test("[INSIGHTS-5] labels are words that were said in the stretch", () => {
    const turns = [...talk("garden", 60), ...talk("budget", 60)];
    for (const { first, last, labels } of topicStretches(turns)) {
      const text = turns.slice(first, last + 1).join(" ");
      for (const word of labels.flatMap((label) => label.split(" "))) expect(text).toContain(word);
    }
  });
});
