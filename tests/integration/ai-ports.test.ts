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
import { createBriefsModule, type BriefsService } from "../../server/modules/briefs/index.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { createGatedIdeas } from "../../server/vendors/language/ideas.ts";
import type { SpeechProvider } from "../../server/vendors/speech/index.ts";
import type { EmbeddingsProvider } from "../../server/vendors/embeddings/index.ts";
import type { GatedIdeas } from "../../server/vendors/language/index.ts";
import { createLexicalEmbeddings } from "../../server/vendors/embeddings/lexical.ts";
import type { VectorIndex } from "../../server/vendors/vectors/index.ts";
import { createMemoryVectors } from "../../server/vendors/vectors/memory.ts";
import type { Actor } from "../../shared/actor.ts";
import { presentWording } from "../../shared/consent-wording.ts";
import type { AppError } from "../../shared/errors.ts";
import type { Person } from "../../shared/schemas/people.ts";
import type { MeetingId, OrgId } from "../../shared/ids.ts";
import { recordingIdeas, recordingProvider } from "../factories/ai.ts";
import { openCoaching, type BesideParts, type Coaching } from "../factories/coaching.ts";
import { delivered, recapWhen } from "../factories/recaps.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

const canary = "canary-of-ben";
const orgId = "org_ports" as OrgId;

let store: TestStore;
let house: Coaching;
let passages: PassagesService;
let language: ReturnType<typeof recordingProvider>;
const ideas = recordingIdeas();
let briefs: BriefsService;
/** What each port was handed. */
let embedded: string[] = [];
let indexed: string[] = [];
/** What the speech service was handed, what happens while it listens, and which lines came of it. */
let heard: string[] = [];
let duringHearing: () => Promise<unknown> = () => Promise.resolve();
let said: string[] = [];
const speech: SpeechProvider = {
  name: "recording-speech",
  async transcribe({ audio }, { goOn }) {
    await goOn?.();
    heard.push(Buffer.from(audio).toString());
    await duringHearing();
    return { text: `Heard the ${canary}`, language: null, segments: [] };
  },
};
let ann: Actor;
let ben: Actor;
let round = 0;

beforeAll(async () => {
  store = await openTestStore();
  const recording = recordingProvider("model");
  language = {
    ...recording,
    // What was said first is where the call ended: of that a later brief is made.
    async read(turns, context) {
      const reading = await recording.read(turns, context);
      const [first] = turns;
      if (first === undefined) return reading;
      const evidence = [{ sequence: first.sequence, quote: first.text }];
      return { ...reading, outcome: { text: first.text, evidence } };
    },
  };
  house = await openCoaching(store, {
    language,
    speech,
    beside: async (parts) => void (passages = await openPassages(parts)),
  });
  briefs = createBriefsModule({
    ...house,
    // What people say of themselves stands in nothing of this.
    people: {
      ownProfile: ({ userId }) => Promise.resolve(personOf(userId)),
      person: (_reader, userId) => Promise.resolve(personOf(userId)),
    },
    ideas: createGatedIdeas({ writer: ideas, gate: house.ai }),
    clock: systemClock,
    logger: silentLogger,
    metrics: createMetrics({ processMetrics: false }),
  });
});
afterAll(async () => {
  await briefs?.stop();
  await house?.close();
  await store?.close();
});
beforeEach(async () => {
  round += 1;
  language.seen.length = 0;
  ideas.seen.length = 0;
  embedded = [];
  indexed = [];
  heard = [];
  said = [];
  const inOrg = async (name: string) => ({ ...(await house.actorOf(`${name}${round}`)), orgId });
  [ann, ben] = [await inOrg("ports-ann"), await inOrg("ports-ben")];
  for (const who of [ann, ben]) await says(who, "given");
  const captions = { purpose: "captions", answer: "given", wording: presentWording("captions") } as const;
  await house.consent.decideDefault(ben, captions);
});

const profileCanary = "words-of-a-profile";
/** For rules alone: nobody is asked whether a model may read it. */
function personOf(userId: string): Person {
  const goals = `To be done with ${profileCanary}`;
  return { userId, displayName: "Somebody", goals, interests: [] } as unknown as Person;
}

/** What of a brief for another call of both reached a model, for each of them. */
async function inBriefs(off: (id: MeetingId) => Promise<unknown>): Promise<string[]> {
  const { id } = await house.create(ann, { participants: [{ email: ben.email }] });
  await off(id);
  for (const reader of [ann, ben])
    await expect.poll(async () => (await briefs.brief(reader, id)).writing, { timeout: 60_000 }).toBeNull();
  return ideas.seen;
}

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

