// kill -9 under load, again and again: everything that was acknowledged is there afterwards, once and in order.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import mongoose from "mongoose";
import { expect, test } from "vitest";
import * as Y from "yjs";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import { systemIds } from "../../server/platform/ids.ts";
import type { MeetingId } from "../../shared/ids.ts";
import type { Message } from "../../shared/schemas/messages.ts";
import type { TranscriptChunk } from "../../shared/schemas/transcripts.ts";
import { actor, house, meeting, numbers } from "../factories/live-modules.ts";
import { ownDatabase } from "../factories/store.ts";
import type { Acknowledged } from "./journal-writer.ts";

const kills = Number(process.env["CHAOS_ROUNDS"] ?? 3);
const acknowledgedBeforeKill = 400;

interface Store {
  uri: string;
  dbName: string;
  /** Kills the store as well, where it is ours, and starts it again. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

async function openStore(): Promise<Store> {
  const own = ownDatabase("chaos");
  if (own !== null)
    return { uri: own.uri, dbName: own.name, crash: () => Promise.resolve(), close: () => own.drop() };
  const dbName = "connvo-chaos";
  const dataDir = await mkdtemp(join(tmpdir(), "connvo-chaos-"));
  let running = await startEmbeddedMongo({ dataDir });
  return {
    get uri() {
      return running.uri;
    },
    dbName,
    async crash() {
      process.kill(running.pid, "SIGKILL");
      await running.exited.catch(() => undefined);
      running = await startEmbeddedMongo({ dataDir });
    },
    async close() {
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Runs a writer until it was told enough, and kills it in the middle of its work. */
async function writeAndDie(store: Store, meetingId: MeetingId, round: number): Promise<Acknowledged[]> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, "journal-writer.ts"), store.uri, store.dbName, meetingId, String(round)],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let complaints = "";
  child.stderr.on("data", (text: Buffer) => (complaints += text.toString()));
  const told: Acknowledged[] = [];
  // Not the same point each time: the count moves the kill through the phases of flushing and moving.
  const enough = acknowledgedBeforeKill + round * 137;
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    // The last line may be cut off by the kill: then nobody was told.
    if (!line.endsWith("}")) return;
    told.push(JSON.parse(line) as Acknowledged);
    if (told.length === enough) child.kill("SIGKILL");
  });
  const [[, signal]] = await Promise.all([
    once(child, "exit") as Promise<[number | null, string | null]>,
    once(lines, "close"),
  ]);
  if (signal !== "SIGKILL") throw new Error(`the writer ended by itself: ${complaints}`);
  return told;
}

test(
  `[JOURNAL-2] ${kills} kills under load lose and double nothing that was acknowledged`,
  { timeout: 60_000 + kills * 30_000 },
  async () => {
    const store = await openStore();
    const meetingId = systemIds.objectId() as MeetingId;
    const told: Acknowledged[] = [];
    try {
      for (let round = 1; round <= kills; round += 1) {
        told.push(...(await writeAndDie(store, meetingId, round)));
        if (round % 2 === 0) await store.crash();
      }
      const connection = await mongoose.createConnection(store.uri, { dbName: store.dbName }).asPromise();
      const { journal, transcripts, messaging, notes } = await house({ connection });
      const reader = actor();
      meeting([[reader, "host"]], { id: meetingId });

      const chunks: TranscriptChunk[] = [];
      for await (const page of transcripts.readAll(meetingId)) chunks.push(...page);
      const messages: Message[] = [];
      let from: number | null = 0;
      while (from !== null) {
        const page: Awaited<ReturnType<typeof messaging.list>> = await messaging.list(reader, meetingId, {
          fromSequence: from,
          limit: 200,
        });
        messages.push(...page.messages);
        from = page.nextFromSequence;
      }
      const doc = new Y.Doc();
      const { updates } = await notes.load(`notes/${meetingId}/shared`);
      for (const update of updates) Y.applyUpdate(doc, update);
      const paragraphs = doc
        .getXmlFragment("notes")
        .toArray()
        .map((node) => (node instanceof Y.XmlElement ? node.get(0)?.toString() : ""));

      expect(chunks.map(({ sequence }) => sequence)).toEqual(numbers(1, chunks.length));
      expect(messages.map(({ sequence }) => sequence)).toEqual(numbers(1, messages.length));
      expect(new Set(chunks.map(({ clientKey }) => clientKey)).size).toBe(chunks.length);
      expect(new Set(messages.map(({ clientKey }) => clientKey)).size).toBe(messages.length);
      const written = paragraphs.filter((text) => text !== undefined && text !== "");
      expect(new Set(written).size).toBe(written.length);

      expect(told.length).toBeGreaterThanOrEqual(kills * acknowledgedBeforeKill);
      const inNotes = new Set(paragraphs);
      const lost = told.filter(({ stream, sequence, text }) => {
        if (stream === "transcript") return chunks[sequence - 1]?.text !== text;
        if (stream === "chat") return messages[sequence - 1]?.content !== text;
        return !inNotes.has(text);
      });
      expect(lost).toEqual([]);

      // Each writer's chunks stand in the order in which it sent them.
      const counts = new Map<string, number>();
      for (const { text } of chunks) {
        const [, writer = "", count = ""] = /^(\d+-\d+)-(\d+)[abc]$/.exec(text) ?? [];
        expect(Number(count)).toBeGreaterThanOrEqual(counts.get(writer) ?? 0);
        counts.set(writer, Number(count));
      }
      await journal.stop();
      await connection.close();
    } finally {
      await store.close();
    }
  },
);
