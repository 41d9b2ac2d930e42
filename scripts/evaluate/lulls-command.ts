// `npm run evaluate -- lulls`: prompts in silences, by replaying real conversations, and how soon they reach the coach.
import { textOption, type Benchmark } from "../bench/benchmark.ts";
import { startServerProcess } from "../bench/server-process.ts";
import { latencyOf, table, type Latency } from "../bench/statistics.ts";
import { mintLocalToken } from "../token.ts";
import { lullRules, type LullRules } from "../../server/modules/prompts/lull-detector.ts";
import { measureDelays, type LiveDelay } from "./lulls-live.ts";
import {
  deliveries,
  falseAnHour,
  fixedThreshold,
  lullMs,
  replayLulls,
  resumesWithinMs,
  together,
  type Delivery,
  type Outcome,
  type TimedConversation,
} from "./lulls.ts";
import { readTimedConversations } from "./timed-conversations.ts";

/** The usual pace first; the others show how much hangs on it. */
const paces = [150, 120, 180];
const detectors: readonly { name: string; rules: LullRules }[] = [
  { name: "ours", rules: lullRules },
  { name: "fixed threshold", rules: fixedThreshold },
];
const delayTargetMs = 2_000;
const liveUtterances = 6;

interface Row {
  wordsPerMinute: number | null;
  delivery: Delivery;
  detector: string;
  outcome: Outcome;
}

export const lullsEvaluation: Benchmark = {
  help: `--data PATH [--live CALLS]
  --data  a directory, or one file: CSV with AnnoMI's columns, JSON with QMSum's
  --live  how many calls fall silent at once on a server started for it, by the true clock; 0 leaves that part out`,
  options: { data: { type: "string" }, live: { type: "string", default: "20" } },
  async run(values, progress) {
    const path = textOption(values, "data");
    if (path === undefined) throw new Error("--data PATH is missing: the conversations to measure on.");
    const calls = Number(values["live"]);
    if (!Number.isInteger(calls) || calls < 0) throw new Error("--live must be a number of calls, or 0.");
    const coaching: Row[] = [];
    let usual: TimedConversation[] = [];
    let meetings: Row[] = [];
    for (const wordsPerMinute of paces) {
      const read = await readTimedConversations(path, wordsPerMinute);
      if (read.coaching.length === 0) throw new Error("There is no conversation with times in it.");
      progress(`${read.coaching.length} conversations at ${wordsPerMinute} words a minute …`);
      coaching.push(...replayAll(read.coaching, wordsPerMinute));
      if (wordsPerMinute !== paces[0]) continue;
      usual = read.coaching;
      progress(`${read.meetings.length} meetings …`);
      meetings = read.meetings.length === 0 ? [] : replayAll(read.meetings, null);
    }
    const delays = calls === 0 ? [] : await live(usual, calls, progress);
    const latency = latencyOf(delays.flatMap(({ delayMs }) => delayMs ?? []));
    const unprompted = delays.filter(({ delayMs }) => delayMs === null).length;
    return {
      text: describe({ coaching, meetings, latency, unprompted, calls }),
      result: { coaching, meetings, delays, latency },
      failed: unprompted > 0 || (calls > 0 && latency.p95 >= delayTargetMs),
    };
  },
};

function replayAll(conversations: readonly TimedConversation[], wordsPerMinute: number | null): Row[] {
  return deliveries.flatMap((delivery) =>
    detectors.map(({ name, rules }) => ({
      wordsPerMinute,
      delivery,
      detector: name,
      outcome: together(conversations.map((one) => replayLulls(one, { delivery, rules }))),
    })),
  );
}

