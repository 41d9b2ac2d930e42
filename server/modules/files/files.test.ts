import { beforeEach, expect, test } from "vitest";
import { FakeClock } from "../../platform/clock.ts";
import { countingIds } from "../../platform/ids.ts";
import { createMetrics } from "../../platform/metrics.ts";
import type { JobDefinition, Jobs } from "../../jobs/index.ts";
import type { FileStore } from "../../vendors/files/index.ts";
import type { FileId, MeetingId, UserId } from "../../../shared/ids.ts";
import { createFilesService } from "./files.service.ts";
import type { FilesRepository } from "./files.repository.ts";
import type { FileRecord, FilesService, NewFile } from "./index.ts";

const minuteMs = 60_000;
const anna = "a".repeat(24) as UserId;
const meetingId = "c".repeat(24) as MeetingId;

let clock: FakeClock;
let files: FilesService;
let records: Map<FileId, FileRecord>;
let bytes: Map<FileId, Buffer>;
let due: Map<string, Date>;
let look: JobDefinition;
let named: Set<FileId>;
let failWriting: boolean;
/** Ids of what another module keeps in the same store. */
let madeHere: Set<string>;

/** One file at a time is looked at, as the worker would when it is due. */
async function runDue(): Promise<void> {
  for (const [key, at] of [...due]) {
    if (at > clock.now()) continue;
    due.delete(key);
    await look.run(
      { fileId: key },
      { jobId: key, attempt: 1, fence: 1, signal: new AbortController().signal },
    );
  }
}

beforeEach(() => {
  clock = new FakeClock();
  records = new Map();
  bytes = new Map();
  due = new Map();
  named = new Set();
  failWriting = false;
  madeHere = new Set();
  const jobs = {
    register: (definition: JobDefinition) => (look = definition),
    enqueue: (_job: unknown, _payload: unknown, { key, runAt }: { key: string; runAt: Date }) => {
      if (!due.has(key)) due.set(key, runAt);
      return Promise.resolve();
    },
    rerun: (_job: unknown, _payload: unknown, { key, runAt }: { key: string; runAt: Date }) => {
      due.set(key, runAt);
      return Promise.resolve();
    },
  } as unknown as Jobs;
  const isNamed = (file: FileRecord) => Promise.resolve(named.has(file.id));
  files = createFilesService({
    store: memoryStore(),
    repository: memoryRepository(),
    jobs,
    clock,
    ids: countingIds(),
    metrics: createMetrics({ processMetrics: false }),
    inUse: { photo: isNamed, attachment: isNamed, resume: isNamed },
    madeHere: { among: (ids) => Promise.resolve(new Set(ids.filter((id) => madeHere.has(id)))) },
  });
});

const attachment = (clientKey: string, content = "words"): NewFile => ({
  ownerId: anna,
  purpose: "attachment",
  meetingId,
  clientKey,
  name: "a.txt",
  type: "text/plain",
  width: null,
  height: null,
  content: Buffer.from(content),
});

test("[ATTACHMENTS-5] what nothing names within an hour goes, with its bytes", async () => {
  const { id } = await files.keep(attachment("k"));
  clock.advance(59 * minuteMs);
  await runDue();
  expect(await files.find(id)).not.toBeNull();
  clock.advance(minuteMs);
  await runDue();
  expect([records.size, bytes.size]).toEqual([0, 0]);
});

test("[ATTACHMENTS-5] what is named stays, and cannot be taken into use when its removal is near", async () => {
  const kept = await files.keep(attachment("kept"));
  const late = await files.keep(attachment("late"));
  expect(await files.use(kept.id, { ownerId: anna, usedBy: "m" })).toBe(true);
  named.add(kept.id);
  clock.advance(55 * minuteMs);
  expect(await files.use(late.id, { ownerId: anna, usedBy: "m" })).toBe(false);
  clock.advance(60 * minuteMs);
  await runDue();
  expect([...bytes.keys()]).toEqual([kept.id]);
});

test("[ATTACHMENTS-5] what a message has claimed that never came is looked for a day longer, then goes", async () => {
  const { id } = await files.keep(attachment("k"));
  await files.use(id, { ownerId: anna, usedBy: "m" });
  clock.advance(60 * minuteMs);
  await runDue();
  expect(await files.find(id)).not.toBeNull();
  clock.advance(24 * 60 * minuteMs);
  await runDue();
  expect(bytes.size).toBe(0);
});

test("[ATTACHMENTS-3] [ATTACHMENTS-5] where its writing dies nothing is found, a repetition writes it, and else it goes", async () => {
  failWriting = true;
  await expect(files.keep(attachment("k"))).rejects.toThrow("disk");
  const [left] = records.keys();
  expect(left === undefined ? undefined : await files.find(left)).toBeNull();
  failWriting = false;
  const { id } = await files.keep(attachment("k"));
  expect(id).toBe(left);
  expect(await files.keep(attachment("k"))).toMatchObject({ id });
  await expect(files.keep(attachment("k", "other"))).rejects.toMatchObject({ code: "IDEMPOTENCY_MISMATCH" });

  failWriting = true;
  await expect(files.keep(attachment("dead"))).rejects.toThrow("disk");
  clock.advance(60 * minuteMs);
  await runDue();
  expect([records.size, bytes.size]).toEqual([0, 0]);
});

