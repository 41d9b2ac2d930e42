// Files in a chat: sent beside it, named by one message, read by whoever may read the chat.
import type { Actor } from "../../../shared/actor.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import type { FileId, MeetingId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { Attachment } from "../../../shared/schemas/attachments.ts";
import { isPictureType } from "../../../shared/uploads.ts";
import type { AuditService } from "../audit/index.ts";
import type { FileRecord, FilesService } from "../files/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { AttachmentsService } from "./index.ts";
import { keyParts, messageKey } from "./messages.ts";
import type { MessagesRepository } from "./messaging.repository.ts";

export interface Attachments extends AttachmentsService {
  /**
   * From now on they belong to the sender's message with this key. Throws VALIDATION_ERROR where one of them is not there,
   * of somebody else, of another meeting, or of another message.
   */
  claim(
    actor: Actor,
    meetingId: MeetingId,
    fileIds: readonly FileId[],
    clientKey: string,
  ): Promise<Attachment[]>;
}

export function createAttachments(parts: {
  meetings: Pick<MeetingsService, "authorize">;
  files: Pick<FilesService, "keep" | "find" | "read" | "use" | "remove" | "countIn">;
  audit: Pick<AuditService, "record">;
  repository: MessagesRepository;
}): Attachments {
  const { meetings, files, audit, repository } = parts;

  async function inMeeting(meetingId: MeetingId, fileId: FileId): Promise<FileRecord> {
    const file = await files.find(fileId);
    if (file?.meetingId !== meetingId || file.purpose !== "attachment") throw notFound("This file");
    return file;
  }

  const record = (
    actor: Actor,
    meetingId: MeetingId,
    action: string,
    file: Pick<FileRecord, "id" | "type">,
  ) =>
    audit.record({
      actorUserId: actor.userId,
      resourceType: "meeting",
      resourceId: meetingId,
      action,
      outcome: "done",
      metadata: { fileId: file.id, type: file.type },
    });

  return {
    async mayUpload(actor, meetingId) {
      await meetings.authorize(actor, meetingId, "chat.write");
    },

    async upload(actor, meetingId, { bytes, type, name, picture }, clientKey) {
      // Once more: it may have taken minutes to come.
      await meetings.authorize(actor, meetingId, "chat.write");
      if ((await files.countIn(meetingId)) >= limits.attachmentsPerMeeting) {
        throw new AppError("CONFLICT", `A chat holds at most ${limits.attachmentsPerMeeting} files.`);
      }
      const file = await files.keep({
        ownerId: actor.userId,
        purpose: "attachment",
        meetingId,
        clientKey,
        name,
        type,
        width: picture?.width ?? null,
        height: picture?.height ?? null,
        content: bytes,
      });
      await record(actor, meetingId, "attachment.upload", file);
      return toAttachment(file);
    },

    async read(actor, meetingId, fileId) {
      await meetings.authorize(actor, meetingId, "chat.read");
      const file = await inMeeting(meetingId, fileId);
      if (file.state !== "used" && file.ownerId !== actor.userId) throw notFound("This file");
      return {
        type: file.type,
        name: file.name,
        bytes: file.bytes,
        version: file.id,
        shown: isPictureType(file.type),
        // Whoever may no longer read the chat may no longer read this.
        freshSeconds: 0,
        read: (range) => files.read(file.id, range),
      };
    },

    async discard(actor, meetingId, fileId) {
      await meetings.authorize(actor, meetingId, "chat.delete");
      const file = await inMeeting(meetingId, fileId);
      if (file.ownerId !== actor.userId) throw notFound("This file");
      if (file.state === "used") throw new AppError("CONFLICT", "A message has this file already.");
      await files.remove(file.id);
      await record(actor, meetingId, "attachment.discard", file);
    },

    async claim(actor, meetingId, fileIds, clientKey) {
      const usedBy = messageKey(actor.userId, clientKey);
      const found = await Promise.all(fileIds.map((id) => files.find(id)));
      const theirs = found.filter(
        (file) =>
          file !== null &&
          file.purpose === "attachment" &&
          file.meetingId === meetingId &&
          file.ownerId === actor.userId &&
          (file.state === "unused" || file.usedBy === usedBy),
      ) as FileRecord[];
      if (theirs.length < fileIds.length) throw gone();
      for (const { id } of theirs) {
        if (!(await files.use(id, { ownerId: actor.userId, usedBy }))) throw gone();
      }
      return theirs.map(toAttachment);
    },

    async isNamed({ id, meetingId, usedBy }) {
      if (meetingId === null || usedBy === null) return false;
      const [message] = await repository.findByKeys(meetingId, [keyParts(usedBy)]);
      return message?.attachments.some((attachment) => attachment.id === id) === true;
    },
  };
}

function gone(): AppError {
  return new AppError("VALIDATION_ERROR", "A file of this message is no longer there: attach it again.", {
    details: { field: "attachments" },
  });
}

function toAttachment({ id, name, type, bytes, width, height }: FileRecord): Attachment {
  return { id, name, type, bytes, width, height };
}
