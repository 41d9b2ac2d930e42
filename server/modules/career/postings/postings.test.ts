// Postings as their owner keeps them: each text once, found by what is noted, deleted and had back.
import { beforeEach, expect, test } from "vitest";
import { createMetrics } from "../../../platform/metrics.ts";
import { countingIds } from "../../../platform/ids.ts";
import { AppError } from "../../../../shared/errors.ts";
import type { OrgId, UserId } from "../../../../shared/ids.ts";
import { listPostingsQuerySchema } from "../../../../shared/schemas/career/postings.ts";
import type { Actor } from "../../../../shared/actor.ts";
import { createApplicationsModule, type ApplicationsService } from "../applications/index.ts";
import { memoryApplications } from "../applications/testing-applications.ts";
import { testCipher } from "../../../../tests/factories/cipher.ts";
import { createPostingsModule, type PostingsService } from "./index.ts";
import { memoryPostings } from "./testing-postings.ts";
import type { RubricWriter } from "./posting-rubrics.ts";

const dayMs = 24 * 60 * 60_000;
let now: Date;
/** By which each look at the clock moves it on. */
let tickMs: number;
let postings: PostingsService;
let applications: ApplicationsService;
let audited: string[];
let writer: {
  answer: Awaited<ReturnType<RubricWriter["write"]>> | AppError;
  asked: number;
  allowed: boolean;
};

const person = (letter: string, orgId: string | null = "org_1"): Actor => ({
  userId: letter.repeat(24) as UserId,
  email: `${letter}@example.org`,
  displayName: letter,
  orgId: orgId as OrgId | null,
  orgRole: "member",
  sessionId: "s",
  expiresAt: new Date(8_640_000_000_000),
});
const ann = person("a");
const text =
  "Gardener\nRequirements\n- Three years of experience with trees\n- A driving licence is desirable";
const query = (input: object) => listPostingsQuerySchema.parse(input);

beforeEach(() => {
  now = new Date("2026-03-01T10:00:00Z");
  tickMs = 0;
  audited = [];
  const clock = {
    now: () => (now = new Date(now.getTime() + tickMs)),
    monotonicMs: () => 0,
    schedule: () => () => {},
  };
  const parts = {
    clock,
    ids: countingIds(),
    metrics: createMetrics({ processMetrics: false }),
    audit: {
      record: ({ action }: { action: string }) => {
        audited.push(action);
        return Promise.resolve();
      },
    },
  } as never as Pick<Parameters<typeof createPostingsModule>[0], "clock" | "ids" | "metrics" | "audit">;
  writer = { answer: new AppError("VENDOR_ERROR", "down"), asked: 0, allowed: true };
  const named = {
    record: (o: never, id: never) => postings.record(o, id),
    all: (o: never) => postings.all(o),
  };
  applications = createApplicationsModule({
    ...parts,
    repository: memoryApplications(),
    postings: named as never,
    runs: { find: () => Promise.resolve(null) },
    remindAt: () => Promise.resolve(),
  });
  postings = createPostingsModule({
    ...parts,
    repository: memoryPostings(),
    hashes: testCipher,
    intake: { fromUrl: () => Promise.reject(new AppError("ADDRESS_REFUSED", "inside")) },
    readDocument: () => Promise.reject(new Error("none")),
    writer: {
      name: "model-1",
      promptHash: "p1",
      version: "model-v1",
      write: () => {
        writer.asked += 1;
        return writer.answer instanceof AppError
          ? Promise.reject(writer.answer)
          : Promise.resolve(writer.answer);
      },
    },
    mayUseModel: () => Promise.resolve(writer.allowed),
    dependents: [applications],
  });
});

