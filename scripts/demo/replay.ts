// Replays a recorded conversation as a live call on a running server, from the invitation to the recap.
import { setTimeout as wait } from "node:timers/promises";
import { endpoints } from "../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../shared/ids.ts";
import { limits } from "../../shared/limits.ts";
import type { Insight, Recap } from "../../shared/schemas/insights.ts";
import type { Page } from "../../shared/schemas/common.ts";
import type { Segment, TranscriptChunk, TranscriptPage } from "../../shared/schemas/transcripts.ts";
import type { ImportedTranscript, ImportedUtterance } from "../../shared/transcript-import/index.ts";
import { createApi, type Api } from "./api.ts";
import { NoteTaker } from "./note-taker.ts";
import { CallSocket, userIdOf, type DemoPerson } from "./person.ts";
import { checkCitations, compareTranscript, type SentUtterance } from "./verify.ts";

export interface ReplayOptions {
  url: string;
  transcript: ImportedTranscript;
  title: string;
  /** 1 is real time. */
  speed: number;
  /** Ends the replay after so many seconds of real time. */
  forSeconds: number | null;
  mintToken(person: { email: string; name: string }): Promise<string>;
  progress(line: string): void;
}

export interface ReplayResult {
  meetingId: MeetingId;
  recapUrl: string;
  people: { speaker: string; email: string }[];
  utterances: number;
  seconds: number;
  prompts: string[];
  insight: Insight | null;
  emails: { to: string; subject: string; calendar: boolean }[];
  /** Empty where everything is as it must be. */
  problems: string[];
}

const listenerName = "Listener";
const recapWithinMs = 120_000;
const settleWithinMs = 30_000;
const dayMs = 24 * 60 * 60 * 1_000;

export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const { url, transcript, progress } = options;
  const api = createApi(url);
  const cast = await inviteEverybody(api, options);
  const { meetingId, people, host } = cast;
  progress(`${people.length} people in “${options.title}”, the call runs at ${url}/meetings/${meetingId}`);

  const sockets = await Promise.all(people.map((person) => CallSocket.join(person, url, meetingId)));
  const hostSocket = socketOf(sockets, host);
  const prompts: string[] = [];
  hostSocket.on("prompt:new", ({ prompt }) => {
    prompts.push(prompt.content);
    progress(`prompt for ${host.speaker}: ${prompt.content} (${prompt.reason})`);
  });
  const [first = host, second = host] = people;
  const writers = await Promise.all(
    [first, second].map(({ token, speaker }) => NoteTaker.open(url, token, meetingId, speaker)),
  );

  const startedAt = performance.now();
  const plan = planOf(transcript.utterances, options);
  const totalMs = plan.at(-1)?.atMs ?? 0;
  const notes = notesOf(plan.map(({ utterance }) => utterance));
  const [sent, chatted] = await Promise.all([
    speak(plan, { sockets, people, meetingId, startedAt, progress }),
    chat(socketOf(sockets, second), meetingId, totalMs / 2),
    takeNotes(writers, notes, totalMs),
  ]);
  // A replay that is cut lasts as long as it was told to, not only until its last utterance.
  const cutMs = plan.length < transcript.utterances.length ? (options.forSeconds ?? 0) * 1_000 : 0;
  await wait(Math.max(0, startedAt + cutMs - performance.now()));
  const seconds = (performance.now() - startedAt) / 1_000;
  const problems = await verifyCall({ api, cast, sockets, sent, notes, chatted });
  for (const writer of writers) {
    problems.push(...writer.refusals.map((refusal) => `The notes were refused: ${refusal}`));
    writer.close();
  }

  await api(endpoints.endMeeting, host.token, { params: { id: meetingId } });
  progress("the call has ended, waiting for the recap");
  const recap = await waitForRecap(api, host.token, meetingId);
  const { emails, problems: found } = await verifyRecap({ api, cast, recap });
  for (const socket of sockets) socket.close();
  return {
    meetingId,
    recapUrl: new URL(`/meetings/${meetingId}/recap`, url).href,
    people: people.map(({ speaker, email }) => ({ speaker, email })),
    utterances: sent.length,
    seconds,
    prompts,
    insight: recap.insight,
    emails,
    problems: [...problems, ...found],
  };
}

