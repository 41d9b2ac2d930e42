// Events of the identity vendor, by webhook and by its events API: each taken once, whatever the order, and what they end is closed at once.
import { AppError } from "../../../shared/errors.ts";
import type { OrgId, UserId } from "../../../shared/ids.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Logger } from "../../platform/logger.ts";
import type { DirectoryEvent, IdentityDirectory } from "../../vendors/identity/index.ts";
import type { AuditService } from "../audit/index.ts";
import type { Departure, OrganizationsService } from "../organizations/index.ts";
import type { UsersService } from "../users/index.ts";
import type { DirectorySyncRepository } from "./directory-sync.repository.mongo.ts";

/** Where nothing was read before: what came earlier is read whole where it is needed. */
const firstLookBackMs = 60 * 60_000;
const pagesAtOnce = 50;
const maxUnderWay = 1_000;

export interface DirectorySyncOptions {
  directory: IdentityDirectory;
  organizations: OrganizationsService;
  users: UsersService;
  audit: AuditService;
  bus: EventBus;
  clock: Clock;
  logger: Logger;
  repository: DirectorySyncRepository;
  /** Durable when it resolves; may be repeated. */
  deletePerson(userId: UserId): Promise<void>;
  /** Durable when it resolves; the vendor knows already. */
  endSession(sessionId: string): Promise<void>;
  /** Ends the person's sessions, in the organisation where one is named. */
  endSessionsOf(workosUserId: string, orgId: OrgId | null): Promise<void>;
}

export interface DirectorySync {
  /** Resolves when what the event says is durable here, and everything it ends is closing. May be repeated. */
  receive(event: DirectoryEvent): Promise<void>;
  /** Takes every event that has come since the last time. Throws VENDOR_ERROR where the vendor cannot be asked. */
  reconcile(): Promise<void>;
  /** Closes what somebody had open who was just removed by an administrator. */
  depart(departure: Departure): Promise<void>;
}

export function createDirectorySync(options: DirectorySyncOptions): DirectorySync {
  const { directory, organizations, users, audit, bus, clock, logger, repository } = options;
  const underWay = new Map<string, Promise<void>>();

  async function depart({ workosUserId, orgId }: Departure): Promise<void> {
    bus.publish("people.changed", { workosUserId });
    if (workosUserId === null) {
      bus.publish("person.ended", { userId: null, orgId });
      return;
    }
    const [person] = await users.byWorkosIds([workosUserId]);
    if (person !== undefined) bus.publish("person.ended", { userId: person.id, orgId });
    await options.endSessionsOf(workosUserId, orgId);
  }

  async function apply(event: DirectoryEvent): Promise<boolean> {
    switch (event.kind) {
      case "user": {
        const { id, updatedAt, emailVerified, ...person } = event.user;
        // People are known to each other by address: one that nobody has verified could be somebody else's.
        if (!emailVerified) return false;
        const synced = await users.syncFromDirectory({ workosUserId: id, saidAt: updatedAt, ...person });
        if (synced !== null) bus.publish("people.changed", { workosUserId: id });
        return synced !== null;
      }
      case "user.deleted": {
        const person = await users.markDeleted(event.userId, event.createdAt);
        bus.publish("people.changed", { workosUserId: event.userId });
        if (person !== null) bus.publish("person.ended", { userId: person.id, orgId: null });
        await options.endSessionsOf(event.userId, null);
        if (person !== null) await options.deletePerson(person.id);
        return person !== null;
      }
      case "session.revoked":
        await options.endSession(event.sessionId);
        return true;
      case "organization":
      case "organization.deleted":
      case "membership":
      case "membership.deleted": {
        const { changed, departure } = await organizations.apply(event);
        if (departure !== null) await depart(departure);
        else if (changed) bus.publish("people.changed", { workosUserId: null });
        return changed;
      }
      case "other":
        return false;
    }
  }

  async function receiveOnce(event: DirectoryEvent): Promise<void> {
    if (await repository.isHandled(event.id)) return;
    const changed = await apply(event);
    if (changed && event.kind !== "session.revoked") {
      await audit.record({
        actorUserId: null,
        resourceType: "identity-event",
        resourceId: event.id,
        action: `identity.${event.kind}`,
        outcome: "done",
      });
    }
    // Last: a crash before it has the event taken again, which changes nothing more.
    await repository.markHandled(event.id, clock.now());
  }

  function receive(event: DirectoryEvent): Promise<void> {
    const current = underWay.get(event.id);
    if (current !== undefined) return current;
    if (underWay.size >= maxUnderWay) {
      throw new AppError("UNAVAILABLE", "Too many events at once: send this one again shortly.");
    }
    const work = receiveOnce(event).finally(() => underWay.delete(event.id));
    underWay.set(event.id, work);
    return work;
  }

  async function read(after: string | null): Promise<DirectoryEvent[]> {
    const since = new Date(clock.now().getTime() - firstLookBackMs);
    try {
      return await directory.events({ after, since });
    } catch (error) {
      const forgotten = error instanceof AppError && ["NOT_FOUND", "CONFLICT"].includes(error.code);
      if (!forgotten || after === null) throw error;
      logger.warn({ after }, "the vendor no longer knows the last event: its organisations are read anew");
      await organizations.readAnew();
      bus.publish("people.changed", { workosUserId: null });
      return await directory.events({ after: null, since });
    }
  }

  return {
    receive,
    depart,

    async reconcile() {
      let after = await repository.cursor();
      for (let page = 0; page < pagesAtOnce; page += 1) {
        const events = await read(after);
        for (const event of events) await receive(event);
        const last = events.at(-1);
        if (last === undefined) return;
        after = last.id;
        await repository.keepCursor(after, clock.now());
      }
    },
  };
}
