// People on real servers who stop reading, or who vanish without a word: nobody else notices.
import { afterEach, describe, expect, test } from "vitest";
import WebSocket from "ws";
import type * as Y from "yjs";
import { recordFigure, sizeOf } from "../factories/figures.ts";
import { itemAt, pause, presenceOf } from "../factories/live-people.ts";
import { startNodes, until, type NodesWorld, type NotesClient } from "../factories/nodes.ts";
import { redisProgram } from "../factories/redis.ts";
import { emitOk } from "../factories/sockets.ts";
import { startTcpProxy } from "../factories/tcp-proxy.ts";

const windows = sizeOf("STALLED_WINDOWS", 1);
/** Each takes half a minute of real time: the short run has the same rule on a clock of its own, in `awareness.test.ts`. */
const deaths = sizeOf("SILENT_DEATHS", 0);
const editEveryMs = 10;
const looksEvery = 25;
const cutOffs = "connvo_realtime_slow_readers_total";
const windowMs = 4_000;
const blockBytes = 128 * 1024;
const blockEveryMs = 40;

describe.skipIf(redisProgram === null)("readers (needs redis-server)", { timeout: 1_800_000 }, () => {
  let world: NodesWorld | null = null;
  afterEach(async () => {
    await world?.close();
    world = null;
  });

  test(`[CONN-5] ${windows} times somebody stops reading under load: cut off with a bounded buffer, others are served as before`, async () => {
    const nodes = await startNodes(1);
    world = nodes;
    const { url } = itemAt(nodes.nodes, 0);
    const [ann, ben] = [await nodes.token("ann"), await nodes.token("ben")];
    const { id } = await nodes.meeting(["ann", "ben"]);
    const [writer, reader] = [nodes.openNotes(url, ann, id), nodes.openNotes(url, ben, id)];
    await until(() => writer.provider.synced && reader.provider.synced, "both to be synced");
    const openLoud = async () => {
      const { id: loudId } = await nodes.meeting(["ann", "ben"]);
      const client = nodes.openNotes(url, ann, loudId);
      await until(() => client.provider.synced, "the loud one to be synced");
      const stop = writeBlocks(client);
      const end = () => {
        stop();
        client.provider.disconnect();
      };
      return { id: loudId, end };
    };
    const closedMs: number[] = [];
    const bufferedMB: number[] = [];
    /** Of each window; those with somebody who does not read and those without take turns. */
    const without: number[][] = [];
    const withIt: number[][] = [];
    // Each in notes of its own, which would become too large otherwise. Only who does not read differs.
    const measureWithout = async () => {
      const loud = await openLoud();
      without.push(await timesOf(writer, reader, () => metric(url, cutOffs)));
      loud.end();
    };
    const measureWith = async () => {
      const loud = await openLoud();
      const before = await metric(url, cutOffs);
      const stalled = await openStalled(url, ben, loud.id);
      const startedMs = performance.now();
      let closedAfterMs: number | null = null;
      const look = async () => {
        if ((await metric(url, cutOffs)) > before)
          closedAfterMs ??= Math.round(performance.now() - startedMs);
      };
      withIt.push(await timesOf(writer, reader, look));
      await until(async () => {
        await look();
        return closedAfterMs !== null;
      }, "the cut-off");
      closedMs.push(closedAfterMs ?? 0);
      bufferedMB.push((await metric(url, "connvo_realtime_slow_reader_bytes")) / 1024 ** 2);
      stalled.terminate();
      loud.end();
    };
    for (let round = 0; round < windows; round += 1) {
      const turns = [measureWithout, measureWith];
      for (const measure of round % 2 === 0 ? turns : turns.reverse()) await measure();
    }
    recordFigure("stalledClosedMs", closedMs);
    recordFigure("stalledBufferedMB", bufferedMB);
    recordFigure("othersP99WithoutMs", p99Of(without));
    recordFigure("othersP99WithMs", p99Of(withIt));
    recordFigure("othersSlowerPercent", (p99Of(withIt) / p99Of(without) - 1) * 100);
    if (windows > 1) {
      // What differs although nothing differs: one half of the windows against the other.
      const half = (rest: number) => p99Of(without.filter((_, index) => index % 2 === rest));
      recordFigure("othersNoisePercent", Math.abs(half(0) / half(1) - 1) * 100);
    }
    expect([writer, reader].flatMap(({ closes }) => closes)).toEqual([]);
  });

  test.runIf(deaths > 0)(
    `[AWARE-4] ${deaths} times a client is silent from one moment to the next: it is no longer shown`,
    async () => {
      const nodes = await startNodes(2);
      world = nodes;
      const { id } = await nodes.meeting(["ann", "ghost"]);
      const [ann, ghost] = [await nodes.token("ann"), await nodes.token("ghost")];
      const [here, there] = [itemAt(nodes.nodes, 0), itemAt(nodes.nodes, 1)];
      const witness = nodes.openNotes(there.url, ann, id);
      await until(() => witness.provider.synced, "the witness to be synced");
      const goneMs: number[] = [];
      for (let round = 0; round < deaths; round += 1) {
        const line = await startTcpProxy(() => [here.port]);
        const url = `http://127.0.0.1:${line.port}`;
        const socket = await nodes.connect(url, ghost);
        await emitOk(socket, "meeting:join", { meetingId: id });
        const notes = nodes.openNotes(url, ghost, id);
        notes.provider.awareness.setLocalStateField("cursor", { at: round });
        const seen = () => witness.provider.awareness.getStates().has(notes.doc.clientID);
        const shown = () => presenceOf(nodes, { meetingId: id, token: ann, name: "ghost" });
        await until(async () => seen() && (await shown()) === "joined", "the ghost to be shown");
        line.cut();
        const startedMs = performance.now();
        await until(async () => !seen() && (await shown()) === "left", "the ghost to go");
        goneMs.push(Math.round(performance.now() - startedMs));
        socket.disconnect();
        notes.provider.disconnect();
        await line.close();
      }
      recordFigure("ghostOfClientMs", goneMs);
    },
  );

  // To all others a process that stands still is what a machine without power is: nothing ends its connections.
  test.runIf(deaths > 0)(
    `[AWARE-4] [CLUSTER-3] ${deaths} times a node is silent from one moment to the next: its people are no longer shown`,
    async () => {
      const nodes = await startNodes(2);
      world = nodes;
      const { id } = await nodes.meeting(["ann", "ghost"]);
      const [ann, ghost] = [await nodes.token("ann"), await nodes.token("ghost")];
      const goneMs: number[] = [];
      for (let round = 0; round < deaths; round += 1) {
        const [silent, there] = [itemAt(nodes.nodes, round % 2), itemAt(nodes.nodes, (round + 1) % 2)];
        const witness = nodes.openNotes(there.url, ann, id);
        const socket = await nodes.connect(silent.url, ghost);
        await emitOk(socket, "meeting:join", { meetingId: id });
        const notes = nodes.openNotes(silent.url, ghost, id);
        notes.provider.awareness.setLocalStateField("cursor", { at: round });
        const seen = () => witness.provider.awareness.getStates().has(notes.doc.clientID);
        const shown = () => presenceOf(nodes, { url: there.url, meetingId: id, token: ann, name: "ghost" });
        await until(async () => seen() && (await shown()) === "joined", "the ghost to be shown");
        process.kill(silent.pid(), "SIGSTOP");
        const startedMs = performance.now();
        await until(async () => !seen() && (await shown()) === "left", "the ghost to go");
        goneMs.push(Math.round(performance.now() - startedMs));
        socket.disconnect();
        notes.provider.disconnect();
        witness.provider.disconnect();
        await silent.kill();
        await silent.restart();
      }
      recordFigure("ghostOfSilentNodeMs", goneMs);
    },
  );
});

