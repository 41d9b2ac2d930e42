// The outbox in the store: one document an email, unique by its key.
import mongoose from "mongoose";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { CollectionCipher, FieldCipher } from "../../platform/privacy/field-cipher.ts";
import { mailIdSchema, meetingIdSchema, userIdSchema, type MailId } from "../../../shared/ids.ts";
import type { MailKind, MailStatus } from "../../../shared/schemas/mail.ts";
import type { MailAttachment } from "./index.ts";
import type { MailHeadline, MailRepository, Reader, StoredMail } from "./mail.repository.ts";

type ObjectId = mongoose.Types.ObjectId;

interface HeadlineDocument {
  _id: ObjectId;
  key: string;
  /** Absent in emails of before there were editions, which are their first. */
  edition?: number;
  kind: MailKind;
  meetingId: ObjectId | null;
  toUserId: ObjectId | null;
  /** Encrypted, as the name, the subject, the text and what is attached. */
  toEmail: string;
  toEmailHash: string;
  toName: string | null;
  subject: string;
  messageId: string;
  /** Absent in emails of before there was one. */
  until?: Date | null;
  status: MailStatus;
  attempts: number;
  /** The run of the delivery job that marked the last try. */
  fence: number;
  attemptedAt: Date | null;
  errorCode: string | null;
  createdAt: Date;
  updatedAt: Date;
  sentAt: Date | null;
}

interface MailDocument extends HeadlineDocument {
  html: string;
  text: string;
  attachments: MailAttachment[];
}

const { ObjectId: ObjectIdType } = mongoose.Schema.Types;

const mailSchema = new mongoose.Schema<MailDocument>(
  {
    key: { type: String, required: true },
    edition: { type: Number, default: 0 },
    kind: { type: String, required: true },
    meetingId: { type: ObjectIdType, default: null },
    toUserId: { type: ObjectIdType, default: null },
    toEmail: { type: String, required: true },
    toEmailHash: { type: String, required: true },
    toName: { type: String, default: null },
    subject: { type: String, required: true },
    html: { type: String, required: true },
    text: { type: String, required: true },
    attachments: [
      new mongoose.Schema<MailAttachment>(
        { filename: String, contentType: String, content: String },
        { _id: false, strict: "throw" },
      ),
    ],
    messageId: { type: String, required: true },
    until: { type: Date, default: null },
    status: { type: String, required: true },
    attempts: { type: Number, required: true },
    fence: { type: Number, required: true },
    attemptedAt: { type: Date, default: null },
    errorCode: { type: String, default: null },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    sentAt: { type: Date, default: null },
  },
  { collection: "outboxMails", autoIndex: false, autoCreate: false, versionKey: false, strict: "throw" },
);
mailSchema.index({ key: 1 }, { unique: true });
mailSchema.index({ toUserId: 1, createdAt: -1, _id: -1 });
mailSchema.index({ toEmailHash: 1, toUserId: 1, createdAt: -1, _id: -1 });
mailSchema.index({ status: 1, createdAt: 1 });
// For the end of a meeting's time, and for whoever was in it and is to be forgotten.
mailSchema.index({ meetingId: 1 });

