// A deleted person: of what they said and wrote no byte is left in the store or in DATA_DIR, and what is others' is whole.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import mongoose from "mongoose";
import WebSocket from "ws";
import * as Y from "yjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebsocketProvider } from "y-websocket";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import { notesFragmentName, notesMessage } from "../../shared/protocol/notes-sync.ts";
import { presentWording } from "../../shared/consent-wording.ts";
import { erasedName, erasedText } from "../../shared/erased.ts";
import type { DeletionStatus } from "../../shared/schemas/deletion.ts";
import type { Recap } from "../../shared/schemas/insights.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import type { Organization } from "../../shared/schemas/organizations.ts";
import type { OwnMatching } from "../../shared/schemas/matching.ts";
import type { Message, MessagePage } from "../../shared/schemas/messages.ts";
import type { NotesView } from "../../shared/schemas/notes.ts";
import type { MeetingRetention, RetentionPreview } from "../../shared/schemas/retention.ts";
import type { TranscriptPage } from "../../shared/schemas/transcripts.ts";
import { runScript } from "../factories/commands.ts";
import { until } from "../factories/nodes.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import { connectSocket, emitOk } from "../factories/sockets.ts";
import { askAt, sendTo } from "./access/calls.ts";

const theirs = (place: string) => `planted-by-anna-${place}`;
const mine = (place: string) => `kept-of-ben-${place}`;

let server: TestServer;
let anna: string, ben: string;
let annasSocket: Awaited<ReturnType<typeof connectSocket>>;
let bensNotes: Y.Doc;
let bensProvider: WebsocketProvider;
let meeting: Meeting;
let alone: Meeting;
/** Over, with its recap and the emails about it. */
let past: Meeting;
let path: string;

const api = <Answer>(token: string, method: string, address: string, body?: unknown) =>
  askAt<Answer>(server.url + address, token, method, body);

beforeAll(async () => {
  server = await startTestServer({
    store: "embedded",
    environment: { RATE_LIMITS: "off", DELETION_GRACE_HOURS: "0", RETENTION_GRACE_HOURS: "0" },
  });
  anna = await server.token("anna.planted@example.org", theirs("name"), { org: "Practice", role: "member" });
  ben = await server.token("ben@example.org", "Ben Kept", { org: "Practice", role: "admin" });
  const { id: bensId } = await api<{ id: string }>(ben, "GET", "/api/v1/me");
  await api(anna, "PATCH", "/api/v1/me/profile", {
    bio: theirs("bio"),
    goals: theirs("goals"),
    experience: theirs("experience"),
    interests: [theirs("interest")],
    offers: [theirs("offer")],
    seeks: [theirs("seek")],
  });
  await api(anna, "POST", `/api/v1/people/${bensId}/connection`, { action: "request" });
  await plantCareer();
  await plant();
});

afterAll(async () => {
  bensProvider?.destroy();
  await server?.close();
});

async function plantCareer(): Promise<void> {
  const content = {
    basics: { name: theirs("resume-name") },
    work: [{ name: "Bees", position: "Keeper", highlights: [`Kept 12 hives with ${theirs("bullet")}.`] }],
  };
  await api(anna, "POST", "/api/v1/career/resumes", { name: theirs("resume"), content });
  const text = `Bee keeper\n${theirs("posting")}: you have kept bees for five years, and like honey.`;
  const added = await api<{ posting: { id: string } }>(anna, "POST", "/api/v1/career/postings", { text });
  await api(anna, "POST", "/api/v1/career/applications", { postingId: added.posting.id });
  const { id } = await api<{ id: string }>(anna, "POST", "/api/v1/plans", { targetRole: theirs("role") });
  await api(anna, "POST", `/api/v1/plans/${id}/milestones`, { title: theirs("milestone") });
}

