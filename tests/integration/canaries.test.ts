// Strings planted in everything that people say and write are looked for everywhere: they are found only where they belong.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import type { Recap } from "../../shared/schemas/insights.ts";
import type { CoachReview } from "../../shared/schemas/reviews.ts";
import { startCollector, type Collector } from "../factories/collector.ts";
import { until } from "../factories/nodes.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import { connectSocket, emit, emitOk } from "../factories/sockets.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";
import { askAt, sendTo } from "./access/calls.ts";
import { adminEndpoints, operatorEndpoints, type AdminRow } from "./access/admin-table.ts";
import { graphqlQuery, graphqlRows, type GraphqlSample } from "./access/graphql-table.ts";
import { unknownId, type Sample } from "./access/table.ts";

const canaries = {
  title: "canary-title-1a",
  description: "canary-description-2b",
  sharedNotes: "canary-shared-notes-3c",
  coachNotes: "canary-coach-notes-4d",
  coacheeNotes: "canary-coachee-notes-5e",
  transcript: "canary-transcript-6f",
  chat: "canary-chat-7g",
  template: "canary-template-8h",
  mistyped: "canary-mistyped-9i",
  rating: "canary-rating-10j",
  resume: "canary-resume-11k",
  posting: "canary-posting-12l",
  plan: "canary-plan-13m",
} as const;
type Canary = keyof typeof canaries;

/** Ids that name nothing. */
const nothingKnown: Sample = {
  meetingId: unknownId,
  userId: unknownId,
  promptId: unknownId,
  messageId: unknownId,
  fileId: unknownId,
  actionId: unknownId,
  mailId: unknownId,
  templateId: unknownId,
  sessionId: "session_unknown",
  membershipId: "om_unknown",
  invitationId: "invitation_unknown",
  apiKeyId: unknownId,
  pairingGroupId: unknownId,
  postingId: unknownId,
  applicationId: unknownId,
};

let store: TestStore;
let server: TestServer;
let collector: Collector;
let coach: string, coachee: string, stranger: string, admin: string, operator: string;
let path: string;

const org = "Canaries";

beforeAll(async () => {
  store = await openTestStore();
  collector = await startCollector();
  server = await startTestServer({
    store: "embedded",
    environment: {
      MONGODB_URI: store.uri,
      LOG_LEVEL: "debug",
      RATE_LIMITS: "off",
      OPERATORS: "operator@example.org",
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_TRACES_SAMPLER_ARG: "1",
    },
  });
  [coach, coachee, stranger, operator] = (await Promise.all(
    ["coach", "coachee", "stranger", "operator"].map((name) =>
      server.token(`${name}@example.org`, name, { org, role: "member" }),
    ),
  )) as [string, string, string, string];
  admin = await server.token("admin@example.org", "admin", { org, role: "admin" });
  for (const token of [coachee, stranger, operator, admin]) await api(token, "GET", "/api/v1/me");
  await plant();
  await stumble();
});

afterAll(async () => {
  await server?.close();
  collector?.close();
  await store?.close();
});

async function plant(): Promise<void> {
  const meeting = await api<Meeting>(coach, "POST", "/api/v1/meetings", {
    title: canaries.title,
    description: canaries.description,
    scheduledAt: "2030-03-12T10:00:00.000Z",
    participants: [{ email: "coachee@example.org" }],
  });
  path = `/api/v1/meetings/${meeting.id}`;
  await api(coach, "POST", `${path}/start`);
  const write = (who: string, layer: string, content: string) =>
    api(who, "POST", `${path}/notes/operations`, {
      clientKey: content,
      layer,
      baseVersion: 0,
      operations: [{ type: "insert", position: 0, content }],
    });
  await api(coach, "POST", `${path}/notes/template`, { clientKey: "blank", template: "blank" }).catch(
    () => undefined,
  );
  await write(coach, "mine", canaries.coachNotes);
  await write(coachee, "mine", canaries.coacheeNotes);
  await write(coachee, "shared", canaries.sharedNotes);
  await api(coach, "POST", `${path}/notes/templates`, { title: canaries.template, layer: "shared" });
  const lines = [
    "What would you like to work on today?",
    `I want to finish the ${canaries.transcript} before spring.`,
    `I'll send you the ${canaries.transcript} by Friday.`,
  ];
  await api(coachee, "POST", `${path}/transcript`, {
    chunks: lines.map((text, index) => ({
      clientKey: `line-${index}`,
      text,
      confidence: 1,
      startMs: index * 4_000,
      endMs: index * 4_000 + 3_000,
    })),
  });
  const socket = await connectSocket(server.url, coachee);
  await emitOk(socket, "meeting:join", { meetingId: meeting.id });
  await emitOk(socket, "chat:send", { meetingId: meeting.id, clientKey: "chat", content: canaries.chat });
  socket.disconnect();
  await api(coach, "POST", `${path}/end`);
  await until(
    async () => (await api<Recap>(coachee, "GET", `${path}/insights`)).delivery === "sent",
    "the recap's email",
  );
  await until(
    async () => (await api<CoachReview>(coach, "GET", `${path}/review`)).status === "ready",
    "the coach's review",
  );
  await api(coachee, "POST", `${path}/rating`, { score: 2, comment: canaries.rating });
  await plantCareer();
}