interface Cast {
  meetingId: MeetingId;
  people: DemoPerson[];
  host: DemoPerson;
}

/** One person a speaker; the therapist, coach or else the first speaker is the host. */
async function inviteEverybody(api: Api, options: ReplayOptions): Promise<Cast> {
  const { transcript, title, mintToken } = options;
  const speakers = [...transcript.speakers];
  if (speakers.length === 1) speakers.push(listenerName);
  if (speakers.length > limits.meetingMaxParticipants)
    throw new Error(
      `The conversation has ${speakers.length} speakers; a meeting has at most ${limits.meetingMaxParticipants} people.`,
    );
  const coach = speakers.findIndex((speaker) => /\b(?:coach|therapist|interviewer|host)\b/i.test(speaker));
  const ordered =
    coach > 0 ? [speakers[coach] ?? "", ...speakers.filter((_speaker, index) => index !== coach)] : speakers;
  const emails = addressesOf(ordered);
  const identities = await Promise.all(
    ordered.map(async (speaker, index) => {
      const email = emails[index] ?? "";
      return { speaker, email, token: await mintToken({ email, name: nameOf(speaker) }) };
    }),
  );
  const [host] = identities;
  if (host === undefined) throw new Error("The conversation has no speakers.");
  // Everybody signs in once, so that their names are known before the call.
  for (const { token } of identities) await api(endpoints.me, token);
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const participants = identities.slice(1).map(({ email }) => ({ email }));
  const body = { title, participants, timeZone, template: "grow" as const };
  const meeting = await api(endpoints.createMeeting, host.token, { body });
  const nextWeek = new Date(Date.now() + 7 * dayMs);
  nextWeek.setMinutes(0, 0, 0);
  await api(endpoints.createMeeting, host.token, {
    body: {
      ...body,
      title: `${title}: follow-up`.slice(0, limits.titleMaxChars),
      scheduledAt: nextWeek.toISOString(),
      durationMinutes: 45,
    },
  });
  await api(endpoints.startMeeting, host.token, { params: { id: meeting.id } });
  const people = identities.map((one) => ({ ...one, userId: userIdOf(meeting, one.email) }));
  const [hostPerson = { ...host, userId: userIdOf(meeting, host.email) }] = people;
  return { meetingId: meeting.id, people, host: hostPerson };
}

function addressesOf(speakers: readonly string[]): string[] {
  const taken = new Set<string>();
  return speakers.map((speaker) => {
    const base =
      speaker
        .normalize("NFKD")
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, ".")
        .replace(/^\.+|\.+$/g, "")
        .slice(0, 40) || "speaker";
    let address = base;
    for (let number = 2; taken.has(address); number += 1) address = `${base}.${number}`;
    taken.add(address);
    return `${address}@demo.example`;
  });
}

function nameOf(speaker: string): string {
  return speaker.slice(0, 1).toUpperCase() + speaker.slice(1);
}

interface Planned {
  utterance: ImportedUtterance;
  /** Real time after the beginning of the replay. */
  atMs: number;
  startMs: number;
  endMs: number;
}

function planOf(utterances: readonly ImportedUtterance[], options: ReplayOptions): Planned[] {
  const firstMs = utterances[0]?.startMs ?? 0;
  return utterances
    .map((utterance) => {
      const startMs = utterance.startMs - firstMs;
      return { utterance, startMs, endMs: utterance.endMs - firstMs, atMs: startMs / options.speed };
    })
    .filter(({ atMs }) => options.forSeconds === null || atMs <= options.forSeconds * 1_000);
}