async function plant(): Promise<void> {
  alone = await api<Meeting>(anna, "POST", "/api/v1/meetings", { title: theirs("alone-title") });
  meeting = await api<Meeting>(anna, "POST", "/api/v1/meetings", {
    title: theirs("title"),
    description: theirs("description"),
    scheduledAt: "2030-03-12T10:00:00.000Z",
    participants: [{ email: "ben@example.org" }, { email: "planted-invitee@example.org" }],
  });
  path = `/api/v1/meetings/${meeting.id}`;
  await api(anna, "POST", `${path}/start`);
  for (const [who, word] of [
    [anna, theirs],
    [ben, mine],
  ] as const) {
    for (const layer of ["mine", "shared"])
      for (const piece of ["one", "two"])
        await api(who, "POST", `${path}/notes/operations`, {
          clientKey: word(`key-${layer}-${piece}`),
          layer,
          baseVersion: 0,
          operations: [{ type: "insert", position: 0, content: `${word(`${layer}-${piece}`)} ` }],
        });
    await api(who, "POST", `${path}/transcript`, {
      chunks: ["topic first", "I will send the budget by Friday"].map((text, index) => ({
        clientKey: word(`line-${index}`),
        text: `${text} ${word(`line-${index}`)}`,
        confidence: 1,
        startMs: index * 4_000,
        endMs: index * 4_000 + 3_000,
      })),
    });
    const socket = await connectSocket(server.url, who);
    await emitOk(socket, "meeting:join", { meetingId: meeting.id });
    await emitOk(socket, "chat:send", {
      meetingId: meeting.id,
      clientKey: word("chat-key"),
      content: word("chat"),
    });
    const { messages } = await api<MessagePage>(who, "GET", `${path}/messages`);
    for (const change of [
      { kind: "edit", content: word("chat-edited") },
      { kind: "reaction", emoji: "👍", on: true },
    ]) {
      const clientKey = word(`${change.kind}-key`);
      const { id } = messages.at(change.kind === "edit" ? -1 : 0) as Message;
      await api(who, "POST", `${path}/messages/${id}/changes`, { clientKey, change });
    }
    if (who === anna) annasSocket = socket;
    else socket.disconnect();
  }
  await plantPast();
  // By the editor, as browsers write: a state on the server, and in Ben's page.
  bensNotes = new Y.Doc();
  bensProvider = await openNotes(ben, bensNotes);
  const annasNotes = new Y.Doc();
  const annasProvider = await openNotes(anna, annasNotes);
  const paragraph = new Y.XmlElement("paragraph");
  paragraph.insert(0, [new Y.XmlText(theirs("editor"))]);
  annasNotes.getXmlFragment(notesFragmentName).push([paragraph]);
  await until(async () => shownTo(bensNotes).includes(theirs("editor")), "the words on Ben's page");
  const text = (bensNotes.getXmlFragment(notesFragmentName).toArray().at(-1) as Y.XmlElement).get(0);
  (text as Y.XmlText).insert(8, ` ${mine("inside")} `);
  await until(async () => shownTo(annasNotes).includes(mine("inside")), "the words on Anna's page");
  annasProvider.destroy();
  await api(ben, "POST", `${path}/messages`, { clientKey: "answer", content: mine("answer") });
}

async function plantPast(): Promise<void> {
  past = await api<Meeting>(anna, "POST", "/api/v1/meetings", {
    title: theirs("past-title"),
    participants: [{ email: "ben@example.org" }],
  });
  const at = `/api/v1/meetings/${past.id}`;
  await api(anna, "POST", `${at}/start`);
  for (const [who, word] of [
    [anna, theirs],
    [ben, mine],
  ] as const) {
    for (const purpose of ["ai", "sharing"] as const)
      await api(who, "POST", `${at}/consents`, {
        purpose,
        answer: "given",
        wording: presentWording(purpose),
      });
    await api(who, "POST", `${at}/transcript`, {
      chunks: [
        {
          clientKey: word("past-line"),
          text: `I will send the report ${word("past-line")} by Friday.`,
          confidence: 1,
          startMs: who === anna ? 0 : 5_000,
          endMs: who === anna ? 4_000 : 9_000,
        },
      ],
    });
  }
  await api(anna, "POST", `${at}/end`);
  const recap = async () => JSON.stringify(await api(ben, "GET", `${at}/insights`));
  await until(async () => (await recap()).includes(theirs("past-line")), "the recap with their words");
  const mails = async () => JSON.stringify(await mailsOf(ben));
  await until(async () => (await mails()).includes(theirs("past-line")), "the email with their words");
}

