// Organisations kept apart: from where a person may open a meeting in which they have a place.
import type { Actor } from "../../../shared/actor.ts";
import type { OrgId } from "../../../shared/ids.ts";

export type Reader = Pick<Actor, "userId" | "orgId" | "apiKeyId">;

/**
 * A meeting belongs to the organisation in which its organizer made it, or to none. It is opened from a session in that
 * organisation; `guest`s, who did not belong to it when they were invited, open it from anywhere, as a meeting of none is
 * opened by its people. A machine's key opens its organisation's alone.
 */
export function isWithin(meeting: { orgId: OrgId | null }, guest: boolean, reader: Reader): boolean {
  if (meeting.orgId !== null && meeting.orgId === reader.orgId) return true;
  if (reader.apiKeyId !== undefined) return false;
  return meeting.orgId === null || guest;
}
