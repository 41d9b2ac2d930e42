// What the transcript needs of its collection.
import type { MeetingId } from "../../../shared/ids.ts";
import type { StoredChunk, StoredPage } from "./transcripts.chunks.ts";

export interface MeetingPage extends StoredPage {
  meetingId: MeetingId;
}

export interface TranscriptsRepository {
  /** Highest stored sequence, 0 for none. */
  lastSequence(meetingId: MeetingId): Promise<number>;
  /**
   * In order. False where a page that begins with the same sequence of its meeting is there already; pages behind it are
   * then not written.
   */
  insertPages(pages: MeetingPage[]): Promise<boolean>;
  /** Chunks with `sequence >= fromSequence`, in order, at most `limit`. */
  read(meetingId: MeetingId, fromSequence: number, limit: number): Promise<StoredChunk[]>;
  /** Every chunk that carries one of these client keys, whoever sent it. */
  findByClientKeys(meetingId: MeetingId, clientKeys: string[]): Promise<StoredChunk[]>;
}
