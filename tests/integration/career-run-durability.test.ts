// Which writes of a run wait for the disk, as the driver sends them: its end, and no other that a worker makes.
import type mongoose from "mongoose";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createRunsRepository } from "../../server/modules/career/runs/index.ts";
import { workStages } from "../../server/modules/career/runs/run-stages.ts";
import type { RunMachineParts } from "../../server/modules/career/runs/run-machine.ts";
import { nurseWorld, postingId, runOwner, testRuns } from "../../server/modules/career/runs/testing-runs.ts";
import { createTestRunFiles } from "../factories/career-runs.ts";
import { testCipher } from "../factories/cipher.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

/** One command that the driver has sent. */
interface Write {
  collection: string;
  /** Where it sets one. */
  stage: string | null;
  waitsForDisk: boolean;
}

interface Statement {
  u?: { $set?: { stage?: string } };
}

const collections = ["runs", "runRubrics", "selectionPlans", "tailoredResumes", "generatedArtifacts"];
const commands = ["insert", "update", "findAndModify", "delete", "bulkWrite"];

let store: TestStore;
let world: ReturnType<typeof testRuns>;
/** What is written from now on. */
let writes: Write[];
let observe: NonNullable<RunMachineParts["observe"]>;

function listen({ commandName, command }: mongoose.mongo.CommandStartedEvent): void {
  const collection = String(command[commandName]);
  if (!commands.includes(commandName) || !collections.includes(collection)) return;
  const { writeConcern } = command as { writeConcern?: { j?: boolean } };
  const [statement] = (command["updates"] ?? []) as Statement[];
  writes.push({
    collection,
    stage: statement?.u?.$set?.stage ?? null,
    waitsForDisk: writeConcern?.j !== false,
  });
}

beforeAll(async () => {
  store = await openTestStore({ monitorCommands: true });
  const { connection } = store;
  world = testRuns(nurseWorld(), {
    repository: await createRunsRepository(connection, testCipher),
    artefacts: (await createTestRunFiles(connection)).artefacts,
    observe: (stage, moment) => observe(stage, moment),
  });
  connection.getClient().on("commandStarted", listen);
});
afterAll(() => store.close());

beforeEach(() => {
  writes = [];
  observe = () => Promise.resolve();
  world.world.posting = nurseWorld().posting;
});

async function started(): Promise<string> {
  const { runId } = await world.start();
  // What a person has asked for is not lost.
  expect(writes).toEqual([{ collection: "runs", stage: null, waitsForDisk: true }]);
  writes = [];
  return runId;
}

test("[RUNS-23] nothing that the stages of a run write waits for the disk; its success comes after all of it, and does", async () => {
  const runId = await started();
  await world.work(runId);
  expect((await world.repository.load(runId))?.status).toBe("success");
  const end = writes.pop();
  expect(end).toEqual({ collection: "runs", stage: "DONE", waitsForDisk: true });
  expect(writes.filter(({ waitsForDisk }) => waitsForDisk)).toEqual([]);
  expect(new Set(writes.map(({ collection }) => collection))).toEqual(new Set(collections));
  const moves = writes.filter(({ collection }) => collection === "runs");
  expect(moves.map(({ stage }) => stage)).toEqual(workStages);
});

test("[RUNS-23] the error that ends a run waits for the disk, after what came before it did not", async () => {
  const runId = await started();
  world.world.posting = null;
  await world.work(runId);
  expect(await world.repository.load(runId)).toMatchObject({ status: "error", failedStage: "extracting" });
  expect(writes).toEqual([
    { collection: "runs", stage: "initialized", waitsForDisk: false },
    { collection: "runs", stage: "extracting", waitsForDisk: false },
    { collection: "runs", stage: "ERROR", waitsForDisk: true },
  ]);
});

test("[RUNS-23] the end of a run that has failed several times waits for the disk", async () => {
  const runId = await started();
  observe = (stage) => (stage === "ERROR" ? Promise.resolve() : Promise.reject(new Error("not now")));
  await expect(world.work(runId)).rejects.toThrow("not now");
  expect(await world.machine.fail(runId, "It failed several times.")).toBe(true);
  expect(writes).toEqual([
    { collection: "runs", stage: "initialized", waitsForDisk: false },
    { collection: "runs", stage: "ERROR", waitsForDisk: true },
  ]);
});

test.each([
  ["cancelled", (runId: string) => world.service.cancel(runOwner, runId)],
  [
    "deleted with its posting",
    () => world.repository.deletedWith(runOwner, { jobId: postingId }, new Date()),
  ],
] as const)(
  "[RUNS-23] that a run is %s waits for the disk, and nothing that its worker writes before or after",
  async (_what, stop) => {
    const runId = await started();
    observe = async (stage, moment) => {
      if (stage === "selecting" && moment === "begun") await stop(runId);
    };
    await world.work(runId);
    expect((await world.repository.load(runId))?.status).toBe("error");
    const waiting = writes.filter(({ waitsForDisk }) => waitsForDisk);
    expect(waiting[0]).toEqual({ collection: "runs", stage: "ERROR", waitsForDisk: true });
    // The posting's deletion is a second one, of all its runs.
    expect(waiting.slice(1).every(({ stage }) => stage === null)).toBe(true);
    const end = writes.findIndex(({ stage }) => stage === "ERROR");
    expect(writes.slice(0, end).map(({ collection }) => collection)).toContain("runRubrics");
    expect(writes.slice(end + 1).map(({ collection }) => collection)).toContain("selectionPlans");
  },
);