async function plantCareer(): Promise<void> {
  const { resume, posting, plan } = canaries;
  const content = {
    basics: { name: `Coachee ${resume}` },
    work: [{ name: "Bees", position: "Keeper", highlights: [`Kept 12 hives with ${resume}.`] }],
  };
  await api(coachee, "POST", "/api/v1/career/resumes", { name: resume, content });
  const text = `Bee keeper ${posting}\n${posting}: you have kept bees for five years, and like honey.`;
  const added = await api<{ posting: { id: string } }>(coachee, "POST", "/api/v1/career/postings", { text });
  await api(coachee, "POST", "/api/v1/career/applications", { postingId: added.posting.id });
  const { id } = await api<{ id: string }>(coachee, "POST", "/api/v1/plans", { targetRole: plan });
  await api(coachee, "POST", `/api/v1/plans/${id}/milestones`, { title: plan });
}

async function ownedByCoachee(): Promise<GraphqlSample> {
  const first = async (area: string) =>
    (await api<{ items: { id: string }[] }>(coachee, "GET", `/api/v1/${area}`)).items[0]?.id ?? unknownId;
  return {
    ...nothingKnown,
    meetingId: path.split("/").at(-1) ?? unknownId,
    resumeId: await first("career/resumes"),
    postingId: await first("career/postings"),
    applicationId: await first("career/applications"),
    planId: await first("plans"),
    runId: "00000000-0000-4000-8000-000000000000",
  };
}

/** Everything that can be typed or sent wrongly, with a canary in it. */
async function stumble(): Promise<void> {
  const bad = canaries.mistyped;
  const raw = (body: string, type = "application/json") =>
    fetch(`${server.url}${path}/messages`, {
      method: "POST",
      headers: { authorization: `Bearer ${coach}`, "content-type": type },
      body,
    });
  await raw(`{"content": "${bad}"`);
  await raw(`"${bad}"`, "text/plain");
  await raw(JSON.stringify({ content: bad, clientKey: 7, [bad]: bad }));
  for (const address of [`/${bad}`, `/api/v1/${bad}`, `/api/v1/meetings/${bad}`, `${path}?q=${bad}`])
    await sendTo(server.url + address, coach, "GET");
  await sendTo(`${server.url}/api/v1/me`, bad, "GET");
  await sendTo(`${server.url}${path}/transcript/search?q=${bad}`, coach, "GET");
  await sendTo(`${server.url}/auth/callback?code=${bad}&state=${bad}`, null, "GET");
  await sendTo(`${server.url}/webhooks/workos`, null, "POST", { id: bad, event: bad });
  await sendTo(`${server.url}${path}/messages`, stranger, "POST", { clientKey: bad, content: bad });
  const socket = await connectSocket(server.url, coach);
  await emit(socket, "chat:send", { meetingId: bad, content: bad, clientKey: bad } as never);
  await emit(socket, bad as never, { [bad]: bad } as never);
  await emit(socket, "live:subscribe", { query: bad, args: { [bad]: bad } });
  socket.disconnect();
}

const api = <Answer>(token: string, method: string, address: string, body?: unknown) =>
  askAt<Answer>(server.url + address, token, method, body);

function found(text: string): Canary[] {
  return (Object.keys(canaries) as Canary[]).filter((name) => text.includes(canaries[name]));
}

