// Outgoing email as use cases: stored first, handed over by a job, read by its addressee alone.
import type mongoose from "mongoose";
import { z } from "zod";
import type { Actor } from "../../../shared/actor.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import { mailIdSchema, type MailId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import { emailSchema } from "../../../shared/schemas/common.ts";
import type { Mail, MailKind, MailSummary } from "../../../shared/schemas/mail.ts";
import type { Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import { decodeCursor, encodeCursor } from "../../platform/cursor.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { FieldCipher } from "../../platform/privacy/field-cipher.ts";
import { headerText, isMailAddress, parseMailbox, type MailTransport } from "../../vendors/mail/index.ts";
import type { AuditService } from "../audit/index.ts";
import type { UsersService } from "../users/index.ts";
import type { MailAttachment, MailDraft, MailGuard, MailService } from "./index.ts";
import { createDeliverMail } from "./mail.jobs.ts";
import type { MailHeadline, StoredMail } from "./mail.repository.ts";
import { createMailRepository } from "./mail.repository.mongo.ts";
import { createMailSettingsRepository } from "./mail.settings.repository.mongo.ts";
import { createSubscriptions } from "./mail.subscriptions.ts";
import { createMailTokens } from "./mail.tokens.ts";

const bounds = {
  keyMaxChars: 200,
  htmlMaxBytes: 256 * 1024,
  textMaxBytes: 64 * 1024,
  attachmentsMax: 5,
  attachmentMaxBytes: 256 * 1024,
  contentTypeMaxChars: 120,
  queuedResumedAtStart: 5_000,
} as const;

export interface MailModuleOptions {
  connection: mongoose.Connection;
  cipher: FieldCipher;
  clock: Clock;
  ids: IdSource;
  bus: EventBus;
  jobs: Jobs;
  transport: MailTransport;
  logger: Logger;
  metrics: Metrics;
  /** `Name <address>` or an address. */
  mailFrom: string;
  users: Pick<UsersService, "byIds">;
  audit: Pick<AuditService, "record">;
  publicUrl: () => string;
}

/** Registers the delivery job and takes up emails that were stored just before a crash. */
export async function createMailModule(options: MailModuleOptions): Promise<MailService> {
  const { connection, clock, ids, bus, jobs, transport, logger, metrics, mailFrom } = options;
  const from = parseMailbox(mailFrom);
  if (from === null) throw new Error("MAIL_FROM must be an address such as Connvo <connvo@example.org>");
  const domain = from.address.slice(from.address.lastIndexOf("@") + 1);
  const repository = await createMailRepository(connection, options.cipher);
  const guards = new Map<MailKind, MailGuard>();
  const mayGo = async (mail: StoredMail) => (await guards.get(mail.kind)?.(mail)) ?? true;
  const subscriptions = createSubscriptions({
    ...options,
    repository,
    settings: createMailSettingsRepository(connection, options.cipher),
    tokens: createMailTokens(options.cipher.signingKey("unsubscribe")),
  });
  const delivery = createDeliverMail({
    repository,
    transport,
    from,
    clock,
    bus,
    logger,
    metrics,
    mayGo,
    subscriptions,
  });
  jobs.register(delivery);

  const jobOf = ({ id, edition }: Pick<StoredMail, "id" | "edition">) =>
    [{ mailId: id, edition }, { key: edition === 0 ? id : `${id}/${edition}` }] as const;
  for (const mail of await repository.queued(bounds.queuedResumedAtStart))
    await jobs.enqueue(delivery, ...jobOf(mail));

  async function readable(actor: Actor, mailId: MailId): Promise<StoredMail> {
    const mail = await repository.find(mailId);
    if (mail === null || !isAddressee(actor, mail)) throw notFound("This email");
    return mail;
  }

  /** Of an email that was sent nothing can be taken back. */
  const isHeldBack = async (mail: StoredMail) => mail.sentAt === null && !(await mayGo(mail));

  return {
    async queue(draft) {
      const id = mailIdSchema.parse(ids.objectId());
      const mail = compose(draft, { id, messageId: `<${id}@${domain}>`, createdAt: clock.now() });
      const stored = await repository.insert(mail);
      const isNew = stored.id === id || (await repository.replace(stored.id, mail, clock.now()));
      // Also for an email that was there before: a crash may have come between its two writes, or it was held back.
      if (isNew) await jobs.enqueue(delivery, ...jobOf({ ...mail, id: stored.id }));
      else if (stored.status === "queued") await jobs.rerun(delivery, ...jobOf(stored));
      if (isNew)
        bus.publish("mail.changed", { mailId: stored.id, toEmail: mail.toEmail, userId: mail.toUserId });
      return stored.id;
    },

    guard(kind, guard) {
      guards.set(kind, guard);
    },

    async list(actor, { limit, cursor }) {
      const found = await repository.page(
        { userId: actor.userId, email: actor.email.toLowerCase() },
        {
          limit: Math.min(Math.max(limit, 1), limits.pageMaxItems) + 1,
          after: cursor === undefined ? null : positionOf(cursor),
        },
      );
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const more = found.length > limit && last !== undefined;
      return {
        items: items.map(toSummary),
        nextCursor: more ? encodeCursor([last.createdAt.getTime(), last.id]) : null,
      };
    },

    async get(actor, mailId) {
      const mail = await readable(actor, mailId);
      if (await isHeldBack(mail)) return heldBack(mail);
      return {
        ...toSummary(mail),
        html: mail.html,
        text: mail.text,
        attachments: mail.attachments.map(({ filename, contentType, content }) => ({
          filename,
          contentType,
          sizeBytes: Buffer.byteLength(content),
        })),
      };
    },

    async statusOf(mailId) {
      const mail = await repository.find(mailId);
      if (mail === null) return null;
      return (await isHeldBack(mail)) ? heldBack(mail).status : mail.status;
    },

    unsubscribeLink: (list, userId) => subscriptions.linkFor({ list, userId }),
    unsubscribe: subscriptions.step,
    settings: subscriptions.settingsOf,
    changeList: subscriptions.change,
    retryAddress: subscriptions.liftBounce,
    takeBounce: subscriptions.takeBounce,

    async attachment(actor, mailId, index) {
      const mail = await readable(actor, mailId);
      const attachment = mail.attachments[index];
      if (attachment === undefined || (await isHeldBack(mail))) throw notFound("This attachment");
      return attachment;
    },
  };
}

/** Of an email that may not go out nobody reads more than that it is there. */
function heldBack(mail: MailHeadline): Mail {
  const text = "This email is being written anew, as what it was written from has changed.";
  return { ...toSummary(mail), status: "queued", html: `<p>${text}</p>`, text, attachments: [] };
}

function isAddressee(actor: Actor, mail: MailHeadline): boolean {
  return mail.toUserId === null ? mail.toEmail === actor.email.toLowerCase() : mail.toUserId === actor.userId;
}

const positionSchema = z.tuple([z.number().int().min(0).max(8.64e15), mailIdSchema]);

function positionOf(cursor: string): { createdAt: Date; id: MailId } {
  const [createdAtMs, id] = decodeCursor(cursor, positionSchema);
  return { createdAt: new Date(createdAtMs), id };
}

function compose(draft: MailDraft, stamp: { id: MailId; messageId: string; createdAt: Date }): StoredMail {
  const address = emailSchema.safeParse(draft.to.email);
  if (!address.success || !isMailAddress(address.data)) throw invalid("The email address is not valid.");
  if (draft.key.length === 0 || draft.key.length > bounds.keyMaxChars) throw invalid("The key is not valid.");
  const subject = headerText(draft.subject);
  if (subject === "") throw invalid("An email needs a subject.");
  assertBytes("HTML part", draft.html, bounds.htmlMaxBytes);
  assertBytes("text part", draft.text, bounds.textMaxBytes);
  if (draft.attachments.length > bounds.attachmentsMax) {
    throw new AppError("PAYLOAD_TOO_LARGE", `An email has at most ${bounds.attachmentsMax} attachments.`);
  }
  const name = draft.to.name === null ? "" : headerText(draft.to.name, limits.nameMaxChars);
  return {
    ...stamp,
    key: draft.key,
    edition: draft.edition ?? 0,
    kind: draft.kind,
    meetingId: draft.meetingId,
    toUserId: draft.to.userId,
    toEmail: address.data,
    toName: name === "" ? null : name,
    subject,
    html: draft.html,
    text: draft.text,
    attachments: draft.attachments.map(checkAttachment),
    until: draft.until ?? null,
    status: "queued",
    attempts: 0,
    errorCode: null,
    sentAt: null,
  };
}

function checkAttachment({ filename, contentType, content }: MailAttachment): MailAttachment {
  assertBytes("attachment", content, bounds.attachmentMaxBytes);
  const wellFormed = /^[a-z]+\/[a-z0-9.+-]+(; ?[a-z]+=[A-Za-z0-9-]+)*$/.test(contentType);
  if (!wellFormed || contentType.length > bounds.contentTypeMaxChars) {
    throw invalid("The attachment's content type is not valid.");
  }
  // A name that is only a name on every system.
  const safeName = headerText(filename.replace(/[/\\:*?"<>|]+/g, "-"), 100);
  if (safeName === "" || safeName.startsWith(".")) throw invalid("The attachment's name is not valid.");
  return { filename: safeName, contentType, content };
}

function assertBytes(what: string, content: string, maxBytes: number): void {
  if (Buffer.byteLength(content) > maxBytes) {
    throw new AppError("PAYLOAD_TOO_LARGE", `The email's ${what} is larger than ${maxBytes} bytes.`);
  }
}

function invalid(message: string): AppError {
  return new AppError("VALIDATION_ERROR", message);
}

function toSummary(mail: MailHeadline): MailSummary {
  return {
    id: mail.id,
    kind: mail.kind,
    meetingId: mail.meetingId,
    toEmail: mail.toEmail,
    toName: mail.toName,
    subject: mail.subject,
    status: mail.status,
    attempts: mail.attempts,
    createdAt: mail.createdAt.toISOString(),
    sentAt: mail.sentAt?.toISOString() ?? null,
  };
}
