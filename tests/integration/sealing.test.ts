// Words of postings, rubrics and runs on a real store's disk: found by nobody, read as they were written, taken over from before.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mongoose from "mongoose";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import { createPostingsRepository } from "../../server/modules/career/postings/index.ts";
import type { StoredPosting } from "../../server/modules/career/postings/postings.repository.ts";
import { hashOf } from "../../server/modules/career/postings/posting-rubrics.ts";
import { rubricOf } from "../../server/modules/career/rubric/rubric.ts";
import { createRunsRepository } from "../../server/modules/career/runs/index.ts";
import {
  createRotationRepository,
  type Progress,
} from "../../server/modules/encryption/rotation.repository.mongo.ts";
import { begunWalk, takeStep } from "../../server/modules/encryption/rotation.walk.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createFieldCipher } from "../../server/platform/privacy/field-cipher.ts";
import type { OrgId, PostingId, UserId } from "../../shared/ids.ts";
import { defaultSelectionConfig } from "../../shared/schemas/career/selection.ts";
import type { EncryptionStatus } from "../../shared/schemas/encryption.ts";
import { testKey, testSearchSecret } from "../factories/cipher.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";

vi.setConfig({ testTimeout: 300_000 });

const word = "quillfeather";
const textOf = (n: number) =>
  `${word} gardener ${n}\nRequirements\n- Three years of experience with ${word} trees\n- A driving licence is desirable`;
const now = new Date("2026-03-01T10:00:00Z");
const owner = { userId: "a".repeat(24) as UserId, orgId: "org_1" as OrgId };

function postingOf(n: number, descriptionHash: string): StoredPosting {
  return {
    ...owner,
    id: systemIds.objectId() as PostingId,
    jobUrl: `https://example.org/${word}/${n}`,
    platform: "page",
    title: `Gardener at ${word}`,
    company: word,
    location: `${word} on sea`,
    salary: `${word} a year`,
    employmentType: "Full-time",
    seniority: null,
    rawDescription: textOf(n),
    extractedText: textOf(n),
    descriptionHash,
    userTags: [word, "green"],
    notes: "",
    isFavorite: true,
    status: "new",
    rating: 4,
    isDeleted: false,
    deletedAt: null,
    createdAt: now,
    updatedAt: now,
  };
}

const rubricIn = ({ title, rawDescription, extractedText }: StoredPosting) =>
  rubricOf({ title, rawDescription, extractedText });

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "connvo-sealing-"));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

async function holding(directory: string, text: string): Promise<string[]> {
  const names = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = names.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  expect(files.length).toBeGreaterThan(0);
  const found: string[] = [];
  for (const file of files) if ((await readFile(file)).includes(text)) found.push(file);
  return found;
}

test("[CAREER-59] [RUNS-19] [CRYPT-42] what was written of a run, a posting and a rubric is read the same under another key, and no byte of it is found on the disk", async () => {
  const dataDir = join(scratch, "repositories");
  const store = await startEmbeddedMongo({ dataDir });
  const connection = await mongoose.createConnection(store.uri, { dbName: "connvo" }).asPromise();
  const under = (...names: string[]) =>
    createFieldCipher({ keys: names.map(testKey), searchSecret: testSearchSecret });
  const cipher = under("first");
  const postings = await createPostingsRepository(connection, cipher);
  const runs = await createRunsRepository(connection, cipher);
  const posting = postingOf(1, cipher.hashOfContent(hashOf(textOf(1))));
  const rubric = rubricIn(posting);
  expect(JSON.stringify(rubric.requirements)).toContain(word);
  const made = {
    ...owner,
    id: cipher.hashOfContent("made"),
    jobId: posting.id,
    madeBy: "rules" as const,
    generatedBy: "rules",
    promptHash: null,
    descriptionHash: posting.descriptionHash,
    droppedQuotes: 0,
    rubric,
    rubricHash: cipher.hashOfContent("rubric"),
    createdAt: now,
  };
  const run = {
    ...owner,
    runId: systemIds.uuid(),
    masterResumeId: systemIds.objectId(),
    jobId: posting.id,
    resumeName: `${word} résumé`,
    jobTitle: posting.title,
    company: word,
    status: "pending" as const,
    stage: "initialized" as const,
    failedStage: null,
    errorMessage: `${word} stopped`,
    cancelledAt: null,
    mockMode: false,
    variants: [{ key: "rules", name: "Rules" }],
    primaryModelKey: "rules",
    promptVersions: {},
    promptHashes: {},
    config: defaultSelectionConfig,
    pins: [`exp-${word}-1`],
    bans: [],
    edition: 1,
    fence: 0,
    masterResumeHash: "a",
    jobExtractedHash: "b",
    rubricHash: "c",
    timing: {},
    cacheHits: {},
    coverage: null,
    page: { template: "classic" as const, pageLimit: 1 },
    pageFit: null,
    startedAt: null,
    completedAt: null,
    deletedAt: null,
    createdAt: now,
    updatedAt: now,
  };
  await postings.insert(posting);
  await postings.putRubric(made);
  await runs.insert(run);
  expect(
    await runs.putRubric(
      { runId: run.runId, edition: 1, fence: 1 },
      { rubric, rubricHash: "c", createdAt: now },
    ),
  ).toBe(true);

  const repository = createRotationRepository(connection);
  const begun = begunWalk({ target: "second", total: 0, startedBy: null }, null, now);
  await repository.write(begun, null);
  const parts = { repository, cipher: under("second", "first"), clock: systemClock, logger: silentLogger };
  let progress: Progress | null = begun;
  while (progress?.state === "running") progress = await takeStep(progress, parts);
  expect(progress).toMatchObject({ unreadable: 0, counts: [{ keyId: "second", documents: 4 }] });

  // Its models are of this connection: another one reads under the second key alone.
  await connection.close();
  const later = await mongoose.createConnection(store.uri, { dbName: "connvo" }).asPromise();
  const after = under("second");
  const postingsAfter = await createPostingsRepository(later, after);
  const runsAfter = await createRunsRepository(later, after);
  expect(await postingsAfter.find(owner, posting.id)).toEqual(posting);
  expect(await postingsAfter.byHash(owner, posting.descriptionHash)).toEqual(posting);
  const { rawDescription, extractedText, notes, ...listed } = posting;
  expect([rawDescription, extractedText, notes]).toEqual([textOf(1), textOf(1), ""]);
  expect(await postingsAfter.list(owner, { deleted: false, limit: 10 })).toEqual([listed]);
  expect(await postingsAfter.rubric(owner, made.id)).toEqual(made);
  expect(await runsAfter.find(owner, run.runId)).toEqual(run);
  expect(await runsAfter.rubric(run.runId)).toEqual({ rubric, rubricHash: "c" });
  await later.close();
  await store.stop();
  // Where this is found, the rest would be.
  expect(await holding(dataDir, run.runId)).not.toEqual([]);
  expect(await holding(dataDir, word)).toEqual([]);
  expect(await holding(dataDir, hashOf(textOf(1)))).toEqual([]);
});

