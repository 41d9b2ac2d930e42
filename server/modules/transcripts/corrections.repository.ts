// What corrections need of their collection.
import type { MeetingId } from "../../../shared/ids.ts";
import type { StoredCorrection } from "./corrections.entries.ts";

export interface CorrectionsRepository {
  /** Highest stored revision, 0 for none. */
  lastRevision(meetingId: MeetingId): Promise<number>;
  /** What is there already stays as it is. */
  insert(meetingId: MeetingId, corrections: StoredCorrection[]): Promise<void>;
  /** Corrections with `revision >= fromRevision`, in order, at most `limit`. */
  read(meetingId: MeetingId, fromRevision: number, limit: number): Promise<StoredCorrection[]>;
  /** Those that may touch lines from `first` to `last`, those of a speaker everywhere among them; in no order. */
  concerning(meetingId: MeetingId, first: number, last: number): Promise<StoredCorrection[]>;
  findByClientKeys(meetingId: MeetingId, clientKeys: string[]): Promise<StoredCorrection[]>;
}
