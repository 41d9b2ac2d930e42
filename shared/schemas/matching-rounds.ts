// Rounds of pairing in an organisation: who takes part, when, who meets whom, and the weights by which that is decided.
import { z } from "zod";
import { meetingIdSchema, userIdSchema } from "../ids.ts";
import { limits } from "../limits.ts";
import { requiredText, timestampSchema, timeZoneSchema } from "./common.ts";

export const pairingLimits = {
  groups: 50,
  /** In one group: every two of them are compared. */
  people: 500,
  placesOfCoach: 20,
  everyWeeks: 26,
  withinDays: 14,
  publishHours: 14 * 24,
  remindHours: 14 * 24,
  historyRounds: 30,
} as const;

export const pairingGroupIdSchema = z.string().regex(/^[0-9a-f]{24}$/, "must be an id");
/** Group and number. */
export const pairingRoundIdSchema = z.string().regex(/^[0-9a-f]{24}-[1-9]\d{0,5}$/, "must be a round's id");

/** Peers meet in couples, and in threes where somebody is left over; coachees get a coach who has a place. */
export const pairingKindSchema = z.enum(["peer", "coaching"]);
export type PairingKind = z.infer<typeof pairingKindSchema>;

export const pairingRoleSchema = z.enum(["peer", "coach", "coachee"]);
export type PairingRole = z.infer<typeof pairingRoleSchema>;

export const pairingMemberSchema = z.object({
  userId: userIdSchema,
  role: pairingRoleSchema,
  /** How many coachees a coach takes in a round; of others it says nothing. */
  places: z.number().int().min(1).max(pairingLimits.placesOfCoach).default(1),
});
export type PairingMember = z.infer<typeof pairingMemberSchema>;

export const pairingScheduleSchema = z.object({
  /** By the calendar of the zone. */
  firstDay: z.iso.date(),
  /** By the clock there. */
  atMinute: z
    .number()
    .int()
    .min(0)
    .max(24 * 60 - 15)
    .refine((minute) => minute % 15 === 0, "must be a whole quarter of an hour"),
  timeZone: timeZoneSchema,
  /** 0: one round alone. */
  everyWeeks: z.number().int().min(0).max(pairingLimits.everyWeeks),
  /** 0: everybody meets at that hour; otherwise each pair at the first time that suits both within so many days. */
  withinDays: z.number().int().min(0).max(pairingLimits.withinDays),
  durationMinutes: z
    .number()
    .int()
    .min(15)
    .max(limits.slotMaxMinutes)
    .refine((minutes) => minutes % 15 === 0, "must be a multiple of 15 minutes"),
  /** So long before its beginning a round is published. */
  publishHours: z.number().int().min(1).max(pairingLimits.publishHours),
  /** So long before that people are told that they may stay out. */
  remindHours: z.number().int().min(1).max(pairingLimits.remindHours),
  /** Published by itself, or only when an administrator says so. */
  automatic: z.boolean(),
});
export type PairingSchedule = z.infer<typeof pairingScheduleSchema>;

const groupShape = {
  name: requiredText(100),
  kind: pairingKindSchema,
  /** All active members of the organisation, instead of those named. For peers alone. */
  everybody: z.boolean(),
  members: z.array(pairingMemberSchema).max(pairingLimits.people),
  schedule: pairingScheduleSchema,
};
type GroupShape = z.infer<z.ZodObject<typeof groupShape>>;

function rolesFit({ kind, everybody, members }: Pick<GroupShape, "kind" | "everybody" | "members">): boolean {
  if (kind === "peer") return members.every(({ role }) => role === "peer");
  return !everybody && members.every(({ role }) => role !== "peer");
}
function namedOnce({ members }: Pick<GroupShape, "members">): boolean {
  return new Set(members.map(({ userId }) => userId)).size === members.length;
}
const rolesSentence =
  "peers make a group of peers; coaches and coachees, each of them named, one of coaching";
const onceSentence = "must name everybody once";

export const createPairingGroupSchema = z
  .object(groupShape)
  .refine(rolesFit, rolesSentence)
  .refine(namedOnce, onceSentence);
export type CreatePairingGroup = z.infer<typeof createPairingGroupSchema>;