test("[CRYPT-47] [CRYPT-22] [CRYPT-40] what a version before kept plainly is taken over by the next start, through a kill, and is found as before", async () => {
  const count = 400;
  const operator = "operator@example.org";
  const server: TestServer = await startTestServer({
    store: "embedded",
    environment: { OPERATORS: operator, RATE_LIMITS: "off" },
  });
  const ask = async <Answer>(email: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(server.url + path, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${await server.token(email)}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  const rotation = async () =>
    (await ask<EncryptionStatus>(operator, "/api/v1/operator/encryption")).rotation;
  const withStore = async <Result>(use: (db: mongoose.mongo.Db) => Promise<Result>): Promise<Result> => {
    const store = await startEmbeddedMongo({ dataDir: join(server.dataDir, "store") });
    const client = await new mongoose.mongo.MongoClient(store.uri).connect();
    try {
      return await use(client.db("connvo"));
    } finally {
      await client.close();
      await store.stop();
    }
  };
  try {
    const me = await ask<{ id: string; orgId?: string | null }>("ann@example.org", "/api/v1/me");
    await expect.poll(async () => (await rotation())?.state, { timeout: 120_000 }).toBe("finished");
    await server.stop();
    const plain = Array.from({ length: count }, (_, n) => postingOf(n, hashOf(textOf(n))));
    const [first] = plain;
    if (first === undefined) throw new Error("there is one");
    const oldId = "b".repeat(64);
    await withStore(async (db) => {
      const theirs = { userId: me.id, orgId: me.orgId ?? null };
      await db
        .collection<{ _id: string }>("jobPostings")
        .insertMany(plain.map(({ id, ...posting }) => ({ ...posting, ...theirs, _id: id })));
      const { notes, ...parts } = rubricIn(first);
      await db.collection<{ _id: string }>("jdRubrics").insertOne({
        _id: oldId,
        ...theirs,
        ...parts,
        summary: notes,
        jobId: first.id,
        madeBy: "model",
        generatedBy: "model-1",
        promptHash: "p1",
        descriptionHash: first.descriptionHash,
        droppedQuotes: 0,
        rubricHash: "c".repeat(64),
        createdAt: now,
      } as { _id: string });
      // As a version that encrypted less has left it.
      await db.collection("keyRotations").updateOne({}, { $set: { sealing: "fewer" } });
      await db
        .collection<{ _id: string }>("searchKeys")
        .updateOne({ _id: "email" }, { $pull: { hashed: /:/ } as never });
    });

    await server.restart();
    await expect
      .poll(rotation, { timeout: 120_000, interval: 50 })
      .toSatisfy((now: EncryptionStatus["rotation"]) => (now?.changed ?? 0) >= 100);
    await server.kill();
    const left = await withStore((db) =>
      db.collection("jobPostings").countDocuments({ title: /quillfeather/ }),
    );
    expect(left).toBeGreaterThan(0);
    await server.restart();
    await expect.poll(async () => (await rotation())?.state, { timeout: 120_000 }).toBe("finished");

    const again = await ask<{ existing: boolean; posting: { id: string; text: string } }>(
      "ann@example.org",
      "/api/v1/career/postings",
      { text: textOf(0) },
    );
    expect(again).toMatchObject({ existing: true, posting: { id: first.id, text: textOf(0) } });
    const rubric = await ask<{ madeBy: string; rubric: { requirements: unknown[] } }>(
      "ann@example.org",
      `/api/v1/career/postings/${first.id}/rubric`,
    );
    expect(rubric.madeBy).toBe("model");
    expect(JSON.stringify(rubric.rubric.requirements)).toContain(word);
    const list = await ask<{ total: number }>("ann@example.org", `/api/v1/career/postings?q=${word}`);
    expect(list.total).toBe(count);
    await server.stop();
    await withStore(async (db) => {
      for (const name of ["jobPostings", "jdRubrics"]) {
        const kept = JSON.stringify(await db.collection(name).find().toArray());
        for (const told of [word, hashOf(textOf(0)), oldId, "c".repeat(64)])
          expect([name, kept.includes(told)]).toEqual([name, false]);
      }
      expect(await db.collection("jdRubrics").countDocuments()).toBe(1);
    });
  } finally {
    await server.close();
  }
});
