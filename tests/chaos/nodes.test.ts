// Several real servers under kills, restarts and a bad network: what was acknowledged stays, and everybody ends up equal.
import { afterEach, describe, expect, test } from "vitest";
import type { Socket } from "socket.io-client";
import type { MeetingId } from "../../shared/ids.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import type { MessagePage } from "../../shared/schemas/messages.ts";
import type { TranscriptChunk, TranscriptPage } from "../../shared/schemas/transcripts.ts";
import { startNodes, until, type NodesWorld, type NotesClient } from "../factories/nodes.ts";
import { newRandom } from "../factories/random.ts";
import { redisProgram } from "../factories/redis.ts";
import type { TestServer } from "../factories/server.ts";
import { emitOk, errorCodeOf } from "../factories/sockets.ts";

const rounds = Number(process.env["NODES_ROUNDS"] ?? 1);
const openRounds = Number(process.env["NODES_OPEN_ROUNDS"] ?? 2);
const openClients = Number(process.env["NODES_OPEN_CLIENTS"] ?? 50);
const rollingClients = Number(process.env["NODES_ROLLING_CLIENTS"] ?? 20);
const seed = Number(process.env["NODES_SEED"] ?? 1);
const ackWithinMs = 3_000;
const writeForMs = 1_500;

describe.skipIf(redisProgram === null)("several nodes (needs redis-server)", { timeout: 600_000 }, () => {
  let world: NodesWorld;
  const started: NodesWorld[] = [];
  afterEach(async () => {
    for (const one of started.splice(0)) await one.close();
  });

  async function start(...options: Parameters<typeof startNodes>): Promise<void> {
    world = await startNodes(...options);
    started.push(world);
  }

  test(`[NOTES-1] ${openRounds} times ${openClients} clients on two nodes open one document for the first time at once: it is initialised once`, async () => {
    await start(2);
    const names = Array.from({ length: 10 }, (_, index) => `person${index}`);
    const tokens = await Promise.all(names.map((name) => world.token(name)));
    const shown = ({ doc }: NotesClient) => doc.getXmlFragment("notes").toJSON();
    const alone = world.openNotes(nodeAt(0).url, itemAt(tokens, 0), (await world.meeting(names)).id);
    await until(() => alone.provider.synced, "one alone");
    expect(shown(alone)).not.toBe("");
    for (let round = 0; round < openRounds; round += 1) {
      const { id } = await world.meeting(names);
      const clients = Array.from({ length: openClients }, (_, index) =>
        world.openNotes(nodeAt(index % 2).url, itemAt(tokens, index % tokens.length), id),
      );
      await until(() => clients.every(({ provider }) => provider.synced), "all to be synced");
      await until(() => clients.every((client) => shown(client) === shown(alone)), "the same content");
      clients[0]?.push("one more");
      await until(() => clients.every((client) => client.edits().length === 1), "an edit to reach everybody");
      expect(new Set(clients.map(shown))).toEqual(new Set([shown(alone)]));
      for (const { provider } of clients) provider.disconnect();
    }
  });

  test(`[NODE-1] ${rounds} times dropped connections, delays and a partition between three nodes and Redis: all become equal, in order`, async () => {
    await start(3, { proxied: true });
    const random = newRandom(seed);
    const names = ["ann", "ben", "cleo"];
    const { id } = await world.meeting(names);
    const people = await Promise.all(
      names.map(async (name, index) => {
        const url = nodeAt(index).url;
        return startWriting(url, await world.token(name), id, name);
      }),
    );
    for (const network of world.networks) network.delay(() => random.below(20));
    const healedMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (let step = 0; step < 4; step += 1) {
        random.pick(world.networks).drop();
        await pause(writeForMs / 4);
      }
      const cut = random.pick(world.networks);
      cut.cut();
      await pause(writeForMs * 2);
      cut.heal();
      cut.drop();
      const startedMs = performance.now();
      const mark = `healed ${round}`;
      for (const { notes } of people) notes.push(mark);
      await until(() => people.every(({ notes }) => count(notes.edits(), mark) === 3), "what was cut off");
      healedMs.push(Math.round(performance.now() - startedMs));
    }
    const acknowledged = await stopAll(people);
    await until(
      () => people.every(({ notes }) => acknowledged.edits.every((edit) => notes.edits().includes(edit))),
      "all edits everywhere",
    );
    const all = people.map(({ notes }) => notes.edits());
    expect(all[1]).toEqual(all[0]);
    expect(all[2]).toEqual(all[0]);
    expect(new Set(all[0]?.filter((edit) => !edit.startsWith("healed"))).size).toBe(
      all[0]?.filter((edit) => !edit.startsWith("healed")).length,
    );
    await assertStored(id, itemAt(people, 0), acknowledged);
    const last = Math.max(...acknowledged.sequences);
    await until(() => people.every(({ heard }) => heard.at(-1) === last), "the last line everywhere");
    for (const { heard } of people) assertOnceInOrder(heard);
    report("equal after the partition", { healedMs });
  });

  test(`[NODE-2] ${rounds} times a node is killed: its people come back at another, nothing acknowledged is missing, no ghost stays`, async () => {
    await start(2);
    const names = ["ann", "ben", "ghost"];
    const { id } = await world.meeting(names);
    const [ann, ben, ghost] = (await Promise.all(names.map((name) => world.token(name)))) as [
      string,
      string,
      string,
    ];
    const people = [
      await startWriting(world.anyUrl, ann, id, "ann"),
      await startWriting(world.anyUrl, ben, id, "ben"),
    ];
    const ghostGoneMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const victim = nodeAt(round % 2);
      const socket = await world.connect(victim.url, ghost);
      await emitOk(socket, "meeting:join", { meetingId: id });
      const notes = world.openNotes(victim.url, ghost, id);
      notes.provider.awareness.setLocalStateField("cursor", { at: round });
      const seen = () =>
        people.some((person) => person.notes.provider.awareness.getStates().has(notes.doc.clientID));
      await until(seen, "the cursor of the one who will be gone");
      await pause(writeForMs);
      socket.disconnect();
      notes.provider.shouldConnect = false;
      await emitOkLater(victim, ghost, id);
      await victim.kill();
      const startedMs = performance.now();
      await until(async () => (await presenceOf(id, ann, "ghost")) === "left", "the presence to go");
      await until(() => !seen(), "the cursor to go");
      ghostGoneMs.push(Math.round(performance.now() - startedMs));
      await pause(writeForMs);
      await victim.restart();
    }
    const acknowledged = await stopAll(people);
    await assertStored(id, itemAt(people, 0), acknowledged);
    expect(await presenceOf(id, ann, "ann")).toBe("joined");
    report("presence of the killed node's people is gone", { ghostGoneMs });
  });

  test(`[STOP-1] a rolling restart with ${rollingClients} clients: nothing acknowledged is missing, everybody is back`, async () => {
    await start(2);
    const names = Array.from({ length: Math.min(10, rollingClients) }, (_, index) => `person${index}`);
    const tokens = await Promise.all(names.map((name) => world.token(name)));
    const meetings: Meeting[] = [];
    for (let index = 0; index < Math.ceil(rollingClients / 10); index += 1)
      meetings.push(await world.meeting(names));
    const people: Writer[] = [];
    for (let index = 0; index < rollingClients; index += 1) {
      const { id } = itemAt(meetings, index % meetings.length);
      people.push(
        await startWriting(world.anyUrl, itemAt(tokens, index % tokens.length), id, `client${index}`),
      );
    }
    await pause(writeForMs);
    const [exits, resyncMs, stopMs]: [(number | null)[], number[], number[]] = [[], [], []];
    for (const node of world.nodes) {
      const lost = people.map(({ notes }) => backAfterLoss(notes));
      const startedMs = performance.now();
      exits.push(await node.stop());
      stopMs.push(Math.round(performance.now() - startedMs));
      await until(() => people.every(({ notes }) => notes.provider.synced), "everybody to be synced");
      for (const { ms } of lost) {
        const tookMs = ms();
        if (tookMs !== null) resyncMs.push(tookMs);
      }
      await until(() => people.every(({ socket }) => socket.connected), "everybody to be connected");
      await node.restart();
    }
    expect(exits).toEqual([0, 0]);
    const acknowledged = await stopAll(people);
    for (const { id } of meetings) {
      const theirs = people.filter(({ meetingId }) => meetingId === id);
      const names = new Set(theirs.map(({ name }) => name));
      const mine = (key: string) => names.has(key.split(" ")[0] ?? "");
      await assertStored(id, itemAt(theirs, 0), {
        edits: acknowledged.edits.filter(mine),
        lines: acknowledged.lines.filter(mine),
        messages: acknowledged.messages.filter(mine),
        sequences: [],
      });
    }
    resyncMs.sort((a, b) => a - b);
    report("rolling restart", {
      clients: rollingClients,
      stopMs,
      resyncMedianMs: resyncMs[Math.floor(resyncMs.length / 2)],
      resyncP99Ms: resyncMs[Math.floor(resyncMs.length * 0.99)],
    });
  });

  function nodeAt(index: number): TestServer {
    return itemAt(world.nodes, index);
  }

  interface Acknowledged {
    edits: string[];
    lines: string[];
    messages: string[];
    sequences: number[];
  }

  interface Writer {
    name: string;
    token: string;
    meetingId: MeetingId;
    socket: Socket;
    notes: NotesClient;
    /** Sequences of lines as they came. */
    heard: number[];
    stop(): Promise<Acknowledged>;
  }

  /** Says, writes and edits until it is stopped; everything is sent again until it is acknowledged. */
  async function startWriting(
    url: string,
    token: string,
    meetingId: MeetingId,
    name: string,
  ): Promise<Writer> {
    const socket = await world.connect(url, token);
    const notes = world.openNotes(url, token, meetingId);
    const acknowledged: Acknowledged = { edits: [], lines: [], messages: [], sequences: [] };
    const heard: number[] = [];
    let running = true;
    socket.on("transcript:chunks", ({ chunks }: { chunks: TranscriptChunk[] }) => take(chunks));
    const take = (chunks: TranscriptChunk[]) => {
      // As a client merges: what it has by joining may come again.
      for (const { sequence } of chunks) if (sequence > (heard.at(-1) ?? 0)) heard.push(sequence);
    };
    const join = () =>
      send("meeting:join", { meetingId, fromSequence: (heard.at(-1) ?? 0) + 1 }).then((answer) => {
        const { chunks } = answer as { chunks?: TranscriptChunk[] };
        take(chunks ?? []);
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
        await pause(30);
      }
    };
    const edit = async () => {
      for (let number = 0; running; number += 1) {
        notes.push(`${name} edit ${number}`);
        acknowledged.edits.push(`${name} edit ${number}`);
        await pause(40);
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
      async stop() {
        running = false;
        await Promise.all(loops);
        return acknowledged;
      },
    };
  }

  /** Everything that was acknowledged to anybody. The page holds edits until they are durable: so they all become it. */
  async function stopAll(people: Writer[]): Promise<Acknowledged> {
    const all = await Promise.all(people.map((person) => person.stop()));
    await until(() => people.every(({ notes }) => notes.provider.synced), "the notes to be synced");
    return {
      edits: all.flatMap(({ edits }) => edits),
      lines: all.flatMap(({ lines }) => lines),
      messages: all.flatMap(({ messages }) => messages),
      sequences: all.flatMap(({ sequences }) => sequences),
    };
  }

  async function assertStored(id: MeetingId, by: Writer, acknowledged: Acknowledged): Promise<void> {
    const url = nodeAt(0).url;
    const lines: TranscriptChunk[] = [];
    for (let from: number | null = 0; from !== null;) {
      const path = `/api/v1/meetings/${id}/transcript?fromSequence=${from}&limit=1000`;
      const page: TranscriptPage = await world.api(url, by.token, "GET", path);
      lines.push(...page.chunks);
      from = page.nextFromSequence;
    }
    const messages: string[] = [];
    for (let from: number | null = 0; from !== null;) {
      const path = `/api/v1/meetings/${id}/messages?fromSequence=${from}&limit=200`;
      const page: MessagePage = await world.api(url, by.token, "GET", path);
      messages.push(...page.messages.map(({ clientKey }) => clientKey));
      from = page.nextFromSequence;
    }
    assertOnceInOrder(lines.map(({ sequence }) => sequence));
    const keys = lines.map(({ clientKey }) => clientKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(messages).size).toBe(messages.length);
    expect(acknowledged.lines.length).toBeGreaterThan(0);
    expect(acknowledged.lines.filter((key) => !keys.includes(key))).toEqual([]);
    expect(acknowledged.messages.filter((key) => !messages.includes(key))).toEqual([]);
    const fresh = world.openNotes(url, by.token, id);
    const missing = () => {
      const there = new Set(fresh.edits());
      return acknowledged.edits.filter((edit) => !there.has(edit));
    };
    await until(() => fresh.provider.synced && missing().length === 0, "all edits in a fresh client");
    expect(fresh.edits().length).toBe(new Set(fresh.edits()).size + repeatedMarks(fresh.edits()));
  }

  async function presenceOf(id: MeetingId, token: string, name: string): Promise<string | undefined> {
    const { participants } = await world.api<Meeting>(world.anyUrl, token, "GET", `/api/v1/meetings/${id}`);
    return participants.find(({ displayName }) => displayName === name)?.presence;
  }

  /** Somebody who is connected to that node alone, and whose client is gone together with it. */
  async function emitOkLater(node: TestServer, token: string, meetingId: MeetingId): Promise<void> {
    const socket = await world.connect(node.url, token);
    socket.io.reconnection(false);
    await emitOk(socket, "meeting:join", { meetingId });
  }
});

function itemAt<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new Error("there is no such item");
  return item;
}

function backAfterLoss({ provider }: NotesClient): { ms(): number | null } {
  let lostMs: number | null = null;
  let tookMs: number | null = null;
  provider.on("connection-close", () => (lostMs ??= performance.now()));
  provider.on("sync", (synced: boolean) => {
    if (synced && lostMs !== null) tookMs ??= Math.round(performance.now() - lostMs);
  });
  return { ms: () => tookMs };
}

function assertOnceInOrder(sequences: number[]): void {
  expect(sequences).toEqual(sequences.map((_sequence, index) => index + 1));
}

function count(items: string[], item: string): number {
  return items.filter((one) => one === item).length;
}

/** Marks are written by several people in the same words. */
function repeatedMarks(edits: string[]): number {
  const marks = edits.filter((edit) => edit.startsWith("healed"));
  return marks.length - new Set(marks).size;
}

/** Not an assertion: figures for whoever reads the log. */
function report(what: string, figures: object): void {
  console.log(`${what}: ${JSON.stringify(figures)}`);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
