// Every query of the export of a person's data, and of retention.
import mongoose from "mongoose";
import { createAuditRepository } from "../../server/modules/audit/audit.repository.mongo.ts";
import { createExportFiles } from "../../server/modules/export/export.files.mongo.ts";
import { createExportsRepository } from "../../server/modules/export/export.repository.mongo.ts";
import { createExportSources } from "../../server/modules/export/export.sources.mongo.ts";
import { createMongoTemplatesRepository } from "../../server/modules/notes/notes.templates.repository.mongo.ts";
import { createCalendarsRepository } from "../../server/modules/scheduling/calendars.repository.mongo.ts";
import { systemIds } from "../../server/platform/ids.ts";
import type { MeetingId, UserId } from "../../shared/ids.ts";
import { testCipher } from "./cipher.ts";
import { makeRetentionQueries } from "./retention-queries.ts";

const { ObjectId } = mongoose.mongo;

export async function makeExportQueries(connection: mongoose.Connection, now: Date): Promise<void> {
  const insert = (name: string, document: Record<string, unknown>) =>
    connection.getClient().db(connection.name).collection(name).insertOne(document);
  const userId = systemIds.objectId() as UserId;
  const meetingId = systemIds.objectId() as MeetingId;
  const exportId = systemIds.objectId();

  const exports = await createExportsRepository(connection);
  const request = { exportId, requestedAt: now, partsTotal: 2 };
  await exports.request(userId, request);
  await exports.request(userId, request);
  const claimed = await exports.claim(userId, exportId, 1);
  if (claimed === null) throw new Error("the export was not there");
  await exports.gathered(claimed, { partsDone: 1, after: null });
  await exports.gathered(claimed, { partsDone: 2, after: meetingId });
  await exports.unfinished();
  await exports.ready(claimed, { sizeBytes: 1, sha256: "0", expiresAt: now, partsTotal: 2 });
  await exports.find(userId);
  await exports.expire(userId, exportId, now);
  await exports.fail(userId, exportId);
  await exports.remove(userId);

  const files = await createExportFiles(connection, testCipher, systemIds);
  const { signal } = new AbortController();
  const large = "a".repeat(300 * 1024);
  async function* pieces() {
    for (const path of ["a.txt", "b.txt"]) yield await Promise.resolve({ path, text: large });
  }
  async function* bytes() {
    yield await Promise.resolve(Buffer.from(large));
  }
  await files.stage(claimed, 1, pieces(), signal);
  await files.put(claimed, bytes(), signal);
  for await (const piece of files.staged(claimed, 1)) void piece;
  for await (const piece of files.staged(claimed, 2)) void piece;
  for await (const piece of files.get(claimed)) void piece;
  await files.removeOthers(userId, exportId);
  await files.remove(userId, claimed);
  await files.remove(userId, null);

  await insert("users", {
    _id: new ObjectId(userId),
    email: "ann@example.org",
    emailHash: `export-${userId}`,
  });
  await insert("profiles", { userId: new ObjectId(userId), displayName: "Ann" });
  await insert("apiKeys", { createdBy: new ObjectId(userId), name: "Key", secretHash: `export-${userId}` });
  await insert("organizationMemberships", {
    workosUserId: "user_export",
    orgId: "org_export",
    role: "member",
  });
  await (await createCalendarsRepository(connection, testCipher)).change(userId, { reminders: [10] }, now);
  await insert("meetingRatings", { meetingId, userId, score: 1, comment: null, updatedAt: now });
  const place = { meetingId: new ObjectId(meetingId), userId: new ObjectId(userId) };
  await insert("meetings", { _id: place.meetingId, organizerId: place.userId });
  await insert("meetingParticipants", { ...place, role: "host" });
  for (const [index, author] of [place.userId, new ObjectId()].entries()) {
    const at = { meetingId: place.meetingId, sequence: index + 1, clientKey: `export-${index}` };
    await insert("messages", { ...at, userId: author, content: "Hi", timestamp: now });
    await insert("transcriptCorrections", { ...at, revision: index + 1, authorId: author, createdAt: now });
  }
  const sources = createExportSources(connection, testCipher);
  await sources.meetingsOf(userId, { after: null, limit: 10 });
  await sources.meetingsOf(userId, { after: systemIds.objectId() as MeetingId, limit: 10 });
  for (const id of [userId, systemIds.objectId() as UserId]) {
    await sources.account(id);
    await sources.profile(id);
    await sources.calendar(id);
    await sources.attendance(meetingId, id);
  }
  await sources.memberships("user_export");
  await sources.apiKeys(userId);
  await sources.connections(userId);
  await sources.matching(userId);
  await sources.ratings(userId);
  for await (const correction of sources.correctionsOf(meetingId, userId)) void correction;

  await (await createMongoTemplatesRepository(connection)).all(userId);
  const audit = await createAuditRepository(connection, testCipher);
  for await (const entry of audit.ofPerson(userId)) void entry;

  await makeRetentionQueries(connection, now);
}
