// Organisations as use cases.
import type mongoose from "mongoose";
import { isOrgAdmin, type Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { OrgId } from "../../../shared/ids.ts";
import type { UsersService } from "../users/index.ts";
import type { OrganizationsService } from "./index.ts";
import type { OrganizationsRepository } from "./organizations.repository.ts";
import { createOrganizationsRepository } from "./organizations.repository.mongo.ts";

const membersShown = 1_000;

export interface OrganizationsOptions {
  users: UsersService;
}

export async function createOrganizationsModule({
  connection,
  ...options
}: OrganizationsOptions & { connection: mongoose.Connection }): Promise<OrganizationsService> {
  return createOrganizationsService({
    ...options,
    repository: await createOrganizationsRepository(connection),
  });
}

export function createOrganizationsService(
  options: OrganizationsOptions & { repository: OrganizationsRepository },
): OrganizationsService {
  const { repository, users } = options;
  return {
    async overview(actor) {
      const orgId = administered(actor);
      const organization = await repository.organization(orgId);
      const people = await users.ofOrganization(orgId, membersShown);
      return {
        id: orgId,
        name: organization?.name ?? orgId,
        members: people.map(({ id, displayName, email, orgRole }) => ({
          id,
          userId: id,
          displayName,
          email,
          role: orgRole,
          state: "active" as const,
        })),
      };
    },
  };
}

function administered(actor: Actor): OrgId {
  if (!isOrgAdmin(actor)) throw new AppError("FORBIDDEN", "This is for administrators of an organisation.");
  return actor.orgId;
}
