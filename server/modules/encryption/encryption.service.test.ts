// When a walk over what is to be encrypted begins by itself.
import { expect, test } from "vitest";
import { testCipher } from "../../../tests/factories/cipher.ts";
import { FakeClock } from "../../platform/clock.ts";
import { silentLogger } from "../../platform/logger.ts";
import { createMetrics } from "../../platform/metrics.ts";
import { createEncryptionService, type EncryptionParts } from "./encryption.service.ts";
import type { Progress } from "./rotation.repository.mongo.ts";
import { begunWalk, sealingVersion } from "./rotation.walk.ts";

const clock = new FakeClock();
const finished: Progress = {
  ...begunWalk({ target: "test", total: 0, startedBy: null }, null, clock.now()),
  state: "finished",
  slice: 4,
  step: 90,
  pass: 2,
  finishedAt: clock.now(),
};

/** What is kept and queued after a start over this. */
async function started(before: Progress | null, exclusive: boolean) {
  let kept = before;
  const queued: number[] = [];
  const service = createEncryptionService({
    exclusive,
    clock,
    logger: silentLogger,
    metrics: createMetrics({ processMetrics: false }),
    encryption: { cipher: testCipher, source: "setting" },
    jobs: {
      register: () => undefined,
      requeue: () => Promise.resolve(),
      enqueue: (_job: unknown, { slice }: { slice: number }) => Promise.resolve(void queued.push(slice)),
    },
    audit: {},
    repository: {
      progress: () => Promise.resolve(kept),
      write: (progress: Progress) => Promise.resolve(((kept = progress), true)),
      size: () => Promise.resolve(0),
    },
  } as unknown as Parameters<typeof createEncryptionService>[0] & EncryptionParts);
  await service.start();
  return { kept, queued };
}

const withoutVersion = () => {
  const { sealing, ...progress } = finished;
  expect(sealing).toBe(sealingVersion);
  return progress;
};

test("[CRYPT-47] where a version encrypts other fields its first start begins a walk, on a shared store too; the next starts begin none", async () => {
  for (const exclusive of [true, false])
    for (const before of [withoutVersion(), { ...finished, sealing: "fewer" }]) {
      const { kept, queued } = await started(before, exclusive);
      expect(kept).toMatchObject({ state: "running", sealing: sealingVersion, slice: 5, step: 91, pass: 1 });
      expect(queued).toEqual([5]);
      expect(await started({ ...finished, slice: 5 }, exclusive)).toMatchObject({ queued: [] });
    }
});

test("[CRYPT-47] a walk under way over other fields begins anew, one over these goes on", async () => {
  const underWay = { ...finished, state: "running" as const, collection: "users", after: "a" };
  const anew = await started({ ...underWay, sealing: "fewer" }, false);
  expect(anew).toMatchObject({ kept: { collection: null, after: null, slice: 5 }, queued: [5] });
  expect(await started(underWay, false)).toEqual({ kept: underWay, queued: [4] });
});

test("[CRYPT-44] to a key that nothing was moved to yet it begins by itself on a store of its own alone", async () => {
  for (const before of [null, { ...finished, target: "older" }]) {
    expect((await started(before, true)).queued).toHaveLength(1);
    expect(await started(before, false)).toEqual({ kept: before, queued: [] });
  }
});
