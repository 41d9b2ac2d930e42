// `npm run bench -- career-beside-call`: what live calls notice of a queue full of runs, on one server, side by side.
import { dirname } from "node:path";
import { mintLocalToken } from "../../token.ts";
import { positiveOption, type Benchmark } from "../benchmark.ts";
import { runCallBenchmark, type CallResult } from "../call.ts";
import { eachAtOnce } from "../load-process.ts";
import { startServerProcess } from "../server-process.ts";
import { latencyOf, round, table } from "../statistics.ts";
import { CareerClient, type Material } from "./client.ts";
import { benchPosting, benchResume } from "./data.ts";

/** How much later what is said may arrive while runs are made. */
const targetShare = 0.1;
const bullets = 60;
const startsAtOnce = 8;

interface Measured {
  runs: boolean;
  result: CallResult;
  endedMeanwhile: number;
  /** In the queue when the measuring ended: 0 says that the load was over before. */
  left: number;
}

export const careerBesideCallBenchmark: Benchmark = {
  help: `[--runs 200] [--meetings 20] [--seconds 30] [--rounds 5] [--rate 10] [--edits 2]
  --runs      queued at once, by one person; what is left of them after the measuring is cancelled
  --meetings  of two people each, who speak and write as in the call benchmark
  --rounds    each without runs and then with them, on the same server
  TMPDIR in the environment: where the data lies; /dev/shm leaves out a disk that others disturb`,
  options: {
    runs: { type: "string", default: "200" },
    meetings: { type: "string", default: "20" },
    seconds: { type: "string", default: "30" },
    rounds: { type: "string", default: "5" },
    rate: { type: "string", default: "10" },
    edits: { type: "string", default: "2" },
  },
  async run(values, progress) {
    const server = await startServerProcess();
    const measured: Measured[] = [];
    let unfinished = 0;
    const { url, dataDir } = server;
    try {
      const token = await mintLocalToken({ dataDir, email: "runs@bench.example", name: "Runs" });
      const client = new CareerClient(url, token);
      const material = await client.material(benchResume(bullets), benchPosting);
      const call = () =>
        runCallBenchmark({
          meetings: positiveOption(values, "meetings"),
          seconds: positiveOption(values, "seconds"),
          chunksPerSecond: positiveOption(values, "rate"),
          editsPerSecond: positiveOption(values, "edits"),
          warmupSeconds: 3,
          running: server,
          progress,
        });
      // Loads solver and typesetter, as a server has after its first run.
      await client.ended((await client.start(material)).runId);
      for (let at = 0; at < positiveOption(values, "rounds"); at += 1) {
        progress(`Round ${at + 1}: without runs …`);
        measured.push({ runs: false, result: await call(), endedMeanwhile: 0, left: 0 });
        progress(`Round ${at + 1}: with ${values["runs"] as string} runs …`);
        const ids = await startRuns(client, material, positiveOption(values, "runs"));
        const before = await client.count("success", ids);
        const result = await call();
        const after = await client.count("success", ids);
        measured.push({ runs: true, result, endedMeanwhile: after - before, left: ids.size - after });
        unfinished += await client.count("error", ids);
        progress("Cancelling the others …");
        await client.cancelAll(ids);
      }
    } finally {
      await server.stop();
    }
    const [without, beside] = [false, true].map((runs) => medianP95(measured, runs)) as [number, number];
    const later = beside / without - 1;
    return {
      text: describe(measured, { without, beside, later, unfinished, directory: dirname(dataDir) }),
      result: { measured, without, beside, later, unfinished },
      failed: later > targetShare || unfinished > 0 || measured.some(({ result }) => result.faults > 0),
    };
  },
};

async function startRuns(client: CareerClient, material: Material, count: number): Promise<Set<string>> {
  const ids = new Set<string>();
  await eachAtOnce(count, startsAtOnce, async () => {
    ids.add((await client.start(material)).runId);
  });
  return ids;
}

/** Of the rounds, so that one in which the disk stood still for a moment decides nothing on either side. */
function medianP95(measured: readonly Measured[], runs: boolean): number {
  const own = measured.filter((one) => one.runs === runs).map(({ result }) => result.transcript.delivery.p95);
  return latencyOf(own).p50;
}

function describe(
  measured: readonly Measured[],
  of: { without: number; beside: number; later: number; unfinished: number; directory: string },
): string {
  const rows = measured.map(({ runs, result, endedMeanwhile, left }) => {
    const { transcript, notes, generatorLagP99Ms, faults, machine } = result;
    return [
      runs ? "with runs" : "without",
      ...[transcript.delivery.p50, transcript.delivery.p95, transcript.delivery.p99].map(String),
      ...[transcript.acknowledgement.p95, notes.delivery.p95, generatorLagP99Ms].map(String),
      ...[endedMeanwhile, left, faults, machine.loadAverage1m].map(String),
    ];
  });
  const { load, machine } = measured[0]?.result ?? {};
  const all = latencyOf(measured.filter(({ runs }) => runs).map(({ endedMeanwhile }) => endedMeanwhile));
  return [
    `${load?.meetings ?? 0} meetings × 2 people, ${load?.chunksPerSecond ?? 0} chunks/s a meeting, ${load?.editsPerSecond ?? 0} edits/s a person, ${load?.seconds ?? 0} s each; ${machine?.cores ?? 0} cores, data in ${of.directory}`,
    "",
    table([
      [
        "milliseconds",
        "delivery p50",
        "p95",
        "p99",
        "acknowledged p95",
        "edit p95",
        "generator lag p99",
        "runs ended",
        "left",
        "faults",
        "load average",
      ],
      ...rows,
    ]),
    "",
    `delivery p95, median of the rounds: ${round(of.without)} ms without runs, ${round(of.beside)} ms with them: ${of.later > 0 ? "+" : ""}${round(100 * of.later, 1)} % (wanted: at most +${100 * targetShare} %)`,
    `runs ended while calls were measured: ${all.p50} at the median; runs that did not end well: ${of.unfinished}`,
  ].join("\n");
}
