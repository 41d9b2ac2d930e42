// How long after a silence has become a lull its prompt reaches the coach: many calls at once, on a server that runs, by the true clock.
import { setTimeout as wait } from "node:timers/promises";
import { lullThresholdMs } from "../../server/modules/prompts/lull-detector.ts";
import { addChunk, emptyTimeline } from "../../server/modules/prompts/timeline.ts";
import { endpoints } from "../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../shared/ids.ts";
import type { TranscriptChunk } from "../../shared/schemas/transcripts.ts";
import { createApi, type Api } from "../demo/api.ts";
import { CallSocket, userIdOf } from "../demo/person.ts";
import type { TimedConversation, TimedUtterance } from "./lulls.ts";

export interface LiveOptions {
  url: string;
  /** One call each; as many of their last utterances before a long silence as `utterances` says. */
  conversations: readonly TimedConversation[];
  utterances: number;
  mintToken(person: { email: string; name: string }): Promise<string>;
  progress(line: string): void;
}

/** In milliseconds from the moment at which the silence became a lull; null where no prompt came in time. */
export interface LiveDelay {
  conversation: string;
  thresholdMs: number;
  delayMs: number | null;
}

/** Beyond its threshold. */
const promptWithinMs = 10_000;
const betweenPhrasesMs = 300;
const email = (who: string, number: number) => `lull.${who}.${number}@demo.example`;

/** All calls are started first, and fall silent together. */
export async function measureDelays(options: LiveOptions): Promise<LiveDelay[]> {
  const api = createApi(options.url);
  const calls: LiveCall[] = [];
  for (const [index, conversation] of options.conversations.entries())
    calls.push(await startCall(api, conversation, index, options));
  options.progress(`${calls.length} calls are running`);
  const delays = await Promise.all(calls.map((call) => fallSilent(call, options.utterances)));
  for (const { host, meetingId, token } of calls) {
    host.close();
    await api(endpoints.endMeeting, token, { params: { id: meetingId } });
  }
  return delays;
}

interface LiveCall {
  conversation: TimedConversation;
  meetingId: MeetingId;
  token: string;
  host: CallSocket;
  coacheeId: TranscriptChunk["speakerId"];
  startedAtMs: number;
}

async function startCall(
  api: Api,
  conversation: TimedConversation,
  index: number,
  { url, mintToken }: LiveOptions,
): Promise<LiveCall> {
  const coach = { email: email("coach", index), name: "Coach" };
  const coachee = { email: email("coachee", index), name: "Coachee" };
  const token = await mintToken(coach);
  const body = { title: `Lull ${index + 1}`, participants: [{ email: coachee.email }] };
  const meeting = await api(endpoints.createMeeting, token, { body });
  const started = await api(endpoints.startMeeting, token, { params: { id: meeting.id } });
  const person = { speaker: "coach", token, email: coach.email, userId: userIdOf(meeting, coach.email) };
  return {
    conversation,
    meetingId: meeting.id,
    token,
    host: await CallSocket.join(person, url, meeting.id),
    coacheeId: userIdOf(meeting, coachee.email),
    startedAtMs: Date.parse(started.startedAt ?? meeting.createdAt),
  };
}

/** Says the last utterances, each as a recogniser delivers it when it is over, and then nothing. */
async function fallSilent(call: LiveCall, utterances: number): Promise<LiveDelay> {
  const { conversation, meetingId, host, startedAtMs } = call;
  const prompted = new Promise<number>((resolve) =>
    host.on("prompt:new", () => resolve(Date.now() - startedAtMs)),
  );
  const said = conversation.utterances.slice(-utterances);
  const timeline = emptyTimeline();
  for (const [index, utterance] of said.entries()) {
    await wait(betweenPhrasesMs);
    const nowMs = Date.now() - startedAtMs;
    const chunk = chunkOf(utterance, call, { index, nowMs });
    const { lastSequence } = await host.send("transcript:append", { meetingId, chunks: [chunk] });
    // It arrived a little after it was sent: from then on the silence is counted there, so that no delay is flattered.
    addChunk(timeline, stored(chunk, lastSequence), nowMs);
  }
  const thresholdMs = lullThresholdMs(timeline, [host.person.userId]);
  const lullAtMs = (timeline.lastActivityMs ?? 0) + thresholdMs;
  const giveUp = new AbortController();
  const late = wait(thresholdMs + promptWithinMs, null, { signal: giveUp.signal }).catch(() => null);
  const promptedAtMs = await Promise.race([prompted, late]);
  giveUp.abort();
  return {
    conversation: conversation.name,
    thresholdMs,
    delayMs: promptedAtMs === null ? null : Math.max(0, promptedAtMs - lullAtMs),
  };
}

type Appended = Pick<TranscriptChunk, "clientKey" | "speakerId" | "text" | "startMs" | "endMs"> & {
  confidence: number;
  source: "speech";
};

/** It ends now, and has lasted as long as it did, as far as the call is old enough. */
function chunkOf(
  { speaker, text, startMs, endMs }: TimedUtterance,
  { conversation, host, coacheeId }: LiveCall,
  { index, nowMs }: { index: number; nowMs: number },
): Appended {
  return {
    clientKey: `lull-${index}`,
    speakerId: speaker === conversation.coach ? host.person.userId : coacheeId,
    text,
    confidence: 1,
    startMs: Math.max(0, nowMs - Math.min(betweenPhrasesMs, endMs - startMs)),
    endMs: nowMs,
    source: "speech",
  };
}

function stored(chunk: Appended, sequence: number): TranscriptChunk {
  return { ...chunk, sequence, createdAt: new Date(0).toISOString() };
}
