// One list out of the live newest emails and older pages read on request.
import type { MailSummary } from "../../../shared/schemas/mail.ts";

/** Each email once, the live version before the read one, newest first. */
export function mergeMails(live: readonly MailSummary[], older: readonly MailSummary[]): MailSummary[] {
  const byId = new Map<string, MailSummary>();
  for (const mail of [...older, ...live]) byId.set(mail.id, mail);
  return [...byId.values()].sort(
    (left, right) => right.createdAt.localeCompare(left.createdAt) || right.id.localeCompare(left.id),
  );
}
