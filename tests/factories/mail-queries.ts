// Queries about who gets which emails, with whatever they find.
import type mongoose from "mongoose";
import { createMailSettingsRepository } from "../../server/modules/mail/mail.settings.repository.mongo.ts";
import type { Actor } from "../../shared/actor.ts";
import { testCipher } from "./cipher.ts";

export async function mailSettingsOf(
  connection: mongoose.Connection,
  { userId, email }: Pick<Actor, "userId" | "email">,
  now: Date,
): Promise<void> {
  const settings = createMailSettingsRepository(connection, testCipher);
  await settings.switchList(userId, "recap", { off: true, now });
  await settings.switchedOff(userId);
  await settings.addBounce(email, { reason: "X", at: now });
  await settings.bounceOf(email);
  await settings.liftBounce(email);
}
