// How long notes take to open cold, and their history to be read: a document of many edits, and a large one.
import * as Y from "yjs";
import { NotesDocument } from "../../realtime/notes/document.ts";
import { fragmentOf } from "../../server/modules/notes/testing-documents.ts";
import type { MeetingId } from "../../shared/ids.ts";
import type { Actor } from "../../shared/actor.ts";
import { actor, house, meeting, type House } from "../../tests/factories/live-modules.ts";
import { openTestStore, type TestStore } from "../../tests/factories/store.ts";
import { latencyOf, round, table, type Latency } from "./statistics.ts";

export interface NotesOpenOptions {
  edits: number;
  megabytes: number;
  samples: number;
  progress: (line: string) => void;
}

export interface NotesOpenFigure {
  name: string;
  ms: Latency;
  /** Processor time of this process, the store's apart: what the figure would be near to on an idle machine. */
  cpuMs: Latency;
  /** Milliseconds that 95 % must stay below; null where nothing was promised. */
  target: number | null;
  met: boolean | null;
}

export interface NotesOpenResult {
  documents: { name: string; versions: number; textChars: number; loadSeconds: number }[];
  figures: NotesOpenFigure[];
}

interface Written {
  name: string;
  meetingId: MeetingId;
  documentId: string;
  host: Actor;
  versions: number;
}

const appendedAtOnce = 1_000;
const openTargetMs = 300;

export async function runNotesOpenBenchmark(options: NotesOpenOptions): Promise<NotesOpenResult> {
  const store = await openTestStore();
  try {
    const result: NotesOpenResult = { documents: [], figures: [] };
    const kinds: [string, Iterable<Uint8Array>][] = [
      [`${options.edits.toLocaleString("en")} edits`, typing(options.edits)],
      [`${options.megabytes} MB`, paragraphs(options.megabytes * 1024 * 1024)],
    ];
    for (const [name, updates] of kinds) {
      options.progress(`writing the document of ${name} …`);
      const startedMs = performance.now();
      const written = await write(store, name, updates);
      const loadSeconds = round((performance.now() - startedMs) / 1_000, 1);
      options.progress(`measuring ${name} …`);
      const { figures, textChars } = await measure(store, written, options.samples);
      result.documents.push({ name, versions: written.versions, textChars, loadSeconds });
      result.figures.push(...figures);
    }
    return result;
  } finally {
    await store.close();
  }
}

async function write(store: TestStore, name: string, updates: Iterable<Uint8Array>): Promise<Written> {
  const world = await house(store);
  const host = actor();
  const meetingId = meeting([[host, "host"]], { template: "blank" });
  const { documentId } = await world.notes.open(host, meetingId, "shared");
  let versions = 0;
  let batch: Promise<unknown>[] = [];
  const flush = async () => {
    await Promise.all(batch);
    batch = [];
    await world.journal.materialise();
  };
  for (const update of updates) {
    batch.push(world.notes.append(documentId, host.userId, update));
    versions += 1;
    if (batch.length >= appendedAtOnce) await flush();
  }
  await flush();
  await world.journal.stop();
  return { name, meetingId, documentId, host, versions };
}

