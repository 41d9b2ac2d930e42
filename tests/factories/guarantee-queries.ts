// Every query of the audit log and of feature flags, for the test of their indexes.
import type mongoose from "mongoose";
import { digestOf, nextBlock, personalHashOf, placesIn } from "../../server/modules/audit/audit.chain.ts";
import { createAuditRepository } from "../../server/modules/audit/audit.repository.mongo.ts";
import type { AuditRepository, EntryFilter } from "../../server/modules/audit/audit.repository.ts";
import type { StoredAuditEntry } from "../../server/modules/audit/index.ts";
import { createFlagsRepository } from "../../server/modules/flags/flags.repository.mongo.ts";
import type { StoredFlag } from "../../server/modules/flags/flags.repository.ts";
import { systemIds } from "../../server/platform/ids.ts";
import type { MeetingId, OrgId, UserId } from "../../shared/ids.ts";
import { testCipher } from "./cipher.ts";

interface Sample {
  userId: UserId;
  now: Date;
}

export async function makeAuditQueries(
  connection: mongoose.Connection,
  { meetingId, userId, now, later }: Sample & { meetingId: MeetingId; later: Date },
): Promise<void> {
  const repository: AuditRepository = await createAuditRepository(connection, testCipher);
  const orgId = "org_1" as OrgId;
  const id = systemIds.objectId();
  const personal = { salt: "salt", ipAddress: null, userAgent: null };
  const entry: StoredAuditEntry = {
    id,
    timestamp: now,
    orgId,
    actorUserId: userId,
    impersonator: null,
    apiKeyId: null,
    action: "meeting.start",
    resourceType: "meeting",
    resourceId: meetingId,
    outcome: "done",
    metadata: {},
    requestId: null,
    ...personal,
    personalHash: personalHashOf(personal),
    sequence: null,
    hash: null,
  };
  await repository.append(entry);
  await repository.unsealed(10);
  await repository.byIds([id]);
  const block = nextBlock(await repository.lastBlock(), [{ id, digest: digestOf(entry) }]);
  await repository.insertBlock(block);
  await repository.insertBlock(block);
  await repository.blockByHash(block.hash);
  await repository.block(block.number);
  await repository.firstBlock();
  await repository.seal(placesIn(block));
  const time = { from: now, to: later };
  const searches: EntryFilter[] = [
    {},
    time,
    { actorUserId: userId, ...time },
    { action: "meeting.start", ...time },
    { resourceType: "meeting", resourceId: meetingId },
    { outcome: "refused" },
    { actorUserId: userId, action: "meeting.start", resourceType: "meeting", outcome: "done", ...time },
  ];
  await repository.historyOf({ type: "flag", id: "transcript.search", action: "flag.change" }, 10);
  for (const filter of searches) {
    await repository.page(orgId, filter, { limit: 1, after: null });
    await repository.page(orgId, filter, { limit: 1, after: { timestamp: now, id } });
    await repository.count(orgId, filter, 10);
  }
  for (const number of [1, 2, 2]) {
    await repository.putCheckpoint({ block: number, sequence: number, hash: block.hash }, now);
    await repository.checkpoint();
  }
  await repository.removeBlock(block);
}

export async function makeFlagQueries(
  connection: mongoose.Connection,
  { userId, now }: Sample,
): Promise<void> {
  const flags = await createFlagsRepository(connection, testCipher);
  const flag: StoredFlag = {
    key: "transcript.search",
    on: true,
    percentage: 100,
    onForOrganizations: [],
    offForOrganizations: [],
    onForPeople: [],
    offForPeople: [],
    version: 1,
    updatedBy: userId,
    updatedAt: now,
  };
  await flags.write("production", flag);
  await flags.write("production", { ...flag, version: 2 });
  await flags.all("production");
}
