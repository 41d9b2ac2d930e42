// A page that is too long is chosen smaller, in bounded rounds; what its writer has said already is not asked for again.
import { expect, test } from "vitest";
import { defaultSelectionConfig } from "../../../../shared/schemas/career/selection.ts";
import { contentHash } from "../resume/hash.ts";
import { selectedIn } from "./compare.ts";
import { fitted, nextFit, stillTooLong } from "./page-fit.ts";
import { RunStopped } from "./run-sources.ts";
import { nurseWorld, runOwner, testRuns, type TestWorld } from "./testing-runs.ts";

const timeout = 120_000;
const linesOf = (page: { workExperience: { bullets: object[] }[]; projects: { bullets: object[] }[] }) =>
  [...page.workExperience, ...page.projects].flatMap(({ bullets }) => bullets).length;

/** So many lines fit on its page. */
function narrow(lines: number): TestWorld {
  const world = nurseWorld();
  world.measured = ({ tailored }) => {
    const length = linesOf(tailored) / lines;
    return { pages: Math.max(1, Math.ceil(length)), length, limit: 1 };
  };
  return world;
}

test(
  "[RUNS-17] a page that is too long is chosen smaller until it fits, and that is said",
  { timeout },
  async () => {
    const wide = testRuns();
    const whole = await wide.start();
    await wide.work(whole.runId);
    const before = await wide.view(whole.runId);
    const world = testRuns(narrow(4));
    const { runId } = await world.start();
    await world.work(runId);
    const view = await world.view(runId);
    expect(view).toMatchObject({ status: "success", config: before.config });
    expect(selectedIn(view.plan).length).toBeLessThan(selectedIn(before.plan).length);
    const [page] = view.tailored;
    expect(page === undefined ? Infinity : linesOf(page)).toBeLessThanOrEqual(4);
    expect(page?.planHash).toBe(contentHash(view.plan));
    expect(page?.notes.join()).toContain("fewer bullets were chosen");
    expect(view.files).toHaveLength(3);
    // Chosen anew by its owner, it begins with the whole budget again.
    world.world.measured = () => ({ pages: 1, length: 1, limit: 1 });
    await world.service.changeSelection(runOwner, runId, { pins: [], bans: [] });
    await world.work(runId);
    expect(selectedIn((await world.view(runId)).plan)).toHaveLength(selectedIn(before.plan).length);
  },
);

test(
  "[RUNS-17] what cannot fit is tried a bounded number of times, printed as it is, and said",
  { timeout },
  async () => {
    let measured = 0;
    const world = testRuns(nurseWorld());
    world.world.measured = () => {
      measured += 1;
      return { pages: 2, length: 1.2, limit: 1 };
    };
    const { runId } = await world.start();
    await world.work(runId);
    const view = await world.view(runId);
    expect(measured).toBeLessThanOrEqual(5);
    expect(view.status).toBe("success");
    expect(view.tailored[0]?.notes.at(-1)).toMatch(/It takes 2 pages where 1 is wanted/);
  },
);

test("[RUNS-17] cut off between two rounds it goes on, and ends as it would have", { timeout }, async () => {
  const whole = testRuns(narrow(4));
  const first = await whole.start();
  await whole.work(first.runId);
  const expected = (await whole.view(first.runId)).tailored.map(({ tailoredHash }) => tailoredHash);
  for (const cut of [2, 3] as const)
    for (const at of ["selecting", "tailoring", "generating_pdf"] as const) {
      let begun = 0;
      const world = testRuns(narrow(4), {
        async observe(stage, moment) {
          if (stage === at && moment === "begun" && (begun += 1) === cut) throw new Error("the process died");
        },
      });
      const { runId } = await world.start();
      await world.work(runId).catch(() => undefined);
      await world.work(runId);
      const view = await world.view(runId);
      expect(view.status).toBe("success");
      expect(view.tailored.map(({ tailoredHash }) => tailoredHash)).toEqual(expected);
    }
});

test(
  "[RUNS-17] a model is not asked again for a line that it has written, and what was found in it stays said",
  { timeout },
  async () => {
    const asked: string[][] = [];
    const writer = {
      name: "one",
      promptVersion: "p/1",
      promptHash: "h",
      rewrite: async ({ bullets }: { bullets: readonly { bulletId: string; text: string }[] }) => {
        asked.push(bullets.map(({ bulletId }) => bulletId));
        return bullets.map(({ bulletId, text }) => ({ bulletId, text: `In 2031 ${text}` }));
      },
      repair: async () => null,
    };
    const world = testRuns({ ...narrow(4), rewriters: new Map([["one", writer]]) });
    const { runId } = await world.start({ modelVariants: ["one"] });
    await world.work(runId);
    const [page] = (await world.view(runId)).tailored;
    const lines = asked.flat().filter((id) => id !== "summary");
    expect(lines).toHaveLength(new Set(lines).size);
    expect(page?.generatedBy).toBe("one");
    expect(page?.findings.length).toBeGreaterThan(0);
  },
);

test(
  "[RUNS-4] text that cannot be printed ends a run in words, with the other files; it is not tried again",
  { timeout },
  async () => {
    const world = testRuns();
    world.artefacts.makePdf = () => Promise.reject(new RunStopped("There is no PDF: 中 cannot be printed."));
    const { runId } = await world.start();
    await world.work(runId);
    const view = await world.view(runId);
    expect(view).toMatchObject({ status: "error", failedStage: "generating_pdf" });
    expect(view.errorMessage).toContain("中");
    expect(view.files.map(({ artifactType }) => artifactType).sort()).toEqual(["json", "tex"]);
  },
);

test("[RUNS-17] a budget shrinks with what was measured, never grows, and ends where nothing is left to leave out", () => {
  const config = defaultSelectionConfig;
  const plan = { budgetsUsed: { words: 500 } } as Parameters<typeof nextFit>[1]["plan"];
  const too = [{ pages: 2, length: 1.25, limit: 1 }];
  const one = nextFit(null, { pages: too, plan, fixedWords: 100 });
  expect(one).toEqual({ rounds: 1, wordsMax: 392, wordsLeast: 234 });
  expect(fitted(config, one).budgets).toMatchObject({
    targetResumeWordsMin: 350,
    targetResumeWordsMax: 392,
  });
  expect(fitted(config, { rounds: 2, wordsMax: 200, wordsLeast: 0 }).budgets).toMatchObject({
    targetResumeWordsMin: 200,
    targetResumeWordsMax: 200,
  });
  expect(fitted(config, null)).toBe(config);
  expect(
    nextFit({ rounds: 4, wordsMax: 300, wordsLeast: 0 }, { pages: too, plan, fixedWords: 100 }),
  ).toBeNull();
  // What is on the page whatever is chosen leaves room for some bullets, or what was chosen stays.
  expect(nextFit(null, { pages: too, plan, fixedWords: 440 })?.wordsMax).toBe(460);
  const tried = { rounds: 1, wordsMax: 504, wordsLeast: 496 };
  expect(nextFit(tried, { pages: too, plan, fixedWords: 400 })).toBeNull();
  expect(nextFit(null, { pages: [{ pages: 1, length: 1, limit: 1 }], plan, fixedWords: 0 })).toBeNull();
  expect(stillTooLong([{ pages: 1, length: 1, limit: 1 }])).toBeNull();
});
