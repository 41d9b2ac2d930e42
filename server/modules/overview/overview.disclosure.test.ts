// What may be shown of counts: nobody alone, nobody by what is left over, nobody by being like everybody else.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Part, Parts } from "./overview.count.ts";
import { shownAverage, shownBlock, shownSplit, shownWeek } from "./overview.disclosure.ts";

type Held = Parts<"held" | "cancelled" | "not-held">;
const part = (count: number, people: number): Part => ({ count, people });
const held = (...[a, b, c]: [Part, Part, Part]): Held => ({ held: a, cancelled: b, "not-held": c });
const none = part(0, 0);
const times = { from: "2026-01-05T00:00:00.000Z", to: "2026-01-12T00:00:00.000Z" };
const week = (group: { people: number; meetings: number }) =>
  shownWeek(
    {
      ...group,
      held: held(part(group.meetings, group.people), none, none),
      places: { came: part(group.people, group.people), missed: none },
      arrivals: { "on-time": part(group.people, group.people), late: none },
      ended: { ...group, minutes: 47 * group.meetings },
    },
    times,
  );

describe("a period", () => {
  test.each([
    [{ people: 0, meetings: 0 }, "none"],
    [{ people: 4, meetings: 9 }, "too-few"],
    [{ people: 9, meetings: 2 }, "too-few"],
    [{ people: 5, meetings: 3 }, "shown"],
  ] as const)("[OVERVIEW-10] of %o is %s", (group, state) => {
    const shown = week(group);
    expect(shown.state).toBe(state);
    const figures = [shown.meetings, shown.places, shown.arrivals, shown.averageMinutes];
    if (state === "shown") expect(figures).not.toContain(null);
    else expect(figures).toEqual([null, null, null, null]);
  });

  test("[OVERVIEW-10] the length is rounded, and ratings and commitments ask for people of their own", () => {
    expect(week({ people: 6, meetings: 4 }).averageMinutes).toBe(45);
    const few = { meetings: 3, people: 4 };
    const ratings = {
      "1": none,
      "2": none,
      "3": part(2, 2),
      "4": part(2, 2),
      "5": none,
    };
    const block = shownBlock(
      {
        commitments: { ...few, parts: { done: part(9, 4), open: none } },
        ratings: { ...few, sum: 14, parts: ratings },
      },
      times,
    );
    expect(block).toMatchObject({
      commitmentsState: "too-few",
      commitments: null,
      ratingsState: "too-few",
      ratings: null,
    });
  });
});

describe("parts", () => {
  test("[OVERVIEW-11] a small part is told only together with the next one that is of many people", () => {
    expect(shownSplit(held(part(40, 60), part(1, 2), part(8, 14)), "held")).toEqual({
      total: 49,
      parts: { held: 40, cancelled: null, "not-held": null },
      together: 9,
    });
    expect(shownSplit(held(part(40, 60), part(1, 2), part(1, 2)), "held")).toEqual({
      total: 42,
      parts: { held: null, cancelled: null, "not-held": null },
      together: 42,
    });
    expect(shownSplit(held(part(40, 60), part(5, 9), none), "held")).toEqual({
      total: 45,
      parts: { held: 40, cancelled: 5, "not-held": 0 },
      together: 0,
    });
  });

  test("[OVERVIEW-11] whatever the counts are, what can be worked out is never of one to four people", () => {
    const anyPart = fc.record({
      count: fc.integer({ min: 0, max: 9 }),
      people: fc.integer({ min: 0, max: 9 }),
    });
    // Things that are somebody's: none where there are none.
    const real = anyPart.map(({ count, people }) => (count === 0 ? none : part(count, people)));
    fc.assert(
      fc.property(fc.array(real, { minLength: 5, maxLength: 5 }), (all) => {
        const parts = Object.fromEntries(all.map((each, index) => [String(index), each])) as Parts<string>;
        const shown = shownSplit(parts);
        const names = Object.keys(parts);
        const hidden = names.filter((name) => shown.parts[name] === null);
        for (const name of names) {
          const { count, people } = parts[name] ?? none;
          if (shown.parts[name] !== null && count > 0) expect(people).toBeGreaterThanOrEqual(5);
        }
        // The sum of the hidden ones is known: it stands for many people, or for everybody.
        const everything = hidden.length === names.length;
        const many = hidden.some((name) => (parts[name]?.people ?? 0) >= 5);
        if (hidden.length > 0) expect(everything || (many && hidden.length > 1)).toBe(true);
        const known = names.reduce((sum, name) => sum + (shown.parts[name] ?? 0), 0);
        expect(known + shown.together).toBe(shown.total);
      }),
    );
  });

  test("[OVERVIEW-12] one part that holds everything is shown only where that is as it should be", () => {
    expect(shownSplit(held(part(9, 12), none, none), "held").parts).toMatchObject({ held: 9, cancelled: 0 });
    expect(shownSplit(held(none, part(9, 12), none), "held").parts).toMatchObject({
      held: null,
      cancelled: null,
    });
    const alike = { "4": none, "5": part(8, 8) };
    expect(shownSplit(alike)).toEqual({ total: 8, parts: { "4": null, "5": null }, together: 8 });
  });
});

test.each([
  [1, 1.5, "at-most"],
  [1.74, 1.5, "at-most"],
  [3.26, 3.5, "about"],
  [4.2, 4, "about"],
  [4.25, 4.5, "at-least"],
  [5, 4.5, "at-least"],
])("[OVERVIEW-13] an average of %d is told as %d, %s", (average, told, bound) => {
  expect(shownAverage(average)).toEqual({ average: told, bound });
});
