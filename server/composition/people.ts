// People as others know them, and the times at which they can be had.
import { randomBytes } from "node:crypto";
import { createPeopleModule } from "../modules/people/index.ts";
import type { MeetingsService } from "../modules/meetings/index.ts";
import { createScheduling, type SchedulingOptions } from "../modules/scheduling/index.ts";
import { createSafeFetcher } from "../platform/safe-fetch.ts";

type PeopleParts = Parameters<typeof createPeopleModule>[0];

/** `meetings` are the same, but for times that are taken before they are planned. Registers jobs. */
export async function createPeople(
  parts: Omit<PeopleParts, "repository" | "meetings"> &
    Omit<SchedulingOptions, "people" | "fetcher" | "secret" | "meetings"> & {
      connections: PeopleParts["repository"];
      meetings: MeetingsService;
    },
) {
  const people = createPeopleModule({ ...parts, repository: parts.connections });
  const fetcher = createSafeFetcher({ userAgent: "Connvo calendar reader" });
  const { scheduling, calendar, planner, start, busy, exceptionsOf } = await createScheduling({
    ...parts,
    people,
    fetcher,
    secret: () => randomBytes(32).toString("base64url"),
  });
  const meetings: MeetingsService = { ...parts.meetings, ...planner };
  return {
    people,
    scheduling,
    calendar,
    meetings,
    busy,
    exceptionsOf,
    startCalendars: start,
    closeCalendars: () => fetcher.close(),
  };
}
