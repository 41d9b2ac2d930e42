// The queries about emails and who gets which, with whatever they find.
import type { Connection } from "mongoose";
import { createMailRepository } from "../../server/modules/mail/mail.repository.mongo.ts";
import { createMailSettingsRepository } from "../../server/modules/mail/mail.settings.repository.mongo.ts";
import { systemIds } from "../../server/platform/ids.ts";
import type { Actor } from "../../shared/actor.ts";
import { mailIdSchema } from "../../shared/ids.ts";
import { testCipher } from "./cipher.ts";

/** Somebody to whom an email was written before. */
export async function makeMailQueries(
  connection: Connection,
  { userId, email }: Pick<Actor, "userId" | "email">,
  now: Date,
): Promise<void> {
  const repository = await createMailRepository(connection, testCipher);
  await repository.queued(10);
  const mailId = mailIdSchema.parse(systemIds.objectId());
  await repository.recordFailure(mailId, { fence: 1, errorCode: "X", final: true, now });
  await repository.recordFailure(mailId, { fence: null, errorCode: "X", final: true, now });
  const [known] = await repository.page({ userId, email }, { limit: 1, after: null });
  const found = known === undefined ? null : await repository.find(known.id);
  if (found === null) throw new Error("nobody was written to");
  await repository.insert({ ...found, id: mailId });
  await repository.recordWithheld(mailId, { status: "unsubscribed", errorCode: "X", now });
  await repository.recordBounce(mailId, { errorCode: "X", now });
  const attachments = [{ filename: "a.ics", contentType: "text/calendar", content: "BEGIN" }];
  await repository.replace(found.id, { ...found, edition: 1, attachments }, now);
  const settings = createMailSettingsRepository(connection, testCipher);
  await settings.switchList(userId, "recap", { off: true, now });
  await settings.switchedOff(userId);
  await settings.addBounce(email, { reason: "X", at: now });
  await settings.bounceOf(email);
  await settings.liftBounce(email);
}
