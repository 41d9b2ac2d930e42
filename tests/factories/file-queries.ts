// Every query about files that people send, and about their bytes in the document store.
import type { Connection } from "mongoose";
import { createFilesRepository } from "../../server/modules/files/files.repository.mongo.ts";
import type { FileRecord } from "../../server/modules/files/index.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { createDatabaseFiles } from "../../server/vendors/files/database.mongo.ts";
import type { FileId, MeetingId, UserId } from "../../shared/ids.ts";

export async function makeFileQueries(
  connection: Connection,
  { meetingId, userId, now }: { meetingId: MeetingId; userId: UserId; now: Date },
): Promise<void> {
  const repository = await createFilesRepository(connection);
  const file: FileRecord = {
    id: systemIds.objectId() as FileId,
    ownerId: userId,
    purpose: "attachment",
    meetingId,
    clientKey: "k",
    name: "plan.pdf",
    type: "application/pdf",
    bytes: 10,
    sha256: "0".repeat(64),
    width: null,
    height: null,
    state: "writing",
    usedBy: null,
    usedAt: null,
    createdAt: now,
  };
  await repository.insert(file);
  await repository.insert({ ...file, id: systemIds.objectId() as FileId });
  await repository.byKey(file);
  await repository.find(file.id);
  await repository.written(file.id);
  await repository.use(file.id, { ownerId: userId, usedBy: "m", after: new Date(0), now });
  await repository.used({ ownerId: userId, purpose: "attachment", meetingId });
  await repository.countIn(meetingId);
  await repository.among([file.id]);
  await repository.page(null, 10);
  await repository.some({ ownerId: userId }, 10);
  await repository.some({ meetingId }, 10);
  await repository.remove(file.id);

  const store = await createDatabaseFiles({ connection, ids: systemIds, now: () => now });
  await store.put(file.id, piece());
  await store.put(file.id, piece());
  await store.put(file.id, broken()).catch(() => null);
  await store.stat(file.id);
  for await (const id of store.ids()) await store.stat(id);
  for await (const part of store.read(file.id)) part.fill(0);
  await store.page(null, 10);
  await store.removeOlder(file.id, new Date(0));
  await store.removeOlder(file.id, new Date(now.getTime() + 1));
  await store.removeOlder(file.id, now);
  await store.remove(file.id);
}

async function* piece(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("words");
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("words");
  throw new Error("the sender hung up");
}
