// The live matching queue as people meet it: for whom one asks, who is proposed and why, and what came of it.
import { z } from "zod";
import { fileIdSchema, meetingIdSchema, userIdSchema } from "../ids.ts";
import { limits } from "../limits.ts";
import { canonicalTopics } from "../topics.ts";
import { requiredText, timestampSchema } from "./common.ts";

export const matchingRoles = ["peer", "coach", "coachee"] as const;
export const matchingRoleSchema = z.enum(matchingRoles);
export type MatchingRole = z.infer<typeof matchingRoleSchema>;

const rolesSchema = z
  .array(matchingRoleSchema)
  .max(matchingRoles.length)
  .transform((roles) => matchingRoles.filter((role) => roles.includes(role)));

/** What is asked of the other one; each counts only where it says something. */
export const matchingConstraintsSchema = z.object({
  /** At least one of these topics is among the other's. */
  interests: z
    .array(requiredText(limits.topicMaxChars))
    .max(limits.topicsMaxItems)
    .transform(canonicalTopics)
    .default([]),
  /** The other is here in one of these roles. */
  roles: rolesSchema.default([]),
  /** `any`: also people of other organisations, who then see one's name and topics. */
  organization: z.enum(["own", "any"]).default("own"),
});
export type MatchingConstraints = z.infer<typeof matchingConstraintsSchema>;

export const enterMatchingSchema = z.object({
  /** Now, where it is not given. */
  availableFrom: timestampSchema.optional(),
  availableTo: timestampSchema,
  /** In which one is here oneself. */
  roles: rolesSchema.refine((roles) => roles.length > 0, "must name at least one role").default(["peer"]),
  constraints: matchingConstraintsSchema.prefault({}),
});
export type EnterMatching = z.infer<typeof enterMatchingSchema>;

/** Two stays in the queue, as `<id>-<id>`. */
export const proposalIdSchema = z.string().regex(/^[0-9a-f]{24}-[0-9a-f]{24}$/);

export const matchedPersonSchema = z.object({
  userId: userIdSchema,
  displayName: z.string(),
  /** These two are null for people of other organisations. */
  photo: fileIdSchema.nullable(),
  bio: z.string().nullable(),
  interests: z.array(z.string()),
  offers: z.array(z.string()),
  seeks: z.array(z.string()),
});
export type MatchedPerson = z.infer<typeof matchedPersonSchema>;

export const matchingProposalSchema = z.object({
  id: proposalIdSchema,
  with: matchedPersonSchema,
  /** In sentences, the strongest first. */
  reasons: z.array(z.string()),
  /** When the two would meet. */
  startsAt: timestampSchema,
  accepted: z.boolean(),
  acceptedByThem: z.boolean(),
  expiresAt: timestampSchema,
});
export type MatchingProposal = z.infer<typeof matchingProposalSchema>;

export const ownMatchingSchema = z.object({
  /** `elsewhere`: one waits, but from another organisation than the session is in now. */
  status: z.enum(["none", "waiting", "elsewhere", "matched", "expired", "cancelled"]),
  since: timestampSchema.nullable(),
  availableFrom: timestampSchema.nullable(),
  availableTo: timestampSchema.nullable(),
  /** As they were given last. */
  roles: z.array(matchingRoleSchema),
  constraints: matchingConstraintsSchema,
  /** Null where nothing can be said. */
  estimateSeconds: z.number().int().nullable(),
  /** How many of the others who wait fit now. */
  fitting: z.number().int(),
  /** Why there is nobody, or few: what each change of one's own wishes would bring, in sentences. */
  widen: z.array(z.string()),
  proposals: z.array(matchingProposalSchema),
  match: z
    .object({
      with: matchedPersonSchema,
      /** Null for the moment in which it is being made. */
      meetingId: meetingIdSchema.nullable(),
      startsAt: timestampSchema,
    })
    .nullable(),
});
export type OwnMatching = z.infer<typeof ownMatchingSchema>;
