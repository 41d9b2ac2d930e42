// A run goes through its stages once, goes on where it was cut off, stops in words, and is its owner's alone.
import { expect, test } from "vitest";
import { AppError } from "../../../../shared/errors.ts";
import type { UserId } from "../../../../shared/ids.ts";
import { runStages } from "../../../../shared/schemas/career/enums.ts";
import { runViewSchema } from "../../../../shared/schemas/career/runs.ts";
import { contentHash } from "../resume/hash.ts";
import { selectedIn } from "./compare.ts";
import { RunStopped } from "./run-sources.ts";
import { workStages } from "./run-stages.ts";
import { nurse, nurseWorld, runOwner, runResume, testRuns } from "./testing-runs.ts";

const timeout = 120_000;
const trained = "exp_st_mary_staff_nurse_b1";

test(
  "[RUNS-1] a run goes through all stages in their order and ends with a plan, a page and its files",
  { timeout },
  async () => {
    const stages: string[] = [];
    const world = testRuns(nurseWorld(), {
      observe: async (stage, moment) => void (moment === "begun" && stages.push(stage)),
    });
    const { runId, status } = await world.start();
    expect([status, world.queued]).toEqual(["pending", [runId]]);
    await world.work(runId);
    expect(stages).toEqual(runStages.filter((stage) => stage !== "ERROR"));
    const view = runViewSchema.parse(await world.view(runId));
    expect(view).toMatchObject({
      status: "success",
      stage: "DONE",
      mockMode: false,
      modelVariants: ["rules"],
    });
    expect(view.plan?.selected.workExperience.length).toBeGreaterThan(2);
    expect(view.coverage).toMatchObject({ mustTotal: 4, mustCovered: 3 });
    expect(view.tailored[0]?.selectionEnforcement.compliant).toBe(true);
    expect(view.files.map(({ artifactType }) => artifactType).sort()).toEqual(["json", "pdf", "tex"]);
    expect(Object.keys(view.promptVersions).sort()).toEqual(["latex", "rubric", "tailor"]);
    expect(Object.keys(view.promptHashes).sort()).toEqual(["latex", "rubric", "tailor"]);
    expect(view.timing.totalMs).toBeGreaterThanOrEqual(0);
  },
);

test(
  "[RUNS-2] cut off in any stage, before or after its work, it goes on and ends as it would have",
  { timeout },
  async () => {
    const whole = testRuns();
    const first = await whole.start();
    await whole.work(first.runId);
    const expected = await whole.view(first.runId);
    for (const cut of workStages)
      for (const at of ["begun", "worked"] as const) {
        let armed = true;
        const world = testRuns(nurseWorld(), {
          async observe(stage, moment) {
            if (armed && stage === cut && moment === at) throw new Error("the process died");
          },
        });
        const { runId } = await world.start();
        await expect(world.work(runId)).rejects.toThrow("the process died");
        armed = false;
        await world.work(runId);
        const view = await world.view(runId);
        expect(view.status).toBe("success");
        expect(view.promptVersions).toEqual(expected.promptVersions);
        expect(view.promptHashes).toEqual(expected.promptHashes);
        expect(view.tailored.map(({ tailoredHash }) => tailoredHash)).toEqual(
          expected.tailored.map(({ tailoredHash }) => tailoredHash),
        );
        expect(world.artefacts.made.size).toBe(3);
      }
  },
);

test("[RUNS-3] a late claim changes nothing, and an ended run is not run again", { timeout }, async () => {
  const world = testRuns();
  const { runId } = await world.start();
  await world.machine.run(runId, { fence: 7, signal: new AbortController().signal });
  const before = await world.repository.load(runId);
  await world.machine.run(runId, { fence: 8, signal: new AbortController().signal });
  expect(await world.repository.load(runId)).toEqual(before);
  const late = { runId, edition: 1, fence: 6 };
  expect(await world.repository.move(late, { stage: "selecting" })).toBe(false);
  const plan = await world.repository.plan(runId, 1);
  if (plan === null) throw new Error("there is a plan");
  expect(await world.repository.putPlan(late, plan, world.clock.now())).toBe(false);
});

