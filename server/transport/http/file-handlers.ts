// Handlers that take and give files: may they bring it, then their bytes.
import type { Me } from "../../../shared/schemas/users.ts";
import type { Actor } from "../../../shared/actor.ts";
import type { MessagingService } from "../../modules/messaging/index.ts";
import type { PhotosService } from "../../modules/photos/index.ts";
import type { Handlers } from "./endpoint-router.ts";

type FileHandlers = Pick<
  Handlers,
  "putPhoto" | "deletePhoto" | "personPhoto" | "uploadAttachment" | "readAttachment" | "discardAttachment"
>;

export function createFileHandlers(parts: {
  photos: PhotosService;
  messaging: MessagingService;
  me(actor: Actor): Promise<Me>;
}): FileHandlers {
  const { photos, messaging, me } = parts;
  return {
    async putPhoto(actor, { receive }) {
      await photos.set(actor, await receive());
      return await me(actor);
    },
    async deletePhoto(actor) {
      await photos.remove(actor);
      return await me(actor);
    },
    personPhoto: (actor, { params, query }) => photos.of(actor, params.userId, query.v),

    async uploadAttachment(actor, { params, query, receive }) {
      await messaging.attachments.mayUpload(actor, params.id);
      return await messaging.attachments.upload(actor, params.id, await receive(), query.clientKey);
    },
    readAttachment: (actor, { params }) => messaging.attachments.read(actor, params.id, params.fileId),
    async discardAttachment(actor, { params }) {
      await messaging.attachments.discard(actor, params.id, params.fileId);
      return null;
    },
  };
}
