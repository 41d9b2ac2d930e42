// Keeping organisations and memberships in step with the identity vendor: by its events, and read whole where one is new here.
import { orgIdSchema, type OrgId } from "../../../shared/ids.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import type {
  IdentityDirectory,
  VendorMembership,
  VendorOrganization,
} from "../../vendors/identity/index.ts";
import type { UsersService } from "../users/index.ts";
import type { OrganizationsService } from "./index.ts";
import type { OrganizationsRepository } from "./organizations.repository.ts";

/** After a reading that failed: the vendor is not asked at every request. */
const retryAfterMs = 30_000;
const organizationsRead = 10_000;

export interface KeepingOptions {
  repository: OrganizationsRepository;
  directory: IdentityDirectory;
  users: UsersService;
  clock: Clock;
  logger: Logger;
}

export type Keeping = Pick<OrganizationsService, "standing" | "apply" | "ids" | "readAnew"> & {
  /** Read from the vendor where it is not known here; a failure is logged, and tried again later. */
  known(orgId: OrgId): Promise<void>;
};

export function createKeeping(options: KeepingOptions): Keeping {
  const { repository, directory, users, clock, logger } = options;
  const reading = new Map<OrgId, Promise<void>>();
  const failedAtMs = new Map<OrgId, number>();
  const knownHere = new Set<OrgId>();

  const keepOrganization = (organization: VendorOrganization, state: "active" | "deleted") =>
    repository.keepOrganization(
      {
        id: orgIdSchema.parse(organization.id),
        name: organization.name,
        state,
        vendorUpdatedAt: organization.updatedAt,
      },
      clock.now(),
    );
  const keepMembership = (
    membership: VendorMembership,
    state: VendorMembership["status"] | "deleted",
    at: Date,
  ) =>
    repository.keepMembership(
      {
        id: membership.id,
        workosUserId: membership.userId,
        orgId: orgIdSchema.parse(membership.organizationId),
        role: membership.role,
        state,
        vendorUpdatedAt: at,
      },
      clock.now(),
    );

  /** People and memberships first: whoever finds the organisation kept may rely on them. */
  async function read(orgId: OrgId): Promise<void> {
    const [organization, memberships, people] = await Promise.all([
      directory.organization(orgId),
      directory.membershipsIn(orgId),
      directory.usersIn(orgId),
    ]);
    for (const { id, updatedAt, emailVerified, ...person } of people) {
      if (emailVerified) await users.syncFromDirectory({ workosUserId: id, saidAt: updatedAt, ...person });
    }
    for (const membership of memberships) {
      await keepMembership(membership, membership.status, membership.updatedAt);
    }
    await keepOrganization(organization, "active");
  }

  async function known(orgId: OrgId): Promise<void> {
    if (knownHere.has(orgId)) return;
    if ((await repository.organization(orgId)) !== null) {
      knownHere.add(orgId);
      return;
    }
    const failed = failedAtMs.get(orgId);
    if (failed !== undefined && clock.monotonicMs() - failed < retryAfterMs) return;
    const underWay = reading.get(orgId) ?? read(orgId).finally(() => reading.delete(orgId));
    reading.set(orgId, underWay);
    try {
      await underWay;
      failedAtMs.delete(orgId);
      knownHere.add(orgId);
    } catch (error) {
      failedAtMs.set(orgId, clock.monotonicMs());
      logger.warn({ orgId, error: error as Error }, "an organisation could not be read from the vendor");
    }
  }

  return {
    known,

    async standing(workosUserId, orgId) {
      await known(orgId);
      const organization = await repository.organization(orgId);
      const newest = (await repository.membershipsOf(workosUserId, orgId)).sort(
        (a, b) => b.vendorUpdatedAt.getTime() - a.vendorUpdatedAt.getTime(),
      )[0];
      if (organization?.state === "deleted") {
        return { role: newest?.role ?? "member", active: false, at: organization.vendorUpdatedAt };
      }
      if (newest === undefined) return null;
      return { role: newest.role, active: newest.state === "active", at: newest.vendorUpdatedAt };
    },

    async apply(event) {
      // Of what is gone the vendor may tell with the stamp of its last change: the end itself came with the event.
      const endedAt = (updatedAt: Date) => (event.createdAt > updatedAt ? event.createdAt : updatedAt);
      switch (event.kind) {
        case "organization":
          return { changed: await keepOrganization(event.organization, "active"), departure: null };
        case "organization.deleted": {
          const { organization } = event;
          const ended = { ...organization, updatedAt: endedAt(organization.updatedAt) };
          const changed = await keepOrganization(ended, "deleted");
          return { changed, departure: { workosUserId: null, orgId: orgIdSchema.parse(organization.id) } };
        }
        case "membership": {
          const { membership } = event;
          const changed = await keepMembership(membership, membership.status, membership.updatedAt);
          const gone = membership.status !== "active" && changed;
          return { changed, departure: gone ? departureOf(membership) : null };
        }
        case "membership.deleted": {
          const { membership } = event;
          const changed = await keepMembership(membership, "deleted", endedAt(membership.updatedAt));
          return { changed, departure: departureOf(membership) };
        }
      }
    },

    ids: () => repository.activeOrganizations(organizationsRead),

    async readAnew() {
      for (const orgId of await repository.activeOrganizations(organizationsRead)) {
        try {
          await read(orgId);
        } catch (error) {
          logger.warn({ orgId, error: error as Error }, "an organisation could not be read from the vendor");
        }
      }
    },
  };
}

function departureOf({ userId, organizationId }: VendorMembership) {
  return { workosUserId: userId, orgId: orgIdSchema.parse(organizationId) };
}
