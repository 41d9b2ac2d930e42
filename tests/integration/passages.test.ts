// Passages on a real store: put in as people allow, found again, checked before they are shown, and moved to another index.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createJobs, type Jobs } from "../../server/jobs/index.ts";
import {
  createPassagesModule,
  createPassagesRepository,
  type PassagesService,
} from "../../server/modules/passages/index.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { createOutboundMetrics } from "../../server/platform/outbound/index.ts";
import type { EmbeddingsProvider } from "../../server/vendors/embeddings/index.ts";
import { createLexicalEmbeddings } from "../../server/vendors/embeddings/lexical.ts";
import type { VectorIndex } from "../../server/vendors/vectors/index.ts";
import { createMemoryVectors } from "../../server/vendors/vectors/memory.ts";
import { createPineconeVectors } from "../../server/vendors/vectors/pinecone.ts";
import type { Actor } from "../../shared/actor.ts";
import { noAnswers, type ConsentAnswers } from "../../shared/consent-rules.ts";
import { notFound } from "../../shared/errors.ts";
import {
  meetingIdSchema,
  segmentIdSchema,
  type MeetingId,
  type OrgId,
  type UserId,
} from "../../shared/ids.ts";
import type { AiUse } from "../../shared/schemas/ai.ts";
import type { Segment } from "../../shared/schemas/transcripts.ts";
import { actor, forgetModels } from "../factories/live-modules.ts";
import { startPineconeEmulator, type PineconeEmulator } from "../factories/pinecone-emulator.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;
let emulator: PineconeEmulator;
let jobs: Jobs;

/** The rest of the program, as these tests set it. */
interface World {
  places: Map<MeetingId, { orgId: OrgId | null; people: Set<string>; segments: Segment[] }>;
  answers: Map<UserId, ConsentAnswers>;
  uses: Map<string, AiUse>;
  embedded: string[];
}
let world: World;

beforeAll(async () => {
  store = await openTestStore();
  emulator = await startPineconeEmulator({ dimension: 512 });
});
afterAll(async () => {
  await emulator?.close();
  await store?.close();
});
beforeEach(() => {
  world = { places: new Map(), answers: new Map(), uses: new Map(), embedded: [] };
});

/** Counts what it is asked; another `version` is another configuration. */
function countingEmbeddings(
  version: string,
  mode: EmbeddingsProvider["mode"] = "lexical",
): EmbeddingsProvider {
  const lexical = createLexicalEmbeddings();
  return {
    ...lexical,
    mode,
    version,
    embed(texts, context) {
      world.embedded.push(...texts);
      return lexical.embed(texts, context);
    },
  };
}

/** As one process with this configuration runs it, with its jobs. */
async function open(
  options: { provider?: "memory" | "pinecone"; embeddings?: EmbeddingsProvider; index?: VectorIndex } = {},
): Promise<{ passages: PassagesService; stop(): Promise<void> }> {
  const { provider = "memory", embeddings = countingEmbeddings("v1") } = options;
  forgetModels(store);
  const { connection } = store;
  const metrics = createMetrics({ processMetrics: false });
  const parts = { connection, clock: systemClock, ids: systemIds, logger: silentLogger, metrics };
  jobs = await createJobs(parts);
  const { name: model, version } = embeddings;
  const repository = await createPassagesRepository(connection, {
    clock: systemClock,
    configuration: { model, version },
  });
  const passages = createPassagesModule({
    ...parts,
    repository,
    embeddings,
    jobs,
    provider,
    indexName: "test",
    openIndex: (dimensions) =>
      options.index ??
      (provider === "memory"
        ? createMemoryVectors({ store: repository, dimensions })
        : createPineconeVectors({
            apiKey: "key",
            index: "test",
            host: emulator.url,
            dimensions,
            timeoutMs: 20_000,
            atOnce: 2,
            clock: systemClock,
            outboundMetrics: createOutboundMetrics(metrics),
            firstWaitMs: 1,
          }).vectors),
    meetings: {
      async authorize({ userId, orgId }, meetingId) {
        const place = world.places.get(meetingId);
        if (place?.people.has(userId) !== true || place.orgId !== orgId) throw notFound("This meeting");
        return {
          meetingId,
          userId,
          role: "participant",
          state: "concluded",
          startedAt: null,
          over: new Set(),
        };
      },
      record: async (id) => {
        const place = world.places.get(id);
        if (place === undefined) return null;
        return { ...emptyRecord(id), orgId: place.orgId };
      },
      placesOf: async (userId) =>
        [...world.places].filter(([, { people }]) => people.has(userId)).map(([id]) => id),
    },
    insights: { segmentsOf: async (id) => world.places.get(id)?.segments ?? [] },
    consents: {
      answers: async (_id, ids) => new Map(ids.map((id) => [id, world.answers.get(id) ?? noAnswers])),
      standing: async (userId) => [
        {
          purpose: "ai",
          answer: world.answers.get(userId)?.ai ?? null,
          from: "default",
          at: null,
          wording: null,
        },
      ],
    },
    ai: {
      useIn: async (id) => world.uses.get(id) ?? "model",
      useOf: async (id) => world.uses.get(id) ?? "model",
    },
  });
  jobs.start();
  return { passages, stop: () => jobs.stop(5_000) };
}