async function mailsOf(who: string): Promise<unknown[]> {
  const { items } = await api<{ items: { id: string }[] }>(who, "GET", "/api/v1/outbox");
  return Promise.all(items.map(({ id }) => api(who, "GET", `/api/v1/outbox/${id}`)));
}

async function openNotes(token: string, doc: Y.Doc): Promise<WebsocketProvider> {
  const provider = new WebsocketProvider(`${server.url.replace("http", "ws")}/notes`, meeting.id, doc, {
    WebSocketPolyfill: WebSocket as never,
    params: { token },
    disableBc: true,
    maxBackoffTime: 200,
  });
  // What says how much is durable is for pages.
  provider.messageHandlers[notesMessage.durable] = () => undefined;
  await new Promise<void>((resolve) =>
    provider.once("sync", () => {
      resolve();
    }),
  );
  return provider;
}

const shownTo = (doc: Y.Doc) => doc.getXmlFragment(notesFragmentName).toString();

/** Every file below the directory whose bytes hold the text, as UTF-8 or UTF-16. */
function filesWith(text: string, directory = server.dataDir): string[] {
  const wanted = [Buffer.from(text, "utf8"), Buffer.from(text, "utf16le")];
  return readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) => {
    const bytes = bytesOf(join(directory, name));
    return bytes !== null && wanted.some((one) => bytes.includes(one));
  });
}