async function measure(
  store: TestStore,
  { name, meetingId, documentId, host, versions }: Written,
  samples: number,
): Promise<{ figures: NotesOpenFigure[]; textChars: number }> {
  const cold = async (run: (world: House) => Promise<unknown>): Promise<[Latency, Latency]> => {
    const taken: number[] = [];
    const used: number[] = [];
    for (let sample = 0; sample < samples; sample += 1) {
      const world = await house(store);
      const startedMs = performance.now();
      const startedCpu = process.cpuUsage();
      await run(world);
      taken.push(performance.now() - startedMs);
      const { user, system } = process.cpuUsage(startedCpu);
      used.push((user + system) / 1_000);
      await world.journal.stop();
    }
    return [latencyOf(taken), latencyOf(used)];
  };
  const figure = (
    what: string,
    [ms, cpuMs]: [Latency, Latency],
    target: number | null = null,
  ): NotesOpenFigure => ({
    name: `${name}: ${what}`,
    ms,
    cpuMs,
    target,
    met: target === null ? null : ms.p95 < target,
  });
  const query = { layer: "shared", limit: 20 } as const;
  // From the newest page on, as somebody who scrolls.
  const page = async (world: House, number: number) => {
    let cursor: string | undefined;
    for (let index = 0; index <= number; index += 1) {
      cursor = (await world.notes.history(host, meetingId, { ...query, cursor })).nextCursor ?? undefined;
    }
  };
  let textChars = 0;
  const figures = [
    figure(
      "opened, with the answer to who joins",
      await cold(async (world) => {
        const { updates } = await world.notes.load(documentId);
        const document = new NotesDocument(updates);
        document.settle();
        document.stateVector();
        document.missingFor(new Uint8Array([0]));
      }),
      openTargetMs,
    ),
    figure(
      "plain text and Markdown built",
      await cold(async (world) => {
        const view = await world.notes.version(host, meetingId, { layer: "shared", version: versions });
        textChars = view.text.length;
      }),
    ),
    figure("newest page of history", await cold((world) => page(world, 0))),
    figure("three pages of history", await cold((world) => page(world, 2))),
    figure(
      "version halfway back, compared with now",
      await cold((world) =>
        world.notes.version(host, meetingId, { layer: "shared", version: Math.floor(versions / 2) }),
      ),
    ),
    figure(
      "operation on a version 100 back",
      await cold((world) =>
        world.notes.applyOperations(host, meetingId, {
          clientKey: crypto.randomUUID(),
          layer: "shared",
          baseVersion: Math.max(0, versions - 100),
          operations: [{ type: "insert", position: 0, content: "x" }],
        }),
      ),
    ),
  ];
  return { figures, textChars };
}

/** People type forwards, jump, and delete a third of it again. */
function* typing(edits: number): Generator<Uint8Array> {
  const { take, text, fragment, paragraph } = emptyDocument();
  paragraph.insert(0, [text]);
  fragment.insert(0, [paragraph]);
  yield* take();
  for (let edit = 1; edit < edits; edit += 1) {
    const place = edit % 50 === 0 ? (edit * 7919) % (text.length + 1) : text.length;
    if (edit % 3 === 0 && text.length > 0) text.delete(Math.max(0, place - 1), 1);
    else text.insert(place, edit % 6 === 0 ? " " : String.fromCharCode(97 + (edit % 26)));
    yield* take();
  }
}

function* paragraphs(chars: number): Generator<Uint8Array> {
  const { take, fragment } = emptyDocument();
  for (let written = 0; written < chars; written += 500) {
    const block = new Y.XmlElement("paragraph");
    block.insert(0, [new Y.XmlText(`${written} `.padEnd(500, "word "))]);
    fragment.push([block]);
    yield* take();
  }
}

function emptyDocument() {
  const doc = new Y.Doc();
  const waiting: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => waiting.push(update));
  const [text, paragraph] = [new Y.XmlText(), new Y.XmlElement("paragraph")];
  return {
    fragment: fragmentOf(doc),
    text,
    paragraph,
    // What is made before the tree stands comes as several updates.
    take: () => {
      const [only, ...more] = waiting.splice(0);
      return only === undefined ? [] : [more.length === 0 ? only : Y.mergeUpdates([only, ...more])];
    },
  };
}

export function describeNotesOpen({ documents, figures }: NotesOpenResult): string {
  const about = documents.map(
    ({ name, versions, textChars, loadSeconds }) =>
      `${name}: ${versions.toLocaleString("en")} versions, ${textChars.toLocaleString("en")} characters, written in ${loadSeconds} s`,
  );
  const rows = figures.map(({ name, ms, cpuMs, target, met }) => [
    name,
    String(ms.p50),
    String(ms.p95),
    String(ms.max),
    String(cpuMs.p50),
    target === null ? "" : `< ${target}`,
    met === null ? "" : met ? "met" : "missed",
  ]);
  return [
    ...about,
    "",
    table([["milliseconds, cold", "p50", "p95", "max", "CPU p50", "target", ""], ...rows]),
  ].join("\n");
}
