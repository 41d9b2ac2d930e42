// Résumés of the same content in the store: which of them are one, by what the store itself holds to.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { StoredResume } from "../../server/modules/career/resumes/index.ts";
import { createResumesRepository } from "../../server/modules/career/resumes/resumes.repository.mongo.ts";
import type { ResumesRepository } from "../../server/modules/career/resumes/resumes.repository.ts";
import { systemIds } from "../../server/platform/ids.ts";
import type { MasterResumeId, OrgId, UserId } from "../../shared/ids.ts";
import { resumeContentSchema } from "../../shared/schemas/career/resume.ts";
import { testCipher } from "../factories/cipher.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;
let repository: ResumesRepository;
let userId: UserId;

beforeAll(async () => {
  store = await openTestStore();
  repository = await createResumesRepository(store.connection, testCipher);
});
afterAll(() => store.close());
beforeEach(() => void (userId = systemIds.objectId() as UserId));

const now = new Date("2026-01-05T09:00:00Z");

function resume(more: Partial<StoredResume> = {}): StoredResume {
  return {
    userId,
    orgId: null,
    id: systemIds.objectId() as MasterResumeId,
    name: "Ann",
    contentHash: "first",
    isActive: false,
    content: resumeContentSchema.parse({ name: "Ann Bell" }),
    source: "written",
    original: null,
    customLatexTemplate: null,
    publicPage: null,
    revision: 1,
    isDeleted: false,
    deletedAt: null,
    createdAt: now,
    updatedAt: now,
    ...more,
  };
}

test("[CAREER-91] of those that are made with the same content at once one is, for each person and organisation", async () => {
  const others = [{}, { orgId: "o" as OrgId }, { userId: systemIds.objectId() as UserId }];
  for (const whose of others) {
    const made = await Promise.all(Array.from({ length: 5 }, () => repository.insert(resume(whose))));
    expect(made.filter(Boolean)).toHaveLength(1);
  }
  expect(await repository.list({ userId, orgId: null })).toHaveLength(1);
  expect(await repository.insert(resume({ contentHash: "second" }))).toBe(true);
});

test("[CAREER-91] one that was edited or deleted stands in no way, and may become the same as another one again", async () => {
  const owner = { userId, orgId: null };
  const [first, second, third] = [resume(), resume(), resume()];
  expect(await repository.insert(first)).toBe(true);
  expect(await repository.change(owner, first.id, 1, { contentHash: "edited" }, now)).toBe(true);
  expect(await repository.insert(second)).toBe(true);
  expect(await repository.setDeleted(owner, second.id, now, now)).toBe(true);
  expect(await repository.insert(third)).toBe(true);
  expect(await repository.setDeleted(owner, second.id, null, now)).toBe(true);
  expect(await repository.change(owner, first.id, 2, { contentHash: "first" }, now)).toBe(true);
  expect(await repository.insert(resume())).toBe(false);
  const same = (await repository.list(owner)).filter(({ contentHash }) => contentHash === "first");
  expect(same).toHaveLength(3);
});

test("[CAREER-91] what was there twice before the store held to it keeps no server from starting", async () => {
  const collection = store.connection.collection("masterResumes");
  const [first, second] = [resume(), resume({ contentHash: "second" })];
  for (const each of [first, second]) await repository.insert(each);
  await collection.updateMany({ userId }, { $set: { contentHash: "old" }, $unset: { isAsMade: "" } });
  const index = (await collection.listIndexes().toArray()).find(({ unique, key }) =>
    Boolean(unique === true && "contentHash" in (key as object)),
  );
  await collection.dropIndex(String(index?.name));
  store.connection.deleteModel(/^(MasterResume|ResumeBullet|ResumeBulletEmbedding|EvidenceScores)$/);
  repository = await createResumesRepository(store.connection, testCipher);
  expect(await repository.list({ userId, orgId: null })).toHaveLength(2);
  expect(await repository.byHash({ userId, orgId: null }, "old")).not.toBeNull();
});
