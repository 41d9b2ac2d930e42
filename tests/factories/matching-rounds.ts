// Stored rounds of pairing on a test store, as composition puts them together, with people who all are in one organisation.
import type { Connection } from "mongoose";
import type { Actor } from "../../shared/actor.ts";
import type { OrgId, UserId } from "../../shared/ids.ts";
import { createPairing } from "../../server/composition/matching-rounds.ts";
import type { PairingService } from "../../server/modules/matching/index.ts";
import { createBusyness } from "../../server/modules/scheduling/busyness.ts";
import { createClaimsRepository } from "../../server/modules/scheduling/claims.repository.mongo.ts";
import { createPlanner } from "../../server/modules/scheduling/planner.ts";
import { createTakenTimes } from "../../server/modules/scheduling/taken-times.ts";
import type { Clock } from "../../server/platform/clock.ts";
import { createMatchingModules, type MatchingModules } from "./matching-modules.ts";

const orgId = "org_rounds" as OrgId;

export interface TestRounds {
  pairing: PairingService;
  jobs: MatchingModules["jobs"];
  admin: Actor;
  /** The same ones in every process. */
  people: readonly UserId[];
}

export async function createTestRounds(
  connection: Connection,
  { clock, peopleCount }: { clock: Clock; peopleCount: number },
): Promise<TestRounds> {
  const organizations = {
    membersAmong: (asked: OrgId | null, userIds: readonly UserId[]) =>
      Promise.resolve(new Set(asked === orgId ? userIds : [])),
    members: () => Promise.reject(new Error("Here all are named.")),
  };
  const modules = await createMatchingModules(connection, organizations, clock);
  const { users, meetings, ids } = modules;
  const repository = await createClaimsRepository(connection);
  const busyness = createBusyness({ meetings, calendars: { of: () => Promise.resolve(new Map()) } });
  const times = createTakenTimes({ repository, meetings, clock });
  // All of one organisation see each other.
  const seen = { person: () => Promise.resolve({} as never) };
  const planner = createPlanner({ repository, times, busyness, meetings, people: seen, users, ids });
  const { pairing } = await createPairing({
    ...modules,
    organizations,
    meetings: { ...meetings, ...planner },
    exceptionsOf: () => Promise.resolve(new Map()),
    vectorsOf: () => Promise.resolve(new Map()),
    ratings: { scoresOf: () => Promise.resolve([]) },
  });
  const people: UserId[] = [];
  for (let index = 0; index < peopleCount; index += 1)
    people.push((await users.ensureByEmail(`person-${index + 1}@example.org`)).id);
  const { id, email, displayName } = await users.ensureByEmail("admin@example.org");
  const session = { sessionId: id, expiresAt: new Date(8.64e15) };
  const admin: Actor = { userId: id, email, displayName, orgId, orgRole: "admin", ...session };
  return { pairing, jobs: modules.jobs, admin, people };
}
