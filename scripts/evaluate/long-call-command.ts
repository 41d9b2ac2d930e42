// `npm run evaluate -- long-call`: three hours of talk through the recap, by stages and on a server with little memory.
import { setTimeout as wait } from "node:timers/promises";
import { endpoints } from "../../shared/contract/endpoints.ts";
import { limits } from "../../shared/limits.ts";
import type { Insight } from "../../shared/schemas/insights.ts";
import type { Segment, TranscriptChunk } from "../../shared/schemas/transcripts.ts";
import { positiveOption, textOption, type Benchmark } from "../bench/benchmark.ts";
import { childrenOf, costOf, startServerProcess, type ServerProcess } from "../bench/server-process.ts";
import { round, table } from "../bench/statistics.ts";
import { createApi, type Api } from "../demo/api.ts";
import { mintLocalToken } from "../token.ts";
import { readAnnotatedMeetings } from "./annotated-meetings.ts";
import { chunksOf, faultsOf, longTalk, readStageByStage, type SpokenLine, type Stage } from "./long-call.ts";

const recapWithinMs = 300_000;
const host = { email: "long.coach@demo.example", name: "Coach" };
const guest = { email: "long.coachee@demo.example", name: "Coachee" };

export const longCallEvaluation: Benchmark = {
  help: `--data PATH [--words 100000] [--heap 256]
  --data   a directory, or one file: JSON with QMSum's fields, whose talk is put together to one call
  --words  of the call
  --heap   megabytes that the server's and its store's JavaScript may take`,
  options: {
    data: { type: "string" },
    words: { type: "string", default: "100000" },
    heap: { type: "string", default: "256" },
  },
  async run(values, progress) {
    const path = textOption(values, "data");
    if (path === undefined) throw new Error("--data PATH is missing: the talk to put together.");
    const lines = (await readAnnotatedMeetings(path)).flatMap(({ turns }) => linesOf(turns));
    if (lines.length === 0) throw new Error("There is no meeting in it.");
    const chunks = chunksOf(longTalk(lines, positiveOption(values, "words")));
    progress(`${chunks.length} lines by stages …`);
    const byStages = await readStageByStage(chunks);
    const statements = [byStages.facts.summary, byStages.facts.decisions, byStages.facts.actions].flat();
    const heapMB = positiveOption(values, "heap");
    progress(`the same on a server of ${heapMB} MB …`);
    const server = await startServerProcess({
      environment: { NODE_OPTIONS: `--max-old-space-size=${heapMB}` },
    });
    try {
      const onServer = await throughServer(server, chunks);
      const faults = [
        ...faultsOf(chunks, byStages.segments, statements),
        ...faultsOf(chunks, onServer.segments, citedIn(onServer.insight)),
      ];
      const words = chunks.reduce((sum, { text }) => sum + text.split(/\s+/).length, 0);
      return {
        text: describe({ words, lines: chunks.length, byStages, onServer, heapMB, faults }),
        result: { words, lines: chunks.length, stages: byStages.stages, server: onServer.stages, faults },
        failed: faults.length > 0,
      };
    } finally {
      await server.stop();
    }
  },
};

/** Two people take turns; what is longer than a line may be is said in several. */
function linesOf(turns: readonly { speaker: string; text: string }[]): SpokenLine[] {
  const speakers = [...new Set(turns.map(({ speaker }) => speaker))];
  return turns.flatMap(({ speaker, text }) => {
    const words = text.split(/\s+/).filter((word) => word !== "");
    const lines: SpokenLine[] = [];
    for (let start = 0; start < words.length; start += wordsALine)
      lines.push({
        speaker: speakers.indexOf(speaker) % 2,
        text: words.slice(start, start + wordsALine).join(" "),
      });
    return lines;
  });
}
const wordsALine = 40;

interface OnServer {
  stages: (Stage & { storeMB: number })[];
  segments: Segment[];
  insight: Insight;
}

