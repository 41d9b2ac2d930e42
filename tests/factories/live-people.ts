// People on several nodes who say lines, write messages and edit notes until they are stopped, and what must be stored of it.
import { expect } from "vitest";
import type { Socket } from "socket.io-client";
import type { MeetingId } from "../../shared/ids.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import type { MessagePage } from "../../shared/schemas/messages.ts";
import type { TranscriptChunk, TranscriptPage } from "../../shared/schemas/transcripts.ts";
import { until, type NodesWorld, type NotesClient } from "./nodes.ts";
import { errorCodeOf } from "./sockets.ts";

const ackWithinMs = 3_000;

export interface Acknowledged {
  edits: string[];
  lines: string[];
  messages: string[];
  sequences: number[];
}

export interface LivePerson {
  name: string;
  token: string;
  meetingId: MeetingId;
  socket: Socket;
  notes: NotesClient;
  /** Sequences of lines as they came. */
  heard: number[];
  /** How long the socket was away each time: from the loss of its connection until it was in the meeting again, in ms. */
  away: number[];
  /** Whether the socket is in the meeting now. */
  isIn(): boolean;
  stop(): Promise<Acknowledged>;
}

export interface LivePersonOptions {
  url: string;
  token: string;
  meetingId: MeetingId;
  name: string;
  /** Between two lines, messages and edits each. */
  everyMs?: number;
}

/** Everything is sent again until it is acknowledged. */
export async function startPerson(
  world: NodesWorld,
  { url, token, meetingId, name, everyMs = 40 }: LivePersonOptions,
): Promise<LivePerson> {
  const socket = await world.connect(url, token);
  const notes = world.openNotes(url, token, meetingId);
  const acknowledged: Acknowledged = { edits: [], lines: [], messages: [], sequences: [] };
  const heard: number[] = [];
  const away: number[] = [];
  let lostMs: number | null = null;
  let running = true;
  const rest = Promise.withResolvers<void>();
  const pauseOrEnd = () => Promise.race([pause(everyMs), rest.promise]);
  // As a client merges: what it has by joining may come again.
  const take = (chunks: TranscriptChunk[]) => {
    for (const { sequence } of chunks) if (sequence > (heard.at(-1) ?? 0)) heard.push(sequence);
  };
  // What is told before the answer to joining lies behind that answer.
  let early: TranscriptChunk[] | null = [];
  socket.on("transcript:chunks", ({ chunks }: { chunks: TranscriptChunk[] }) => {
    if (early === null) take(chunks);
    else early.push(...chunks);
  });
  socket.on("disconnect", () => {
    early = [];
    lostMs ??= performance.now();
  });
  const send = async (event: string, input: object): Promise<unknown> => {
    for (;;) {
      const answer: unknown = await socket
        .timeout(ackWithinMs)
        .emitWithAck(event, input)
        .catch(() => ({ error: { code: "LOST" } }));
      if (errorCodeOf(answer) === null) return answer;
      await pause(50);
    }
  };
  const join = async () => {
    const answer = await send("meeting:join", { meetingId, fromSequence: (heard.at(-1) ?? 0) + 1 });
    take((answer as { chunks?: TranscriptChunk[] }).chunks ?? []);
    take(early ?? []);
    early = null;
    if (lostMs !== null) away.push(Math.round(performance.now() - lostMs));
    lostMs = null;
  };
  socket.on("connect", () => void join());
  await join();
  const write = async (kind: "lines" | "messages") => {
    for (let number = 0; running; number += 1) {
      const clientKey = `${name} ${kind} ${number}`;
      const chunk = { clientKey, text: clientKey, confidence: 1, startMs: 0, endMs: 1 };
      const answer = await (kind === "lines"
        ? send("transcript:append", { meetingId, chunks: [chunk] })
        : send("chat:send", { meetingId, clientKey, content: clientKey }));
      acknowledged[kind].push(clientKey);
      if (kind === "lines") acknowledged.sequences.push((answer as { lastSequence: number }).lastSequence);
      await pauseOrEnd();
    }
  };
  const edit = async () => {
    for (let number = 0; running; number += 1) {
      notes.push(`${name} edit ${number}`);
      acknowledged.edits.push(`${name} edit ${number}`);
      await pauseOrEnd();
    }
  };
  const loops = [write("lines"), write("messages"), edit()];
  return {
    name,
    token,
    meetingId,
    socket,
    notes,
    heard,
    away,
    isIn: () => early === null,
    async stop() {
      running = false;
      rest.resolve();
      await Promise.all(loops);
      return acknowledged;
    },
  };
}

