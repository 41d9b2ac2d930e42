// What the passages module needs of a store: embeddings, and which index is in use.
import type { MeetingId } from "../../../shared/ids.ts";
import type { VectorStore } from "../../vendors/vectors/index.ts";

export interface IndexMeta {
  /** Names provider, index and configuration. */
  id: string;
  provider: string;
  indexName: string;
  config: { model: string; version: string };
  status: "active" | "inactive" | "migrating";
  /** Of a move: the last meeting that was taken over, and how many of how many. */
  after: MeetingId | null;
  done: number;
  total: number;
  /** Rises with every write, so that of two that work on it one stops. */
  step: number;
}

export interface PassagesRepository extends VectorStore {
  /** By vector id: what was embedded, and its vector, under the present configuration. */
  known(meetingId: MeetingId): Promise<Map<string, { textHash: string; vector: Float32Array }>>;
  /** Vector ids of the meeting under any configuration, lately deleted ones too; `gone`: every index was told. */
  idsOf(meetingId: MeetingId): Promise<{ id: string; namespace: string; gone: boolean }[]>;
  /** In order of their ids; null where there is none after that. */
  nextMeeting(after: MeetingId | null): Promise<MeetingId | null>;
  countMeetings(): Promise<number>;

  metas(): Promise<IndexMeta[]>;
  addMeta(meta: IndexMeta, now: Date): Promise<void>;
  /** False where somebody else has written since it was read. */
  moveMeta(meta: IndexMeta, change: Partial<IndexMeta>, now: Date): Promise<boolean>;
}
