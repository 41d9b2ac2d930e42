// People as others meet them: what they tell of themselves, how two of them stand to each other, and finding them.
import { z } from "zod";
import { fileIdSchema, userIdSchema } from "../ids.ts";
import { limits } from "../limits.ts";
import { canonicalTopics } from "../topics.ts";
import { weekRangeSchema, weekSchema } from "../week.ts";
import { pageOf, pageQuerySchema, plainText, requiredText, timeZoneSchema } from "./common.ts";

const topicSchema = requiredText(limits.topicMaxChars).refine(
  (value) => !/[\r\n\t]/.test(value),
  "must be one line",
);
const topicsSchema = z.array(topicSchema).max(limits.topicsMaxItems).transform(canonicalTopics);

/** A language as BCP 47 has it, in its usual spelling: `de`, `pt-BR`. */
export const languageSchema = z
  .string()
  .min(2)
  .max(35)
  .transform((value, context) => {
    try {
      const [canonical] = Intl.getCanonicalLocales(value);
      if (canonical !== undefined) return canonical;
    } catch {
      // Said below.
    }
    context.addIssue({ code: "custom", message: "must be a language tag such as de or pt-BR" });
    return z.NEVER;
  });

const languagesSchema = z
  .array(languageSchema)
  .max(limits.languagesMaxItems)
  .transform((values) => [...new Set(values)]);

const text = z.string().nullable();

/** One's own, for editing. */
export const profileSchema = z.object({
  userId: userIdSchema,
  displayName: z.string(),
  photo: fileIdSchema.nullable(),
  bio: text,
  goals: text,
  experience: text,
  interests: z.array(z.string()),
  offers: z.array(z.string()),
  seeks: z.array(z.string()),
  languages: z.array(z.string()),
  timeZone: text,
  workingHours: z.array(weekRangeSchema),
});
export type Profile = z.infer<typeof profileSchema>;

const longText = plainText(limits.profileTextMaxChars);

/** Empty texts and lists take back what was said. */
export const updateProfileSchema = z
  .object({
    displayName: requiredText(limits.nameMaxChars),
    bio: longText,
    goals: longText,
    experience: longText,
    interests: topicsSchema,
    offers: topicsSchema,
    seeks: topicsSchema,
    languages: languagesSchema,
    timeZone: timeZoneSchema,
    workingHours: weekSchema,
  })
  .partial();
export type UpdateProfile = z.infer<typeof updateProfileSchema>;

/**
 * How somebody stands to the reader: `outgoing` the reader has asked them, `incoming` they have asked the reader. Whoever
 * declined a request is shown to the one who asked as if they had not answered.
 */
export const connectionStateSchema = z.enum(["self", "none", "outgoing", "incoming", "connected"]);
export type ConnectionState = z.infer<typeof connectionStateSchema>;

export const personSummarySchema = z.object({
  userId: userIdSchema,
  displayName: z.string(),
  photo: fileIdSchema.nullable(),
  interests: z.array(z.string()),
  offers: z.array(z.string()),
  connection: connectionStateSchema,
});
export type PersonSummary = z.infer<typeof personSummarySchema>;

/** `goals` are for those whom the person is connected with; null for everybody else. */
export const personSchema = profileSchema.extend({ connection: connectionStateSchema });
export type Person = z.infer<typeof personSchema>;

export const searchPeopleSchema = pageQuerySchema.extend({
  q: z.string().max(limits.peopleSearchMaxChars).default(""),
});
export type SearchPeople = z.infer<typeof searchPeopleSchema>;
/** A page may be short, or empty, and still lead on. */
export const peoplePageSchema = pageOf(personSummarySchema);

export const connectionActions = [
  "request",
  "withdraw",
  "accept",
  "decline",
  "end",
  "block",
  "unblock",
] as const;
export const changeConnectionSchema = z.object({ action: z.enum(connectionActions) });
export type ConnectionAction = (typeof connectionActions)[number];

export const blockedPersonSchema = personSummarySchema.pick({ userId: true, displayName: true });

export const connectionsSchema = z.object({
  incoming: z.array(personSummarySchema),
  outgoing: z.array(personSummarySchema),
  connected: z.array(personSummarySchema),
  /** By the reader; nobody learns who has blocked them. */
  blocked: z.array(blockedPersonSchema),
});
export type Connections = z.infer<typeof connectionsSchema>;
