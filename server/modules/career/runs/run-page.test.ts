// The look and length of a run's page: chosen when it begins, held to what was measured, and readable in runs of before.
import { expect, test } from "vitest";
import { startRunSchema, defaultRunPage } from "../../../../shared/schemas/career/runs.ts";
import { selectedIn } from "./compare.ts";
import type { RunDocument } from "./runs.models.mongo.ts";
import { storedOf } from "./runs.repository.mongo.ts";
import { nurseWorld, postingId, resumeId, runOwner, testRuns } from "./testing-runs.ts";

const timeout = 120_000;

test(
  "[RUNS-20] look and pages are chosen when a run begins, its files are made so, and two runs can be told apart by them",
  { timeout },
  async () => {
    const world = testRuns();
    const asked: object[] = [];
    const { makePdf } = world.artefacts;
    world.artefacts.makePdf = (input) => {
      asked.push(input.page);
      return makePdf(input);
    };
    const [plain, other] = [await world.start(), await world.start({ template: "modern", pageLimit: 2 })];
    for (const { runId } of [plain, other]) await world.work(runId);
    expect(asked).toEqual([defaultRunPage, { template: "modern", pageLimit: 2 }]);
    const view = await world.view(other.runId);
    expect(view).toMatchObject({ template: "modern", pageLimit: 2, promptVersions: { latex: "modern/1" } });
    const { config } = await world.service.compare(runOwner, plain.runId, other.runId);
    expect(config).toEqual([
      { path: "page.template", first: "classic", second: "modern" },
      { path: "page.pageLimit", first: "1", second: "2" },
    ]);
  },
);

test("[RUNS-20] what takes more pages than were asked for is chosen anew, smaller", { timeout }, async () => {
  const chosen = async (pageLimit: number) => {
    const world = testRuns();
    world.world.measured = ({ tailored: { workExperience, projects }, page }) => {
      const lines = [...workExperience, ...projects].flatMap(({ bullets }) => bullets).length;
      return { pages: Math.ceil(lines / 3), length: lines / 3, limit: page.pageLimit };
    };
    const { runId } = await world.start({ pageLimit });
    await world.work(runId);
    return selectedIn((await world.view(runId)).plan).filter(({ parentType }) => parentType !== "award")
      .length;
  };
  expect(await chosen(1)).toBe(3);
  expect(await chosen(2)).toBeGreaterThan(3);
});

test(
  "[RUNS-20] a résumé's own LaTeX is asked for where it has some; gone before the page is set, the run says so",
  { timeout },
  async () => {
    const world = testRuns();
    await expect(world.start({ template: "custom" })).rejects.toMatchObject({ code: "VALIDATION_ERROR" });
    const { resume } = nurseWorld();
    if (resume === null) throw new Error("this world has a résumé");
    world.world.resume = { ...resume, customLatexTemplate: "one" };
    const [first, second] = [
      await world.start({ template: "custom" }),
      await world.start({ template: "custom" }),
    ];
    await world.work(first.runId);
    expect(await world.view(first.runId)).toMatchObject({ status: "success", template: "custom" });
    world.world.resume = resume;
    await world.work(second.runId);
    expect(await world.view(second.runId)).toMatchObject({
      ...{
        status: "error",
        failedStage: "generating_latex",
        errorMessage: "This résumé has no LaTeX of its own.",
      },
    });
  },
);

test("[RUNS-20] a run of before there was a choice has the classic look and one page", async () => {
  const world = testRuns();
  const { runId } = await world.start({ template: "modern", pageLimit: 3 });
  const { variants, deletedAt, page, ...run } = (await world.repository.load(runId)) ?? {};
  expect([variants?.length, deletedAt, page?.pageLimit]).toEqual([1, null, 3]);
  const old = { ...run, deletedAt, isDeleted: false, modelVariants: ["rules"], modelNames: ["Rules"] };
  expect(storedOf(old as RunDocument).page).toEqual(defaultRunPage);
  expect(startRunSchema.parse({ masterResumeId: resumeId, jobId: postingId })).toMatchObject(defaultRunPage);
  for (const wrong of [{ pageLimit: 0 }, { pageLimit: 5 }, { template: "latex" }])
    expect(startRunSchema.safeParse({ masterResumeId: resumeId, jobId: postingId, ...wrong }).success).toBe(
      false,
    );
});
