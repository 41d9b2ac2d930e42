// What the mail module asks of its store beside the emails: who wants which kinds, and which addresses take none.
import type { UserId } from "../../../shared/ids.ts";
import type { MailList } from "../../../shared/schemas/mail.ts";

export interface Bounce {
  /** Such as `SMTP_550` or `DSN_5.1.1`. */
  reason: string;
  at: Date;
}

export interface MailSettingsRepository {
  /** Which lists the person has switched off. */
  switchedOff(userId: UserId): Promise<MailList[]>;
  /** True where that changed anything. */
  switchList(userId: UserId, list: MailList, change: { off: boolean; now: Date }): Promise<boolean>;
  /** By address; null where it takes emails. */
  bounceOf(email: string): Promise<Bounce | null>;
  /** Keeps the first reason. */
  addBounce(email: string, bounce: Bounce): Promise<void>;
  /** True where there was one. */
  liftBounce(email: string): Promise<boolean>;
}
