// Organisations: kept in step with the identity vendor, shown to and changed by their administrators.
import type { Actor } from "../../../shared/actor.ts";
import type { Organization } from "../../../shared/schemas/organizations.ts";

export { createOrganizationsModule } from "./organizations.service.ts";

export interface OrganizationsService {
  /** The organisation of the actor's session. Throws FORBIDDEN to others than its administrators. */
  overview(actor: Actor): Promise<Organization>;
}
