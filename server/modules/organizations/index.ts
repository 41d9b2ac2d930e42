// Organisations: kept in step with the identity vendor, shown to and changed by their administrators.
import type { Actor } from "../../../shared/actor.ts";
import type { OrgId, UserId } from "../../../shared/ids.ts";
import type {
  InviteMember,
  Member,
  Organization,
  OrganizationChoice,
  PendingInvitation,
} from "../../../shared/schemas/organizations.ts";
import type { DirectoryEvent } from "../../vendors/identity/index.ts";

export { createOrganizationsModule } from "./organizations.service.ts";

/** What is known here of a person's place in an organisation, and since when it is so by the vendor's clock. */
export interface Standing {
  role: string;
  active: boolean;
  at: Date;
}

/** An event about organisations or memberships. */
export type OrganizationEvent = Extract<
  DirectoryEvent,
  { kind: "organization" | "organization.deleted" | "membership" | "membership.deleted" }
>;

/** Who lost their place by an event: whatever they have open there must close. */
export interface Departure {
  /** Null: everybody in the organisation. */
  workosUserId: string | null;
  orgId: OrgId;
}

export interface OrganizationsService {
  /** The organisation of the actor's session. Throws FORBIDDEN to others than its administrators, as all below it. */
  overview(actor: Actor): Promise<Organization>;
  changeRole(actor: Actor, membershipId: string, role: string): Promise<Member>;
  /** Everything they have open there closes. Throws CONFLICT where they are the last administrator. */
  remove(actor: Actor, membershipId: string): Promise<Departure>;
  invitations(actor: Actor): Promise<PendingInvitation[]>;
  /** In local mode the invitation goes out as an email of ours, else the vendor sends it. */
  invite(actor: Actor, input: InviteMember): Promise<PendingInvitation>;
  revokeInvitation(actor: Actor, invitationId: string): Promise<void>;

  /** The organisations that the person may switch to, by name; empty where the vendor does not know them. */
  choices(actor: Actor): Promise<OrganizationChoice[]>;
  /** Who of these people belongs to the organisation; nobody where there is none. */
  membersAmong(orgId: OrgId | null, userIds: UserId[]): Promise<ReadonlySet<UserId>>;
  /** The vendor's ids of active members, page by page; `next` is null after the last. */
  members(
    orgId: OrgId,
    page: { limit: number; after: string | null },
  ): Promise<{ members: string[]; next: string | null }>;
  /** All that are active here, at most 10 000. */
  ids(): Promise<OrgId[]>;
  /** Null where nothing is known here. An organisation that is new here is read from the vendor first. */
  standing(workosUserId: string, orgId: OrgId): Promise<Standing | null>;
  /**
   * Keeps what is newer than what is kept. Answers whether anything changed, and who lost their place, whether or not it
   * was known before: closing twice does no harm, not closing does.
   */
  apply(event: OrganizationEvent): Promise<{ changed: boolean; departure: Departure | null }>;
  /** Reads every organisation that is known here anew, after events may have been missed. */
  readAnew(): Promise<void>;
}