test("[PHOTOS-2] what was replaced is looked at in a minute, and stays where the change did not come through", async () => {
  const photo = await files.keep({ ...attachment("p"), purpose: "photo", meetingId: null });
  await files.use(photo.id, { ownerId: anna, usedBy: anna });
  named.add(photo.id);
  await files.reconsider(photo.id);
  clock.advance(minuteMs);
  await runDue();
  expect(bytes.size).toBe(1);
  named.delete(photo.id);
  await files.reconsider(photo.id);
  clock.advance(minuteMs);
  await runDue();
  expect(bytes.size).toBe(0);
});

test("[FILES-7] after a move the bytes of known files are taken over from where they were, and no others", async () => {
  const known = await files.keep(attachment("k"));
  const present = await files.keep(attachment("p"));
  bytes.delete(known.id);
  const elsewhere = ["words", "deleted long ago"];
  let ids = [known.id, "d".repeat(24) as FileId, present.id];
  const other = {
    async *ids() {
      yield* [...ids];
    },
    async *read(id: FileId) {
      yield Buffer.from(elsewhere[ids.indexOf(id)] ?? "another");
    },
    remove: (id: FileId) => {
      ids = ids.filter((one) => one !== id);
      return Promise.resolve();
    },
  };
  madeHere.add("d".repeat(24));
  expect(await files.adopt(other, "leave")).toBe(2);
  expect([bytes.get(known.id)?.toString(), bytes.size]).toEqual(["words", 3]);
  expect(await files.adopt(other, "empty")).toBe(0);
  expect(ids).toEqual([]);
});

test("[DELETION-4] a person's files go, however many they are", async () => {
  for (let n = 0; n < 205; n += 1) await files.keep(attachment(`k${n}`));
  const others = await files.keep({ ...attachment("k"), ownerId: "b".repeat(24) as UserId });
  await files.removeOfPerson(anna);
  expect([...bytes.keys()]).toEqual([others.id]);
  await files.removeOfMeeting(meetingId);
  expect(bytes.size).toBe(0);
});

function memoryStore(): Omit<FileStore, "page" | "removeOlder"> {
  return {
    mode: "directory",
    async put(id, content) {
      if (failWriting) throw new Error("the disk is full");
      const pieces: Uint8Array[] = [];
      for await (const piece of content) pieces.push(piece);
      bytes.set(id, Buffer.concat(pieces));
      return { bytes: bytes.get(id)?.length ?? 0, sha256: "" };
    },
    stat: (id) => Promise.resolve(bytes.has(id) ? { bytes: bytes.get(id)?.length ?? 0 } : null),
    async *read(id) {
      const found = bytes.get(id);
      if (found !== undefined) yield found;
    },
    async *ids() {
      yield* bytes.keys();
    },
    remove: (id) => {
      bytes.delete(id);
      return Promise.resolve();
    },
  };
}

function memoryRepository(): FilesRepository {
  const sameKey = (
    one: FileRecord,
    other: Pick<FileRecord, "ownerId" | "purpose" | "meetingId" | "clientKey">,
  ) => (["ownerId", "purpose", "meetingId", "clientKey"] as const).every((name) => one[name] === other[name]);
  const all = () => [...records.values()];
  return {
    insert(file) {
      if (all().some((one) => sameKey(one, file))) return Promise.resolve(false);
      records.set(file.id, file);
      return Promise.resolve(true);
    },
    byKey: (key) => Promise.resolve(all().find((one) => sameKey(one, key)) ?? null),
    find: (id) => Promise.resolve(records.get(id) ?? null),
    written(id) {
      const file = records.get(id);
      if (file?.state === "writing") records.set(id, { ...file, state: "unused" });
      return Promise.resolve();
    },
    use(id, { ownerId, usedBy, after, now }) {
      const file = records.get(id);
      const free = file?.state === "unused" && file.createdAt > after;
      if (file === undefined || file.ownerId !== ownerId || !(free || file.usedBy === usedBy))
        return Promise.resolve(false);
      records.set(id, { ...file, state: "used", usedBy, usedAt: now });
      return Promise.resolve(true);
    },
    remove(id) {
      records.delete(id);
      return Promise.resolve();
    },
    used: ({ ownerId, purpose, meetingId }) =>
      Promise.resolve(
        all().filter(
          (one) =>
            one.state === "used" &&
            one.ownerId === ownerId &&
            one.purpose === purpose &&
            one.meetingId === meetingId,
        ),
      ),
    countIn: (meeting) => Promise.resolve(all().filter((one) => one.meetingId === meeting).length),
    some: (of, limit) =>
      Promise.resolve(
        all()
          .filter((one) => ("ownerId" in of ? one.ownerId === of.ownerId : one.meetingId === of.meetingId))
          .slice(0, limit)
          .map(({ id }) => id),
      ),
  };
}