/** A call of both for prompts, and the port that words them. */
async function inCall(off: (id: MeetingId) => Promise<unknown>) {
  const { id } = await house.create(ann, { participants: [{ email: ben.email }] });
  await off(id);
  return { id, gated: createGatedIdeas({ writer: ideas, gate: house.ai }) };
}

/** A running call of both, in which Ben's microphone is to be written down. */
async function spoken(off: (id: MeetingId) => Promise<unknown>, meanwhile?: "off"): Promise<string | null> {
  const { id } = await house.create(ann, { participants: [{ email: ben.email }] });
  await house.meetings.start(ann, id);
  if (meanwhile === undefined) await off(id);
  else duringHearing = () => off(id);
  const piece = { key: "piece", startMs: 0, durationMs: 2_000 };
  const sound = () => Promise.resolve({ bytes: Buffer.from(canary), format: "webm" as const });
  const code = await house.captions.write(ben, id, piece, sound).then(
    () => null,
    (error: AppError) => error.code,
  );
  duringHearing = () => Promise.resolve();
  await house.meetings.end(ann, id);
  for await (const lines of house.transcripts.readAll(id)) said.push(...lines.map(({ text }) => text));
  return code;
}

function questionIn(meetingId: MeetingId): Parameters<GatedIdeas["forPrompt"]> {
  const said = { sequence: 1, speakerId: ben.userId, text: `About the ${canary}.`, startMs: 0, endMs: 1 };
  const question = { trigger: "lull", wording: null, lines: [said], hostIds: [ann.userId], shown: [] };
  return [question, { subject: { meetingId, orgId } }];
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
  const handed = JSON.stringify(await inBriefs(async () => undefined));
  expect(handed).toContain(canary);
  expect(handed).not.toContain(profileCanary);
  const { id: running, gated } = await inCall(async () => undefined);
  expect(await gated.forPrompt(...questionIn(running))).not.toBeNull();
  expect(ideas.seen.at(-1)).toContain(canary);
  expect(await spoken(async () => undefined)).toBeNull();
  expect(heard).toEqual([canary]);
  expect(said).toEqual([`Heard the ${canary}`]);
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
    expect(JSON.stringify(await inBriefs(off))).not.toContain(canary);
    const { id: running, gated } = await inCall(off);
    await gated.forPrompt(...questionIn(running));
    expect(JSON.stringify(ideas.seen)).not.toContain(canary);
    expect(await gated.mayStill({ meetingId: running, orgId }, [ben.userId])).toBe(false);
    expect(["FORBIDDEN", "CONSENT_MISSING"]).toContain(await spoken(off));
    expect(heard).toEqual([]);
    if (who.startsWith("the meeting")) return;
    await expect(passages.search(ben, { query: "what about the question", limit: 5 })).rejects.toMatchObject({
      code: "CONSENT_MISSING",
    });
    expect(embedded).toEqual([]);
    if (who === "the organisation")
      await house.ai.decideForOrganization({ ...ann, orgRole: "admin" }, "model");
  });

  test("[CAPTIONS-3] while a service listens, nothing of what it heard is kept", async () => {
    expect(["FORBIDDEN", "CONSENT_MISSING"]).toContain(await spoken(off, "off"));
    expect(heard).toEqual([canary]);
    expect(said).toEqual([]);
    if (who === "the organisation")
      await house.ai.decideForOrganization({ ...ann, orgRole: "admin" }, "model");
  });
});

test("[CAPTIONS-3] being written down that is taken back while a service listens drops what it heard", async () => {
  const refused = { purpose: "captions", answer: "refused", wording: 1 } as const;
  expect(await spoken(async () => await house.consent.decideDefault(ben, refused), "off")).toBe(
    "CONSENT_MISSING",
  );
  expect(said).toEqual([]);
});

test("[AI-6] nobody but captions calls the speech port, and they have it behind its gate", async () => {
  const root = join(import.meta.dirname, "..", "..");
  const callers: string[] = [];
  for await (const path of glob("{server,realtime}/**/*.ts", { cwd: root })) {
    if (path.startsWith("server/vendors/speech/") || path.endsWith(".test.ts")) continue;
    const text = await readFile(join(root, path), "utf8");
    if (/vendors\/speech\/|\.transcribe\(/.test(text)) callers.push(path.replaceAll("\\", "/"));
  }
  expect(callers.sort()).toEqual([
    // Both go through `gated.ts`: the composition puts it around the provider, and the module is given nothing else.
    "server/composition/ai.ts",
    "server/modules/ai/index.ts",
    "server/modules/captions/captions.lines.ts",
    "server/modules/captions/captions.service.ts",
    "server/modules/captions/index.ts",
    "server/transport/http/speech-handlers.ts",
  ]);
  expect(await readFile(join(root, "server/modules/captions/captions.service.ts"), "utf8")).not.toContain(
    "SpeechProvider",
  );
});