test(
  "[RUNS-4] what cannot pass ends it at once, in words; what may pass is thrown to be tried again",
  { timeout },
  async () => {
    const gone = testRuns();
    const one = await gone.start();
    gone.world.posting = null;
    await gone.work(one.runId);
    expect(await gone.view(one.runId)).toMatchObject({
      status: "error",
      stage: "ERROR",
      failedStage: "extracting",
      errorMessage: "The posting is not there any more.",
    });

    const passing = testRuns();
    const other = await passing.start();
    passing.postings.rubric = () => Promise.reject(new AppError("UNAVAILABLE", "Not now."));
    await expect(passing.work(other.runId)).rejects.toThrow("Not now.");
    expect((await passing.view(other.runId)).status).toBe("running");
    expect(await passing.machine.fail(other.runId, "It failed several times.")).toBe(true);
    expect(await passing.machine.fail(other.runId, "Again.")).toBe(false);
    expect((await passing.view(other.runId)).errorMessage).toBe("It failed several times.");
  },
);

test(
  "[RUNS-5] cancelled, it stops at its next write; tried again, it goes on where it stopped",
  { timeout },
  async () => {
    let reached: string[] = [];
    const world: ReturnType<typeof testRuns> = testRuns(nurseWorld(), {
      async observe(stage, moment) {
        if (moment === "begun") reached.push(stage);
        if (stage === "selecting" && moment === "begun" && reached.length < 8)
          await world.service.cancel(runOwner, runId);
      },
    });
    const { runId } = await world.start();
    await world.work(runId);
    expect(await world.view(runId)).toMatchObject({
      status: "error",
      cancelled: true,
      failedStage: "selecting",
    });
    expect(world.artefacts.made.size).toBe(0);
    await expect(world.service.cancel(runOwner, runId)).rejects.toMatchObject({ code: "CONFLICT" });
    await world.service.retry(runOwner, runId);
    reached = Array.from({ length: 9 }, () => "");
    await world.work(runId);
    expect(reached.filter((stage) => stage !== "")[0]).toBe("selecting");
    expect(await world.view(runId)).toMatchObject({ status: "success", cancelled: false, edition: 1 });
  },
);

test(
  "[RUNS-6] a bullet that is banned goes, one that is pinned comes; the posting is not read again",
  { timeout },
  async () => {
    const stages: string[] = [];
    const world = testRuns(nurseWorld(), {
      observe: async (stage, moment) => void (moment === "begun" && stages.push(stage)),
    });
    const { runId } = await world.start();
    await world.work(runId);
    const before = await world.view(runId);
    expect(selectedIn(before.plan).map(({ bulletId }) => bulletId)).toContain(trained);
    stages.length = 0;
    await world.service.changeSelection(runOwner, runId, { pins: [], bans: [trained] });
    await expect(
      world.service.changeSelection(runOwner, runId, { pins: [], bans: [] }),
    ).rejects.toMatchObject({ code: "CONFLICT" });
    await world.work(runId);
    const after = await world.view(runId);
    expect(stages[0]).toBe("selecting");
    expect(after.edition).toBe(2);
    expect(selectedIn(after.plan).map(({ bulletId }) => bulletId)).not.toContain(trained);
    expect(after.planChange?.dropped).toContain(trained);
    expect(after.planChange?.noLongerCovered).toContain("R2");
    expect(after.plan?.coverage.uncoveredRequirements.find(({ reqId }) => reqId === "R2")?.reason).toBe(
      "You banned each bullet that would cover it.",
    );
    expect(after.files).toHaveLength(3);
  },
);

test("[RUNS-7] the same input has the same hashes", { timeout }, async () => {
  const hashes = [];
  for (let round = 0; round < 2; round += 1) {
    const world = testRuns();
    const { runId } = await world.start();
    await world.work(runId);
    const { plan, tailored, rubric } = await world.view(runId);
    hashes.push([
      contentHash(rubric),
      contentHash(plan),
      ...tailored.map(({ tailoredHash }) => tailoredHash),
    ]);
  }
  expect(hashes[0]).toEqual(hashes[1]);
});

