import { describe, expect, test } from "vitest";
import { neverChanged } from "../../../shared/chat-changes.ts";
import { meetingIdSchema, messageIdSchema, userIdSchema } from "../../../shared/ids.ts";
import type { Meeting, MeetingState } from "../../../shared/schemas/meetings.ts";
import type { Message } from "../../../shared/schemas/messages.ts";
import type { TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import { ApiError } from "../../api/errors.ts";
import { type CallTransport, createCallSession } from "./call-session.ts";

const meetingId = meetingIdSchema.parse("b".repeat(24));
const userId = userIdSchema.parse("a".repeat(24));
const at = "2026-03-12T13:00:00.000Z";
const live: MeetingState = {
  meetingId,
  active: true,
  startedAt: at,
  endedAt: null,
  speakingStats: [],
  lullState: null,
  topics: [],
  recordingEnabled: false,
  updatedAt: at,
};
const meeting: Meeting = {
  id: meetingId,
  organizerId: userId,
  title: "Session",
  description: null,
  scheduledAt: null,
  durationMinutes: null,
  timeZone: null,
  series: null,
  template: "blank",
  recapDelivery: "automatic",
  state: "active",
  startedAt: at,
  endedAt: null,
  myRole: "host",
  participants: [],
  createdAt: at,
  updatedAt: at,
};

/** A server in memory with the rules of the real one: sequences, client keys, pages. */
class MemoryServer {
  readonly lines: TranscriptChunk[] = [];
  readonly messages: Message[] = [];
  revision = 0;
  readonly joinedFrom: number[] = [];
  readonly scheduled: (() => void)[] = [];
  pageLines = 3;
  connected = true;
  refusal: ApiError | null = null;
  #listeners = new Map<string, (payload: never) => void>();
  #connected: (() => void)[] = [];
  #connection: ((connected: boolean) => void)[] = [];
  #keys = 0;

  readonly transport: CallTransport = {
    emit: (async (name: string, input: never) => this.#answer(name, input)) as CallTransport["emit"],
    onServerEvent: (name, listener) => {
      this.#listeners.set(name, listener as (payload: never) => void);
      return () => this.#listeners.delete(name);
    },
    onConnected: (listener) => {
      this.#connected.push(listener);
      if (this.connected) listener();
      return () => undefined;
    },
    onConnection: (listener) => {
      this.#connection.push(listener);
      return () => undefined;
    },
    readTranscript: async ({ fromSequence }) => ({
      ...this.#page(this.lines, fromSequence),
      revision: this.revision,
      chunks: this.lines.slice(fromSequence - 1, fromSequence - 1 + this.pageLines),
    }),
    readMessages: async ({ fromSequence }) => ({
      ...this.#page(this.messages, fromSequence),
      changes: [],
      messages: this.messages.slice(fromSequence - 1, fromSequence - 1 + this.pageLines),
    }),
    schedule: (_delayMs, run) => {
      this.scheduled.push(run);
      return () => undefined;
    },
    newKey: () => `key-${(this.#keys += 1)}`,
    now: () => new Date(at),
  };

  say(clientKey: string): TranscriptChunk {
    const known = this.lines.find((line) => line.clientKey === clientKey);
    if (known !== undefined) return known;
    const line: TranscriptChunk = {
      sequence: this.lines.length + 1,
      clientKey,
      speakerId: userId,
      text: clientKey,
      confidence: 1,
      startMs: 0,
      endMs: 0,
      source: "typed",
      createdAt: at,
    };
    this.lines.push(line);
    return line;
  }

  write(clientKey: string): Message {
    const known = this.messages.find((message) => message.clientKey === clientKey);
    if (known !== undefined) return known;
    const sequence = this.messages.length + 1;
    const message: Message = {
      id: messageIdSchema.parse(String(sequence).padStart(24, "0")),
      meetingId,
      sequence,
      userId,
      content: clientKey,
      parentId: null,
      attachments: [],
      clientKey,
      createdAt: at,
      ...neverChanged,
    };
    this.messages.push(message);
    return message;
  }

  push(name: string, payload: object): void {
    this.#listeners.get(name)?.({ meetingId, ...payload } as never);
  }

  setConnected(connected: boolean): void {
    this.connected = connected;
    for (const listener of this.#connection) listener(connected);
    if (connected) for (const listener of this.#connected) listener();
  }

  #page(items: readonly unknown[], fromSequence: number) {
    const next = fromSequence + this.pageLines;
    return { lastSequence: items.length, nextFromSequence: next > items.length ? null : next };
  }

  #answer(
    name: string,
    input: { fromSequence?: number; clientKey?: string; chunks?: { clientKey: string }[] },
  ) {
    if (!this.connected) throw new ApiError("NETWORK", "offline");
    if (this.refusal !== null) throw this.refusal;
    switch (name) {
      case "meeting:join": {
        const from = input.fromSequence ?? 1;
        this.joinedFrom.push(from);
        const chunks = this.lines.slice(from - 1, from - 1 + this.pageLines);
        return {
          meeting,
          participants: [],
          state: live,
          chunks,
          lastSequence: this.lines.length,
          revision: this.revision,
        };
      }
      case "transcript:append": {
        const stored = (input.chunks ?? []).map((chunk) => this.say(chunk.clientKey).sequence);
        return { firstSequence: Math.min(...stored), lastSequence: Math.max(...stored) };
      }
      case "chat:send":
        return { sequence: this.write(input.clientKey ?? "").sequence };
      default:
        return { ok: true };
    }
  }
}

/** Everything that is under way without the world outside has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
}

const line = { text: "words", confidence: 1, startMs: 0, endMs: 0, source: "typed" as const };

describe("a call's session", () => {
  test("a long transcript is read to its end, page by page, in order", async () => {
    const server = new MemoryServer();
    for (let count = 0; count < 10; count += 1) server.say(`line ${count}`);
    const session = createCallSession(meetingId, server.transport);
    await settled();
    expect(session.getState().transcript.chunks.map((chunk) => chunk.sequence)).toEqual(
      Array.from({ length: 10 }, (_, index) => index + 1),
    );
    session.close();
  });

  test("[TRANSCRIPT-17] after a break in which lines were corrected, all of them are read again", async () => {
    const server = new MemoryServer();
    for (let count = 0; count < 4; count += 1) server.say(`line ${count}`);
    const session = createCallSession(meetingId, server.transport);
    await settled();
    server.setConnected(false);
    const [first] = server.lines;
    if (first === undefined) throw new Error("no line");
    server.lines[0] = {
      ...first,
      text: "corrected",
      edited: { revision: 1, at, text: true, speaker: false },
    };
    server.revision = 1;
    server.setConnected(true);
    await settled();
    expect(session.getState().transcript.chunks[0]?.text).toBe("corrected");
    expect(session.getState().transcript.revision).toBe(1);
    session.close();
  });

  test("[TRANSCRIPT-17] what was corrected in a break is read, also where a reading of before is still under way", async () => {
    const server = new MemoryServer();
    const { readTranscript } = server.transport;
    const answered = Promise.withResolvers<void>();
    server.transport.readTranscript = async (query) => {
      const page = await readTranscript(query);
      await answered.promise;
      return page;
    };
    const said = server.say("line");
    const session = createCallSession(meetingId, server.transport);
    await settled();
    for (const revision of [1, 2]) {
      server.setConnected(false);
      const edited = { revision, at, text: true, speaker: false };
      server.lines[0] = { ...said, text: `corrected ${revision}`, edited };
      server.revision = revision;
      server.setConnected(true);
      await settled();
    }
    answered.resolve();
    await settled();
    expect(session.getState().transcript.chunks[0]?.text).toBe("corrected 2");
    expect(session.getState().transcript.revision).toBe(2);
    session.close();
  });

  test("[CHAT-1] what was written in a break is read, also where a reading of before is still under way", async () => {
    const server = new MemoryServer();
    const { readMessages } = server.transport;
    const answered = Promise.withResolvers<void>();
    server.transport.readMessages = async (query) => {
      const page = await readMessages(query);
      await answered.promise;
      return page;
    };
    const session = createCallSession(meetingId, server.transport);
    await settled();
    server.setConnected(false);
    server.write("meanwhile");
    server.setConnected(true);
    await settled();
    answered.resolve();
    await settled();
    expect(session.getState().chat.messages.map(({ content }) => content)).toEqual(["meanwhile"]);
    session.close();
  });

  test("after a break it joins from the first line that it lacks, and misses none", async () => {
    const server = new MemoryServer();
    server.say("before");
    const session = createCallSession(meetingId, server.transport);
    await settled();
    server.setConnected(false);
    expect(session.getState().connected).toBe(false);
    for (let count = 0; count < 7; count += 1) server.say(`meanwhile ${count}`);
    server.setConnected(true);
    await settled();
    expect(server.joinedFrom).toEqual([1, 2]);
    expect(session.getState().transcript.chunks).toHaveLength(8);
    expect(session.getState().joins).toBe(2);
    session.close();
  });

  test("a broadcast that skips a line makes it fetch the one between", async () => {
    const server = new MemoryServer();
    const session = createCallSession(meetingId, server.transport);
    await settled();
    server.say("lost on the way");
    server.push("transcript:chunks", { chunks: [server.say("arrived")] });
    await settled();
    expect(session.getState().transcript.chunks.map((chunk) => chunk.text)).toEqual([
      "lost on the way",
      "arrived",
    ]);
    session.close();
  });

  test("what is written without a connection is sent once it is back, each thing once", async () => {
    const server = new MemoryServer();
    const session = createCallSession(meetingId, server.transport);
    await settled();
    server.setConnected(false);
    session.addLine(line);
    session.sendMessage({ content: "hello", parentId: null, attachments: [] });
    await settled();
    expect(session.getState().chat.pending[0]?.problem).toBeNull();
    server.setConnected(true);
    await settled();
    expect(server.lines).toHaveLength(1);
    expect(server.messages).toHaveLength(1);
    expect(session.outbound.lines).toEqual([]);
    expect(session.getState().chat.pending).toEqual([]);
    session.close();
  });

  test("a refused join is final, one for want of an answer is tried again", async () => {
    const server = new MemoryServer();
    server.refusal = new ApiError("UNAVAILABLE", "busy");
    const session = createCallSession(meetingId, server.transport);
    await settled();
    expect(session.getState().phase.kind).toBe("joining");
    server.refusal = new ApiError("NOT_FOUND", "No such meeting.");
    for (const run of server.scheduled.splice(0)) run();
    await settled();
    expect(session.getState().phase).toEqual({ kind: "refused", message: "No such meeting." });
    session.close();
  });

  test("events of other meetings change nothing", async () => {
    const server = new MemoryServer();
    const session = createCallSession(meetingId, server.transport);
    await settled();
    const before = session.getState();
    server.push("access:revoked", { meetingId: "c".repeat(24), reason: "elsewhere" });
    server.push("transcript:chunks", { meetingId: "c".repeat(24), chunks: [server.say("elsewhere")] });
    expect(session.getState()).toBe(before);
    session.close();
  });
});
