// One's own state in the queue as pages and clients read it: people by name, times as text.
import type { Actor } from "../../../../shared/actor.ts";
import { meetingIdSchema, type UserId } from "../../../../shared/ids.ts";
import {
  matchingConstraintsSchema,
  type MatchedPerson,
  type OwnMatching,
} from "../../../../shared/schemas/matching.ts";
import type { MeetingsService } from "../../meetings/index.ts";
import type { OrganizationsService } from "../../organizations/index.ts";
import type { UsersService } from "../../users/index.ts";
import { emptyView, type QueueView } from "./queue.views.ts";

export interface PresenterOptions {
  users: Pick<UsersService, "byIds" | "profiles">;
  organizations: Pick<OrganizationsService, "membersAmong">;
  meetings: Pick<MeetingsService, "record">;
}

export function createQueuePresenter({ users, organizations, meetings }: PresenterOptions) {
  async function peopleOf(actor: Actor, view: QueueView): Promise<Map<UserId, MatchedPerson>> {
    const ids = [
      ...view.proposals.map((proposal) => proposal.with),
      ...(view.match ? [view.match.with] : []),
    ];
    if (ids.length === 0) return new Map();
    const [found, profiles, colleagues] = await Promise.all([
      users.byIds(ids),
      users.profiles.of(ids),
      organizations.membersAmong(actor.orgId, ids),
    ]);
    return new Map(
      found.map(({ id, displayName, photo }) => {
        const profile = profiles.find(({ userId }) => userId === id);
        // Photo and words are for one's organisation, and for those whom one meets.
        const known = colleagues.has(id) || view.match?.with === id;
        return [
          id,
          {
            userId: id,
            displayName,
            photo: known ? photo : null,
            bio: known ? (profile?.bio ?? null) : null,
            interests: profile?.interests ?? [],
            offers: profile?.offers ?? [],
            seeks: profile?.seeks ?? [],
          },
        ];
      }),
    );
  }

  /** A match is over with its meeting, and for whoever has no place in it any more. */
  async function isOver(actor: Actor, { match }: QueueView): Promise<boolean> {
    if (match === null || match.meetingId === null) return false;
    const record = await meetings.record(meetingIdSchema.parse(match.meetingId));
    if (record === null || record.state === "concluded" || record.state === "cancelled") return true;
    return !record.participants.some(({ userId }) => userId === actor.userId);
  }

  return async function present(actor: Actor, current: QueueView): Promise<OwnMatching> {
    const view = (await isOver(actor, current)) ? emptyView("none", current.stay) : current;
    const people = await peopleOf(actor, view);
    const { status, stay, match } = view;
    const matched = match === null ? undefined : people.get(match.with);
    return {
      status: match !== null && matched === undefined ? "none" : status,
      since: stay?.since.toISOString() ?? null,
      availableFrom: stay?.availableFrom.toISOString() ?? null,
      availableTo: stay?.availableTo.toISOString() ?? null,
      roles: [...(stay?.roles ?? ["peer"])],
      constraints: matchingConstraintsSchema.parse(stay?.wishes ?? {}),
      estimateSeconds: view.estimateSeconds,
      fitting: view.fitting,
      widen: view.widen,
      proposals: view.proposals.flatMap(({ with: other, startsAt, expiresAt, ...proposal }) => {
        const person = people.get(other);
        if (person === undefined) return [];
        return [
          {
            ...proposal,
            with: person,
            startsAt: startsAt.toISOString(),
            expiresAt: expiresAt.toISOString(),
          },
        ];
      }),
      match:
        match === null || matched === undefined
          ? null
          : {
              with: matched,
              meetingId: match.meetingId === null ? null : meetingIdSchema.parse(match.meetingId),
              startsAt: match.startsAt.toISOString(),
            },
    };
  };
}