/** One after the other, each by its own speaker, each acknowledged before the next: the order is the conversation's. */
async function speak(
  plan: readonly Planned[],
  call: {
    sockets: readonly CallSocket[];
    people: readonly DemoPerson[];
    meetingId: MeetingId;
    startedAt: number;
    progress(line: string): void;
  },
): Promise<SentUtterance[]> {
  const sent: SentUtterance[] = [];
  const every = Math.max(1, Math.ceil(plan.length / 10));
  for (const [index, { utterance, atMs, startMs, endMs }] of plan.entries()) {
    await wait(Math.max(0, call.startedAt + atMs - performance.now()));
    const speaker = call.people.find((person) => person.speaker === utterance.speaker);
    if (speaker === undefined) throw new Error("An utterance has a speaker without a person.");
    const clientKey = `replay-${index + 1}`;
    const { text } = utterance;
    await socketOf(call.sockets, speaker).send("transcript:append", {
      meetingId: call.meetingId,
      chunks: [{ clientKey, text, confidence: 1, startMs, endMs, source: "import" }],
    });
    sent.push({ clientKey, speakerId: speaker.userId, text });
    if ((index + 1) % every === 0) call.progress(`${index + 1} of ${plan.length} utterances`);
  }
  return sent;
}

const chatText = "I have put our next step into the notes.";

async function chat(socket: CallSocket, meetingId: MeetingId, atMs: number): Promise<string> {
  await wait(atMs);
  await socket.send("chat:send", { meetingId, clientKey: "replay-chat-1", content: chatText });
  return chatText;
}

interface Note {
  writer: 0 | 1;
  heading: string;
  text: string;
  task: boolean;
}

