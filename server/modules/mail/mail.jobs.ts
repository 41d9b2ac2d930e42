// The delivery of one stored email: marked before it is handed over, recorded after.
import { z } from "zod";
import { AppError } from "../../../shared/errors.ts";
import { mailIdSchema, type MailId } from "../../../shared/ids.ts";
import { defineJob } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { Mailbox, MailTransport } from "../../vendors/mail/index.ts";
import type { MailRepository, StoredMail } from "./mail.repository.ts";
import { listOf, type Subscriptions } from "./mail.subscriptions.ts";

const minuteMs = 60_000;
/** About seven hours from the first try to the last. */
const waitsMs = [10_000, 30_000, 2 * minuteMs, 5 * minuteMs, 15 * minuteMs, 60 * minuteMs, 300 * minuteMs];

/** Jobs of before there were editions name none: theirs is the first. */
const payloadSchema = z.object({ mailId: mailIdSchema, edition: z.number().int().min(0).default(0) });
/** More than a job is ever claimed: what a later edition marks outranks whatever runs for an earlier one. */
const claimsMost = 1_000_000;

export interface DeliverMailOptions {
  repository: MailRepository;
  transport: MailTransport;
  from: Mailbox;
  clock: Clock;
  bus: EventBus;
  logger: Logger;
  metrics: Metrics;
  mayGo: (mail: StoredMail) => Promise<boolean>;
  subscriptions: Pick<Subscriptions, "obstacle" | "linkFor" | "refusedBySmtp">;
}

/**
 * A crash between the server's acceptance and our record repeats the delivery with the same Message-ID, by which
 * receivers know it as the same email; nothing else sends an email twice.
 */
export function createDeliverMail(options: DeliverMailOptions) {
  const { repository, transport, from, clock, bus, logger, metrics, mayGo, subscriptions } = options;
  const outcomes = metrics.counter("mails_total", "Emails by kind and outcome", ["kind", "outcome"]);

  const tell = (mail: StoredMail) =>
    bus.publish("mail.changed", { mailId: mail.id, toEmail: mail.toEmail, userId: mail.toUserId });

  async function giveUp(mail: StoredMail, errorCode: string, fence: number | null): Promise<void> {
    const now = clock.now();
    if (!(await repository.recordFailure(mail.id, { fence, errorCode, final: true, now }))) return;
    outcomes.inc({ kind: mail.kind, outcome: "failed" });
    logger.warn({ mailId: mail.id, kind: mail.kind, code: errorCode }, "email failed");
    tell(mail);
  }

  function unsubscribeOf({ kind, toUserId }: StoredMail): string | null {
    const list = listOf(kind);
    return list === null || toUserId === null ? null : subscriptions.linkFor({ list, userId: toUserId });
  }

  async function queuedMail(mailId: MailId, edition: number): Promise<StoredMail | null> {
    const mail = await repository.find(mailId);
    return mail?.status === "queued" && mail.edition === edition ? mail : null;
  }

  return defineJob({
    name: "mail.deliver",
    payload: payloadSchema,
    maxAttempts: waitsMs.length + 1,
    // Renewed while it runs: what a killed process was about to hand over is taken up so soon.
    leaseMs: 20_000,
    backoffMs: (attempt) => waitsMs[attempt - 1] ?? 0,

    async run({ mailId, edition }, { fence: claim, signal }) {
      const fence = edition * claimsMost + claim;
      const mail = await queuedMail(mailId, edition);
      // Whoever holds it back queues it again.
      if (mail === null || !(await mayGo(mail))) return;
      // A run that was taken over must not send beside the one that took it over.
      signal.throwIfAborted();
      if (mail.until !== null && mail.until <= clock.now()) return await giveUp(mail, "TOO_LATE", null);
      const obstacle = await subscriptions.obstacle(mail);
      if (obstacle !== null) {
        const { status, reason: errorCode } = obstacle;
        if (!(await repository.recordWithheld(mail.id, { status, errorCode, now: clock.now() }))) return;
        outcomes.inc({ kind: mail.kind, outcome: status });
        return tell(mail);
      }
      if (!(await repository.beginAttempt(mail.id, fence, clock.now()))) return;
      let delivery;
      try {
        delivery = await transport.deliver({
          messageId: mail.messageId,
          from,
          to: { name: mail.toName, address: mail.toEmail },
          subject: mail.subject,
          html: mail.html,
          text: mail.text,
          attachments: mail.attachments,
          unsubscribe: unsubscribeOf(mail),
        });
      } catch (error) {
        const failure = { fence, errorCode: failureCode(error), final: false, now: clock.now() };
        if (await repository.recordFailure(mail.id, failure)) tell(mail);
        throw error;
      }
      if (delivery.outcome === "refused") {
        if (delivery.addressGone) await subscriptions.refusedBySmtp(mail.toEmail, delivery.reason);
        return giveUp(mail, delivery.reason, fence);
      }
      const recorded = await repository.recordDelivered(mail.id, {
        status: delivery.outcome,
        now: clock.now(),
      });
      if (!recorded) return;
      outcomes.inc({ kind: mail.kind, outcome: delivery.outcome });
      tell(mail);
    },

    async onDead({ mailId, edition }, code) {
      const mail = await queuedMail(mailId, edition);
      if (mail !== null) await giveUp(mail, mail.errorCode ?? code, null);
    },
  });
}

function failureCode(error: unknown): string {
  const reason = z.object({ reason: z.string().max(60) });
  const details = error instanceof AppError ? reason.safeParse(error.details) : null;
  return details?.success === true ? details.data.reason : "DELIVERY_FAILED";
}
