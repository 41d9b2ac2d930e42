import { expect, test } from "vitest";
import { wordDiff } from "./word-diff.ts";

const joined = (before: string, after: string, kinds: readonly string[]) =>
  wordDiff(before, after)
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ text }) => text)
    .join("");

test.each([
  ["Ran K8s for 4 teams", "Ran Kubernetes for 4 teams"],
  ["", "Everything is new"],
  ["All goes", ""],
  ["the the cat", "the cat the"],
])("of %j and %j both are found again in their parts", (before, after) => {
  expect(joined(before, after, ["same", "taken"])).toBe(before);
  expect(joined(before, after, ["same", "added"])).toBe(after);
});

test("what is the same in both is not marked", () => {
  expect(wordDiff("Ran K8s for 4 teams", "Ran Kubernetes for 4 teams")).toEqual([
    { kind: "same", text: "Ran " },
    { kind: "taken", text: "K8s " },
    { kind: "added", text: "Kubernetes " },
    { kind: "same", text: "for 4 teams" },
  ]);
  expect(wordDiff("the same", "the same")).toEqual([{ kind: "same", text: "the same" }]);
});