/** How long each edit takes from one to the other, over one window; `look` is called in between at a slow rate. */
async function timesOf(
  writer: NotesClient,
  reader: NotesClient,
  look: () => Promise<unknown>,
): Promise<number[]> {
  const [sent, took]: [Map<string, number>, number[]] = [new Map(), []];
  const edits = reader.doc.getArray<string>("edits");
  const listen = (event: Y.YArrayEvent<string>) => {
    for (const { insert } of event.changes.delta) {
      for (const edit of (insert as string[] | undefined) ?? []) {
        const sentMs = sent.get(edit);
        if (sentMs !== undefined) took.push(performance.now() - sentMs);
      }
    }
  };
  edits.observe(listen);
  const endMs = performance.now() + windowMs;
  for (let number = 0; performance.now() < endMs; number += 1) {
    const edit = `${endMs} ${number}`;
    sent.set(edit, performance.now());
    writer.push(edit);
    await pause(editEveryMs);
    if (number % looksEvery === 0) await look();
  }
  await until(() => took.length === sent.size, "the edits of the window");
  edits.unobserve(listen);
  return took;
}

function p99Of(timesByWindow: readonly number[][]): number {
  const times = timesByWindow.flat().sort((a, b) => a - b);
  return itemAt(times, Math.ceil(times.length * 0.99) - 1);
}

/** Large enough that whoever does not read is soon beyond the bound. */
function writeBlocks({ doc }: NotesClient): () => void {
  const text = doc.getText("blocks");
  const block = "x".repeat(blockBytes);
  const timer = setInterval(() => text.insert(text.length, block), blockEveryMs);
  return () => clearInterval(timer);
}

/** Somebody who has the notes open and reads nothing. */
async function openStalled(url: string, token: string, meetingId: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}/notes/${meetingId}?token=${token}`);
  await new Promise<void>((resolve, reject) => {
    socket.once("message", () => resolve());
    socket.once("error", reject);
  });
  socket.on("error", () => undefined);
  socket.pause();
  return socket;
}

/** A figure that the server shows; 0 before it is first counted. */
async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split("\n").find((one) => one.startsWith(`${name} `) || one.startsWith(`${name}{`));
  return Number(line?.split(" ").at(-1) ?? 0);
}