/** What two people might jot down: their own words, and phrases of the conversation as it goes. */
function notesOf(utterances: readonly ImportedUtterance[]): Note[] {
  const phrase = (share: number) => {
    const from = Math.floor(utterances.length * share);
    const long = utterances.slice(from).find(({ text }) => text.split(" ").length >= 8) ?? utterances[from];
    const words = (long?.text ?? "").replace(/[^\p{L}\p{N}\s',.-]/gu, " ").split(/\s+/);
    return words.slice(0, 14).join(" ").trim();
  };
  return [
    { writer: 0, heading: "Goal", text: `What this is about: ${phrase(0)}`, task: false },
    { writer: 1, heading: "Reality", text: `Where things stand: ${phrase(0.25)}`, task: false },
    { writer: 0, heading: "Reality", text: `Heard: ${phrase(0.45)}`, task: false },
    { writer: 1, heading: "Options", text: `Could try: ${phrase(0.65)}`, task: false },
    { writer: 0, heading: "Way forward", text: "Agree on one small step and a day for it", task: true },
  ];
}

async function takeNotes(
  writers: readonly NoteTaker[],
  notes: readonly Note[],
  totalMs: number,
): Promise<void> {
  const own = (writer: 0 | 1) =>
    notes.map((note, index) => ({ note, index })).filter(({ note }) => note.writer === writer);
  const startedAt = performance.now();
  await Promise.all(
    ([0, 1] as const).map(async (number) => {
      for (const { note, index } of own(number)) {
        await wait(Math.max(0, startedAt + (totalMs * index) / notes.length - performance.now()));
        const writer = writers[number];
        if (note.task) await writer?.typeTask(note.heading, note.text);
        else await writer?.typeParagraph(note.heading, note.text);
      }
    }),
  );
}

async function verifyCall(parts: {
  api: Api;
  cast: Cast;
  sockets: readonly CallSocket[];
  sent: readonly SentUtterance[];
  notes: readonly Note[];
  chatted: string;
}): Promise<string[]> {
  const { api, cast, sockets, sent, notes, chatted } = parts;
  const { meetingId, host } = cast;
  await until(settleWithinMs, () => sockets.every(({ heard }) => heard.length >= sent.length));
  const problems = sockets.flatMap(({ person, heard }) =>
    compareTranscript(`What ${person.speaker} heard live`, sent, heard),
  );
  problems.push(
    ...compareTranscript("The transcript", sent, await readTranscript(api, host.token, meetingId)),
  );

  const normal = (text: string) => text.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  const missingNotes = async () => {
    const { content } = await api(endpoints.readNotes, host.token, { params: { id: meetingId } });
    const written = normal(content);
    return notes.filter(({ text }) => !written.includes(normal(text)));
  };
  if (!(await until(settleWithinMs, async () => (await missingNotes()).length === 0)))
    problems.push(`${(await missingNotes()).length} of ${notes.length} lines of notes are missing.`);
  const { messages } = await api(endpoints.listMessages, host.token, { params: { id: meetingId } });
  if (messages.filter(({ content }) => content === chatted).length !== 1)
    problems.push("The chat message is not there exactly once.");
  return problems;
}

async function verifyRecap(parts: {
  api: Api;
  cast: Cast;
  recap: Recap;
}): Promise<{ emails: ReplayResult["emails"]; problems: string[] }> {
  const { api, cast, recap } = parts;
  const { meetingId, people, host } = cast;
  if (recap.status !== "ready" || recap.insight === null)
    return { emails: [], problems: [`The recap is ${recap.status}. ${recap.problem ?? ""}`.trim()] };
  const segments = await readSegments(api, host.token, meetingId);
  const chunks = await readTranscript(api, host.token, meetingId);
  const problems: string[] = [];
  const emails: ReplayResult["emails"] = [];
  for (const { speaker, email, token } of people) {
    const { insight } = await api(endpoints.recap, token, { params: { id: meetingId } });
    if (insight === null) problems.push(`${speaker} has no recap.`);
    else problems.push(...checkCitations(insight, segments, chunks).map((one) => `${speaker}: ${one}`));
    const own = async () => {
      const { items } = await api(endpoints.listMail, token, { query: { limit: 50 } });
      return items.filter((mail) => mail.kind === "recap" && mail.meetingId === meetingId);
    };
    await until(settleWithinMs, async () => (await own()).length > 0);
    const mails = await own();
    if (mails.length !== 1) problems.push(`${speaker} has ${mails.length} recap emails instead of one.`);
    for (const { id, subject } of mails) {
      const mail = await api(endpoints.getMail, token, { params: { mailId: id } });
      emails.push({
        to: email,
        subject,
        calendar: mail.attachments.some(({ filename }) => filename.endsWith(".ics")),
      });
    }
  }
  return { emails, problems };
}

async function waitForRecap(api: Api, token: string, meetingId: MeetingId): Promise<Recap> {
  let recap = await api(endpoints.recap, token, { params: { id: meetingId } });
  await until(recapWithinMs, async () => {
    recap = await api(endpoints.recap, token, { params: { id: meetingId } });
    return recap.status === "ready" || recap.status === "failed";
  });
  return recap;
}

async function readTranscript(api: Api, token: string, meetingId: MeetingId): Promise<TranscriptChunk[]> {
  const chunks: TranscriptChunk[] = [];
  let fromSequence: number | null = 1;
  while (fromSequence !== null) {
    const query = { fromSequence, limit: limits.transcriptPageMaxChunks };
    const page: TranscriptPage = await api(endpoints.readTranscript, token, {
      params: { id: meetingId },
      query,
    });
    chunks.push(...page.chunks);
    fromSequence = page.nextFromSequence;
  }
  return chunks;
}

async function readSegments(api: Api, token: string, meetingId: MeetingId): Promise<Segment[]> {
  const segments: Segment[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const query: { limit: number; cursor?: string } = {
      limit: limits.pageMaxItems,
      ...(cursor === undefined ? {} : { cursor }),
    };
    const page: Page<Segment> = await api(endpoints.listSegments, token, {
      params: { id: meetingId },
      query,
    });
    segments.push(...page.items);
    cursor = page.nextCursor;
  }
  return segments;
}

function socketOf(sockets: readonly CallSocket[], person: DemoPerson): CallSocket {
  const socket = sockets.find((one) => one.person.email === person.email);
  if (socket === undefined) throw new Error(`${person.speaker} is not in the call.`);
  return socket;
}

/** False where it did not come true in time. */
async function until(withinMs: number, isTrue: () => boolean | Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    if (await isTrue()) return true;
    if (performance.now() > deadline) return false;
    await wait(250);
  }
}