export const changePairingGroupSchema = z
  .object({
    ...groupShape,
    /** As it was read: a change that was made of something older is refused. */
    version: z.number().int().min(1),
    /** A group that rests has no further rounds until it is woken. */
    active: z.boolean(),
  })
  .refine(rolesFit, rolesSentence)
  .refine(namedOnce, onceSentence);
export type ChangePairingGroup = z.infer<typeof changePairingGroupSchema>;

/** `publishing`: its pairs are fixed and their meetings are being made. */
export const pairingRoundStateSchema = z.enum(["planned", "publishing", "published", "skipped"]);
export type PairingRoundState = z.infer<typeof pairingRoundStateSchema>;

export const pairingRoundSummarySchema = z.object({
  id: pairingRoundIdSchema,
  number: z.number().int(),
  state: pairingRoundStateSchema,
  startsAt: timestampSchema,
  publishAt: timestampSchema,
  /** Of those that were published. */
  figures: z
    .object({ people: z.number(), groups: z.number(), repeats: z.number(), alone: z.number() })
    .nullable(),
});
export type PairingRoundSummary = z.infer<typeof pairingRoundSummarySchema>;

export const pairingPersonSchema = z.object({ userId: userIdSchema, name: z.string() });
export type PairingPerson = z.infer<typeof pairingPersonSchema>;

export const pairingGroupSchema = z.object({
  id: pairingGroupIdSchema,
  version: z.number().int(),
  active: z.boolean(),
  ...groupShape,
  /** Names of those who are named; who has left is not among them. */
  people: z.array(pairingPersonSchema),
  /** The latest first. */
  rounds: z.array(pairingRoundSummarySchema),
});
export type PairingGroup = z.infer<typeof pairingGroupSchema>;

export const pairingGroupListSchema = z.object({
  groups: z.array(
    pairingGroupSchema.omit({ members: true, people: true, rounds: true }).extend({
      /** Of those who are named; null where it is everybody. */
      members: z.number().int().nullable(),
      next: pairingRoundSummarySchema.nullable(),
      last: pairingRoundSummarySchema.nullable(),
    }),
  ),
});
export type PairingGroupList = z.infer<typeof pairingGroupListSchema>;

export const pairingFactorSchema = z.enum([
  "complementarySkills",
  "sharedInterests",
  "vectorSimilarity",
  "historicalSuccess",
  "availabilityOverlap",
  "freshness",
  "serendipity",
]);
export type PairingFactor = z.infer<typeof pairingFactorSchema>;

export const pairingPairSchema = z.object({
  one: userIdSchema,
  other: userIdSchema,
  /** From 0 to 1. */
  score: z.number(),
  /** They were together in one of the last six rounds. */
  repeat: z.boolean(),
  /** What speaks for them, the strongest first: how much of the score each makes. */
  reasons: z.array(z.object({ factor: pairingFactorSchema, share: z.number() })),
});
export type PairingPair = z.infer<typeof pairingPairSchema>;

/** Why somebody meets nobody; what would bring them the most people where it is `nobody`. */
export const pairingAloneSchema = z.object({
  userId: userIdSchema,
  reason: z.enum(["opted-out", "full", "nobody"]),
  widen: z.array(
    z.object({
      constraint: z.enum(["organization", "languages", "roles", "interests", "availability"]),
      people: z.number().int(),
    }),
  ),
});
export type PairingAlone = z.infer<typeof pairingAloneSchema>;

export const pairingRoundSchema = pairingRoundSummarySchema.extend({
  groupId: pairingGroupIdSchema,
  groupName: z.string(),
  kind: pairingKindSchema,
  timeZone: z.string(),
  people: z.array(pairingPersonSchema),
  groups: z.array(
    z.object({
      people: z.array(userIdSchema),
      /** Null where they find a time themselves. */
      startsAt: timestampSchema.nullable(),
      pairs: z.array(pairingPairSchema),
      /** `void`: one of them was not to be met any more when the meeting was made. */
      state: z.enum(["planned", "making", "made", "void"]),
      meetingId: meetingIdSchema.nullable(),
    }),
  ),
  alone: z.array(pairingAloneSchema),
  /** Pairs that were not chosen, the heaviest first, for the picture; of a round that was published none. */
  others: z.array(z.object({ one: userIdSchema, other: userIdSchema, score: z.number() })),
  weightsVersion: z.number().int(),
  /** Names what is shown: who publishes says it, so that what is published is what was seen. Null where it is over. */
  fingerprint: z.string().nullable(),
});
export type PairingRound = z.infer<typeof pairingRoundSchema>;

