// Photos as use cases.
import { notFound } from "../../../shared/errors.ts";
import type { FileId, UserId } from "../../../shared/ids.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { AuditService } from "../audit/index.ts";
import type { FilesService } from "../files/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { OrganizationsService } from "../organizations/index.ts";
import type { Blocks } from "../people/index.ts";
import type { UsersService } from "../users/index.ts";
import type { PhotosService } from "./index.ts";
import { maySeePhoto } from "./photos.policy.ts";

/** So long a browser shows it without asking: who no longer meets somebody sees their photo a little longer. */
const freshSeconds = 300;

export function createPhotosService(parts: {
  files: FilesService;
  users: Pick<UsersService, "byIds" | "setPhoto">;
  meetings: Pick<MeetingsService, "sharesMeeting">;
  organizations: Pick<OrganizationsService, "membersAmong">;
  blocks: Pick<Blocks, "among">;
  audit: Pick<AuditService, "record">;
  ids: IdSource;
  metrics: Metrics;
}): PhotosService {
  const { files, users, meetings, organizations, blocks, audit, ids } = parts;
  const changes = parts.metrics.counter("photos_total", "Photos of people that were set and removed", [
    "change",
  ]);

  async function photoOf(userId: UserId): Promise<FileId | null> {
    return (await users.byIds([userId]))[0]?.photo ?? null;
  }

  /** A photo that nothing names is found and removed, whatever dies in between. */
  async function exchange(userId: UserId, before: FileId | null, photo: FileId | null): Promise<void> {
    if (before !== null) await files.reconsider(before);
    await users.setPhoto(userId, photo);
    if (before !== null) await files.remove(before);
  }

  async function changed(userId: UserId, change: "set" | "remove"): Promise<void> {
    changes.inc({ change });
    await audit.record({
      actorUserId: userId,
      resourceType: "user",
      resourceId: userId,
      action: `photo.${change}`,
      outcome: "done",
    });
  }

  return {
    async set({ userId }, { bytes, type, name, picture }) {
      const before = await photoOf(userId);
      const file = await files.keep({
        ownerId: userId,
        purpose: "photo",
        meetingId: null,
        clientKey: ids.uuid(),
        name,
        type,
        width: picture?.width ?? null,
        height: picture?.height ?? null,
        content: bytes,
      });
      const known = before === null ? null : await files.find(before);
      if (known?.sha256 === file.sha256) return await files.remove(file.id);
      await files.use(file.id, { ownerId: userId, usedBy: userId });
      await exchange(userId, before, file.id);
      await changed(userId, "set");
    },

    async remove({ userId }) {
      const before = await photoOf(userId);
      if (before === null) return;
      await exchange(userId, before, null);
      await changed(userId, "remove");
    },

    async of(actor, userId, version) {
      const photo = await photoOf(userId);
      const missing = notFound("This photo");
      if (photo === null || (version !== undefined && version !== photo)) throw missing;
      const self = actor.userId === userId;
      const blocked = (await blocks.among(actor.userId, [userId])).has(userId);
      const sharesOrganization =
        !self && (await organizations.membersAmong(actor.orgId, [userId])).has(userId);
      const sharesMeeting = !self && !sharesOrganization && (await meetings.sharesMeeting(actor, userId));
      if (!maySeePhoto({ self, blocked, sharesOrganization, sharesMeeting })) throw missing;
      const file = await files.find(photo);
      if (file === null) throw missing;
      return {
        type: file.type,
        name: file.name,
        bytes: file.bytes,
        version: file.id,
        shown: true,
        freshSeconds,
        read: (range) => files.read(file.id, range),
      };
    },

    isCurrent: async ({ id, ownerId }) => (await photoOf(ownerId)) === id,
  };
}
