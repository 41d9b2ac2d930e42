// Waiting for a meeting's recap and reading its emails.
import type { Actor } from "../../shared/actor.ts";
import type { MeetingId } from "../../shared/ids.ts";
import { recapSchema, type Recap } from "../../shared/schemas/insights.ts";
import type { Mail } from "../../shared/schemas/mail.ts";
import type { Coaching } from "./coaching.ts";

/** Resolves once the recap has this status and its email of the reader is where it can be. */
export async function recapWhen(
  house: Coaching,
  reader: Actor,
  id: MeetingId,
  fits: (recap: Recap) => boolean,
): Promise<Recap> {
  for (;;) {
    const changed = Promise.race([house.next("recap.changed"), house.next("mail.changed")]);
    const recap = await house.insights.recap(reader, id);
    if (fits(recap)) return recapSchema.parse(recap);
    await changed;
  }
}

export const delivered = (recap: Recap) => recap.status === "ready" && recap.delivery === "sent";

export async function recapMails(house: Coaching, reader: Actor): Promise<Mail[]> {
  const { items } = await house.mail.list(reader, { limit: 50 });
  return Promise.all(
    items.filter(({ kind }) => kind === "recap").map(({ id }) => house.mail.get(reader, id)),
  );
}

/** Everything in the one recap email that the reader has; throws where there is none, or another. */
export async function theRecapEmail(house: Coaching, reader: Actor): Promise<string> {
  const [mail, ...rest] = await recapMails(house, reader);
  if (mail === undefined || rest.length > 0) throw new Error("one recap email is expected");
  return [mail.subject, mail.text, mail.html].join(" ");
}
