// What makes an action's evidence wrong, one fault at a time.
import { expect, test } from "vitest";
import { faultsOf } from "./meetings-actions.ts";

const turns = [
  { speaker: "Ann", text: "Could you send the form by Friday?" },
  { speaker: "Ben", text: "Sure, um I 'll send it." },
];
const asked = { sequence: 1, quote: "Could you send the form by Friday?" };
const taken = { sequence: 2, quote: "um I 'll send it." };
const action = { text: "Send the form", ownerId: "Ben", dueText: "by Friday", evidence: [asked, taken] };

test("an action that was said has no fault", () => {
  expect(faultsOf(action, turns)).toEqual([]);
  expect(faultsOf({ ...action, evidence: [asked, { sequence: 2, quote: "Sure" }] }, turns)).toEqual([]);
});

test.each([
  [
    "a turn that does not exist",
    { ...action, evidence: [asked, taken, { sequence: 3, quote: "x" }] },
    ["turn", "quote"],
  ],
  ["nothing cited", { ...action, ownerId: null, dueText: null, evidence: [] }, ["turn"]],
  [
    "a word changed",
    { ...action, evidence: [asked, taken, { sequence: 2, quote: "I'll send it" }] },
    ["quote"],
  ],
  ["an owner who only asked", { ...action, ownerId: "Ann" }, ["owner"]],
  ["an owner who said nothing of it", { ...action, ownerId: "Cleo" }, ["owner"]],
  ["a date that was not said", { ...action, dueText: "by Monday" }, ["due"]],
])("%s is found", (_title, given, expected) => {
  expect(faultsOf(given, turns)).toEqual(expected);
});