const emptyRecord = (id: MeetingId) => ({
  id,
  organizerId: id as string as UserId,
  title: "A call",
  description: null,
  scheduledAt: null,
  durationMinutes: null,
  timeZone: null,
  template: "grow" as const,
  recapDelivery: "automatic" as const,
  state: "concluded" as const,
  startedAt: null,
  endedAt: null,
  participants: [],
});

function meetingOf(people: Actor[], texts: [Actor, string][], orgId: string | null = null): MeetingId {
  const id = meetingIdSchema.parse(systemIds.objectId());
  const segments = texts.map(([{ userId }, text], index): Segment => ({
    id: segmentIdSchema.parse(systemIds.objectId()),
    meetingId: id,
    startMs: index * 60_000,
    endMs: index * 60_000 + 50_000,
    firstSequence: index * 10 + 1,
    lastSequence: index * 10 + 10,
    speakers: [userId],
    text,
    stretch: null,
    topics: [],
    keyTerms: [],
    sentiment: null,
  }));
  world.places.set(id, {
    orgId: orgId as OrgId | null,
    people: new Set(people.map(({ userId }) => userId)),
    segments,
  });
  return id;
}

async function indexed(passages: PassagesService, id: MeetingId): Promise<void> {
  await passages.reconsider(id);
  await settled("passages.index");
}

/** Until no job of this kind waits or runs. */
async function settled(name: string): Promise<void> {
  const all = store.connection.getClient().db(store.connection.name).collection("jobs");
  while ((await all.countDocuments({ name, state: { $in: ["waiting", "running"] } })) > 0)
    await new Promise((resolve) => setImmediate(resolve));
}

const texts = async (passages: PassagesService, who: Actor, query: string) =>
  (await passages.search(who, { query, limit: 10 })).map(({ text }) => text);

describe.each(["memory", "pinecone"] as const)("in %s", (provider) => {
  test("[PASSAGES-1] [PASSAGES-2] [PASSAGES-3] what people allow is found in one's own meetings, embedded once, and what they do not is not", async () => {
    const [ann, ben, eve] = [actor(), actor(), actor()];
    world.answers.set(ben.userId, { ...noAnswers, ai: "refused" });
    const id = meetingOf(
      [ann, ben],
      [
        [ann, "The knee exercises before breakfast"],
        [ben, "A secret knee operation"],
        [ann, "The budget of the garden"],
      ],
    );
    const other = meetingOf([eve], [[eve, "Eve talks about knee exercises elsewhere"]]);
    const { passages, stop } = await open({ provider });
    await indexed(passages, id);
    await indexed(passages, other);
    expect(await texts(passages, ann, "exercises for my knee")).toEqual([
      "The knee exercises before breakfast",
    ]);
    expect(world.embedded).not.toContain("A secret knee operation");
    expect(await texts(passages, eve, "knee exercises")).toEqual([
      "Eve talks about knee exercises elsewhere",
    ]);
    const count = world.embedded.length;
    await indexed(passages, id);
    expect(world.embedded).toHaveLength(count);

    // From the next moment on, whatever the index still holds.
    world.answers.set(ann.userId, { ...noAnswers, ai: "refused" });
    world.answers.set(eve.userId, { ...noAnswers, ai: "given" });
    world.places.get(id)?.people.add(eve.userId);
    expect(await texts(passages, eve, "knee exercises")).toEqual([
      "Eve talks about knee exercises elsewhere",
    ]);
    world.answers.set(ann.userId, noAnswers);
    expect(await texts(passages, eve, "knee exercises")).toHaveLength(2);
    world.uses.set(id, "off");
    expect(await texts(passages, eve, "knee exercises")).toHaveLength(1);
    world.uses.delete(id);
    const [segment] = world.places.get(id)?.segments ?? [];
    if (segment !== undefined) segment.text = "Something else by now, about the knee";
    expect(await texts(passages, eve, "knee exercises")).toHaveLength(1);
    world.places.get(id)?.people.delete(eve.userId);
    await stop();
  });

  test("[PASSAGES-3] organisations are kept apart, also where the index is asked for the same words", async () => {
    const ann = actor();
    const inOrg = { ...ann, orgId: `org_${provider}` as OrgId };
    const own = meetingOf([ann], [[ann, "Alone about the orchard harvest"]]);
    const work = meetingOf([ann], [[ann, "At work about the orchard harvest"]], `org_${provider}`);
    const { passages, stop } = await open({ provider });
    await indexed(passages, own);
    await indexed(passages, work);
    expect(await texts(passages, ann, "orchard harvest")).toEqual(["Alone about the orchard harvest"]);
    expect(await texts(passages, inOrg, "orchard harvest")).toEqual(["At work about the orchard harvest"]);
    world.uses.set(`org_${provider}`, "off");
    await expect(texts(passages, inOrg, "orchard harvest")).rejects.toMatchObject({
      code: "CONSENT_MISSING",
    });
    await stop();
  });
});