/** Null for what is no file, or none any more: the server goes on writing meanwhile. */
function bytesOf(path: string): Buffer | null {
  try {
    return statSync(path).isFile() ? readFileSync(path) : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

const status = (token: string) => api<DeletionStatus>(token, "GET", "/api/v1/me/deletion");

test("[MATCH-53] a block, a removal from the organisation and a deleted account end at once what was proposed", async () => {
  const place = { org: "Practice", role: "member" };
  const names = ["mia", "noa", "otto", "pia"] as const;
  const tokens = new Map<string, string>();
  const people = new Map<string, string>();
  const availableTo = new Date(Date.now() + 2 * 60 * 60_000).toISOString();
  for (const name of names) {
    const token = await server.token(`${name}@example.org`, name, place);
    tokens.set(name, token);
    people.set(name, (await api<{ id: string }>(token, "GET", "/api/v1/me")).id);
    await api(token, "POST", "/api/v1/matching/queue", { availableTo });
  }
  const of = (name: string) => tokens.get(name) ?? "";
  const mias = () => api<OwnMatching>(of("mia"), "GET", "/api/v1/matching/queue/mine");
  const proposed = async () => (await mias()).proposals.map((each) => each.with.displayName).sort();
  const becomes = (wanted: string[]) =>
    until(async () => (await proposed()).join() === wanted.join(), `only ${wanted.join()} proposed`);
  await becomes(["noa", "otto", "pia"]);
  const cards = new Map((await mias()).proposals.map((each) => [each.with.displayName, each.id]));
  const answerTo = async (name: string) =>
    (
      await sendTo(
        `${server.url}/api/v1/matching/queue/proposals/${cards.get(name) ?? ""}/accept`,
        of("mia"),
        "POST",
      )
    ).status;

  await api(of("noa"), "POST", `/api/v1/people/${people.get("mia") ?? ""}/connection`, { action: "block" });
  await becomes(["otto", "pia"]);
  expect(await answerTo("noa")).toBe(409);
  // Nor is it told that there is somebody.
  expect(await mias()).toMatchObject({ fitting: 2, widen: [] });

  const { members } = await api<Organization>(ben, "GET", "/api/v1/admin/organization");
  const otto = members.find(({ userId }) => userId === people.get("otto"));
  await api(ben, "DELETE", `/api/v1/admin/members/${otto?.id ?? ""}`);
  await becomes(["pia"]);
  expect(await answerTo("otto")).toBe(409);

  await api(of("pia"), "POST", "/api/v1/me/deletion", { confirmation: "Delete my account" });
  await becomes([]);
  expect([404, 409]).toContain(await answerTo("pia"));
  expect(await mias()).toMatchObject({ status: "waiting", fitting: 0, widen: [] });
});

test("[DELETION-1] without the typed phrase nothing is deleted", async () => {
  const refused = await sendTo(`${server.url}/api/v1/me/deletion`, anna, "POST", { confirmation: "yes" });
  expect(refused.status).toBe(400);
  expect(await status(anna)).toMatchObject({ state: "none" });
});

test(
  "[DELETION-2] [DELETION-3] [DELETION-4] [DELETION-6] [DELETION-7] [DELETION-8] [DELETION-9] [DELETION-10] [INSIGHTS-25] killed midway, the deletion goes on; no byte of theirs is left, everything of others is",
  { timeout: 240_000 },
  async () => {
    expect(filesWith("planted-by-anna")).not.toEqual([]);
    const closed = new Promise<void>((resolve) => annasSocket.on("disconnect", () => resolve()));
    await api(anna, "POST", "/api/v1/me/deletion", { confirmation: "Delete my account" });
    await closed;
    await server.kill();
    expect(filesWith("planted-by-anna")).not.toEqual([]);
    await server.restart();
    await until(
      async () => filesWith("planted-by-anna").length === 0 && filesWith("anna.planted").length === 0,
      "the end of the deletion",
    );
    await until(async () => !shownTo(bensNotes).includes("planted-by-anna"), "Ben's page without the words");
    expect(shownTo(bensNotes)).toContain(mine("inside"));

    const notes = await api<NotesView>(ben, "GET", `${path}/notes`);
    for (const place of ["shared-one", "shared-two", "inside"]) expect(notes.text).toContain(mine(place));
    expect((await api<NotesView>(ben, "GET", `${path}/notes?layer=mine`)).text).toContain(mine("mine-one"));
    const { chunks } = await api<TranscriptPage>(ben, "GET", `${path}/transcript`);
    expect(chunks.map(({ text }) => text).filter((text) => text === erasedText)).toHaveLength(2);
    expect(chunks.filter(({ text }) => text.includes("kept-of-ben"))).toHaveLength(2);
    const { messages } = await api<MessagePage>(ben, "GET", `${path}/messages`);
    expect(messages.map(({ content }) => content)).toEqual([erasedText, mine("chat-edited"), mine("answer")]);
    // Of two people who answered the first one with a sign, one is left.
    expect(messages[0]?.reactions.map(({ userIds }) => userIds.length)).toEqual([1]);
    const recap = await api<Recap>(ben, "GET", `/api/v1/meetings/${past.id}/insights`);
    expect(JSON.stringify(recap.insight)).toContain(mine("past-line"));
    expect(recap.delivery).toBe("removed");
    expect(JSON.stringify(await mailsOf(ben))).not.toContain("planted-by-anna");
    const seen = await api<Meeting>(ben, "GET", path);
    expect(seen).toMatchObject({ title: "Meeting", description: null, state: "concluded" });
    expect(seen.participants.map(({ displayName }) => displayName)).toContain(erasedName);
    expect((await sendTo(`${server.url}/api/v1/meetings/${alone.id}`, ben, "GET")).status).toBe(404);
    const verified = await runScript("audit-verify", [], { DATA_DIR: server.dataDir });
    expect(verified, verified.stderr).toMatchObject({ code: 0 });
    expect(filesWith("kept-of-ben")).not.toEqual([]);
    const history = await api<{ items: unknown[] }>(ben, "GET", `${path}/notes/history`);
    expect(history.items.length).toBeGreaterThan(0);
  },
);

test("[DELETION-5] their proof of identity opens nothing; with the same address somebody new comes", async () => {
  expect((await sendTo(`${server.url}/api/v1/me`, anna, "GET")).status).toBe(401);
  const again = await server.token("anna.planted@example.org", "Anna", { org: "Practice", role: "member" });
  const me = await api<{ id: string }>(again, "GET", "/api/v1/me");
  const { participants } = await api<Meeting>(ben, "GET", path);
  expect(participants.map(({ userId }) => userId)).not.toContain(me.id);
  expect((await sendTo(server.url + path, again, "GET")).status).toBe(404);
});

/** On the store of a server that does not run. */
async function onStore(use: (db: mongoose.mongo.Db) => Promise<unknown>): Promise<void> {
  const store = await startEmbeddedMongo({ dataDir: join(server.dataDir, "store") });
  const client = await new mongoose.mongo.MongoClient(store.uri).connect();
  await use(client.db("connvo"));
  await client.close();
  await store.stop();
}

test(
  "[RETAIN-13] [RETAIN-17] [RETAIN-18] [RETAIN-19] when its terms are over no byte of a call's words is left, nothing is added to it any more, and what has no term stays",
  { timeout: 240_000 },
  async () => {
    const terms = { transcript: 30, chat: 30, notes: 30 };
    const body = { version: 0, terms, confirmation: "delete what is over" };
    await api(ben, "PUT", "/api/v1/admin/retention", body);
    const preview = await api<RetentionPreview>(ben, "POST", "/api/v1/admin/retention/preview", { terms });
    expect(preview).toMatchObject({ shortened: [], openCommitments: 0 });
    const days = { transcript: 30, chat: 30, notes: 30, reviews: 30, prompts: 365 };
    const kept = await api<MeetingRetention>(ben, "GET", `${path}/retention`);
    expect(kept.items.map(({ kind }) => kind).sort()).toEqual(Object.keys(days).sort());

    bensProvider.destroy();
    await server.stop();
    const longAgo = new Date(Date.now() - 31 * 24 * 60 * 60_000);
    await onStore(async (db) => {
      const _id = new mongoose.mongo.ObjectId(meeting.id);
      await db.collection("meetings").updateOne({ _id }, { $set: { endedAt: longAgo } });
      await db.collection("jobs").deleteMany({ name: "retention.daily" });
    });
    await server.restart();
    const words = ["shared-one", "mine-one", "inside", "line-0", "chat", "answer"].map(mine);
    await until(async () => words.every((word) => filesWith(word).length === 0), "the end of the terms");

    expect((await api<NotesView>(ben, "GET", `${path}/notes`)).text).toBe("");
    expect((await api<NotesView>(ben, "GET", `${path}/notes?layer=mine`)).text).toBe("");
    expect((await api<TranscriptPage>(ben, "GET", `${path}/transcript`)).chunks).toEqual([]);
    expect((await api<MessagePage>(ben, "GET", `${path}/messages`)).messages).toEqual([]);
    const operations = [{ type: "insert", position: 0, content: "late" }];
    const writes = [
      ["POST", "messages", { clientKey: "late", content: "late" }],
      ["POST", "notes/operations", { clientKey: "late", baseVersion: 0, operations }],
      ["POST", "notes/operations", { clientKey: "late", layer: "mine", baseVersion: 0, operations }],
      ["PATCH", "transcript/1", { clientKey: "late", text: "late" }],
    ] as const;
    for (const [method, place, late] of writes) {
      const { status: refused } = await sendTo(`${server.url}${path}/${place}`, ben, method, late);
      expect([place, refused]).toEqual([place, 409]);
    }
    // Whoever still has the words on their page may look at them, and brings nothing back.
    bensProvider = await openNotes(ben, bensNotes);
    expect(shownTo(bensNotes)).toContain(mine("inside"));
    expect((await api<NotesView>(ben, "GET", `${path}/notes`)).text).toBe("");

    const recap = await api<Recap>(ben, "GET", `/api/v1/meetings/${past.id}/insights`);
    expect(JSON.stringify(recap.insight)).toContain(mine("past-line"));
    expect(filesWith(mine("past-line"))).not.toEqual([]);
    const log = JSON.stringify(await api(ben, "GET", "/api/v1/admin/audit?action=retention.delete"));
    for (const kind of ["transcript", "chat", "notes"]) expect(log).toContain(`"kind":"${kind}"`);
    const verified = await runScript("audit-verify", [], { DATA_DIR: server.dataDir });
    expect(verified, verified.stderr).toMatchObject({ code: 0 });
  },
);
