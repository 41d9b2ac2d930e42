// Who takes part: inviting, roles, removal and presence; a meeting that can still be held always keeps a host.
import type { Actor } from "../../../shared/actor.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { MeetingRole } from "../../../shared/schemas/meetings.ts";
import type { Clock } from "../../platform/clock.ts";
import type { DomainEvents, EventBus } from "../../platform/event-bus.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { AuditService } from "../audit/index.ts";
import type { OrganizationsService } from "../organizations/index.ts";
import type { Blocks } from "../people/index.ts";
import type { UserRecord, UsersService } from "../users/index.ts";
import type { MeetingsService } from "./index.ts";
import type { AccessCache } from "./meetings.access.ts";
import type { Notifications } from "./meetings.notifications.ts";
import { presentParticipant, type People } from "./meetings.presenter.ts";
import type { MeetingsRepository, StoredParticipant } from "./meetings.repository.ts";

export type ParticipantUseCases = Pick<MeetingsService, "invite" | "changeRole" | "remove"> & {
  /** Marks presence while the meeting can be held; afterwards people only look back. */
  markJoined(actor: Actor, meetingId: MeetingId, seenBy: string): Promise<void>;
  markLeft(actor: Actor, meetingId: MeetingId, seenBy: string): Promise<void>;
  /** A process is gone: whom nobody else sees has left. */
  markUnseen(term: string): Promise<void>;
  /** Of two people who keep away from each other one goes. For a meeting that can still be held. May be repeated. */
  keepApart(meetingId: MeetingId): Promise<void>;
};

export interface ParticipantOptions {
  repository: MeetingsRepository;
  access: AccessCache;
  notifications: Notifications;
  authorize: MeetingsService["authorize"];
  loadPeople(ids: UserId[]): Promise<People>;
  users: UsersService;
  organizations: Pick<OrganizationsService, "membersAmong">;
  blocks: Blocks;
  audit: AuditService;
  bus: EventBus;
  clock: Clock;
  ids: IdSource;
}

/** Two people may change the same place at once; the second looks again this often. */
const attemptsMax = 4;

