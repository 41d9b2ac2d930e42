// The report's judgement of what tests have recorded.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { recordFigure } from "../../../tests/factories/figures.ts";
import { judge, readFigures, type Limit } from "./figures.ts";

const limit: Limit = { figure: "takeoverMs", of: "max", below: 10, unit: "ms" };

test("what a test records is read again, all of one name together", async () => {
  const directory = await mkdtemp(join(tmpdir(), "connvo-figures-"));
  const file = join(directory, "figures");
  vi.stubEnv("CONNVO_FIGURES", file);
  recordFigure("takeoverMs", [1, 2]);
  recordFigure("other", 5);
  recordFigure("takeoverMs", 3);
  vi.unstubAllEnvs();
  expect(await readFigures(file)).toEqual(
    new Map([
      ["takeoverMs", [1, 2, 3]],
      ["other", [5]],
    ]),
  );
  await rm(directory, { recursive: true });
  expect(await readFigures(file)).toEqual(new Map());
});

test("a limit is met below it, not at it, and not where nothing was measured", () => {
  expect(judge(limit, new Map([["takeoverMs", [1, 9]]])).met).toBe(true);
  expect(judge(limit, new Map([["takeoverMs", [1, 10]]])).met).toBe(false);
  expect(judge(limit, new Map())).toEqual({ met: false, text: "takeoverMs was not measured" });
});

test("the 99th percentile leaves out the slowest hundredth", () => {
  const samples = Array.from({ length: 200 }, (_, index) => index);
  const figures = new Map([["takeoverMs", samples]]);
  expect(judge({ ...limit, of: "p99", below: 198 }, figures).met).toBe(true);
  expect(judge({ ...limit, of: "max", below: 198 }, figures).met).toBe(false);
});