/** Everything that was acknowledged to anybody. The page holds edits until they are durable: so they all become it. */
export async function stopAll(people: readonly LivePerson[]): Promise<Acknowledged> {
  const all = await Promise.all(people.map((person) => person.stop()));
  await until(() => people.every(({ notes }) => notes.provider.synced), "the notes to be synced");
  return {
    edits: all.flatMap(({ edits }) => edits),
    lines: all.flatMap(({ lines }) => lines),
    messages: all.flatMap(({ messages }) => messages),
    sequences: all.flatMap(({ sequences }) => sequences),
  };
}

/** What is stored of a meeting holds all of it, each once, in order. */
export async function assertStored(
  world: NodesWorld,
  options: { url: string; token: string; meetingId: MeetingId },
  acknowledged: Acknowledged,
): Promise<void> {
  const { url, token, meetingId: id } = options;
  const lines: TranscriptChunk[] = [];
  for (let from: number | null = 0; from !== null;) {
    const path = `/api/v1/meetings/${id}/transcript?fromSequence=${from}&limit=1000`;
    const page: TranscriptPage = await world.api(url, token, "GET", path);
    lines.push(...page.chunks);
    from = page.nextFromSequence;
  }
  const messages: string[] = [];
  for (let from: number | null = 0; from !== null;) {
    const path = `/api/v1/meetings/${id}/messages?fromSequence=${from}&limit=200`;
    const page: MessagePage = await world.api(url, token, "GET", path);
    messages.push(...page.messages.map(({ clientKey }) => clientKey));
    from = page.nextFromSequence;
  }
  assertOnceInOrder(lines.map(({ sequence }) => sequence));
  const keys = new Set(lines.map(({ clientKey }) => clientKey));
  expect(keys.size).toBe(lines.length);
  expect(new Set(messages).size).toBe(messages.length);
  expect(acknowledged.lines.length).toBeGreaterThan(0);
  expect(acknowledged.lines.filter((key) => !keys.has(key))).toEqual([]);
  expect(acknowledged.messages.filter((key) => !messages.includes(key))).toEqual([]);
  const fresh = world.openNotes(url, token, id);
  const missing = () => {
    const there = new Set(fresh.edits());
    return acknowledged.edits.filter((edit) => !there.has(edit));
  };
  await until(() => fresh.provider.synced && missing().length === 0, "all edits in a fresh client");
  assertEditsOnce(fresh.edits());
  fresh.provider.disconnect();
}

/** Marks, which several people write in the same words, begin with "mark". */
export function assertEditsOnce(edits: readonly string[]): void {
  const own = edits.filter((edit) => !edit.startsWith("mark"));
  expect(new Set(own).size).toBe(own.length);
}

export function assertOnceInOrder(sequences: readonly number[]): void {
  expect(sequences).toEqual(sequences.map((_sequence, index) => index + 1));
}

export async function presenceOf(
  world: NodesWorld,
  options: { url?: string; meetingId: MeetingId; token: string; name: string },
): Promise<string | undefined> {
  const path = `/api/v1/meetings/${options.meetingId}`;
  const { url = world.anyUrl, token } = options;
  const { participants } = await world.api<Meeting>(url, token, "GET", path);
  return participants.find(({ displayName }) => displayName === options.name)?.presence;
}

export function itemAt<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new Error("there is no such item");
  return item;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