test("[RUNS-8] a résumé that is edited meanwhile is chosen from anew", { timeout }, async () => {
  const world: ReturnType<typeof testRuns> = testRuns(nurseWorld(), {
    async observe(stage, moment) {
      const { resume } = world.world;
      if (stage !== "tailoring" || moment !== "begun" || resume === null || resume.name === "Edited") return;
      const workExperience = nurse.workExperience.map((one) => ({
        ...one,
        bullets: one.bullets.filter(({ bulletId }) => bulletId !== trained),
      }));
      world.world.resume = runResume({ ...nurse, workExperience }, "Edited");
    },
  });
  const { runId } = await world.start();
  await world.work(runId);
  const view = await world.view(runId);
  expect(view.status).toBe("success");
  expect(JSON.stringify(view.tailored)).not.toContain("wound care");
});

test(
  "[RUNS-8] where a page could not be made, and the résumé was mended, the next try makes it of the mended one",
  { timeout },
  async () => {
    const withSign = (sign: string) => {
      const [role, ...others] = nurse.workExperience;
      if (role === undefined) throw new Error("there is a role");
      const bullets = role.bullets.map((one) =>
        one.bulletId === trained ? { ...one, text: `${one.text}${sign}` } : one,
      );
      return runResume({ ...nurse, workExperience: [{ ...role, bullets }, ...others] });
    };
    const world = testRuns({ ...nurseWorld(), resume: withSign(" \u{1f680}") });
    const { makePdf } = world.artefacts;
    world.artefacts.makePdf = async (input) => {
      if (JSON.stringify(input.tailored).includes("\u{1f680}")) throw new RunStopped("There is no PDF.");
      return await makePdf(input);
    };
    const { runId } = await world.start();
    await world.work(runId);
    expect(await world.view(runId)).toMatchObject({ status: "error", failedStage: "generating_pdf" });
    world.world.resume = withSign("");
    await world.service.retry(runOwner, runId);
    await world.work(runId);
    const view = await world.view(runId);
    expect(view.status).toBe("success");
    expect(view.plan?.masterResumeHash).toBe(world.world.resume.contentHash);
  },
);

test(
  "[RUNS-9] nobody else finds a run, not its person from another organisation, and nobody acts for them",
  { timeout },
  async () => {
    const world = testRuns();
    const { runId } = await world.start();
    const strangers = [
      { ...runOwner, userId: "b".repeat(24) as UserId },
      { ...runOwner, orgId: "org_2" as never, orgRole: "admin" },
    ];
    for (const stranger of strangers) {
      await expect(world.service.get(stranger, runId)).rejects.toMatchObject({ code: "NOT_FOUND" });
      await expect(world.service.cancel(stranger, runId)).rejects.toMatchObject({ code: "NOT_FOUND" });
      await expect(world.service.remove(stranger, runId)).rejects.toMatchObject({ code: "NOT_FOUND" });
      expect((await world.service.list(stranger, { limit: 10 })).items).toEqual([]);
    }
    await expect(world.service.get({ ...runOwner, impersonator: "support" }, runId)).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
  },
);

test(
  "[RUNS-10] deleted, it is found among the deleted alone and can be restored; after its term it is gone with its files",
  { timeout },
  async () => {
    const world = testRuns();
    const { runId } = await world.start();
    await world.work(runId);
    await world.service.remove(runOwner, runId);
    await expect(world.view(runId)).rejects.toMatchObject({ code: "NOT_FOUND" });
    const deleted = await world.service.list(runOwner, { limit: 10, deleted: true });
    expect(deleted.items.map((run) => run.runId)).toEqual([runId]);
    await world.service.restore(runOwner, runId);
    expect((await world.view(runId)).files).toHaveLength(3);
    await world.service.remove(runOwner, runId);
    world.clock.advance(1);
    expect(await world.repository.removeDeleted(world.clock.now())).toEqual([runId]);
    expect(await world.repository.rubric(runId)).toBeNull();
  },
);

test(
  "[RUNS-11] machines that are switched off run nothing; in mock mode no model is asked, and that is said",
  { timeout },
  async () => {
    const off = testRuns({ ...nurseWorld(), use: "off" });
    await expect(off.start()).rejects.toMatchObject({ code: "FORBIDDEN" });
    const asked = { name: "big-model", promptVersion: "p", promptHash: "h" };
    const never = {
      ...asked,
      rewrite: () => Promise.reject(new Error("asked")),
      repair: () => Promise.resolve(null),
    };
    const world = testRuns({ ...nurseWorld(), rewriters: new Map([["big-model", never]]) });
    expect((await world.service.options(runOwner)).variants.map(({ modelKey }) => modelKey)).toEqual([
      "big-model",
      "rules",
    ]);
    const { runId } = await world.start({ mockMode: true });
    await world.work(runId);
    expect(await world.view(runId)).toMatchObject({
      status: "success",
      mockMode: true,
      modelVariants: ["rules"],
    });
    await expect(world.start({ modelVariants: ["another"] })).rejects.toMatchObject({
      code: "VALIDATION_ERROR",
    });
  },
);