test("[PASSAGES-4] a question goes to a model only after the person's yes", async () => {
  const ann = actor();
  const { passages, stop } = await open({ embeddings: countingEmbeddings("m1", "model") });
  await expect(texts(passages, ann, "my secret question")).rejects.toMatchObject({ code: "CONSENT_MISSING" });
  expect(world.embedded).toEqual([]);
  await stop();
});

test("[PASSAGES-6] what is deleted leaves the store at once and the index by the job that follows", async () => {
  const ann = actor();
  const id = meetingOf([ann], [[ann, "The telescope on the roof"]]);
  const { passages, stop } = await open({ provider: "pinecone" });
  await indexed(passages, id);
  expect(await texts(passages, ann, "telescope roof")).toHaveLength(1);
  world.places.delete(id);
  await indexed(passages, id);
  const deleted = emulator.received.filter(({ path }) => path === "/vectors/delete").at(-1);
  expect((deleted?.body as { ids: string[] }).ids).toHaveLength(1);
  const kept = await store.connection
    .getClient()
    .db(store.connection.name)
    .collection("embeddings")
    .find({ meetingId: id })
    .toArray();
  expect(kept.map(({ vector, metadata }) => [vector, metadata])).toEqual([[null, {}]]);
  await stop();
});

test("[PASSAGES-5] [EMBED-6] another model takes over meeting by meeting, goes on after it was stopped, and is the only one in the end", async () => {
  const ann = actor();
  const ids = Array.from({ length: 4 }, (_, n) => meetingOf([ann], [[ann, `Violin lesson number ${n}`]]));
  const first = await open();
  await first.passages.start();
  for (const id of ids) await indexed(first.passages, id);
  await first.stop();

  // Stops dead at the third meeting of the move.
  let failing = true;
  const next = countingEmbeddings("v2");
  const stuck: EmbeddingsProvider = {
    ...next,
    embed: (all, context) =>
      failing && all.includes("Violin lesson number 2")
        ? Promise.reject(new Error("killed"))
        : next.embed(all, context),
  };
  world.embedded = [];
  const second = await open({ embeddings: stuck });
  await second.passages.start();
  while (!world.embedded.includes("Violin lesson number 1")) await new Promise((go) => setImmediate(go));
  await second.stop();
  const before = await second.passages.status();
  expect(before.complete).toBe(false);
  expect(before.done).toBeLessThan(before.total);

  failing = false;
  const third = await open({ embeddings: stuck });
  await third.passages.start();
  while (!(await third.passages.status()).complete) await new Promise((go) => setImmediate(go));
  expect(await third.passages.status()).toMatchObject({ complete: true });
  // What was taken over before the stop was not embedded again.
  expect(world.embedded.filter((text) => text === "Violin lesson number 0")).toHaveLength(1);
  expect(await texts(third.passages, ann, "violin lesson")).toHaveLength(4);
  const metas = await store.connection
    .getClient()
    .db(store.connection.name)
    .collection("vectorIndexMeta")
    .find({ indexName: "test", provider: "memory" })
    .toArray();
  expect(metas.filter(({ status }) => status === "active")).toHaveLength(1);
  await third.stop();
});

test("[VECTORS-7] a server without vector search is found out before anything is searched in it", async () => {
  forgetModels(store);
  const configuration = { model: "lexical", version: "v1" };
  const { search } = await createPassagesRepository(store.connection, { clock: systemClock, configuration });
  expect(await search.isThere()).toBe(false);
});