describe("[CANARY-1] what people say and write", () => {
  test.each([...Object.entries<AdminRow>(adminEndpoints), ...Object.entries<AdminRow>(operatorEndpoints)])(
    "is in no answer to administrators and operators: %s",
    async (name, row) => {
      const token = name in operatorEndpoints ? operator : admin;
      const method = row.body === undefined ? "GET" : "POST";
      const address = typeof row.path === "string" ? row.path : row.path(nothingKnown);
      expect(found((await sendTo(server.url + address, token, method, row.body)).text)).toEqual([]);
    },
  );

  test("is in no log line, metric or trace", async () => {
    await collector.spanWhere(({ name }) => name === "event chat:send");
    await collector.spanWhere(({ name }) => name === "job insights.prepare");
    expect(server.logs().length).toBeGreaterThan(1_000);
    expect(found(server.logs())).toEqual([]);
    expect(found((await sendTo(`${server.url}/metrics`, null, "GET")).text)).toEqual([]);
    expect(found(collector.text())).toEqual([]);
  });

  test("is in no audit entry, job, counter or session", async () => {
    const client = store.connection.getClient();
    const { databases } = await client.db("admin").admin().listDatabases();
    const seen = new Set<string>();
    for (const { name: database } of databases) {
      for (const name of ["auditLogs", "auditBlocks", "jobs", "rateLimits", "sessions", "objectiveSteps"]) {
        const documents = await client.db(database).collection(name).find({}).limit(10_000).toArray();
        if (documents.length > 0) seen.add(name);
        expect([name, found(JSON.stringify(documents))]).toEqual([name, []]);
      }
    }
    expect([...seen]).toEqual(expect.arrayContaining(["auditLogs", "jobs"]));
  });

  test("is in a coach's review as places alone: nobody else reads it, and what is stored of it holds no word", async () => {
    const addresses = [`${path}/review`, "/api/v1/me/reviews"];
    const read = (token: string) =>
      Promise.all(addresses.map((address) => sendTo(server.url + address, token, "GET")));
    const [own, trends] = await read(coach);
    expect([own?.status, trends?.status]).toEqual([200, 200]);
    expect(trends?.text).toContain(canaries.title);
    for (const token of [coachee, stranger, admin, operator]) {
      const [theirs, newest] = await read(token);
      expect([403, 404]).toContain(theirs?.status);
      expect(JSON.parse(newest?.text ?? "")).toEqual({ items: [], unready: 0 });
    }
    const client = store.connection.getClient();
    const { databases } = await client.db("admin").admin().listDatabases();
    const stored = await Promise.all(
      databases.map(({ name }) => client.db(name).collection("coachReviews").find({}).toArray()),
    );
    expect(stored.flat()).toHaveLength(1);
    expect(found(JSON.stringify(stored))).toEqual([]);
  });

  test("is in emails only as far as they are about it: the meeting's name, and what was agreed", async () => {
    const emails = async (token: string) => {
      const { items } = await api<{ items: { id: string }[] }>(token, "GET", "/api/v1/outbox?limit=50");
      return Promise.all(
        items.map(async ({ id }) => (await sendTo(`${server.url}/api/v1/outbox/${id}`, token, "GET")).text),
      );
    };
    const all = (await Promise.all([coach, coachee].map(emails))).flat().join("\n");
    expect(found(all).sort()).toEqual(["description", "title", "transcript"]);
    for (const token of [stranger, admin, operator]) expect(await emails(token)).toEqual([]);
  });

  test("of one's own layer of notes, or of one's rating, is in nothing that the other, or anybody else, can read", async () => {
    const readable = [
      "/rating",
      "",
      "/notes",
      "/notes/history",
      "/transcript",
      "/messages",
      "/insights",
      "/segments",
    ];
    const read = async (token: string) =>
      (
        await Promise.all(
          [...readable.map((part) => `${path}${part}`), "/api/v1/home", `${path}/notes?layer=mine`].map(
            async (address) => (await sendTo(server.url + address, token, "GET")).text,
          ),
        )
      ).join("\n");
    expect(found(await read(coach))).not.toContain("coacheeNotes");
    expect(found(await read(coach))).not.toContain("rating");
    expect(found(await read(coachee))).toContain("rating");
    expect(found(await read(coachee))).not.toContain("coachNotes");
    expect(found(await read(coach))).toEqual(
      expect.arrayContaining(["title", "sharedNotes", "coachNotes", "transcript", "chat"]),
    );
    for (const token of [stranger, admin, operator]) expect(found(await read(token))).toEqual([]);
  });

  test("is in nobody else's answers of GraphQL, and its words in no refusal", async () => {
    const sample = await ownedByCoachee();
    const names = Object.keys(graphqlRows);
    const read = async (token: string) => {
      const answers = await Promise.all(
        names.map((name) =>
          sendTo(`${server.url}/graphql`, token, "POST", { query: graphqlQuery(name, sample) }),
        ),
      );
      return answers.map(({ text }) => text).join("\n");
    };
    const own = ["title", "description", "sharedNotes", "transcript", "resume", "posting", "plan"];
    expect(found(await read(coachee))).toEqual(own);
    expect(found(await read(coach))).toEqual(own.slice(0, 4));
    for (const token of [stranger, admin, operator]) expect(found(await read(token))).toEqual([]);
    const mistyped = `{ meeting(id: "${canaries.mistyped}") { id } ${canaries.mistyped.replaceAll("-", "_")} }`;
    await sendTo(`${server.url}/graphql`, coach, "POST", {
      query: mistyped,
      variables: { x: canaries.mistyped },
    });
    await sendTo(`${server.url}/graphql`, coach, "POST", {
      query: `{ postings(q: "${canaries.mistyped}") { total } }`,
    });
    expect(found(server.logs())).toEqual([]);
  });

  test("of one's career is read by oneself alone", async () => {
    const areas = ["career/resumes", "career/postings", "career/applications", "plans"];
    const read = async (token: string) => {
      const answers = await Promise.all(
        areas.map((area) => sendTo(`${server.url}/api/v1/${area}`, token, "GET")),
      );
      return answers.map(({ text }) => text).join("\n");
    };
    expect(found(await read(coachee))).toEqual(["resume", "posting", "plan"]);
    for (const token of [coach, stranger, admin, operator]) expect(found(await read(token))).toEqual([]);
  });
});
