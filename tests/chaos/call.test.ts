// `kill -9` of the whole process group during a call: nothing acknowledged is missing afterwards, nothing is doubled.
import { afterEach, expect, test } from "vitest";
import type { Socket } from "socket.io-client";
import WebSocket from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import type { MeetingId } from "../../shared/ids.ts";
import { notesFragmentName } from "../../shared/protocol/notes-sync.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import type { MessagePage } from "../../shared/schemas/messages.ts";
import type { TranscriptPage } from "../../shared/schemas/transcripts.ts";
import { openNotesClient, until } from "../factories/nodes.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import { connectSocket, emit, emitOk, errorCodeOf } from "../factories/sockets.ts";

const rounds = Number(process.env["CHAOS_ROUNDS"] ?? 2);
const runForMs = 1_500;

let server: TestServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

test(`[CHAOS-1] ${rounds} times kill -9 during a call: acknowledged chunks, messages and edits survive, each once, in order`, async () => {
  server = await startTestServer({ environment: { RATE_LIMITS: "off" } });
  const host = await server.token("host@example.org", "Host");
  const guest = await server.token("guest@example.org", "Guest");
  const meeting = await api<Meeting>(host, "POST", "/api/v1/meetings", {
    title: "Chaos",
    template: "blank",
    participants: [{ email: "guest@example.org", role: "participant" }],
  });
  await api(host, "POST", `/api/v1/meetings/${meeting.id}/start`);

  const acknowledged = { chunks: new Set<string>(), messages: new Set<string>(), edits: new Set<string>() };
  for (let round = 0; round < rounds; round += 1) {
    const writers = await Promise.all(
      [host, guest].map((token, index) => startWriting(token, meeting.id, `${round}-${index}`, acknowledged)),
    );
    await new Promise((resolve) => setTimeout(resolve, runForMs));
    await server.kill();
    for (const writer of writers) writer.stop();
    await server.restart();
  }

  // Nobody has come back after the last kill: nobody is shown as present.
  const { participants } = await api<Meeting>(host, "GET", `/api/v1/meetings/${meeting.id}`);
  expect(participants.filter((person) => person.presence === "joined")).toEqual([]);

  expect(acknowledged.chunks.size).toBeGreaterThan(rounds * 10);
  expect(acknowledged.edits.size).toBeGreaterThan(rounds);
  const transcript = await readTranscript(host, meeting.id);
  expect(transcript.map((chunk) => chunk.sequence)).toEqual(transcript.map((_chunk, index) => index + 1));
  const keys = transcript.map((chunk) => chunk.clientKey);
  expect(new Set(keys).size).toBe(keys.length);
  expect([...acknowledged.chunks].filter((key) => !keys.includes(key))).toEqual([]);
  const messages = await readMessages(host, meeting.id);
  expect(new Set(messages).size).toBe(messages.length);
  expect([...acknowledged.messages].filter((key) => !messages.includes(key))).toEqual([]);
  const notes = await readNotes(guest, meeting.id);
  expect([...acknowledged.edits].filter((edit) => !notes.includes(edit))).toEqual([]);
});

interface Acknowledged {
  chunks: Set<string>;
  messages: Set<string>;
  edits: Set<string>;
}

async function startWriting(token: string, meetingId: MeetingId, name: string, acknowledged: Acknowledged) {
  const socket = await connectSocket(urlOf(), token);
  await emitOk(socket, "meeting:join", { meetingId });
  let running = true;
  const done = [write("chunks"), write("messages")];
  const stopEditing = await startEditing(token, meetingId, name, acknowledged);

  async function write(kind: "chunks" | "messages"): Promise<void> {
    for (let count = 0; running; count += 1) {
      const clientKey = `${name}-${kind}-${count}`;
      const answer = await send(socket, kind, meetingId, clientKey).catch(() => null);
      if (answer !== null && errorCodeOf(answer) === null) acknowledged[kind].add(clientKey);
    }
  }

  return {
    stop() {
      running = false;
      socket.disconnect();
      stopEditing();
      void Promise.allSettled(done);
    },
  };
}

function send(
  socket: Socket,
  kind: "chunks" | "messages",
  meetingId: MeetingId,
  clientKey: string,
): Promise<unknown> {
  if (kind === "messages") return emit(socket, "chat:send", { meetingId, clientKey, content: clientKey });
  const chunk = { clientKey, text: clientKey, confidence: 1, startMs: 0, endMs: 1 };
  return emit(socket, "transcript:append", { meetingId, chunks: [chunk] });
}

// Frames are called durable in their order: the answer to the server's first question, then one for each edit.
async function startEditing(
  token: string,
  meetingId: MeetingId,
  name: string,
  acknowledged: Acknowledged,
): Promise<() => void> {
  const notes = openNotesClient(urlOf(), token, meetingId);
  await until(() => notes.durable() === 1, "the notes");
  let count = 0;
  const timer = setInterval(() => {
    notes.push(`${name}-edit-${(count += 1)}`);
    note();
  }, 20);
  const note = () => {
    for (let number = 1; number < notes.durable(); number += 1)
      acknowledged.edits.add(`${name}-edit-${number}`);
  };
  return () => {
    note();
    clearInterval(timer);
    notes.provider.destroy();
  };
}

function openNotes(token: string, meetingId: string) {
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(`${urlOf().replace(/^http/, "ws")}/notes`, meetingId, doc, {
    params: { token },
    WebSocketPolyfill: WebSocket as never,
    disableBc: true,
  });
  return { doc, provider };
}

async function readNotes(token: string, meetingId: string): Promise<string[]> {
  const { doc, provider } = openNotes(token, meetingId);
  await new Promise<void>((resolve) =>
    provider.on("sync", (synced: boolean) => (synced ? resolve() : undefined)),
  );
  doc.getXmlFragment(notesFragmentName);
  const edits = doc.getArray<string>("edits").toArray();
  provider.destroy();
  return edits;
}

async function readTranscript(token: string, meetingId: string): Promise<TranscriptPage["chunks"]> {
  const chunks: TranscriptPage["chunks"] = [];
  for (let from: number | null = 0; from !== null;) {
    const page: TranscriptPage = await api(
      token,
      "GET",
      `/api/v1/meetings/${meetingId}/transcript?fromSequence=${from}&limit=1000`,
    );
    chunks.push(...page.chunks);
    from = page.nextFromSequence;
  }
  return chunks;
}

async function readMessages(token: string, meetingId: string): Promise<string[]> {
  const keys: string[] = [];
  for (let from: number | null = 0; from !== null;) {
    const page: MessagePage = await api(
      token,
      "GET",
      `/api/v1/meetings/${meetingId}/messages?fromSequence=${from}&limit=200`,
    );
    keys.push(...page.messages.map((message) => message.clientKey));
    from = page.nextFromSequence;
  }
  return keys;
}

function urlOf(): string {
  if (server === null) throw new Error("the server is not running");
  return server.url;
}

async function api<Answer>(token: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(urlOf() + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`);
  return (await response.json()) as Answer;
}