test("[CAREER-64] the same text is there once, whatever its spaces; a deleted one is there again", async () => {
  const first = await postings.add(ann, { text });
  expect(first).toMatchObject({ existing: false, posting: { title: "Gardener", status: "new" } });
  const again = await postings.add(ann, { text: text.replaceAll("\n", "\n\n"), title: "Other" });
  expect(again).toMatchObject({ existing: true, posting: { id: first.posting.id, title: "Gardener" } });
  await postings.remove(ann, first.posting.id);
  await expect(postings.get(ann, first.posting.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await postings.add(ann, { text })).toMatchObject({ existing: true, posting: { deletedAt: null } });
  expect(audited).toEqual(["career-posting.add", "career-posting.delete", "career-posting.restore"]);
});

test("[CAREER-65] nobody else finds it, nor does its owner from another organisation; acting as them is refused", async () => {
  const { posting } = await postings.add(ann, { text });
  for (const other of [person("b"), person("a", "org_2"), person("a", null)]) {
    await expect(postings.get(other, posting.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(postings.change(other, posting.id, { rating: 1 })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(postings.remove(other, posting.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect((await postings.list(other, query({}))).total).toBe(0);
  }
  await expect(
    postings.get({ ...ann, impersonator: "support@example.org" }, posting.id),
  ).rejects.toMatchObject({ code: "FORBIDDEN" });
});

test("[CAREER-66] they are found by words, tags, status, rating and favourites, and read page by page", async () => {
  const titles = ["Gärtner in Bern", "Cook", "Head cook", "Nurse"];
  for (const [at, title] of titles.entries()) {
    now = new Date(now.getTime() + 1_000);
    const { posting } = await postings.add(ann, { text: `${text} ${title} number ${at}`, title });
    await postings.change(ann, posting.id, {
      rating: at + 1,
      isFavorite: at % 2 === 0,
      userTags: at < 2 ? ["near", "near"] : ["far"],
      ...(at === 3 ? { status: "shortlisted" } : {}),
    });
  }
  const found = async (input: object) =>
    (await postings.list(ann, query(input))).items.map(({ title }) => title);
  expect(await found({})).toEqual([...titles].reverse());
  expect(await found({ q: "gartner BE" })).toEqual(["Gärtner in Bern"]);
  expect(await found({ q: "coo", sort: "title" })).toEqual(["Cook", "Head cook"]);
  expect(await found({ tag: "near" })).toEqual(["Cook", "Gärtner in Bern"]);
  expect(await found({ favorite: "true" })).toEqual(["Head cook", "Gärtner in Bern"]);
  expect(await found({ ratingAtLeast: "3", sort: "rating" })).toEqual(["Nurse", "Head cook"]);
  expect(await found({ status: "shortlisted" })).toEqual(["Nurse"]);
  const first = await postings.list(ann, query({ limit: 3 }));
  expect(first).toMatchObject({ total: 4, tags: ["far", "near"] });
  expect(await found({ limit: 3, cursor: first.nextCursor })).toEqual(["Gärtner in Bern"]);
});

test("[CAREER-67] what hangs on a posting goes with it, comes back with it, and what had gone before stays gone", async () => {
  const one = await postings.add(ann, { text });
  const two = await postings.add(ann, { text: `${text} and roses` });
  const first = await applications.add(ann, { postingId: one.posting.id, status: "applied" });
  const second = await applications.add(ann, { postingId: two.posting.id, status: "applied" });
  await applications.remove(ann, second.application.id);
  now = new Date(now.getTime() + 1_000);
  for (const { posting } of [one, two]) await postings.remove(ann, posting.id);
  expect((await applications.board(ann, {})).items).toEqual([]);
  for (const { posting } of [one, two]) await postings.restore(ann, posting.id);
  expect((await applications.board(ann, {})).items.map(({ id }) => id)).toEqual([first.application.id]);
});

test("[CAREER-67] a posting that is deleted twice at once comes back with what hung on it", async () => {
  const { posting } = await postings.add(ann, { text });
  await applications.add(ann, { postingId: posting.id, status: "applied" });
  tickMs = 1_000;
  await Promise.all([postings.remove(ann, posting.id), postings.remove(ann, posting.id)]);
  await postings.restore(ann, posting.id);
  expect((await applications.board(ann, {})).items).toHaveLength(1);
});

test("[CAREER-67] where a restoration is broken off, the next one brings back what hangs on it, too", async () => {
  const { posting } = await postings.add(ann, { text });
  await applications.add(ann, { postingId: posting.id, status: "applied" });
  await postings.remove(ann, posting.id);
  const { restoredWith } = applications;
  applications.restoredWith = () => Promise.reject(new Error("the store is away"));
  await expect(postings.restore(ann, posting.id)).rejects.toThrow("the store is away");
  applications.restoredWith = restoredWith;
  await postings.restore(ann, posting.id);
  expect((await applications.board(ann, {})).items).toHaveLength(1);
});

test("[CAREER-68] after 30 days what was deleted is gone, with what hangs on it; before it is not", async () => {
  const { posting } = await postings.add(ann, { text });
  await applications.add(ann, { postingId: posting.id, status: "applied" });
  await postings.rubric(ann, posting.id);
  const { restorableUntil } = await postings.remove(ann, posting.id);
  expect(new Date(restorableUntil).getTime() - now.getTime()).toBe(30 * dayMs);
  expect(await postings.removeDeleted(now)).toBe(0);
  expect(await postings.removeDeleted(new Date(now.getTime() + 1))).toBe(1);
  expect(await postings.exportOf(ann.userId)).toEqual({ postings: [], rubrics: [] });
  expect(await applications.exportOf(ann.userId)).toEqual({ applications: [] });
  await expect(postings.restore(ann, posting.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("[CAREER-57] a rubric is made once for a text and what makes it; rules answer where the model does not", async () => {
  const { posting } = await postings.add(ann, { text });
  const byRules = await postings.rubric(ann, posting.id);
  expect(byRules).toMatchObject({ madeBy: "rules", available: "model", note: null });
  expect(await postings.rubric(ann, posting.id, "model")).toMatchObject({
    madeBy: "rules",
    note: expect.stringContaining("did not answer"),
  });
  const { version: _version, jobMeta: _meta, ...asked } = byRules.rubric;
  writer.answer = { rubric: asked, droppedQuotes: 2 };
  const byModel = await postings.rubric(ann, posting.id, "model");
  expect(byModel).toMatchObject({
    madeBy: "model",
    generatedBy: "model-1",
    droppedQuotes: 2,
    promptHash: "p1",
  });
  expect(await postings.rubric(ann, posting.id, "model")).toEqual(byModel);
  expect(writer.asked).toBe(2);
  await postings.change(ann, posting.id, { title: "Renamed" });
  expect(await postings.rubric(ann, posting.id)).toMatchObject({
    madeBy: "model",
    rubric: { jobMeta: { jobTitle: "Renamed" } },
  });
  writer.allowed = false;
  expect(await postings.rubric(ann, posting.id)).toMatchObject({ available: "rules" });
});

test("[CAREER-63] what is refused is counted and leaves nothing", async () => {
  await expect(postings.add(ann, { url: "http://10.0.0.1/" })).rejects.toMatchObject({
    code: "ADDRESS_REFUSED",
  });
  expect((await postings.list(ann, query({}))).total).toBe(0);
  expect(audited).toEqual([]);
});
