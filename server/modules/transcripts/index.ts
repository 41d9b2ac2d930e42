// The live transcript: durable append in order, exactly once, and reading from any sequence.
import type { Actor } from "../../../shared/actor.ts";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { StreamFollow } from "../../platform/journal/index.ts";
import type {
  Correction,
  EditLine,
  LineHistory,
  RenameSpeaker,
} from "../../../shared/schemas/transcript-corrections.ts";
import type { TranscriptSearch, TranscriptSearchQuery } from "../../../shared/schemas/transcript-search.ts";
import type {
  AppendChunk,
  Appended,
  TranscriptChunk,
  TranscriptPage,
} from "../../../shared/schemas/transcripts.ts";

export { createTranscriptsModule } from "./transcripts.service.ts";

export interface TranscriptsService {
  /** Resolves after the chunks are durable; repeating a batch with the same client keys changes nothing. */
  append(actor: Actor, meetingId: MeetingId, chunks: AppendChunk[]): Promise<Appended>;
  /**
   * As `append`, of a person's own lines as a service heard them: it may hear the same sound differently another time, and
   * a key that is there already keeps its first words.
   */
  appendHeard(actor: Actor, meetingId: MeetingId, chunks: AppendChunk[]): Promise<Appended>;
  /** The line of this person under this key; null where there is none. */
  sequenceOf(meetingId: MeetingId, authorId: UserId, clientKey: string): Promise<number | null>;
  /**
   * As `append`, for a recogniser that has proved itself and has no place in the meeting; every chunk names its speaker.
   * Keys are the vendor's own. The first delivery for a meeting is in the audit log.
   */
  appendFromVendor(meetingId: MeetingId, chunks: AppendChunk[]): Promise<Appended>;
  read(
    actor: Actor,
    meetingId: MeetingId,
    query: { fromSequence: number; limit: number },
  ): Promise<TranscriptPage>;
  /** Corrects a line's words; hosts any line, participants their own. Repeating it with the same client key changes nothing. */
  edit(actor: Actor, meetingId: MeetingId, sequence: number, input: EditLine): Promise<Correction>;
  /** Gives one line, or every line of a speaker, to somebody else; hosts only. */
  renameSpeaker(actor: Actor, meetingId: MeetingId, input: RenameSpeaker): Promise<Correction>;
  /** The latest correction's number, 0 for none. */
  revision(actor: Actor, meetingId: MeetingId): Promise<number>;
  /** A line as it came and after each correction. */
  history(actor: Actor, meetingId: MeetingId, sequence: number): Promise<LineHistory>;
  /** Lines of the meeting that hold every term of the query, as they are now. */
  search(actor: Actor, meetingId: MeetingId, query: TranscriptSearchQuery): Promise<TranscriptSearch>;
  /** Every chunk of a meeting in order, page by page, for jobs. */
  readAll(meetingId: MeetingId): AsyncIterable<TranscriptChunk[]>;
  /** What is corrected by now is in its collection afterwards, for who reads that. */
  fileCorrections(meetingId: MeetingId): Promise<void>;
  lastSequence(meetingId: MeetingId): Promise<number>;
  /** As `revision`, for jobs. */
  lastRevision(meetingId: MeetingId): Promise<number>;
  /** Whether something was corrected later than `at`. */
  correctedAfter(meetingId: MeetingId, at: Date): Promise<boolean>;
  /**
   * Delivers every durable chunk above `afterSequence`, once and in order, whichever process took it, as the corrections
   * that were delivered or durable before have left it; and every correction that is made after the call, in order.
   */
  follow(
    meetingId: MeetingId,
    options: {
      afterSequence: number;
      deliver(chunks: TranscriptChunk[]): void;
      corrected?(correction: Correction): void;
    },
  ): Promise<StreamFollow>;
}
