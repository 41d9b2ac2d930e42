import { describe, expect, test } from "vitest";
import { userIdSchema } from "../../../shared/ids.ts";
import { initialsOf, pictureOf, pictureSize } from "./graph-layout.ts";

const id = (number: number) => userIdSchema.parse(number.toString(16).padStart(24, "0"));
const groupOf = (...people: number[]) => ({
  people: people.map(id),
  startsAt: null,
  pairs: people.slice(1).map((other) => ({
    one: id(people[0] ?? 0),
    other: id(other),
    score: 0.5,
    repeat: false,
    reasons: [],
  })),
  state: "planned" as const,
  meetingId: null,
});

describe("picture of a round", () => {
  test("everybody who takes part stands in it once and inside it; who meets stands side by side", () => {
    const picture = pictureOf({
      kind: "peer",
      groups: [groupOf(1, 4), groupOf(2, 3, 5)],
      alone: [
        { userId: id(6), reason: "nobody", widen: [] },
        { userId: id(7), reason: "opted-out", widen: [] },
      ],
      others: [{ one: id(1), other: id(2), score: 0.1 }],
    });
    expect(picture.places.map((place) => place.id)).toEqual([1, 4, 2, 3, 5, 6].map(id));
    for (const { x, y } of picture.places)
      for (const at of [x, y]) {
        expect(at).toBeGreaterThan(0);
        expect(at).toBeLessThan(pictureSize);
      }
    expect(picture.lines.map(({ kind }) => kind)).toEqual(["other", "pair", "pair", "pair"]);
  });

  test("coaches stand in one column, each once, their coachees in the other", () => {
    const { places } = pictureOf({
      kind: "coaching",
      groups: [groupOf(1, 3), groupOf(1, 4), groupOf(2, 5)],
      alone: [],
      others: [],
    });
    expect(places.filter(({ x }) => x < pictureSize / 2).map((place) => place.id)).toEqual([1, 2].map(id));
    expect(places.filter(({ x }) => x > pictureSize / 2).map((place) => place.id)).toEqual([3, 4, 5].map(id));
  });

  test("initials are of the first and the last word", () => {
    expect(["Ann Bell", "Cher", "Jean Luc  Picard", ""].map(initialsOf)).toEqual(["AB", "C", "JP", ""]);
  });
});
