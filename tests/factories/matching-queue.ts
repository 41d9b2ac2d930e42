// A live queue on a test store whose people may all meet each other, and whose meetings are documents of their own.
import type { Connection } from "mongoose";
import type { Actor } from "../../shared/actor.ts";
import type { UserId } from "../../shared/ids.ts";
import { createOutcomesRepository } from "../../server/modules/matching/queue/outcomes.repository.mongo.ts";
import { createQueueRepository } from "../../server/modules/matching/queue/queue.repository.mongo.ts";
import { createQueueService, type QueueService } from "../../server/modules/matching/queue/queue.service.ts";
import { defaultWeights } from "../../server/modules/matching/score/weights.ts";
import { candidateOf } from "../../server/modules/matching/testing-pools.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { systemIds } from "../../server/platform/ids.ts";

export const queuePeople: readonly Actor[] = Array.from({ length: 10 }, (_, index): Actor => {
  const userId = (index + 1).toString(16).padStart(24, "0") as UserId;
  return {
    userId,
    email: `${userId}@example.org`,
    displayName: `Person ${index + 1}`,
    orgId: null,
    orgRole: "member",
    sessionId: userId,
    expiresAt: new Date(8.64e15),
  };
});

export interface TestMeeting {
  /** The proposal. */
  _id: string;
  people: string[];
  /** How often it was asked for. */
  asked: number;
}

export async function createTestQueue(connection: Connection): Promise<QueueService> {
  const meetings = connection.getClient().db(connection.name).collection<TestMeeting>("testMeetings");
  return createQueueService({
    repository: await createQueueRepository(connection),
    outcomes: await createOutcomesRepository(connection),
    ports: {
      profile: (userId) => Promise.resolve(candidateOf(userId)),
      busy: () => Promise.resolve([]),
      blockedAmong: () => Promise.resolve(new Set()),
      mayMeet: () => Promise.resolve(true),
      async meetingFor({ id, people }) {
        await meetings.updateOne({ _id: id }, { $set: { people }, $inc: { asked: 1 } }, { upsert: true });
        return id;
      },
      changed: () => {},
      happened: () => {},
    },
    weights: { ...defaultWeights, serendipityShare: 0 },
    requirements: { lengthMs: 60_000 },
    clock: systemClock,
    ids: systemIds,
  });
}