async function throughServer(server: ServerProcess, chunks: readonly TranscriptChunk[]): Promise<OnServer> {
  const api = createApi(server.url);
  const token = await mintLocalToken({ dataDir: server.dataDir, ...host });
  const meeting = await api(endpoints.createMeeting, token, {
    body: { title: "Three hours", participants: [{ email: guest.email }] },
  });
  const params = { id: meeting.id };
  await api(endpoints.startMeeting, token, { params });
  const [coach, coachee] = [host, guest].map(
    ({ email }) => meeting.participants.find((one) => one.email === email)?.userId,
  );
  const firstSpeaker = chunks[0]?.speakerId;
  const stages: OnServer["stages"] = [];
  const stage = async <Result>(name: string, run: () => Promise<Result>): Promise<Result> => {
    const watch = watchMemory(server.pid);
    const startedMs = performance.now();
    const result = await run();
    const seconds = (performance.now() - startedMs) / 1000;
    stages.push({ name, seconds, ...(await watch.stop()) });
    return result;
  };
  await stage("lines arrive and become durable", async () => {
    for (let start = 0; start < chunks.length; start += limits.transcriptAppendMaxChunks) {
      const batch = chunks.slice(start, start + limits.transcriptAppendMaxChunks).map((chunk) => ({
        clientKey: chunk.clientKey,
        speakerId: chunk.speakerId === firstSpeaker ? coach : coachee,
        text: chunk.text,
        confidence: 1,
        startMs: chunk.startMs,
        endMs: chunk.endMs,
        source: "speech" as const,
      }));
      await api(endpoints.appendTranscript, token, { params, body: { chunks: batch } });
    }
  });
  const insight = await stage("recap ready after the end", async () => {
    await api(endpoints.endMeeting, token, { params });
    return await readyRecap(api, token, params);
  });
  const segments: Segment[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: Segment[]; nextCursor: string | null } = await api(endpoints.listSegments, token, {
      params,
      query: { limit: 100, ...(cursor === null ? {} : { cursor }) },
    });
    segments.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return { stages, segments, insight };
}

async function readyRecap(api: Api, token: string, params: { id: string }): Promise<Insight> {
  const giveUpMs = performance.now() + recapWithinMs;
  for (;;) {
    const recap = await api(endpoints.recap, token, { params: params as never });
    if (recap.status === "failed") throw new Error(`The recap failed: ${recap.problem ?? ""}`);
    if (recap.status === "ready" && recap.insight !== null) return recap.insight;
    if (performance.now() > giveUpMs) throw new Error("The recap was not ready in time.");
    await wait(200);
  }
}

/** The most that the server and its store have held, looked at often. */
function watchMemory(pid: number) {
  let residentMB = 0;
  let storeMB = 0;
  let watching = true;
  const done = (async () => {
    const children = await childrenOf(pid);
    do {
      residentMB = Math.max(residentMB, ((await costOf(pid))?.residentBytes ?? 0) / 2 ** 20);
      for (const child of children)
        storeMB = Math.max(storeMB, ((await costOf(child))?.residentBytes ?? 0) / 2 ** 20);
      await wait(50);
    } while (watching);
  })();
  return {
    async stop() {
      watching = false;
      await done;
      return { residentMB, storeMB };
    },
  };
}

function citedIn({ outcome, summary, decisions, actionItems }: Insight) {
  return [...(outcome === null ? [] : [outcome]), ...summary, ...decisions, ...actionItems];
}

function describe(all: {
  words: number;
  lines: number;
  byStages: Awaited<ReturnType<typeof readStageByStage>>;
  onServer: OnServer;
  heapMB: number;
  faults: string[];
}): string {
  const { byStages, onServer } = all;
  const { facts } = byStages;
  return [
    `${all.words} words in ${all.lines} lines`,
    "",
    table([
      ["by rules, in one process", "s", "resident MB, at most"],
      ...byStages.stages.map(({ name, seconds, residentMB }) => [
        name,
        round(seconds).toFixed(2),
        residentMB.toFixed(0),
      ]),
    ]),
    "",
    `${byStages.segments.length} segments; ${facts.summary.length} sentences, ${facts.decisions.length} decisions, ${facts.actions.length} commitments shown;`,
    `left out and counted: ${facts.leftOver} beyond what a recap shows, ${facts.droppedStatements} statements and ${facts.droppedCitations} quotes without support`,
    "",
    table([
      [`on a server, ${all.heapMB} MB of heap`, "s", "server MB, at most", "store MB, at most"],
      ...onServer.stages.map(({ name, seconds, residentMB, storeMB }) => [
        name,
        round(seconds).toFixed(2),
        residentMB.toFixed(0),
        storeMB.toFixed(0),
      ]),
    ]),
    "",
    `${onServer.segments.length} segments; the recap says of itself:`,
    ...onServer.insight.missing.map((sentence) => `  ${sentence}`),
    "",
    "checked: every line is in exactly one segment with its words, and every quote stands in the line it names",
    all.faults.length === 0
      ? "no fault"
      : `${all.faults.length} faults: ${all.faults.slice(0, 5).join("; ")}`,
  ].join("\n");
}
