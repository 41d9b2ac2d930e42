// How often a try reads what its run is made of and what it has kept.
import { expect, test, vi } from "vitest";
import type { WorkStage } from "./run-stages.ts";
import { nurseWorld, testRuns, type TestWorld } from "./testing-runs.ts";

const timeout = 120_000;

interface Reads {
  resume: number;
  posting: number;
  /** What is found in the posting. */
  asked: number;
  rubric: number;
  plan: number;
  pages: number;
}

/** A whole try: nothing that it keeps is read again, and of pages whether there are any. */
const whole: Reads = { resume: 3, posting: 1, asked: 1, rubric: 0, plan: 0, pages: 1 };

type World = ReturnType<typeof testRuns>;

/** From now on. */
function countReads({ resumes, postings, repository }: World): () => Reads {
  const spies = {
    resume: vi.spyOn(resumes, "get"),
    posting: vi.spyOn(postings, "get"),
    asked: vi.spyOn(postings, "rubric"),
    rubric: vi.spyOn(repository, "rubric"),
    plan: vi.spyOn(repository, "plan"),
    pages: vi.spyOn(repository, "tailored"),
  };
  return () => {
    const { resume, posting, asked, rubric, plan, pages } = spies;
    const reads = {
      resume: resume.mock.calls.length,
      posting: posting.mock.calls.length,
      asked: asked.mock.calls.length,
      rubric: rubric.mock.calls.length,
      plan: plan.mock.calls.length,
      pages: pages.mock.calls.length,
    };
    for (const spy of Object.values(spies)) spy.mockClear();
    return reads;
  };
}

async function expectSuccess(world: World, runId: string): Promise<void> {
  expect((await world.repository.load(runId))?.status).toBe("success");
}

test(
  "[RUNS-22] a run that is not cut off reads each source once, and the résumé anew before it compares and before it rewords",
  { timeout },
  async () => {
    const world = testRuns();
    const { runId } = await world.start();
    const reads = countReads(world);
    await world.work(runId);
    expect(reads()).toEqual(whole);
    await expectSuccess(world, runId);
  },
);

function withWriters(): TestWorld {
  const writer = (name: string) => ({
    name,
    promptVersion: "p/1",
    promptHash: "h",
    rewrite: async ({ bullets }: { bullets: readonly { bulletId: string; text: string }[] }) =>
      bullets.map(({ bulletId, text }) => ({ bulletId, text })),
    repair: async () => null,
  });
  return { ...nurseWorld(), rewriters: new Map(["one", "two"].map((name) => [name, writer(name)])) };
}

test(
  "[RUNS-22] several writers and further rounds read nothing more, but for the résumé before each rewording",
  { timeout },
  async () => {
    const tailored: string[] = [];
    const world = testRuns(withWriters(), {
      observe: async (stage, moment) =>
        void (stage === "tailoring" && moment === "begun" && tailored.push(stage)),
    });
    // Too long twice: fewer bullets are chosen, and put into words anew.
    world.world.measured = () =>
      tailored.length < 3 ? { pages: 2, length: 1.2, limit: 1 } : { pages: 1, length: 1, limit: 1 };
    const { runId } = await world.start({ modelVariants: ["one", "two", "rules"] });
    const reads = countReads(world);
    await world.work(runId);
    expect(tailored).toHaveLength(3);
    expect(reads()).toEqual({ ...whole, resume: whole.resume + 2 });
    await expectSuccess(world, runId);
  },
);

test.each<[cut: WorkStage, reads: Reads]>([
  ["initialized", whole],
  ["extracting", { ...whole, resume: 2 }],
  ["rubric_generating", { ...whole, resume: 2 }],
  ["rubric_generated", { resume: 2, posting: 1, asked: 0, rubric: 1, plan: 0, pages: 1 }],
  ["embedding_jd", { resume: 2, posting: 1, asked: 0, rubric: 1, plan: 0, pages: 1 }],
  ["selecting", { resume: 2, posting: 1, asked: 0, rubric: 1, plan: 0, pages: 1 }],
  ["selection_complete", { resume: 1, posting: 1, asked: 0, rubric: 1, plan: 1, pages: 1 }],
  ["tailoring", { resume: 1, posting: 1, asked: 0, rubric: 1, plan: 1, pages: 1 }],
  ["tailored", { resume: 1, posting: 0, asked: 0, rubric: 0, plan: 1, pages: 1 }],
  ["generating_latex", { resume: 1, posting: 0, asked: 0, rubric: 0, plan: 1, pages: 1 }],
  ["generating_pdf", { resume: 1, posting: 0, asked: 0, rubric: 0, plan: 1, pages: 1 }],
])(
  "[RUNS-22] cut off as it begins %s, the next try reads anew, and each once",
  { timeout },
  async (cut, expected) => {
    let armed = true;
    const world = testRuns(nurseWorld(), {
      async observe(stage, moment) {
        if (armed && stage === cut && moment === "begun") throw new Error("the process died");
      },
    });
    const { runId } = await world.start();
    await expect(world.work(runId)).rejects.toThrow("the process died");
    armed = false;
    const reads = countReads(world);
    await world.work(runId);
    expect(reads()).toEqual(expected);
    await expectSuccess(world, runId);
  },
);

test(
  "[RUNS-22] how alike bullets and requirements are is asked once, and anew of a résumé that was edited meanwhile",
  { timeout },
  async () => {
    let edits = 1;
    const world = testRuns(nurseWorld(), {
      observe: async (stage, moment) => {
        const { resume } = world.world;
        if (stage !== "tailoring" || moment !== "begun" || resume === null || edits === 0) return;
        edits -= 1;
        world.world.resume = { ...resume, contentHash: "edited" };
      },
    });
    const before = world.world.resume?.contentHash;
    const asked = vi.spyOn(world.resumes, "similarities");
    const { runId } = await world.start();
    await world.work(runId);
    await expectSuccess(world, runId);
    expect(asked.mock.calls.map(([, { contentHash }]) => contentHash)).toEqual([before, "edited"]);
  },
);
