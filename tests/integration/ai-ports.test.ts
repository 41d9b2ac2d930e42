// Machines switched off, at every port: what people said and asked is counted where it would leave, for each who may say no.
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  createPassagesModule,
  createPassagesRepository,
  type PassagesService,
} from "../../server/modules/passages/index.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import type { EmbeddingsProvider } from "../../server/vendors/embeddings/index.ts";
import { createLexicalEmbeddings } from "../../server/vendors/embeddings/lexical.ts";
import type { VectorIndex } from "../../server/vendors/vectors/index.ts";
import { createMemoryVectors } from "../../server/vendors/vectors/memory.ts";
import type { Actor } from "../../shared/actor.ts";
import type { MeetingId, OrgId } from "../../shared/ids.ts";
import { recordingProvider } from "../factories/ai.ts";
import { openCoaching, type BesideParts, type Coaching } from "../factories/coaching.ts";
import { delivered, recapWhen } from "../factories/recaps.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

const canary = "canary-of-ben";
const orgId = "org_ports" as OrgId;

let store: TestStore;
let house: Coaching;
let passages: PassagesService;
let language: ReturnType<typeof recordingProvider>;
/** What each port was handed. */
let embedded: string[] = [];
let indexed: string[] = [];
let ann: Actor;
let ben: Actor;
let round = 0;

beforeAll(async () => {
  store = await openTestStore();
  language = recordingProvider("model");
  house = await openCoaching(store, {
    language,
    beside: async (parts) => void (passages = await openPassages(parts)),
  });
});
afterAll(async () => {
  await house?.close();
  await store?.close();
});
beforeEach(async () => {
  round += 1;
  language.seen.length = 0;
  embedded = [];
  indexed = [];
  const inOrg = async (name: string) => ({ ...(await house.actorOf(`${name}${round}`)), orgId });
  [ann, ben] = [await inOrg("ports-ann"), await inOrg("ports-ben")];
  for (const who of [ann, ben]) await says(who, "given");
});

const says = (who: Actor, answer: "given" | "refused") =>
  house.consent.decideDefault(who, { purpose: "ai", answer, wording: 1 });

/** As with a model and an index of vendors, which keep what they are given. */
async function openPassages(parts: BesideParts): Promise<PassagesService> {
  const connection = store.connection.useDb(store.connection.name, { useCache: false });
  const lexical = createLexicalEmbeddings();
  const embeddings: EmbeddingsProvider = {
    ...lexical,
    mode: "model",
    embed(texts, context) {
      embedded.push(...texts);
      return lexical.embed(texts, context);
    },
  };
  const repository = await createPassagesRepository(connection, {
    clock: systemClock,
    configuration: { model: embeddings.name, version: embeddings.version },
  });
  const openIndex = (dimensions: number): VectorIndex => {
    const memory = createMemoryVectors({ store: repository, dimensions });
    return {
      ...memory,
      provider: "pinecone",
      async upsert(_namespace, vectors) {
        indexed.push(...vectors.map(({ metadata }) => String(metadata["meetingId"])));
      },
    };
  };
  return createPassagesModule({
    ...parts,
    repository,
    embeddings,
    openIndex,
    provider: "recording",
    indexName: "ports",
    clock: systemClock,
    logger: silentLogger,
  });
}

/** A call of both, its recap, and what follows for the search. */
async function held(before: (id: MeetingId) => Promise<unknown>): Promise<MeetingId> {
  const { id } = await house.create(ann, { participants: [{ email: ben.email }] });
  await before(id);
  await house.meetings.start(ann, id);
  await house.say(ann, id, [[ben, `I'll call the ${canary} by Friday.`]]);
  await house.meetings.end(ann, id);
  await house.insights.prepare(id);
  await recapWhen(house, ann, id, delivered);
  await passages.reconsider(id);
  await expect
    .poll(() => house.jobs.counts(), { timeout: 60_000, interval: 10 })
    .toMatchObject({
      waiting: 0,
      running: 0,
    });
  return id;
}

const reached = (id: MeetingId) => ({
  language: language.seen.some(({ text }) => text.includes(canary)),
  embeddings: embedded.some((text) => text.includes(canary)),
  vectors: indexed.includes(id),
});

test("[AI-6] while nobody has switched anything off, every port is reached", async () => {
  const id = await held(async () => undefined);
  expect(reached(id)).toEqual({ language: true, embeddings: true, vectors: true });
  await passages.search(ben, { query: "what about the question", limit: 5 });
  expect(embedded).toContain("what about the question");
});

describe.each([
  { who: "the person", off: async () => await says(ben, "refused") },
  { who: "the meeting", off: async (id: MeetingId) => await house.ai.decideForMeeting(ann, id, "off") },
  {
    who: "the meeting, for rules alone",
    off: async (id: MeetingId) => await house.ai.decideForMeeting(ann, id, "rules"),
  },
  {
    who: "the organisation",
    off: async () => await house.ai.decideForOrganization({ ...ann, orgRole: "admin" }, "off"),
  },
])("switched off by $who", ({ who, off }) => {
  test("[AI-6] nothing of theirs reaches any port", async () => {
    const id = await held(off);
    expect(reached(id)).toEqual({ language: false, embeddings: false, vectors: false });
    if (who.startsWith("the meeting")) return;
    await expect(passages.search(ben, { query: "what about the question", limit: 5 })).rejects.toMatchObject({
      code: "CONSENT_MISSING",
    });
    expect(embedded).toEqual([]);
    if (who === "the organisation")
      await house.ai.decideForOrganization({ ...ann, orgRole: "admin" }, "model");
  });
});

test("[AI-6] nothing but the composition, which tells of its health, knows the speech port", async () => {
  const root = join(import.meta.dirname, "..", "..");
  const callers: string[] = [];
  for await (const path of glob("{server,realtime}/**/*.ts", { cwd: root })) {
    if (path.startsWith("server/vendors/speech/")) continue;
    const text = await readFile(join(root, path), "utf8");
    if (/vendors\/speech\/|\.transcribe\(/.test(text)) callers.push(path.replaceAll("\\", "/"));
  }
  expect(callers).toEqual(["server/composition/ai.ts"]);
});
