import { expect, test } from "vitest";
import { everything, filterOf, isNarrowed, paramsOf, searchFrom } from "./audit-search.ts";

test("a search survives in the page's address, without what was left empty", () => {
  const search = { ...everything, person: " ann@example.org ", outcome: "refused" };
  expect(paramsOf(search)).toEqual({ person: "ann@example.org", outcome: "refused" });
  expect(searchFrom(new URLSearchParams(paramsOf(search)))).toEqual({ ...search, person: "ann@example.org" });
  expect(isNarrowed(everything)).toBe(false);
});

test("days are the reader's own, and both are included", () => {
  const { filter } = filterOf({ ...everything, fromDay: "2026-03-01", untilDay: "2026-03-01" });
  expect(filter?.from).toBe(new Date(2026, 2, 1).toISOString());
  expect(filter?.to).toBe(new Date(2026, 2, 2).toISOString());
});

test("what cannot be searched for is said at its field", () => {
  expect(filterOf({ ...everything, person: "ann" }).problems).toHaveProperty("person");
  expect(filterOf({ ...everything, fromDay: "2026-03-02", untilDay: "2026-03-01" }).problems).toHaveProperty(
    "untilDay",
  );
  expect(filterOf({ ...everything, fromDay: "soon" }).problems).toHaveProperty("fromDay");
});
