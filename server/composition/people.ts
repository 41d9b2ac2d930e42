// People as others know them, and the times at which they can be had.
import { createPeopleModule } from "../modules/people/index.ts";
import { createClaimsRepository, createSchedulingModule } from "../modules/scheduling/index.ts";
import type mongoose from "mongoose";

type PeopleParts = Parameters<typeof createPeopleModule>[0];
type SchedulingParts = Omit<Parameters<typeof createSchedulingModule>[0], "repository" | "people">;

export async function createPeople(
  parts: Omit<PeopleParts, "repository"> &
    SchedulingParts & { connection: mongoose.Connection; connections: PeopleParts["repository"] },
) {
  const people = createPeopleModule({ ...parts, repository: parts.connections });
  const repository = await createClaimsRepository(parts.connection);
  return { people, scheduling: createSchedulingModule({ ...parts, repository, people }) };
}
