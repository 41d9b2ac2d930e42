// Whose the documents of the career pipeline are: one person's, in the organisation in which they made them.
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { OrgId, UserId } from "../../../shared/ids.ts";

/** Every document of the pipeline holds both, and every query by a person asks for both. */
export interface CareerOwner {
  userId: UserId;
  /** Null for people who belong to no organisation. */
  orgId: OrgId | null;
}

/**
 * Nobody else finds what is theirs: no administrator, no operator, and not they themselves from another organisation.
 * Throws FORBIDDEN to whoever acts as them.
 */
export function ownerOf({ userId, orgId, impersonator }: Actor): CareerOwner {
  if (impersonator !== undefined)
    throw new AppError("FORBIDDEN", "This is for the person alone: it is closed to whoever acts as them.");
  return { userId, orgId };
}
