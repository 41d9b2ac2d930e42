// Topics and weeks as people write them.
import fc from "fast-check";
import { expect, test } from "vitest";
import { updateProfileSchema } from "./schemas/people.ts";
import { canonicalTopic, canonicalTopics, topicGroups, topicKey } from "./topics.ts";
import { joinedRanges, weekSchema, type WeekRange } from "./week.ts";

test("[PEOPLE-2] a topic of the shared list is spelled as there, however it was written", () => {
  expect(canonicalTopic("  public   SPEAKING")).toBe("Public speaking");
  expect(canonicalTopic("Work‑life balance")).toBe("Work-life balance");
  expect(canonicalTopic("ＦＯＣＵＳ")).toBe("Focus");
  const all = topicGroups.flatMap(({ topics }) => topics);
  expect(canonicalTopics(all)).toEqual(all);
});

test("[PEOPLE-2] what is added freely stays as it was written, each once, in any script", () => {
  expect(canonicalTopics(["Bären", "bären ", "BAREN", "茶道", "🙂", "🙂", "שחמט"])).toEqual([
    "Bären",
    "茶道",
    "🙂",
    "שחמט",
  ]);
});

test("[PEOPLE-2] spelling a topic again changes nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (topic) => {
      const once = canonicalTopic(topic);
      expect(canonicalTopic(once)).toBe(once);
      expect(topicKey(once)).toBe(topicKey(topic));
    }),
  );
});

const range = fc
  .record({
    weekday: fc.integer({ min: 1, max: 7 }),
    fromMinute: fc.integer({ min: 0, max: 1_439 }),
    minutes: fc.integer({ min: 1, max: 1_440 }),
  })
  .map(({ weekday, fromMinute, minutes }): WeekRange => ({
    weekday,
    fromMinute,
    toMinute: Math.min(fromMinute + minutes, 1_440),
  }));

/** Every seventh minute of the week that is covered. */
function minutesOf(ranges: readonly WeekRange[]): number[] {
  const minutes = Array.from({ length: 1_440 }, (_, n) => n * 7);
  return minutes.filter((minute) =>
    ranges.some(
      ({ weekday, fromMinute, toMinute }) =>
        (weekday - 1) * 1_440 + fromMinute <= minute && minute < (weekday - 1) * 1_440 + toMinute,
    ),
  );
}

test("[PEOPLE-3] joined ranges cover the same minutes, in order, with gaps between them", () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 12 }), (ranges) => {
      const joined = joinedRanges(ranges);
      expect(minutesOf(joined)).toEqual(minutesOf(ranges));
      joined.slice(1).forEach((one, index) => {
        const before = joined[index];
        if (before?.weekday === one.weekday) expect(before.toMinute).toBeLessThan(one.fromMinute);
        else expect(before?.weekday).toBeLessThan(one.weekday);
      });
    }),
    { numRuns: 50 },
  );
});

test("[PEOPLE-3] a range ends after it begins, within its day", () => {
  for (const [fromMinute, toMinute] of [
    [60, 60],
    [0, 1_441],
    [-1, 60],
    [1_440, 1_440],
    [0.5, 60],
  ])
    expect(weekSchema.safeParse([{ weekday: 1, fromMinute, toMinute }]).success).toBe(false);
});

test("[PEOPLE-1] texts, lists and languages are bounded and tidied", () => {
  const parsed = updateProfileSchema.parse({
    bio: "  e\u0301 ",
    languages: ["DE", "pt-br", "de"],
    interests: ["focus", "Focus"],
  });
  expect(parsed).toEqual({ bio: "é", languages: ["de", "pt-BR"], interests: ["Focus"] });
  for (const change of [
    { bio: "x".repeat(2_001) },
    { interests: Array.from({ length: 21 }, (_, n) => `t${n}`) },
    { interests: ["two\nlines"] },
    { interests: [" "] },
    { languages: ["not a language"] },
    { timeZone: "Mars/Base" },
    { displayName: " " },
  ])
    expect([change, updateProfileSchema.safeParse(change).success]).toEqual([change, false]);
});
