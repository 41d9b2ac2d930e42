// Organisations kept apart: from where a person may open a meeting in which they have a place.
import type { Actor } from "../../../shared/actor.ts";
import type { OrgId, UserId } from "../../../shared/ids.ts";
import type { OrganizationsService } from "../organizations/index.ts";

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

/** As many as are asked for at once. */
const membersAtOnce = 200;

/**
 * Those who can open it from some session of theirs today: emails are for them alone. Whoever has left the organisation
 * keeps the place, and opens nothing by it.
 */
export async function openFor<Place extends { userId: UserId; guest: boolean }>(
  { orgId }: { orgId: OrgId | null },
  places: readonly Place[],
  organizations: Pick<OrganizationsService, "membersAmong">,
): Promise<Place[]> {
  if (orgId === null) return [...places];
  const insiders = [...new Set(places.filter(({ guest }) => !guest).map(({ userId }) => userId))];
  const members = new Set<UserId>();
  for (let start = 0; start < insiders.length; start += membersAtOnce) {
    const some = insiders.slice(start, start + membersAtOnce);
    for (const userId of await organizations.membersAmong(orgId, some)) members.add(userId);
  }
  return places.filter(({ userId, guest }) => guest || members.has(userId));
}
