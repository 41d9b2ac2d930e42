import { expect, test } from "vitest";
import { userIdSchema } from "../../../../shared/ids.ts";
import type { Presence } from "../../../../shared/schemas/meetings.ts";
import { companyWords } from "./company.ts";

const person = (number: number, displayName: string, presence: Presence) => ({
  userId: userIdSchema.parse(String(number).padStart(24, "0")),
  displayName,
  presence,
});
const ada = person(1, "Ada", "joined");

test.each<[what: string, others: [name: string, presence: Presence][], title: string]>([
  ["nobody has come yet", [["Ben", "invited"]], "You are the first one here"],
  ["nobody else is invited", [], "You are the first one here"],
  ["the other one has gone", [["Ben", "left"]], "Ben has left"],
  [
    "two have gone, one never came",
    [
      ["Ben", "left"],
      ["Chi", "left"],
      ["Dee", "invited"],
    ],
    "Ben and Chi have left",
  ],
  [
    "one is here without picture, another one has gone",
    [
      ["Ben", "left"],
      ["Chi", "joined"],
    ],
    "Chi is in the call",
  ],
  [
    "a crowd is here without picture",
    ["Ben", "Chi", "Dee", "Eva"].map((name) => [name, "joined"]),
    "4 people are in the call",
  ],
])("where no other picture is, it is said that %s", (_what, others, title) => {
  const people = [ada, ...others.map(([name, presence], at) => person(at + 2, name, presence))];
  expect(companyWords(people, ada.userId).title).toBe(title);
});