export function createParticipantUseCases(options: ParticipantOptions): ParticipantUseCases {
  const { repository, access, notifications, authorize, loadPeople, users, audit, bus, clock, ids } = options;
  const { organizations, blocks } = options;

  function changed(
    meetingId: MeetingId,
    userId: UserId,
    change: DomainEvents["participant.changed"]["change"],
    actorId: UserId | null,
  ): void {
    if (change !== "presence") access.invalidate(meetingId);
    bus.publish("participant.changed", { meetingId, userId, change, actorId });
  }

  async function placeOf(meetingId: MeetingId, userId: UserId): Promise<StoredParticipant> {
    const place = (await repository.participants(meetingId)).find((other) => other.userId === userId);
    if (place === undefined) throw notFound("This participant");
    return place;
  }

  /** Runs `write` on the place as it is; `write` answers false where the place has changed under it. */
  async function onPlace(
    meetingId: MeetingId,
    userId: UserId,
    write: (place: StoredParticipant) => Promise<boolean>,
  ): Promise<StoredParticipant> {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const place = await placeOf(meetingId, userId);
      if (await write(place)) return place;
    }
    throw new AppError("CONFLICT", "Somebody else is changing this participant. Please try again.", {
      retryable: true,
    });
  }

  // The count goes down before the role does, and up after it: a crash in between can only protect a host too much.
  async function withHostReleased(meetingId: MeetingId, write: () => Promise<boolean>): Promise<boolean> {
    if (!(await repository.releaseHost(meetingId))) {
      throw new AppError("LAST_HOST", "A meeting needs a host: make somebody else a host first.");
    }
    if (await write()) return true;
    await repository.addHost(meetingId);
    return false;
  }

  async function assertSeatFree(meetingId: MeetingId): Promise<void> {
    if ((await repository.countParticipants(meetingId)) >= limits.meetingMaxParticipants) throw full();
  }

  async function takeSeat(meetingId: MeetingId, person: UserRecord, role: MeetingRole): Promise<boolean> {
    await assertSeatFree(meetingId);
    const orgId = (await repository.find(meetingId))?.orgId ?? null;
    const members = await organizations.membersAmong(orgId, [person.id]);
    const place: StoredParticipant = {
      placeId: ids.objectId(),
      meetingId,
      userId: person.id,
      role,
      guest: orgId !== null && !members.has(person.id),
      presence: "invited",
      joinedAt: null,
      leftAt: null,
      mailedSequence: null,
      createdAt: clock.now(),
    };
    if (!(await repository.addParticipant(place))) return false;
    // Several may have seen the same free seat; whoever finds the room overfull steps back.
    if ((await repository.countParticipants(meetingId)) > limits.meetingMaxParticipants) {
      await repository.removeParticipant(meetingId, person.id, role);
      throw full();
    }
    // So may somebody who blocks another in this moment; they look for shared places after that.
    const others = (await repository.participants(meetingId)).map(({ userId }) => userId);
    if ((await blocks.among(person.id, others)).size > 0) {
      await repository.removeParticipant(meetingId, person.id, role);
      throw notTogether();
    }
    if (role === "host") await repository.addHost(meetingId);
    return true;
  }

  async function removePlace(meetingId: MeetingId, userId: UserId, actorId: UserId | null) {
    const place = await onPlace(meetingId, userId, ({ role }) => {
      const write = () => repository.removeParticipant(meetingId, userId, role);
      return role === "host" ? withHostReleased(meetingId, write) : write();
    });
    changed(meetingId, userId, "removed", actorId);
    const meeting = await repository.find(meetingId);
    if (meeting !== null) await notifications.sendRemoval(meeting, place);
    return place;
  }

  async function keepApart(meetingId: MeetingId): Promise<void> {
    const meeting = await repository.find(meetingId);
    if (meeting === null || (meeting.state !== "scheduled" && meeting.state !== "active")) return;
    const places = new Map((await repository.participants(meetingId)).map((place) => [place.userId, place]));
    for (const { by, of } of await blocks.pairsAmong([...places.keys()])) {
      const [wants, other] = [places.get(by), places.get(of)];
      if (wants === undefined || other === undefined) continue;
      // Hosts decide who is in their meeting; nobody else can make another person go.
      const stays =
        wants.role === "host" && !(other.role === "host" && other.userId === meeting.organizerId)
          ? wants
          : other;
      const goes = stays === wants ? other : wants;
      try {
        await removePlace(meetingId, goes.userId, null);
      } catch (error) {
        // They have gone by themselves meanwhile.
        if (!(error instanceof AppError && error.code === "NOT_FOUND")) throw error;
      }
      places.delete(goes.userId);
    }
  }

  return {
    keepApart,

    async invite(actor, meetingId, { email, role }) {
      await authorize(actor, meetingId, "participants.manage");
      const person = await users.ensureByEmail(email);
      const present = async () =>
        presentParticipant(await placeOf(meetingId, person.id), new Map([[person.id, person]]), true);
      const places = await repository.participants(meetingId);
      if (places.some(({ userId }) => userId === person.id)) return present();
      const others = places.map(({ userId }) => userId);
      if ((await blocks.among(person.id, others)).size > 0) throw notTogether();
      await repository.announceMail(meetingId, ids.uuid());
      if (!(await takeSeat(meetingId, person, role))) return present();
      changed(meetingId, person.id, "added", actor.userId);
      await audit.record({
        ...auditEntry(actor, meetingId, "meeting.invite"),
        metadata: { userId: person.id, role },
      });
      await notifications.sendDue(meetingId);
      return present();
    },

    async changeRole(actor, meetingId, userId, role) {
      await authorize(actor, meetingId, "participants.manage");
      const before = await onPlace(meetingId, userId, async (place) => {
        if (place.role === role) return true;
        const write = () => repository.changeRole(meetingId, userId, place.role, role);
        if (place.role === "host") return withHostReleased(meetingId, write);
        if (!(await write())) return false;
        if (role === "host") await repository.addHost(meetingId);
        return true;
      });
      if (before.role !== role) {
        changed(meetingId, userId, "role", actor.userId);
        await audit.record({
          ...auditEntry(actor, meetingId, "meeting.role"),
          metadata: { userId, from: before.role, to: role },
        });
      }
      return presentParticipant({ ...before, role }, await loadPeople([userId]), true);
    },

    async remove(actor, meetingId, userId) {
      await authorize(actor, meetingId, "participants.manage");
      const place = await removePlace(meetingId, userId, actor.userId);
      await audit.record({
        ...auditEntry(actor, meetingId, "meeting.remove"),
        metadata: { userId, role: place.role },
      });
    },

    async markJoined(actor, meetingId, seenBy) {
      const { state } = await authorize(actor, meetingId, "meeting.join");
      if (state !== "scheduled" && state !== "active") return;
      const others = (await repository.participants(meetingId)).map(({ userId }) => userId);
      if ((await blocks.among(actor.userId, others)).size > 0) {
        // What a crash left undone as one of them was blocked.
        await keepApart(meetingId);
        await authorize(actor, meetingId, "meeting.join");
      }
      if (!(await repository.markJoined(meetingId, actor.userId, seenBy, clock.now()))) return;
      changed(meetingId, actor.userId, "presence", actor.userId);
    },

    async markLeft(actor, meetingId, seenBy) {
      await authorize(actor, meetingId, "meeting.read");
      if (!(await repository.markLeft(meetingId, actor.userId, seenBy, clock.now()))) return;
      changed(meetingId, actor.userId, "presence", actor.userId);
    },

    async markUnseen(term) {
      for (const { meetingId, userId } of await repository.seenBy(term)) {
        if (await repository.markLeft(meetingId, userId, term, clock.now()))
          changed(meetingId, userId, "presence", null);
      }
    },
  };
}

export function auditEntry(actor: Actor, meetingId: MeetingId, action: string) {
  return {
    actorUserId: actor.userId,
    resourceType: "meeting",
    resourceId: meetingId,
    action,
    outcome: "done",
  } as const;
}

/** Says neither who nor why: that somebody has blocked somebody is for them to know. */
export function notTogether(): AppError {
  return new AppError("PERSON_UNAVAILABLE", "One of these people cannot be invited to this meeting.");
}

function full(): AppError {
  return new AppError(
    "MEETING_FULL",
    `A meeting has at most ${limits.meetingMaxParticipants} participants: remove somebody first.`,
  );
}
