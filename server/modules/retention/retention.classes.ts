// What has a term, and what people are told of everything that is kept.
import {
  retentionKinds,
  type RetentionKind,
  type RetentionTerms,
} from "../../../shared/schemas/retention.ts";
import type { KindDays } from "./retention.policies.ts";

/** Kept by their own age, in the whole installation; kinds of meetings are kept by the meeting's end. */
export const retentionClasses = ["emails", "prompts", "auditOrigins"] as const;
export type RetentionClass = (typeof retentionClasses)[number];

/** In days; null keeps it for good. */
export type RetentionDays = Readonly<Record<RetentionClass | "auditEntries", number | null>>;

const words: Record<RetentionClass | "auditEntries", string> = {
  emails: "Emails to you, in your outbox here",
  prompts: "Prompts that were shown during a call, from when they were made",
  auditOrigins: "From where you did something (address and program), in the audit log",
  auditEntries: "What you did, in the audit log",
};

const kindWords: Record<RetentionKind, string> = {
  transcript: "Transcripts of calls, after their end",
  chat: "Chat with its files, after the call",
  notes: "Notes of every layer with their history, after the call",
  prompts: "Prompts, after the call",
  recaps: "Recaps and commitments that are done, after the call",
  reviews: "Reviews for coaches, after the call",
  ratings: "Ratings, after the call",
};

/** Terms that are no setting; each stands where it is kept. */
const others: RetentionTerms["items"] = [
  { what: "That you were in a call, and your decisions about consent", days: null },
  { what: "Sign-ins, after they were last used", days: 30 },
  { what: "An export of your data", days: 7 },
  { what: "Answers to requests, in case one is repeated", days: 1 },
];

export function termsOf(days: RetentionDays, kinds: KindDays): RetentionTerms["items"] {
  return [
    ...retentionKinds.map((kind) => ({ what: kindWords[kind], days: kinds[kind] })),
    ...others,
    ...([...retentionClasses, "auditEntries"] as const).map((name) => ({
      what: words[name],
      days: days[name],
    })),
  ];
}
