// Every query of retention, on documents that each of them finds something in.
import mongoose from "mongoose";
import { retentionClasses } from "../../server/modules/retention/retention.classes.ts";
import { createRetainedMeetings } from "../../server/modules/retention/retention.meetings.mongo.ts";
import { createPoliciesRepository } from "../../server/modules/retention/retention.policies.mongo.ts";
import { createRetentionRepository } from "../../server/modules/retention/retention.repository.mongo.ts";
import { createNotesErasureRepository } from "../../server/modules/notes/notes.erasure.repository.mongo.ts";
import { systemIds } from "../../server/platform/ids.ts";
import type { MeetingId, OrgId } from "../../shared/ids.ts";
import { retentionKinds } from "../../shared/schemas/retention.ts";

const { ObjectId } = mongoose.mongo;

export async function makeRetentionQueries(connection: mongoose.Connection, now: Date): Promise<void> {
  const insert = (name: string, document: Record<string, unknown>) =>
    connection.getClient().db(connection.name).collection(name).insertOne(document);
  const { signal } = new AbortController();
  const later = new Date(now.getTime() + 1);
  const meeting = new ObjectId();

  const retention = await createRetentionRepository(connection);
  await retention.lastRunAt();
  for (const name of retentionClasses) {
    for (let count = 0; count < 2; count += 1) {
      await insert("outboxMails", { key: systemIds.uuid(), status: "sent", createdAt: now });
      await insert("prompts", { meetingId: meeting, createdAt: now });
      await insert("auditLogs", { timestamp: now, salt: "s", personalHash: "h" });
      await retention.deleteBefore(name, later, count === 0 ? 1 : 500);
      await retention.oldest(name);
      await retention.recordRun(name, { at: now, deleted: 1, before: now });
    }
  }
  await retention.lastRunAt();

  const policies = createPoliciesRepository(connection);
  const orgId = "org_retention" as OrgId;
  const policy = { updatedBy: null, updatedAt: now };
  for (const owner of [null, orgId])
    for (const version of [1, 1, 2]) {
      const terms = new Map([["chat", { days: 90, next: { days: 30, from: later } }]] as const);
      await policies.write({ ...policy, owner, version, terms });
    }
  await policies.find(orgId);
  await policies.all();

  const ids = [meeting.toHexString() as MeetingId];
  const fields = { orgId, organizerId: new ObjectId(), updatedAt: now };
  await insert("meetings", { _id: meeting, ...fields, state: "concluded", endedAt: now });
  await insert("meetings", { ...fields, state: "cancelled", endedAt: null });
  await insert("messages", { meetingId: meeting, sequence: 1, content: "Hi", clientKey: "retention" });
  await insert("noteOps", { meetingId: meeting, documentId: "notes/retention", sequence: 1, operations: [] });
  const retained = createRetainedMeetings(connection);
  for await (const page of retained.ended(later)) void page;
  await retained.endedIn(orgId, later, 10);
  for (const kind of retentionKinds) {
    await retained.holding(kind, ids);
    await retained.remove(kind, meeting.toHexString() as MeetingId, signal);
  }
  await retained.openCommitments(ids);
  await retained.removeEmbeddings(meeting.toHexString() as MeetingId);
  await createNotesErasureRepository(connection).documentsOf(meeting.toHexString());
}
