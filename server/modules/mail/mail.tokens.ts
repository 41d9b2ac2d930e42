// The signed part of an unsubscribe link: who and which emails, proof that we wrote it, and no end of validity.
import { createHmac, timingSafeEqual } from "node:crypto";
import { userIdSchema, type UserId } from "../../../shared/ids.ts";
import { mailListSchema, type MailList } from "../../../shared/schemas/mail.ts";

export interface Subscription {
  userId: UserId;
  list: MailList;
}

/** The link works as long as the email that holds it is kept: RFC 8058 asks for links that need no sign-in. */
export function createMailTokens(key: Buffer) {
  const signatureOf = (subject: string) => createHmac("sha256", key).update(subject).digest();

  return {
    tokenOf({ userId, list }: Subscription): string {
      const subject = `${userId}.${list}`;
      return `${subject}.${signatureOf(subject).toString("base64url")}`;
    },

    /** Null where we have not made it. */
    read(token: string): Subscription | null {
      const [userId, list, signature, ...more] = token.split(".");
      if (signature === undefined || more.length > 0) return null;
      const given = Buffer.from(signature, "base64url");
      const expected = signatureOf(`${userId}.${list}`);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
      const found = { userId: userIdSchema.safeParse(userId), list: mailListSchema.safeParse(list) };
      return found.userId.success && found.list.success
        ? { userId: found.userId.data, list: found.list.data }
        : null;
    },
  };
}

export type MailTokens = ReturnType<typeof createMailTokens>;
