// The load generator of the transcripts benchmark: meetings whose people speak in turns and hear everything.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { io, type Socket } from "socket.io-client";
import type { TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import { cameTrue, eachAtOnce, paceEvenly, serveLoad, wait } from "../load-process.ts";
import { Rest } from "../rest.ts";
import { latencyOf, round, type Latency } from "../statistics.ts";
import type { PreparedMeeting } from "../prepared-meetings.ts";

export interface TranscriptsPlan {
  url: string;
  meetings: PreparedMeeting[];
  /** Of each meeting. */
  chunksPerSecond: number;
  seconds: number;
  warmupSeconds: number;
  /** Whether what was acknowledged can be read back by REST. */
  stored: boolean;
}

export interface TranscriptsLoadResult {
  sent: number;
  acknowledged: number;
  /** Receptions within the measured time, the speaker's own included. */
  delivered: number;
  delivery: Latency;
  acknowledgement: Latency;
  undelivered: number;
  lost: number;
  doubled: number;
  outOfOrder: number;
  refused: number;
  disconnects: number;
  generatorLagP99Ms: number;
}

const connectAtOnce = 16;
const readAtOnce = 8;
const settleWithinMs = 30_000;
const text = "So what would a first small step look like for you this week?";

/** A meeting's chunks by their number; each has two people who hear it. */
class Meeting {
  readonly sequences: (number | null)[] = [];
  readonly sentAt: number[] = [];
  readonly plan: PreparedMeeting;
  readonly listeners: { socket: Socket; heard: Set<number>; last: number }[] = [];

  constructor(plan: PreparedMeeting) {
    this.plan = plan;
  }
}

serveLoad<TranscriptsPlan, TranscriptsLoadResult>(async (plan, reach) => {
  const delivery: number[] = [];
  const acknowledgement: number[] = [];
  let measuring = false;
  let sent = 0;
  let acknowledged = 0;
  let delivered = 0;
  let doubled = 0;
  let outOfOrder = 0;
  let refused = 0;
  let disconnects = 0;
  let lost = 0;
  let leaving = false;
  const meetings = plan.meetings.map((meeting) => new Meeting(meeting));

  const join = async (meeting: Meeting, token: string) => {
    const socket = io(plan.url, {
      auth: { token },
      transports: ["websocket"],
      forceNew: true,
      reconnection: false,
    });
    const listener = { socket, heard: new Set<number>(), last: 0 };
    socket.on("transcript:chunks", ({ chunks }: { chunks: TranscriptChunk[] }) => {
      const nowMs = performance.now();
      for (const { clientKey, sequence } of chunks) {
        const number = Number(clientKey.slice(clientKey.lastIndexOf("-") + 1));
        if (listener.heard.has(number)) doubled += 1;
        listener.heard.add(number);
        if (sequence <= listener.last) outOfOrder += 1;
        listener.last = sequence;
        if (measuring) delivered += 1;
        const atMs = meeting.sentAt[number] ?? 0;
        if (atMs > 0) delivery.push(nowMs - atMs);
      }
    });
    socket.on("disconnect", () => (disconnects += leaving ? 0 : 1));
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("connect_error", reject);
    });
    const { meetingId } = meeting.plan;
    const answer = (await socket.timeout(60_000).emitWithAck("meeting:join", { meetingId })) as object;
    if ("error" in answer) throw new Error(`Joining was refused: ${JSON.stringify(answer)}`);
    meeting.listeners.push(listener);
  };
  await reach("connecting");
  await eachAtOnce(meetings.length, connectAtOnce, async (index) => {
    const meeting = meetings[index];
    for (const token of meeting?.plan.tokens ?? []) if (meeting !== undefined) await join(meeting, token);
  });

  const speak = (meeting: Meeting) => {
    const number = meeting.sentAt.length;
    const speaker = meeting.listeners[number % meeting.listeners.length];
    if (speaker?.socket.connected !== true) return;
    const sentAtMs = performance.now();
    const counts = measuring;
    meeting.sentAt.push(counts ? sentAtMs : 0);
    meeting.sequences.push(null);
    sent += 1;
    const startMs = number * 100;
    const chunk = {
      clientKey: `c-${number}`,
      text,
      confidence: 0.9,
      startMs,
      endMs: startMs + 90,
      source: "typed",
    };
    speaker.socket.emit(
      "transcript:append",
      { meetingId: meeting.plan.meetingId, chunks: [chunk] },
      (answer: { firstSequence: number } | { error: object }) => {
        if ("error" in answer) return void (refused += 1);
        acknowledged += 1;
        meeting.sequences[number] = answer.firstSequence;
        if (counts) acknowledgement.push(performance.now() - sentAtMs);
      },
    );
  };
  const everyMs = 1000 / plan.chunksPerSecond;
  const stop = paceEvenly(meetings.map((meeting) => ({ everyMs, act: () => speak(meeting) })));
  await wait(plan.warmupSeconds * 1000);
  const lag = monitorEventLoopDelay({ resolution: 10 });
  await reach("measuring");
  lag.enable();
  measuring = true;
  await wait(plan.seconds * 1000);
  measuring = false;
  lag.disable();
  await reach("measured");
  stop();

  const undelivered = () =>
    meetings.reduce(
      (sum, { sequences, listeners }) =>
        sum + listeners.reduce((less, { heard }) => less + sequences.length - heard.size, 0),
      0,
    );
  await cameTrue(() => acknowledged + refused === sent && undelivered() === 0, settleWithinMs);
  const left = undelivered();
  leaving = true;
  for (const { listeners } of meetings) for (const { socket } of listeners) socket.disconnect();

  if (plan.stored) {
    const rest = new Rest(plan.url);
    await eachAtOnce(meetings.length, readAtOnce, async (index) => {
      const meeting = meetings[index];
      if (meeting === undefined) return;
      const chunks = await rest.transcript(meeting.plan.tokens[0] ?? "", meeting.plan.meetingId);
      chunks.forEach(({ sequence }, place) => (outOfOrder += sequence === place + 1 ? 0 : 1));
      // Two people may use the same key: here every key is one person's.
      const stored = new Map(chunks.map(({ clientKey, sequence }) => [clientKey, sequence]));
      doubled += chunks.length - stored.size;
      meeting.sequences.forEach((sequence, number) => {
        if (sequence !== null && stored.get(`c-${number}`) !== sequence) lost += 1;
      });
    });
  }
  return {
    sent,
    acknowledged,
    delivered,
    delivery: latencyOf(delivery),
    acknowledgement: latencyOf(acknowledgement),
    undelivered: left,
    lost,
    doubled,
    outOfOrder,
    refused,
    disconnects,
    generatorLagP99Ms: round(lag.percentile(99) / 1e6),
  };
});
