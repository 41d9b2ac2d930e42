// Meetings that are over, which of them still hold what, and the removal of one kind of it, in the store.
import mongoose, { type Connection } from "mongoose";
import type { MeetingId, OrgId } from "../../../shared/ids.ts";
import type { RetentionKind } from "../../../shared/schemas/retention.ts";

const { ObjectId } = mongoose.mongo;
type ObjectId = mongoose.mongo.ObjectId;
type Filter = Record<string, unknown>;

const batchMost = 500;
const walkedAtOnce = 200;
/** What still waits to be sent is not among them. */
const mailsOver = ["sent", "kept", "failed", "unsubscribed", "bounced"];

export interface EndedRow {
  id: MeetingId;
  orgId: OrgId | null;
  endedAt: Date;
}

export interface RetainedMeetings {
  /** Every meeting that was held and ended before this, oldest first, or that was cancelled before it; by pages. */
  ended(before: Date): AsyncIterable<EndedRow[]>;
  /** Of one organisation, in any order, `limit` at most. */
  endedIn(orgId: OrgId, before: Date, limit: number): Promise<EndedRow[]>;
  /** Which of these hold something of the kind that can be removed. */
  holding(kind: RetentionKind, ids: readonly MeetingId[]): Promise<Set<MeetingId>>;
  /**
   * Removes what the store itself holds of the kind; of notes nothing, as they are open in processes. May be repeated, and
   * by several at once. Answers how many documents are gone.
   */
  remove(kind: RetentionKind, meetingId: MeetingId, signal: AbortSignal): Promise<number>;
  /** After their segments are gone: no search finds them any more. */
  removeEmbeddings(meetingId: MeetingId): Promise<void>;
  openCommitments(ids: readonly MeetingId[]): Promise<number>;
}

interface MeetingDocument {
  _id: ObjectId;
  orgId?: string | null;
  state: string;
  endedAt: Date | null;
  updatedAt: Date;
}

/** One place that holds something of a kind. */
interface Holder {
  collection: string;
  /** As what it names its meeting. */
  by: "id" | "text";
  only?: Filter;
}

/** `embeddings` and files are told of here, and removed by who keeps them. */
const holders: Record<RetentionKind, readonly Holder[]> = {
  // Lines first: what is made anew meanwhile is made of what is left.
  transcript: [
    { collection: "transcripts", by: "id" },
    { collection: "transcriptCorrections", by: "id" },
    { collection: "transcriptSegments", by: "id" },
    { collection: "aiAnswers", by: "text" },
  ],
  chat: [
    { collection: "messages", by: "id" },
    { collection: "messageChanges", by: "id" },
  ],
  notes: [
    { collection: "noteOps", by: "id" },
    { collection: "meetingNotes", by: "id" },
    { collection: "noteRevisions", by: "id" },
  ],
  prompts: [{ collection: "prompts", by: "id" }],
  recaps: [
    { collection: "insights", by: "id" },
    { collection: "actionItems", by: "id", only: { done: true } },
    { collection: "outboxMails", by: "id", only: { kind: "recap", status: { $in: mailsOver } } },
  ],
  reviews: [{ collection: "coachReviews", by: "id" }],
  ratings: [{ collection: "meetingRatings", by: "text" }],
};

const kept: Partial<Record<RetentionKind, readonly Holder[]>> = {
  transcript: [{ collection: "embeddings", by: "text", only: { sourceType: "transcriptSegment" } }],
  chat: [{ collection: "files", by: "id" }],
};

export function createRetainedMeetings(connection: Connection): RetainedMeetings {
  const database = connection.getClient().db(connection.name);
  const meetings = database.collection<MeetingDocument>("meetings");
  const states = database.collection<{ meetingId: ObjectId }>("meetingState");
  const actions = database.collection<{ meetingId: ObjectId; done: boolean }>("actionItems");
  const embeddings = database.collection<{ meetingId: string; updatedAt: Date }>("embeddings");
  const placesOf = (holder: Holder) => database.collection<{ _id: ObjectId | string }>(holder.collection);
  const shown = { projection: { orgId: 1, endedAt: 1, updatedAt: 1 } };

  async function* pagesOf(filter: Filter, sort: Record<string, 1>): AsyncGenerator<EndedRow[]> {
    let page: EndedRow[] = [];
    for await (const found of meetings.find(filter, { ...shown, batchSize: walkedAtOnce }).sort(sort)) {
      page.push(toRow(found));
      if (page.length < walkedAtOnce) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  }

  return {
    async *ended(before) {
      yield* pagesOf({ state: "concluded", endedAt: { $lt: before } }, { endedAt: 1 });
      yield* pagesOf({ state: "cancelled", updatedAt: { $lt: before } }, {});
    },

    async endedIn(orgId, before, limit) {
      const found = await meetings
        .find({ orgId, state: "concluded", endedAt: { $lt: before } }, shown)
        .limit(limit)
        .toArray();
      return found.map(toRow);
    },

    async holding(kind, ids) {
      const found = new Set<MeetingId>();
      for (const holder of [...holders[kind], ...(kept[kind] ?? [])]) {
        const rest = ids.filter((id) => !found.has(id));
        if (rest.length === 0) break;
        for (const id of await placesOf(holder).distinct("meetingId", amongst(holder, rest)))
          found.add(String(id) as MeetingId);
      }
      return found;
    },

    async remove(kind, meetingId, signal) {
      let removed = 0;
      if (kind === "notes") return removed;
      for (const holder of holders[kind]) {
        for (;;) {
          signal.throwIfAborted();
          const some = await placesOf(holder)
            .find(amongst(holder, [meetingId]), { projection: { _id: 1 } })
            .limit(batchMost)
            .toArray();
          if (some.length === 0) break;
          const gone = await placesOf(holder).deleteMany({
            _id: { $in: some.map(({ _id }) => _id) },
            ...holder.only,
          });
          removed += gone.deletedCount;
          if (some.length < batchMost) break;
        }
      }
      if (kind === "transcript")
        await states.updateOne(
          { meetingId: new ObjectId(meetingId) },
          { $set: { topics: [], speakingStats: [], lullState: null } },
        );
      return removed;
    },

    async removeEmbeddings(meetingId) {
      // Not the documents: by them an index elsewhere, and other processes, learn that they are gone.
      await embeddings.updateMany(
        { meetingId },
        { $set: { sourceType: "deleted", vector: null, metadata: {} }, $currentDate: { updatedAt: true } },
      );
    },

    openCommitments: (ids) =>
      actions.countDocuments({ meetingId: { $in: ids.map((id) => new ObjectId(id)) }, done: false }),
  };
}

function amongst({ by, only }: Holder, ids: readonly MeetingId[]): Filter {
  return { meetingId: { $in: by === "text" ? [...ids] : ids.map((id) => new ObjectId(id)) }, ...only };
}

function toRow({ _id, orgId, endedAt, updatedAt }: MeetingDocument): EndedRow {
  return {
    id: _id.toHexString() as MeetingId,
    orgId: (orgId ?? null) as OrgId | null,
    // One that was cancelled never ended.
    endedAt: endedAt ?? updatedAt,
  };
}
