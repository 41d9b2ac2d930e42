// The part of an export that is about one meeting: what the person may see of it today, and else their own words alone.
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import type { Message } from "../../../shared/schemas/messages.ts";
import type { TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import type { StagedPiece } from "./export.files.ts";
import type { Chapter, ExportParts } from "./export.gather.ts";
import { datedName } from "./export.names.ts";
import { meetingPage, ownWordsPage } from "./export.meeting-page.ts";
import { jsonFile, jsonList } from "./export.text.ts";

/** What is read of a meeting, part by part; null where the person may not see it. */
export interface SeenMeeting {
  meeting: Meeting;
  transcript: (() => AsyncIterable<TranscriptChunk>) | null;
  chat: (() => AsyncIterable<Message>) | null;
  sharedNotes: string | null;
  ownNotes: string | null;
  recap: Awaited<ReturnType<ExportParts["insights"]["recap"]>> | null;
}

export interface OwnWords {
  lines(): AsyncIterable<TranscriptChunk>;
  messages(): AsyncIterable<{ content: string; at: Date }>;
  ownNotes: string;
  sharedNotes: string[];
}

export async function* meetingFiles(
  parts: ExportParts,
  actor: Actor,
  meetingId: MeetingId,
  told: (chapter: Chapter) => void,
): AsyncGenerator<StagedPiece> {
  const meeting = await ifAllowed(() => parts.meetings.get(actor, meetingId));
  // Theirs are read from the collection alone.
  await parts.transcripts.fileCorrections(meetingId);
  if (meeting !== null) yield* seenFiles(parts, actor, meeting, told);
  else yield* ownFiles(parts, actor, meetingId, told);
}

async function* seenFiles(
  parts: ExportParts,
  actor: Actor,
  meeting: Meeting,
  told: (chapter: Chapter) => void,
): AsyncGenerator<StagedPiece> {
  const at = new Date(meeting.startedAt ?? meeting.scheduledAt ?? meeting.createdAt);
  const folder = `meetings/${datedName(at, meeting.title, meeting.id)}`;
  told({ folder, title: meeting.title, at: at.toISOString(), role: meeting.myRole });
  const { id } = meeting;
  const seen: SeenMeeting = {
    meeting,
    transcript: await readable(() => linesOf(parts, actor, id)),
    chat: await readable(() => messagesOf(parts, actor, id)),
    sharedNotes: (await ifAllowed(() => parts.notes.read(actor, id, "shared")))?.content ?? null,
    ownNotes: (await ifAllowed(() => parts.notes.read(actor, id, "mine")))?.content ?? null,
    recap: await ifAllowed(() => parts.insights.recap(actor, id)),
  };
  const attendance = await parts.sources.attendance(id, actor.userId);
  yield jsonFile(`${folder}/meeting.json`, { ...meeting, attendance });
  yield* meetingPage(`${folder}/index.html`, seen);
  if (seen.transcript !== null) {
    yield* jsonList(`${folder}/transcript.json`, seen.transcript());
    const corrections = parts.sources.correctionsOf(id, actor.userId);
    yield* jsonList(`${folder}/my-corrections.json`, corrections);
  }
  if (seen.chat !== null) {
    yield* jsonList(`${folder}/chat.json`, seen.chat());
    yield* jsonList(`${folder}/my-edited-messages.json`, parts.messaging.editedBy(actor.userId, id));
  }
  if (seen.sharedNotes !== null) yield { path: `${folder}/notes-shared.md`, text: `${seen.sharedNotes}\n` };
  if (seen.ownNotes !== null) yield { path: `${folder}/notes-mine.md`, text: `${seen.ownNotes}\n` };
  if (seen.recap !== null) yield jsonFile(`${folder}/recap.json`, seen.recap);
  const review = await ifAllowed(() => parts.feedback.review(actor, id));
  if (review !== null) yield jsonFile(`${folder}/my-review.json`, review);
  const consents = await ifAllowed(() => parts.consent.ofMeeting(actor, id));
  if (consents !== null) yield jsonFile(`${folder}/my-consents.json`, consents.mine);
  const prompts = await readable(() => promptsOf(parts, actor, id));
  if (prompts !== null) yield* jsonList(`${folder}/prompts.json`, prompts());
}

async function* ownFiles(
  parts: ExportParts,
  { userId }: Actor,
  meetingId: MeetingId,
  told: (chapter: Chapter) => void,
): AsyncGenerator<StagedPiece> {
  const record = await parts.meetings.record(meetingId);
  if (record === null) return;
  const at = record.startedAt ?? record.scheduledAt;
  // What others called it is theirs.
  const title = record.organizerId === userId ? record.title : "A call that is closed to you";
  const folder = `meetings/${datedName(at ?? new Date(0), title, meetingId)}`;
  const { own: ownNotes, shared: sharedNotes } = await parts.notes.wordsOf(meetingId, userId);
  const words: OwnWords = {
    lines: () => ownLines(parts, meetingId, userId),
    messages: () => parts.messaging.writtenBy(userId, meetingId),
    ownNotes,
    sharedNotes,
  };
  told({ folder, title, at: at?.toISOString() ?? null, role: null });
  const attendance = await parts.sources.attendance(meetingId, userId);
  yield jsonFile(`${folder}/meeting.json`, { id: meetingId, startedAt: record.startedAt, attendance });
  yield* ownWordsPage(`${folder}/index.html`, { title, at, words });
  yield* jsonList(`${folder}/my-lines.json`, words.lines());
  yield* jsonList(`${folder}/my-corrections.json`, parts.sources.correctionsOf(meetingId, userId));
  yield* jsonList(`${folder}/my-messages.json`, words.messages());
  yield* jsonList(`${folder}/my-edited-messages.json`, parts.messaging.editedBy(userId, meetingId));
  if (ownNotes !== "") yield { path: `${folder}/notes-mine.md`, text: `${ownNotes}\n` };
  yield jsonFile(`${folder}/my-words-in-shared-notes.json`, sharedNotes);
}

async function* linesOf(
  { transcripts }: ExportParts,
  actor: Actor,
  meetingId: MeetingId,
): AsyncGenerator<TranscriptChunk> {
  let fromSequence: number | null = 0;
  while (fromSequence !== null) {
    const page: Awaited<ReturnType<typeof transcripts.read>> = await transcripts.read(actor, meetingId, {
      fromSequence,
      limit: limits.transcriptPageMaxChunks,
    });
    yield* page.chunks;
    fromSequence = page.nextFromSequence;
  }
}

async function* ownLines(
  { transcripts }: ExportParts,
  meetingId: MeetingId,
  userId: string,
): AsyncGenerator<TranscriptChunk> {
  for await (const chunks of transcripts.readAll(meetingId))
    yield* chunks.filter(({ speakerId }) => speakerId === userId);
}

async function* messagesOf(
  { messaging }: ExportParts,
  actor: Actor,
  meetingId: MeetingId,
): AsyncGenerator<Message> {
  let fromSequence: number | null = 0;
  while (fromSequence !== null) {
    const page: Awaited<ReturnType<typeof messaging.list>> = await messaging.list(actor, meetingId, {
      fromSequence,
      limit: limits.pageMaxItems,
    });
    yield* page.messages;
    fromSequence = page.nextFromSequence;
  }
}

async function* promptsOf({ prompts }: ExportParts, actor: Actor, meetingId: MeetingId) {
  let cursor: string | undefined;
  do {
    const page = await prompts.list(actor, meetingId, { limit: limits.pageMaxItems, cursor });
    yield* page.items;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

/** Asked for its first item at once: null where that is not allowed. Read anew by each call of what it answers. */
async function readable<Item>(
  read: () => AsyncGenerator<Item>,
): Promise<(() => AsyncGenerator<Item>) | null> {
  const first = read();
  const allowed = await ifAllowed(() => first.next());
  await first.return(undefined);
  return allowed === null ? null : read;
}

/** Null where the person may not see it today. */
async function ifAllowed<Result>(ask: () => Promise<Result>): Promise<Result | null> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const refused = error.kind === "not-found" || error.kind === "forbidden";
    if (refused || error.code === "MEETING_NOT_ACTIVE") return null;
    throw error;
  }
}