export async function createMailRepository(
  connection: mongoose.Connection,
  cipher: FieldCipher,
): Promise<MailRepository> {
  const fields = cipher.of("outboxMails");
  const model = connection.model<MailDocument>("OutboxMail", mailSchema);
  await createIndexes(model);

  // Two ranges of two indexes, merged: an email to an address belongs to whoever owns that address.
  function pageOf(
    addressee: { toUserId: string } | { toEmailHash: string; toUserId: null },
    limit: number,
    after: { createdAt: Date; id: MailId } | null,
  ) {
    const beyond =
      after === null
        ? {}
        : {
            createdAt: { $lte: after.createdAt },
            $or: [{ createdAt: { $lt: after.createdAt } }, { _id: { $lt: after.id } }],
          };
    return model
      .find({ ...addressee, ...beyond }, { html: 0, text: 0, attachments: 0 })
      .sort({ createdAt: -1, _id: -1 })
      .limit(limit)
      .lean<HeadlineDocument[]>();
  }

  return {
    async insert(mail) {
      const { id, ...rest } = mail;
      try {
        await model.create({
          _id: id,
          ...rest,
          ...sealed(mail, fields),
          toEmailHash: cipher.hashOfEmail(mail.toEmail),
          fence: 0,
          attemptedAt: null,
          updatedAt: mail.createdAt,
        });
        return mail;
      } catch (error) {
        if (!(error instanceof mongoose.mongo.MongoServerError) || error.code !== 11_000) throw error;
        const existing = await model.findOne({ key: mail.key }, { edition: 1, status: 1 }).lean();
        if (existing === null) throw error;
        const { _id, edition = 0, status } = existing;
        return { id: toMailId(_id), edition, status };
      }
    },

    async replace(id, { edition, subject, html, text, attachments }, now) {
      const result = await model.collection.updateOne(
        {
          _id: new mongoose.Types.ObjectId(id),
          status: { $ne: "sent" },
          // One that came back was sent, too.
          sentAt: null,
          edition: { $not: { $gte: edition } },
        },
        {
          $set: {
            edition,
            subject: fields.seal(id, "subject", subject),
            html: fields.seal(id, "html", html),
            text: fields.seal(id, "text", text),
            attachments: sealedAttachments(id, attachments, fields),
            status: "queued",
            attempts: 0,
            errorCode: null,
            updatedAt: now,
          },
        },
      );
      return result.matchedCount === 1;
    },

    async find(id) {
      const mail = await model.findById(id).lean<MailDocument>();
      if (mail === null) return null;
      return {
        ...toHeadline(mail, fields),
        html: fields.open(id, "html", mail.html),
        text: fields.open(id, "text", mail.text),
        attachments: mail.attachments.map(({ filename, contentType, content }) => ({
          filename: fields.open(id, "attachments.filename", filename),
          contentType,
          content: fields.open(id, "attachments.content", content),
        })),
      } satisfies StoredMail;
    },

    async page({ userId, email }: Reader, { limit, after }) {
      const lists = await Promise.all([
        pageOf({ toUserId: userId }, limit, after),
        pageOf({ toEmailHash: cipher.hashOfEmail(email), toUserId: null }, limit, after),
      ]);
      return lists
        .flat()
        .sort(
          (a, b) =>
            b.createdAt.getTime() - a.createdAt.getTime() ||
            (b._id.toHexString() < a._id.toHexString() ? -1 : 1),
        )
        .slice(0, limit)
        .map((mail) => toHeadline(mail, fields));
    },

    async queued(limit) {
      const mails = await model
        .find({ status: "queued" }, { _id: 1, edition: 1 })
        .sort({ createdAt: 1 })
        .limit(limit)
        .lean();
      return mails.map(({ _id, edition = 0 }) => ({ id: toMailId(_id), edition }));
    },

    async beginAttempt(id, fence, now) {
      const result = await model.updateOne(
        { _id: id, status: "queued", fence: { $lt: fence } },
        { $set: { fence, attemptedAt: now, updatedAt: now }, $inc: { attempts: 1 } },
      );
      return result.matchedCount === 1;
    },

    async recordDelivered(id, { status, now }) {
      const result = await model.updateOne(
        { _id: id, status: { $in: ["queued", "failed"] } },
        {
          $set: { status, errorCode: null, sentAt: status === "sent" ? now : null, updatedAt: now },
        },
      );
      return result.matchedCount === 1;
    },

    async recordWithheld(id, { status, errorCode, now }) {
      const result = await model.updateOne(
        { _id: id, status: "queued" },
        { $set: { status, errorCode, updatedAt: now } },
      );
      return result.matchedCount === 1;
    },

    async recordBounce(id, { errorCode, now }) {
      const result = await model.updateOne(
        { _id: id, status: "sent" },
        { $set: { status: "bounced", errorCode, updatedAt: now } },
      );
      return result.matchedCount === 1;
    },

    async recordFailure(id, { fence, errorCode, final, now }) {
      const result = await model.updateOne(
        { _id: id, status: "queued", ...(fence === null ? {} : { fence }) },
        { $set: { status: final ? "failed" : "queued", errorCode, updatedAt: now } },
      );
      return result.matchedCount === 1;
    },
  };
}

function toMailId(id: ObjectId): MailId {
  return mailIdSchema.parse(id.toHexString());
}

function sealed(
  { id, toEmail, toName, subject, html, text, attachments }: StoredMail,
  fields: CollectionCipher,
) {
  return {
    toEmail: fields.seal(id, "toEmail", toEmail),
    toName: fields.seal(id, "toName", toName),
    subject: fields.seal(id, "subject", subject),
    html: fields.seal(id, "html", html),
    text: fields.seal(id, "text", text),
    attachments: sealedAttachments(id, attachments, fields),
  };
}

function sealedAttachments(id: MailId, attachments: readonly MailAttachment[], fields: CollectionCipher) {
  return attachments.map(({ filename, contentType, content }) => ({
    filename: fields.seal(id, "attachments.filename", filename),
    contentType,
    content: fields.seal(id, "attachments.content", content),
  }));
}

function toHeadline(mail: HeadlineDocument, fields: CollectionCipher): MailHeadline {
  const { key, edition = 0, kind, messageId, until = null } = mail;
  const { status, attempts, errorCode, createdAt, sentAt } = mail;
  const id = toMailId(mail._id);
  return {
    id,
    key,
    edition,
    kind,
    meetingId: mail.meetingId === null ? null : meetingIdSchema.parse(mail.meetingId.toHexString()),
    toUserId: mail.toUserId === null ? null : userIdSchema.parse(mail.toUserId.toHexString()),
    toEmail: fields.open(id, "toEmail", mail.toEmail),
    toName: fields.open(id, "toName", mail.toName),
    subject: fields.open(id, "subject", mail.subject),
    messageId,
    until,
    status,
    attempts,
    errorCode,
    createdAt,
    sentAt,
  };
}
