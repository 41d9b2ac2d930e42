// What is kept of organisations, and how it is read and written.
import type { OrgId } from "../../../shared/ids.ts";

interface FromVendor {
  /** The vendor's own stamp of this state: of two states the later one counts, in whichever order they arrive. */
  vendorUpdatedAt: Date;
}

export interface StoredOrganization extends FromVendor {
  id: OrgId;
  name: string;
  state: "active" | "deleted";
}

export interface StoredMembership extends FromVendor {
  id: string;
  workosUserId: string;
  orgId: OrgId;
  role: string;
  state: "active" | "inactive" | "pending" | "deleted";
}

export interface OrganizationsRepository {
  organization(id: OrgId): Promise<StoredOrganization | null>;
  /** False where what is kept is as new, or deleted. */
  keepOrganization(organization: StoredOrganization, now: Date): Promise<boolean>;
  activeOrganizations(limit: number): Promise<OrgId[]>;
  membership(id: string): Promise<StoredMembership | null>;
  /** In order of their ids, deleted ones too. */
  membersOf(orgId: OrgId, limit: number): Promise<StoredMembership[]>;
  /** Active ones in order of their ids, after `after`. */
  activeMembers(orgId: OrgId, page: { limit: number; after: string | null }): Promise<StoredMembership[]>;
  membershipsOf(workosUserId: string, orgId?: OrgId): Promise<StoredMembership[]>;
  /** Which of these people are active members. */
  activeAmong(orgId: OrgId, workosUserIds: string[]): Promise<string[]>;
  keepMembership(membership: StoredMembership, now: Date): Promise<boolean>;
}
