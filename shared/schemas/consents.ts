// Consent: what a person has agreed to, for which meeting or as their default, and the ledger of how that came about.
import { z } from "zod";
import { meetingIdSchema, userIdSchema } from "../ids.ts";
import { timestampSchema } from "./common.ts";

export const consentPurposeSchema = z.enum(["captions", "recording", "ai", "sharing"]);
export type ConsentPurpose = z.infer<typeof consentPurposeSchema>;

/** A refusal and a consent that was taken back are the same from then on. */
export const consentAnswerSchema = z.enum(["given", "refused"]);
export type ConsentAnswer = z.infer<typeof consentAnswerSchema>;

export const decideConsentSchema = z.object({
  purpose: consentPurposeSchema,
  answer: consentAnswerSchema,
  /** The number of the wording that was shown; another one than the present is refused. */
  wording: z.number().int().min(1).max(1_000),
});
export type DecideConsent = z.infer<typeof decideConsentSchema>;

export const consentStandingSchema = z.object({
  purpose: consentPurposeSchema,
  /** Null: the person has not been asked, or has not answered. */
  answer: consentAnswerSchema.nullable(),
  /** Whether it was said for this meeting or comes from the person's default; null with no answer. */
  from: z.enum(["meeting", "default"]).nullable(),
  at: timestampSchema.nullable(),
  /** The number of the wording that was answered; null with no answer. */
  wording: z.number().int().nullable(),
});
export type ConsentStanding = z.infer<typeof consentStandingSchema>;

export const consentDefaultsSchema = z.object({ defaults: z.array(consentStandingSchema) });

export const meetingConsentsSchema = z.object({
  meetingId: meetingIdSchema,
  /** The reader's own, one a purpose. */
  mine: z.array(consentStandingSchema),
  /** Whether each host and participant lets their words be written down, as everybody in the call should know. */
  captions: z.array(z.object({ userId: userIdSchema, answer: consentAnswerSchema.nullable() })),
  /** How many hosts and participants have not agreed that observers watch; observers see nothing before it is 0. */
  observersWaitFor: z.number().int().min(0),
});
export type MeetingConsents = z.infer<typeof meetingConsentsSchema>;

export const consentEntrySchema = z.object({
  /** Rises by one within a meeting, or within the defaults. */
  number: z.number().int().min(1),
  meetingId: meetingIdSchema.nullable(),
  purpose: consentPurposeSchema,
  answer: consentAnswerSchema,
  at: timestampSchema,
  /** What the person was shown, word by word. */
  shown: z.string(),
});
export type ConsentEntry = z.infer<typeof consentEntrySchema>;