test(
  "[RUNS-12] several writers in one run, each with its own page; two runs stand beside each other",
  { timeout },
  async () => {
    const writer = (name: string, prefix: string) => ({
      name,
      promptVersion: "p/1",
      promptHash: "h",
      rewrite: async ({ bullets }: { bullets: readonly { bulletId: string; text: string }[] }) =>
        bullets.map(({ bulletId, text }) => ({
          bulletId,
          text: `${prefix} ${text.charAt(0).toLowerCase()}${text.slice(1)}`,
        })),
      repair: async () => null,
    });
    const rewriters = new Map([
      ["one", writer("one", "Carefully")],
      ["two", writer("two", "In 2031")],
    ]);
    const world = testRuns({ ...nurseWorld(), rewriters });
    const first = await world.start({ modelVariants: ["one", "two", "rules"] });
    await world.work(first.runId);
    const view = await world.view(first.runId);
    expect(view.tailored.map(({ modelKey, generatedBy }) => [modelKey, generatedBy])).toEqual([
      ["one", "one"],
      ["rules", "rules"],
      ["two", "two"],
    ]);
    const textOf = (key: string) =>
      JSON.stringify(view.tailored.find(({ modelKey }) => modelKey === key)?.workExperience);
    expect(textOf("one")).toContain("Carefully trained 30 nurses");
    // A date that nobody wrote is cut out or the original stands.
    expect(textOf("two")).not.toContain("2031");
    expect(view.tailored.every(({ selectionEnforcement }) => selectionEnforcement.compliant)).toBe(true);
    expect(view.files).toHaveLength(9);
    const second = await world.start({ bans: [trained] });
    await world.work(second.runId);
    const compared = await world.service.compare(runOwner, first.runId, second.runId);
    expect(compared.bullets.find(({ bulletId }) => bulletId === trained)).toMatchObject({
      inFirst: true,
      inSecond: false,
    });
    expect(compared.requirements).toContainEqual({
      requirement: "Wound care",
      type: "must",
      first: true,
      second: false,
    });
  },
);

test(
  "[RUNS-13] with what it was made of a run goes and comes back, and what had gone before stays gone",
  { timeout },
  async () => {
    const world = testRuns();
    const [one, other] = [await world.start(), await world.start()];
    await world.service.remove(runOwner, one.runId);
    world.clock.advance(1_000);
    const at = world.clock.now();
    const of = { jobId: "2".repeat(24) };
    await world.repository.deletedWith(runOwner, of, at);
    expect((await world.service.list(runOwner, { limit: 10 })).items).toEqual([]);
    await world.repository.restoredWith(runOwner, of, at);
    expect((await world.service.list(runOwner, { limit: 10 })).items.map(({ runId }) => runId)).toEqual([
      other.runId,
    ]);
    expect((await world.view(other.runId)).errorMessage).toBe(
      "What it was made of was deleted before it had ended.",
    );
    expect((await world.repository.removedWith(of)).sort()).toEqual([one.runId, other.runId].sort());
  },
);

test(
  "[RUNS-14] what a rule may change is the name of a tool, to the posting's own",
  { timeout },
  async () => {
    const world = testRuns();
    const { runId } = await world.start();
    await world.work(runId);
    const [page] = (await world.view(runId)).tailored;
    const bullets = page?.workExperience.flatMap((one) => one.bullets) ?? [];
    expect(
      bullets.filter(({ wasRewritten }) => wasRewritten).map(({ tailoredText }) => tailoredText),
    ).toEqual(["Automated rota exports in Python and Kubernetes for 4 wards"]);
    expect(page?.skills.tools_cloud_technologies.slice().sort()).toEqual(["Excel", "K8s", "Python"]);
  },
);
