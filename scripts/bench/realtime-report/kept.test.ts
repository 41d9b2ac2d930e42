// The report's results survive its runs, each property's the newest.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { keep, readKept } from "./kept.ts";
import { markdownOf, type EvidenceRow } from "./report.ts";

const row = (property: number, figure: string): EvidenceRow => ({
  property,
  name: `property ${property}`,
  verdict: "shown",
  figure,
  limit: "",
  environment: "",
  command: "npx vitest run",
  seconds: 1,
  loadAverage: 0.5,
  notShown: "",
  measuredOn: "2026-11-26",
});

test("a later run of some properties replaces theirs, and leaves the others", async () => {
  const directory = await mkdtemp(join(tmpdir(), "connvo-kept-"));
  const file = join(directory, "reports", "realtime.json");
  expect(await readKept(file)).toEqual([]);
  await keep(file, row(9, "first"));
  await keep(file, row(7, "seven"));
  const rows = await keep(file, row(9, "second"));
  expect(rows.map(({ property, figure }) => [property, figure])).toEqual([
    [7, "seven"],
    [9, "second"],
  ]);
  expect(await readKept(file)).toEqual(rows);
  await rm(directory, { recursive: true });
});

test("the page says which properties nobody has run", () => {
  const about = { title: "What it holds", command: "npm run bench" };
  const page = markdownOf([row(1, "shown"), row(3, "a | b")], { ...about, numbers: [1, 2, 3, 4] });
  expect(page).toContain("Not run yet: 2, 4.");
  expect(page).toContain("a \\| b");
  expect(markdownOf([row(1, "shown")], { ...about, numbers: [1] })).not.toContain("Not run yet");
});
