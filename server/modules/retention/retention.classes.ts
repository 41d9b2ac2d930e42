// What has a term, and what people are told of everything that is kept.
import type { RetentionTerms } from "../../../shared/schemas/retention.ts";

export const retentionClasses = ["emails", "prompts", "auditOrigins"] as const;
export type RetentionClass = (typeof retentionClasses)[number];

/** In days; null keeps it for good. */
export type RetentionDays = Readonly<Record<RetentionClass, number | null>>;

const words: Record<RetentionClass, string> = {
  emails: "Emails to you, in your outbox here",
  prompts: "Prompts that were shown during a call",
  auditOrigins: "From where you did something (address and program), in the audit log",
};

/** Terms that are no setting; each stands where it is kept. */
const others: RetentionTerms["items"] = [
  { what: "Calls, notes, transcripts, chat, recaps and ratings", days: null },
  { what: "Sign-ins, after they were last used", days: 30 },
  { what: "An export of your data", days: 7 },
  { what: "Answers to requests, in case one is repeated", days: 1 },
];

export function termsOf(days: RetentionDays): RetentionTerms["items"] {
  return [...others, ...retentionClasses.map((name) => ({ what: words[name], days: days[name] }))];
}