export const publishRoundSchema = z.object({ fingerprint: z.string().min(1).max(100) });

const weight = z.number().min(0).max(1);
export const matchingWeightsSchema = z.object({
  version: z.number().int(),
  factors: z.record(pairingFactorSchema, weight),
  serendipityShare: weight,
  repeatPenalty: weight,
  repeatHalfLifeDays: z.number().positive(),
});

/** `old` and `learned` on outcomes that were not learned from: log loss in nats, less is better. */
export const learningReportSchema = z.object({
  verdict: z.enum(["too-few", "better", "worse", "undecided"]),
  training: z.object({ matches: z.number().int(), outcomes: z.number().int(), good: z.number().int() }),
  heldOut: z.object({ matches: z.number().int(), outcomes: z.number().int(), good: z.number().int() }),
  /** What there must be of each part at least. */
  needed: z.object({ training: z.number().int(), heldOut: z.number().int(), ofEach: z.number().int() }),
  from: timestampSchema.nullable(),
  splitAt: timestampSchema.nullable(),
  to: timestampSchema.nullable(),
  figures: z
    .object({
      logLoss: z.object({ old: z.number(), learned: z.number() }),
      auc: z.object({ old: z.number(), learned: z.number() }),
      /** Learned less old, with the middle 95 % of resampled matches. */
      logLossChange: z.object({ value: z.number(), low: z.number(), high: z.number() }),
      aucChange: z.object({ value: z.number(), low: z.number(), high: z.number() }),
      resamples: z.number().int(),
    })
    .nullable(),
  /** How many of the training outcomes knew the factor, and whether that was enough to learn its weight. */
  factors: z.array(
    z.object({
      factor: pairingFactorSchema,
      known: z.number().int(),
      learned: z.boolean(),
      old: weight,
      new: weight,
    }),
  ),
});
export type LearningReport = z.infer<typeof learningReportSchema>;

export const weightsSourceSchema = z.enum(["product", "learned", "revert"]);

export const weightsHistorySchema = z.object({
  current: matchingWeightsSchema,
  /** The latest first; version 0 is what the product comes with. */
  versions: z.array(
    z.object({
      weights: matchingWeightsSchema,
      source: weightsSourceSchema,
      /** Which version was gone back to. */
      revertedTo: z.number().int().nullable(),
      appliedBy: z.string().nullable(),
      appliedAt: timestampSchema.nullable(),
      /** What was known when they were applied. */
      report: learningReportSchema.nullable(),
    }),
  ),
  learning: z.object({
    state: z.enum(["none", "running", "done", "failed"]),
    id: z.string().nullable(),
    at: timestampSchema.nullable(),
    /** Of which version it says whether it is beaten. */
    against: z.number().int().nullable(),
    report: learningReportSchema.nullable(),
  }),
});
export type WeightsHistory = z.infer<typeof weightsHistorySchema>;

export const applyWeightsSchema = z.union([
  z.object({ version: z.number().int().min(0), learning: z.string().min(1).max(100) }),
  z.object({ version: z.number().int().min(0), revertTo: z.number().int().min(0) }),
]);
export type ApplyWeights = z.infer<typeof applyWeightsSchema>;

/** `next`: only for the round that comes. */
export const pairingStaySchema = z.enum(["in", "next", "always"]);
export type PairingStay = z.infer<typeof pairingStaySchema>;

export const ownPairingSchema = z.object({
  groups: z.array(
    z.object({
      id: pairingGroupIdSchema,
      name: z.string(),
      kind: pairingKindSchema,
      stay: pairingStaySchema,
      timeZone: z.string(),
      withinDays: z.number().int(),
      durationMinutes: z.number().int(),
      /** The round that comes, whose pairs are not fixed yet. */
      next: z.object({ startsAt: timestampSchema, fixedAt: timestampSchema }).nullable(),
      /** Whom they meet in the latest round that was published. */
      meeting: z
        .object({
          meetingId: meetingIdSchema,
          startsAt: timestampSchema.nullable(),
          people: z.array(pairingPersonSchema),
        })
        .nullable(),
    }),
  ),
});
export type OwnPairing = z.infer<typeof ownPairingSchema>;

export const changeStaySchema = z.object({ stay: pairingStaySchema });