async function live(
  conversations: readonly TimedConversation[],
  calls: number,
  progress: (line: string) => void,
): Promise<LiveDelay[]> {
  const server = await startServerProcess();
  try {
    return await measureDelays({
      url: server.url,
      conversations: Array.from(
        { length: calls },
        (_, index) => conversations[index % conversations.length],
      ).filter((one) => one !== undefined),
      utterances: liveUtterances,
      mintToken: (person) => mintLocalToken({ dataDir: server.dataDir, ...person }),
      progress,
    });
  } finally {
    await server.stop();
  }
}

function describe(found: {
  coaching: readonly Row[];
  meetings: readonly Row[];
  latency: Latency;
  unprompted: number;
  calls: number;
}): string {
  const { coaching, meetings, latency, unprompted, calls } = found;
  const hours = ((coaching[0]?.outcome.ms ?? 0) / 3_600_000).toFixed(1);
  return [
    `Coaching conversations (${hours} hours), replayed to the detector second by second`,
    "",
    table([head, ...coaching.map(cells)]),
    "",
    ...(meetings.length === 0
      ? []
      : [
          `Meetings (${((meetings[0]?.outcome.ms ?? 0) / 3_600_000).toFixed(1)} hours), whose files hold no times: nobody is ever silent in them`,
          "",
          table([head, ...meetings.map(cells)]),
          "",
        ]),
    ...(calls === 0
      ? []
      : [
          `Delay of the prompt after the silence has become a lull: ${calls} calls at once on a running server, true clock`,
          "",
          `  p50 ${latency.p50} ms, p95 ${latency.p95} ms, most ${latency.max} ms (wanted: p95 below ${delayTargetMs} ms); without a prompt: ${unprompted}`,
          "",
        ]),
    ...explained,
  ].join("\n");
}

const head = [
  "pace and delivery",
  "detector",
  "prompts",
  "false/h",
  "over talk",
  "over a pause",
  "lulls > 10 s",
  "prompted",
  "asked",
  "rest",
  "phrase",
  "missed",
];

function cells({ wordsPerMinute, delivery, detector, outcome }: Row): string[] {
  const { prompts, overTalk, overPause, lulls, prompted, heldThinking, heldRest, heldPhrase, missed } =
    outcome;
  return [
    wordsPerMinute === null ? delivery : `${wordsPerMinute} words/min, ${delivery}`,
    detector,
    String(prompts),
    falseAnHour(outcome).toFixed(2),
    ...[overTalk, overPause, lulls, prompted, heldThinking, heldRest, heldPhrase, missed].map(String),
  ];
}

const explained = [
  "What is counted",
  "  false: a prompt while somebody is speaking (over talk), or after which talk resumes by itself within",
  `  ${resumesWithinMs / 1_000} s (over a pause): nobody has read the card and acted on it by then. Wanted: at most one an hour.`,
  `  lull: more than ${lullMs / 1_000} s between the end of what was said and the next turn. Not prompted are lulls that are left`,
  "  alone because the coach has just asked (asked: 20 s are for thinking), because a card was shown within three",
  "  minutes (rest), or because a phrase may be under way that the recogniser has not delivered (phrase); what is",
  "  left is missed.",
  "  fixed threshold: ten seconds without words and the same rest of three minutes, nothing else.",
  "",
  "What follows from the data",
  "  AnnoMI says when a turn begins, to the second, and not when it ends. Ends are estimated from the words at the",
  "  pace named, and never lie behind the next start: with slow or halting speakers a turn is taken to be over while",
  "  it goes on, so that some of the lulls are pauses within a turn, and no overlap is ever seen. Figures that move",
  "  with the pace are as uncertain as they move. Where words arrive turn by turn, minutes of silence can be",
  "  somebody speaking: no rule on words alone can tell. The product's own recogniser delivers phrases, which is",
  "  nearest to sentence by sentence.",
  "  The delay is counted from the moment at which the last line was sent: the way to the server and becoming durable",
  "  are in it, and up to a second until the next look. It is a figure for a machine with nothing else to do.",
  "  The rest after a card hides lulls from whoever prompts early: so missed and rest are to be read together.",
];
