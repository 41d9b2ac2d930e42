import { describe, expect, test } from "vitest";
import type { OrgId } from "../../../../shared/ids.ts";
import { randomNumbers } from "../../../platform/testing-random.ts";
import { roundMatchId } from "../rounds/outcomes.repository.ts";
import { adminOf, pairingParts, peopleWorld, personId, testOrg } from "../rounds/testing-pairing.ts";
import { defaultWeights, factorNames, type Factors } from "../score/weights.ts";
import type { StoredLearning, StoredWeights, WeightsRepository } from "./weights.repository.ts";
import { createWeightsService, isGood } from "./weights.service.ts";

function memoryWeights(): WeightsRepository {
  const versions: StoredWeights[] = [];
  const learnings = new Map<OrgId, StoredLearning>();
  return {
    versions: (orgId, limit) =>
      Promise.resolve(
        versions
          .filter((each) => each.orgId === orgId)
          .sort((a, b) => b.weights.version - a.weights.version)
          .slice(0, limit),
      ),
    version: (orgId, version) =>
      Promise.resolve(
        versions.find((each) => each.orgId === orgId && each.weights.version === version) ?? null,
      ),
    add(weights) {
      const taken = versions.some(
        (each) => each.orgId === weights.orgId && each.weights.version === weights.weights.version,
      );
      if (!taken) versions.push(weights);
      return Promise.resolve(!taken);
    },
    learning: (orgId) => Promise.resolve(learnings.get(orgId) ?? null),
    startLearning(learning) {
      learnings.set(learning.orgId, learning);
      return Promise.resolve();
    },
    endLearning(orgId, id, result) {
      const known = learnings.get(orgId);
      if (known?.id === id) learnings.set(orgId, { ...known, ...result });
      return Promise.resolve();
    },
  };
}

async function open(matches: number) {
  const parts = pairingParts(peopleWorld(20));
  const random = randomNumbers(3);
  for (let match = 0; match < matches; match += 1) {
    const [one, other] = [personId(1 + (match % 10)), personId(11 + (match % 10))];
    const matchId = roundMatchId(`${"b".repeat(24)}-${match + 1}`, one, other);
    const value = random();
    const features = Object.fromEntries(
      factorNames.map((name) => [
        name,
        name === "sharedInterests" ? value : name === "serendipity" ? null : random(),
      ]),
    ) as Factors;
    const createdAt = new Date(parts.clock.now().getTime() + match * 1_000);
    const met = random() < value;
    for (const userId of [one, other]) {
      await parts.outcomes.begin([
        { matchId, userId, outcome: "accepted", features, weights: defaultWeights, createdAt },
      ]);
      await parts.outcomes.settle(matchId, userId, { outcome: met ? "completed" : "accepted", came: met });
    }
  }
  const repository = memoryWeights();
  return {
    ...parts,
    repository,
    service: createWeightsService({ ...parts, repository, rounds: parts.repository }),
  };
}

describe("weights of an organisation", () => {
  test("[MATCH-83] what was learned holds only once an administrator applies it, and can be gone back from", async () => {
    const { service, jobs, audited } = await open(400);
    const admin = adminOf();
    expect((await service.learn(admin)).learning.state).toBe("running");
    await jobs.runDue();
    const learned = await service.history(admin);
    expect(learned.learning).toMatchObject({ state: "done", against: 0, report: { verdict: "better" } });
    expect(await service.of(testOrg)).toEqual(defaultWeights);

    const id = learned.learning.id ?? "";
    const applied = await service.apply(admin, { version: 0, learning: id });
    expect(applied.current.version).toBe(1);
    expect(applied.current.factors.sharedInterests).toBeGreaterThan(defaultWeights.factors.sharedInterests);
    expect(applied.versions.map(({ source }) => source)).toEqual(["learned", "product"]);
    expect(applied.versions[0]?.report?.verdict).toBe("better");
    expect(await service.of(testOrg)).toEqual(applied.current);
    expect(await service.of("org_other" as OrgId)).toEqual(defaultWeights);

    // What was seen is over.
    for (const late of [{ learning: id }, { revertTo: 0 }])
      await expect(service.apply(admin, { version: 0, ...late })).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(service.apply(admin, { version: 1, learning: id })).rejects.toMatchObject({
      code: "CONFLICT",
    });

    const back = await service.apply(admin, { version: 1, revertTo: 0 });
    expect(back.current).toEqual({ ...defaultWeights, version: 2 });
    expect(back.versions[0]).toMatchObject({ source: "revert", revertedTo: 0 });
    expect(await service.of(testOrg, 1)).toEqual(applied.current);
    expect(audited.map(({ action }) => action)).toEqual(["matching.apply-weights", "matching.apply-weights"]);
  });

  test("[MATCH-82] of few outcomes it says that they are few", async () => {
    const { service, jobs } = await open(10);
    await service.learn(adminOf());
    await jobs.runDue();
    const { learning } = await service.history(adminOf());
    expect(learning.report).toMatchObject({ verdict: "too-few", figures: null });
  });

  test("[MATCH-83] others than administrators are refused", async () => {
    const { service } = await open(1);
    const member = adminOf(testOrg, "member");
    for (const refused of [
      service.history(member),
      service.learn(member),
      service.apply(member, { version: 0, revertTo: 0 }),
    ])
      await expect(refused).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test("[MATCH-84] a yes is good until one did not come; a meeting is, unless it was rated badly", () => {
    expect(isGood({ outcome: "declined", came: null }, null)).toBe(false);
    expect(isGood({ outcome: "accepted", came: null }, null)).toBe(true);
    expect(isGood({ outcome: "accepted", came: true }, null)).toBe(false);
    expect(isGood({ outcome: "completed", came: true }, null)).toBe(true);
    expect(isGood({ outcome: "completed", came: true }, 2)).toBe(false);
    expect(isGood({ outcome: "completed", came: true }, 3)).toBe(true);
  });
});
