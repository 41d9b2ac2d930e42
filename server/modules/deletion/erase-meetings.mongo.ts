// A person's meetings: which there are, which are theirs alone, and what is left of a meeting that goes as a whole.
import mongoose, { type Connection } from "mongoose";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { MeetingLifecycle, MeetingRole } from "../../../shared/schemas/meetings.ts";

type ObjectId = mongoose.mongo.ObjectId;
const { ObjectId } = mongoose.mongo;

interface MeetingDocument {
  _id: ObjectId;
  organizerId: ObjectId;
  orgId?: string | null;
  title: string;
  description: string | null;
  state: MeetingLifecycle;
  hostCount: number;
  formerParticipants?: ObjectId[];
}

interface PlaceDocument {
  meetingId: ObjectId;
  userId: ObjectId;
  role: MeetingRole;
}

export interface Place {
  meetingId: MeetingId;
  orgId: string | null;
  state: MeetingLifecycle;
  isOrganizer: boolean;
  role: MeetingRole | null;
  /** Hosts beside the person. */
  otherHosts: number;
  /** People beside the person. */
  others: number;
}

export interface MeetingsEraser {
  /** Where the person is, was, or was removed from; in order, after `after`. */
  idsOf(userId: UserId, options: { after: MeetingId | null; limit: number }): Promise<MeetingId[]>;
  place(meetingId: MeetingId, userId: UserId): Promise<Place | null>;
  /** Of a meeting that they planned: what they called it. */
  eraseTitle(meetingId: MeetingId, title: string): Promise<void>;
  /** Out of a meeting that is still to come, with others who host it. */
  removePlace(meetingId: MeetingId, userId: UserId): Promise<void>;
  /** Everything of the meeting, in every collection; may be repeated. */
  removeMeeting(meetingId: MeetingId): Promise<void>;
}

export function createMeetingsEraser(connection: Connection): MeetingsEraser {
  const database = connection.getClient().db(connection.name);
  const meetings = database.collection<MeetingDocument>("meetings");
  const places = database.collection<PlaceDocument>("meetingParticipants");
  const notes = database.collection<{ meetingId: ObjectId; documentId: string }>("noteOps");
  const states = database.collection<{ documentId: string }>("noteSnapshots");
  const byMeeting = (name: string) => database.collection<{ meetingId: ObjectId }>(name);
  const ratings = database.collection<{ meetingId: string }>("meetingRatings");
  const embeddings = database.collection<{ meetingId: string; updatedAt: Date }>("embeddings");
  const answers = database.collection<{ meetingId: string }>("aiAnswers");
  const switches = database.collection<{ _id: string }>("aiSwitches");
  const recaps = database.collection<{ _id: ObjectId }>("recaps");

  return {
    async idsOf(person, { after, limit }) {
      const userId = new ObjectId(person);
      const behind = after === null ? {} : { $gt: new ObjectId(after) };
      const beyond = after === null ? {} : { _id: behind };
      const found = await Promise.all([
        places
          .find({ userId, ...(after === null ? {} : { meetingId: behind }) })
          .sort({ meetingId: 1 })
          .limit(limit)
          .map(({ meetingId }) => meetingId.toHexString())
          .toArray(),
        meetings
          .find({ organizerId: userId, ...beyond }, { projection: { _id: 1 } })
          .map(({ _id }) => _id.toHexString())
          .toArray(),
        meetings
          .find({ formerParticipants: userId, ...beyond }, { projection: { _id: 1 } })
          .map(({ _id }) => _id.toHexString())
          .toArray(),
      ]);
      return [...new Set(found.flat())].sort().slice(0, limit) as MeetingId[];
    },

    async place(id, userId) {
      const meetingId = new ObjectId(id);
      const meeting = await meetings.findOne({ _id: meetingId });
      if (meeting === null) return null;
      const people = await places.find({ meetingId }).toArray();
      const others = people.filter((one) => one.userId.toHexString() !== userId);
      return {
        meetingId: id,
        orgId: meeting.orgId ?? null,
        state: meeting.state,
        isOrganizer: meeting.organizerId.toHexString() === userId,
        role: people.find((one) => one.userId.toHexString() === userId)?.role ?? null,
        otherHosts: others.filter(({ role }) => role === "host").length,
        others: others.length,
      };
    },

    async eraseTitle(id, title) {
      const meetingId = new ObjectId(id);
      await meetings.updateOne({ _id: meetingId }, { $set: { title, description: null } });
      await database.collection("actionItems").updateMany({ meetingId }, { $set: { meetingTitle: title } });
    },

    async removePlace(id, person) {
      const meetingId = new ObjectId(id);
      const userId = new ObjectId(person);
      await meetings.updateOne({ _id: meetingId }, { $addToSet: { formerParticipants: userId } });
      const place = await places.findOneAndDelete({ meetingId, userId });
      // The count goes down last: a crash in between protects the other hosts too much, never too little.
      if (place?.role === "host")
        await meetings.updateOne({ _id: meetingId, hostCount: { $gt: 1 } }, { $inc: { hostCount: -1 } });
    },

    async removeMeeting(id) {
      const meetingId = new ObjectId(id);
      for (const documentId of await notes.distinct("documentId", { meetingId }))
        await states.deleteMany({ documentId });
      for (const name of collectionsOfMeetings) await byMeeting(name).deleteMany({ meetingId });
      await ratings.deleteMany({ meetingId: id });
      await answers.deleteMany({ meetingId: id });
      // Not the documents: by them an index elsewhere, and other processes, learn that they are gone.
      await embeddings.updateMany(
        { meetingId: id },
        { $set: { sourceType: "deleted", vector: null, metadata: {} }, $currentDate: { updatedAt: true } },
      );
      await switches.deleteOne({ _id: `meeting/${id}` });
      await recaps.deleteOne({ _id: meetingId });
      // Last: until then a repetition finds the meeting.
      await meetings.deleteOne({ _id: meetingId });
    },
  };
}

/** Those that name their meeting by its ObjectId in a field of their own. */
export const collectionsOfMeetings = [
  "transcripts",
  "transcriptCorrections",
  "transcriptSegments",
  "messages",
  "messageChanges",
  "prompts",
  "insights",
  "actionItems",
  "coachReviews",
  "noteOps",
  "noteRevisions",
  "meetingNotes",
  "outboxMails",
  "meetingState",
  "meetingParticipants",
] as const;
