// The live queue on a real store: by which weights two of an organisation are judged, and what is kept of it.
import { expect, test } from "vitest";
import { createMatchingModule } from "../../server/modules/matching/index.ts";
import { createOutcomesRepository } from "../../server/modules/matching/queue/outcomes.repository.mongo.ts";
import { createWeightsRepository } from "../../server/modules/matching/learning/weights.repository.mongo.ts";
import { defaultWeights } from "../../server/modules/matching/score/weights.ts";
import { createProfileVectors } from "../../server/composition/profile-vectors.ts";
import { createMemoryBus } from "../../server/platform/event-bus.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { createLexicalEmbeddings } from "../../server/vendors/embeddings/lexical.ts";
import type { UsersService } from "../../server/modules/users/index.ts";
import type { Actor } from "../../shared/actor.ts";
import type { OrgId } from "../../shared/ids.ts";
import type { MeetingsWorld } from "../factories/meetings.ts";
import type { TestStore } from "../factories/store.ts";

export function queueByWeights(
  place: () => {
    store: TestStore;
    world: MeetingsWorld;
    users: UsersService;
    member(name: string): Promise<Actor>;
  },
): void {
  test("[MATCH-7] [MATCH-84] [MATCH-85] the queue judges two of an organisation by the weights that it has applied, and keeps them with each match", async () => {
    const { store, world, users, member } = place();
    const connection = store.connection.useDb(store.connection.name, { useCache: false });
    const { clock } = world;
    const embeddings = createLexicalEmbeddings();
    const vectorsOf = createProfileVectors({
      ai: { useOf: () => Promise.resolve("rules") },
      embeddings,
      logger: silentLogger,
    });
    const matching = await createMatchingModule({
      connection,
      users,
      blocks: { among: () => Promise.resolve(new Set()), pairsAmong: () => Promise.resolve([]) },
      organizations: { membersAmong: (_orgId, userIds) => Promise.resolve(new Set(userIds)) },
      meetings: world.meetings,
      ratings: { scoresOf: () => Promise.resolve([]) },
      vectorOf: async (person) => (await vectorsOf([person])).get(person.userId) ?? null,
      bus: createMemoryBus(silentLogger),
      clock,
      ids: systemIds,
      logger: silentLogger,
      metrics: createMetrics({ processMetrics: false }),
    });
    const applied = await createWeightsRepository(connection);
    const outcomes = await createOutcomesRepository(connection);
    const availableTo = new Date(clock.now().getTime() + 3 * 60 * 60_000).toISOString();
    const input = {
      availableTo,
      roles: ["peer" as const],
      constraints: { interests: [], roles: [], organization: "any" as const },
    };
    const about = { languages: ["en"], bio: "Leading product teams through change", interests: ["Chess"] };

    async function matchedBy(one: Actor, other: Actor) {
      for (const actor of [one, other]) {
        await world.peopleService.updateProfile(actor, about);
        await matching.enter(actor, input);
      }
      const { proposals } = await matching.mine(one);
      const proposal = proposals.find((each) => each.with.userId === other.userId);
      if (proposal === undefined) throw new Error("They are not proposed to each other.");
      await matching.accept(one, proposal.id);
      expect(await matching.accept(other, proposal.id)).toMatchObject({ status: "matched" });
      const kept = await outcomes.ofMatches([proposal.id]);
      expect(kept.map(({ userId }) => userId).sort()).toEqual([one.userId, other.userId].sort());
      return kept.map(({ weights, features }) => ({ version: weights.version, features }));
    }

    const first = await matchedBy(await member("queue-one"), await member("queue-two"));
    expect(first.map(({ version }) => version)).toEqual([0, 0]);
    // They say the same of themselves.
    expect(first[0]?.features.vectorSimilarity).toBeCloseTo(1, 3);
    const [three, four] = [await member("queue-three"), await member("queue-four")];
    await applied.add({
      orgId: three.orgId as OrgId,
      weights: { ...defaultWeights, version: 7, repeatPenalty: 0.5 },
      source: "learned",
      revertedTo: null,
      appliedBy: three.userId,
      appliedAt: clock.now(),
      report: null,
    });
    expect((await matchedBy(three, four)).map(({ version }) => version)).toEqual([7, 7]);
    // Of people of no organisation, the product's.
    const alone = [await world.actorOf("queue-five"), await world.actorOf("queue-six")] as const;
    expect((await matchedBy(...alone)).map(({ version }) => version)).toEqual([0, 0]);
    await matching.stop();
  });
}
