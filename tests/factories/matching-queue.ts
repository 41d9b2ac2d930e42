// A live queue on a test store with the product's own people, blocks, meetings and mail behind it, as a process serves it.
import type { Connection } from "mongoose";
import type { Actor } from "../../shared/actor.ts";
import { createOutcomesRepository } from "../../server/modules/matching/queue/outcomes.repository.mongo.ts";
import { createQueuePorts } from "../../server/modules/matching/queue/queue.ports.ts";
import { createQueueRepository } from "../../server/modules/matching/queue/queue.repository.mongo.ts";
import { createQueueService, type QueueService } from "../../server/modules/matching/queue/queue.service.ts";
import { defaultWeights } from "../../server/modules/matching/score/weights.ts";
import { candidateOf } from "../../server/modules/matching/testing-pools.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { createMatchingModules } from "./matching-modules.ts";

const peopleCount = 10;

export interface TestQueue {
  queue: QueueService;
  /** The same ones in every process; each may be matched with every other one, as often as they like. */
  people: readonly Actor[];
}

export async function createTestQueue(connection: Connection): Promise<TestQueue> {
  // All of them are outside of any organisation.
  const organizations = { membersAmong: () => Promise.resolve(new Set<never>()) };
  const { users, blocks, meetings } = await createMatchingModules(connection, organizations);
  const repository = await createQueueRepository(connection);
  const outcomes = await createOutcomesRepository(connection);
  const ports = createQueuePorts({
    repository,
    outcomes,
    users,
    blocks,
    organizations,
    meetings,
    vectorOf: () => Promise.resolve(null),
    meetingMinutes: 30,
    clock: systemClock,
  });
  const queue = createQueueService({
    repository,
    outcomes,
    ports: {
      ...ports,
      // All fit together at any time: otherwise the meetings of their first matches would keep them from any further one.
      profile: (userId) => Promise.resolve(candidateOf(userId)),
      busy: () => Promise.resolve([]),
      weightsOf: () => Promise.resolve(defaultWeights),
      changed: () => {},
      happened: () => {},
    },
    weights: { ...defaultWeights, serendipityShare: 0 },
    requirements: { lengthMs: 60_000 },
    clock: systemClock,
    ids: systemIds,
  });
  const people = await Promise.all(
    Array.from({ length: peopleCount }, async (_, index): Promise<Actor> => {
      const { id, email, displayName } = await users.ensureByEmail(`person-${index + 1}@example.org`);
      return {
        userId: id,
        email,
        displayName,
        orgId: null,
        orgRole: "member",
        sessionId: id,
        expiresAt: new Date(8.64e15),
      };
    }),
  );
  return { queue, people };
}
