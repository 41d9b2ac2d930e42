// Who gets which emails: the switch in the product, the link in each email, and addresses that take none.
import type { Actor } from "../../../shared/actor.ts";
import { isErasedEmail } from "../../../shared/erased.ts";
import { AppError } from "../../../shared/errors.ts";
import { mailIdSchema, type UserId } from "../../../shared/ids.ts";
import { defaultEmailLanguage, type EmailLanguage } from "../../../shared/schemas/languages.ts";
import {
  mailListSchema,
  type MailKind,
  type MailList,
  type MailSettings,
} from "../../../shared/schemas/mail.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Metrics } from "../../platform/metrics.ts";
import { isAboutAddress, readDeliveryStatus } from "../../vendors/mail/index.ts";
import type { AuditService } from "../audit/index.ts";
import type { UsersService } from "../users/index.ts";
import type { MailRepository } from "./mail.repository.ts";
import type { MailSettingsRepository } from "./mail.settings.ts";
import type { MailTokens, Subscription } from "./mail.tokens.ts";
import { unknownLinkPage, unsubscribePage, type UnsubscribeStep } from "./mail.unsubscribe-page.ts";

export interface SubscriptionsOptions {
  repository: Pick<MailRepository, "find" | "recordBounce">;
  settings: MailSettingsRepository;
  tokens: MailTokens;
  users: Pick<UsersService, "byIds">;
  audit: Pick<AuditService, "record">;
  clock: Clock;
  bus: EventBus;
  metrics: Metrics;
  publicUrl: () => string;
}

/** The list that a kind of email belongs to; null for those that somebody waits for, which cannot be switched off. */
export function listOf(kind: MailKind): MailList | null {
  return mailListSchema.safeParse(kind).data ?? null;
}

export function createSubscriptions(options: SubscriptionsOptions) {
  const { repository, settings, tokens, users, audit, clock, bus, publicUrl } = options;
  const bounced = options.metrics.counter(
    "mail_bounces_total",
    "Addresses and emails that were reported as undeliverable, by how we heard of it",
    ["heard"],
  );

  const pathOf = (subscription: Subscription) => `/unsubscribe/${tokens.tokenOf(subscription)}`;

  async function switchList(
    { userId, list }: Subscription,
    off: boolean,
    actor: Actor | null,
  ): Promise<void> {
    if (!(await settings.switchList(userId, list, { off, now: clock.now() }))) return;
    await audit.record({
      actorUserId: userId,
      resourceType: "user",
      resourceId: userId,
      action: "mail.change-list",
      outcome: "done",
      metadata: { list, subscribed: !off, by: actor === null ? "link" : "settings" },
    });
  }

  async function languageOf(userId: UserId): Promise<EmailLanguage> {
    const [person] = await users.byIds([userId]);
    return person?.language ?? defaultEmailLanguage;
  }

  async function settingsOf(actor: Actor): Promise<MailSettings> {
    const [off, bounce] = await Promise.all([
      settings.switchedOff(actor.userId),
      settings.bounceOf(actor.email),
    ]);
    return {
      lists: mailListSchema.options.map((list) => ({ list, subscribed: !off.includes(list) })),
      bouncedAt: bounce?.at.toISOString() ?? null,
    };
  }

  /** The page after one step; a link that we have not made changes nothing. */
  async function step(token: string, to: UnsubscribeStep): Promise<string> {
    const subscription = tokens.read(token);
    if (subscription === null) return unknownLinkPage(defaultEmailLanguage);
    if (to !== "ask") await switchList(subscription, to === "stopped", null);
    const off = (await settings.switchedOff(subscription.userId)).includes(subscription.list);
    return unsubscribePage(to === "ask" && off ? "stopped" : to, {
      language: await languageOf(subscription.userId),
      path: pathOf(subscription),
    });
  }

  return {
    linkFor: (subscription: Subscription) => `${publicUrl()}${pathOf(subscription)}`,
    settingsOf,
    step,

    async change(actor: Actor, { list, subscribed }: { list: MailList; subscribed: boolean }) {
      await switchList({ userId: actor.userId, list }, !subscribed, actor);
      return await settingsOf(actor);
    },

    async liftBounce(actor: Actor) {
      if (await settings.liftBounce(actor.email))
        await audit.record({
          actorUserId: actor.userId,
          resourceType: "user",
          resourceId: actor.userId,
          action: "mail.retry-address",
          outcome: "done",
        });
      return await settingsOf(actor);
    },

    /** Why nothing may be handed over now; null where it may. */
    async obstacle(mail: { kind: MailKind; toUserId: UserId | null; toEmail: string }) {
      if (isErasedEmail(mail.toEmail)) return { status: "bounced", reason: "ADDRESS_BOUNCED" } as const;
      const list = listOf(mail.kind);
      if (list !== null && mail.toUserId !== null)
        if ((await settings.switchedOff(mail.toUserId)).includes(list))
          return { status: "unsubscribed", reason: "UNSUBSCRIBED" } as const;
      const bounce = await settings.bounceOf(mail.toEmail);
      return bounce === null ? null : ({ status: "bounced", reason: "ADDRESS_BOUNCED" } as const);
    },

    async refusedBySmtp(email: string, reason: string) {
      await settings.addBounce(email, { reason, at: clock.now() });
      bounced.inc({ heard: "smtp" });
    },

    /** Takes a report about an email of ours; what is about another's, or about nothing, changes nothing. */
    async takeBounce(message: string): Promise<{ recorded: number }> {
      const report = readDeliveryStatus(message);
      if (report === null)
        throw new AppError("VALIDATION_ERROR", "This is no delivery status notification (RFC 3464).");
      const mailId = mailIdSchema.safeParse(/^<([0-9a-f]{24})@/.exec(report.messageId ?? "")?.[1]).data;
      const mail = mailId === undefined ? null : await repository.find(mailId);
      // An address is believed to be gone only in a report about an email that went to it.
      if (mail === null || mail.messageId !== report.messageId) return { recorded: 0 };
      const about = report.recipients.find(
        ({ address, action }) => action === "failed" && address === mail.toEmail.toLowerCase(),
      );
      if (about === undefined || !about.status.startsWith("5.")) return { recorded: 0 };
      const reason = `DSN_${about.status}`;
      if (!(await repository.recordBounce(mail.id, { errorCode: reason, now: clock.now() })))
        return { recorded: 0 };
      if (isAboutAddress({ code: null, status: about.status }))
        await settings.addBounce(mail.toEmail, { reason, at: clock.now() });
      bounced.inc({ heard: "report" });
      bus.publish("mail.changed", { mailId: mail.id, toEmail: mail.toEmail, userId: mail.toUserId });
      return { recorded: 1 };
    },
  };
}

export type Subscriptions = ReturnType<typeof createSubscriptions>;
