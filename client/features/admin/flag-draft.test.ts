import { expect, test } from "vitest";
import type { Flag } from "../../../shared/schemas/flags.ts";
import { changeOf, draftOf } from "./flag-draft.ts";

const flag: Flag = {
  key: "transcript.search",
  description: "Search",
  owner: "transcripts",
  default: true,
  expiresOn: "2027-12-31",
  expired: false,
  subject: "person",
  settings: null,
  version: 0,
  updatedAt: null,
};

test("a flag that nobody has decided begins as its default, for everybody", () => {
  expect(draftOf(flag)).toMatchObject({ on: true, percentage: "100", onForPeople: "" });
});

test("lines become lists without repetitions; what is not usable is said at its field", () => {
  const draft = {
    ...draftOf(flag),
    percentage: "12.5",
    onForPeople: "Ann@example.org\n\nann@example.org , ben@example.org",
  };
  expect(changeOf(draft, 3).change).toMatchObject({ version: 3, percentage: 12.5 });
  expect(new Set(changeOf(draft, 3).change?.onForPeople)).toEqual(
    new Set(["ann@example.org", "ben@example.org"]),
  );
  for (const percentage of ["", "101", "-1", "many"]) {
    expect(changeOf({ ...draft, percentage }, 0).problems).toEqual({ percentage: true });
  }
  expect(changeOf({ ...draft, offForPeople: "ann" }, 0).problems).toEqual({ offForPeople: true });
});
