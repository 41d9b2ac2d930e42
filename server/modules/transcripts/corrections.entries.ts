// Pure translations of a correction: from a request, into the journal, into its collection, and out to readers.
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { Correction, Speaker } from "../../../shared/schemas/transcript-corrections.ts";
import type { JournalEntry, JournalInput, StreamId } from "../../platform/journal/index.ts";
import { chunkKey, labelSpeakerId } from "./transcripts.chunks.ts";

export const correctionStreamKind = "transcript-edits";

/** What is said of a correction before it has its number. */
type Unnumbered<One> = One extends Correction ? Omit<One, "revision" | "at" | "authorId"> : never;
export type CorrectionContent = Unnumbered<Correction>;

export interface StoredCorrection {
  revision: number;
  authorId: UserId;
  clientKey: string;
  createdAt: Date;
  content: CorrectionContent;
}

interface Payload {
  clientKey: string;
  content: CorrectionContent;
}

export function correctionStream(meetingId: MeetingId): StreamId {
  return `${correctionStreamKind}/${meetingId}`;
}

export function toCorrectionInput(
  authorId: UserId,
  clientKey: string,
  content: CorrectionContent,
): JournalInput {
  return { key: chunkKey(authorId, clientKey), authorId, payload: { clientKey, content } satisfies Payload };
}

export function correctionOfEntry({ sequence, authorId, at, payload }: JournalEntry): StoredCorrection {
  if (authorId === null) throw new Error("a correction without an author");
  return { ...(payload as Payload), revision: sequence, authorId, createdAt: at };
}

export function correctionEntry(
  stream: StreamId,
  { revision, authorId, clientKey, createdAt, content }: StoredCorrection,
): JournalEntry {
  const payload: Payload = { clientKey, content };
  return {
    stream,
    sequence: revision,
    key: chunkKey(authorId, clientKey),
    authorId,
    at: createdAt,
    payload,
  };
}

export function correctionView({ revision, authorId, createdAt, content }: StoredCorrection): Correction {
  return { ...content, revision, authorId, at: createdAt.toISOString() };
}

/** The speaker as lines carry it. */
export function speakerOf(
  meetingId: MeetingId,
  speaker: Speaker,
): { speakerId: UserId; speakerLabel: string | null } {
  return "label" in speaker
    ? { speakerId: labelSpeakerId(meetingId, speaker.label), speakerLabel: speaker.label }
    : { speakerId: speaker.speakerId, speakerLabel: null };
}

/** Whether the correction may touch a line from `first` to `last`. */
export function concerns(content: CorrectionContent, first: number, last: number): boolean {
  if (content.kind === "speaker") return true;
  return content.sequence >= first && content.sequence <= last;
}
