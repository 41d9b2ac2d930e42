// Meetings in the store: single-document conditional writes, so that two people at once never both win.
import mongoose from "mongoose";
import { meetingIdSchema, userIdSchema, type MeetingId, type OrgId } from "../../../shared/ids.ts";
import {
  createMeetingModels,
  type MeetingDocument,
  type ParticipantDocument,
} from "./meetings.models.mongo.ts";
import type { AttendedMeeting } from "./index.ts";
import type {
  MailDue,
  MeetingsRepository,
  NewMeeting,
  StoredMeeting,
  StoredParticipant,
} from "./meetings.repository.ts";

/** Whose places are read at a time. */
const meetingsPerRead = 200;

export async function createMeetingsRepository(connection: mongoose.Connection): Promise<MeetingsRepository> {
  const { meetings, participants, states } = await createMeetingModels(connection);

  const changeMeeting = async (
    filter: mongoose.QueryFilter<MeetingDocument>,
    set: Partial<MeetingDocument>,
    mail: MailDue | null,
  ): Promise<StoredMeeting | null> => {
    const meeting = await meetings
      .findOneAndUpdate(
        filter,
        mail === null
          ? { $set: set }
          : { $set: { ...set, mailToken: mail.token }, $inc: { calendarSequence: mail.sequenceStep } },
        { returnDocument: "after" },
      )
      .lean<MeetingDocument>();
    return meeting === null ? null : toMeeting(meeting);
  };

  const findMany = async (ids: MeetingId[]): Promise<StoredMeeting[]> => {
    if (ids.length === 0) return [];
    const found = await meetings.find({ _id: { $in: ids } }).lean<MeetingDocument[]>();
    return found.map(toMeeting);
  };

  return {
    async insert({ meeting, participants: people, hostCount, mailToken }) {
      await unlessThere(states.create(stateOf(meeting)));
      await unlessThere(participants.insertMany(people.map(toParticipantDocument), { ordered: false }));
      return await unlessThere(meetings.create(toDocument({ meeting, hostCount, mailToken })));
    },

    async insertMany(made) {
      await states.insertMany(made.map(({ meeting }) => stateOf(meeting)));
      await participants.insertMany(made.flatMap((one) => one.participants.map(toParticipantDocument)));
      await meetings.insertMany(made.map(toDocument));
    },

    async find(id) {
      const meeting = await meetings.findById(id).lean<MeetingDocument>();
      return meeting === null ? null : toMeeting(meeting);
    },

    findMany,

    async timedAmong(ids, { from, to }) {
      const within = { $gte: from, $lt: to };
      const found = await inParts(ids, (_id) =>
        meetings
          .find({ _id, $or: [{ scheduledAt: within }, { scheduledAt: null, startedAt: within }] })
          .hint(byId)
          .lean<MeetingDocument[]>(),
      );
      return found.map(toMeeting);
    },

    async forOverview(ids, { endedMost }) {
      const found = await inParts(ids, (_id) =>
        meetings
          .find({ _id, state: { $in: ["scheduled", "active"] } })
          .hint(byId)
          .lean<MeetingDocument[]>(),
      );
      const ended = await inParts(ids, (_id) =>
        meetings.find({ _id, state: "concluded" }, { endedAt: 1 }).hint(byId).lean(),
      );
      const last = ended.sort(latestFirst(({ endedAt }) => endedAt)).slice(0, endedMost);
      return [...found.map(toMeeting), ...(await findMany(last.map(idOf)))];
    },

    async heldAmong(ids, { people, orgId, limit }) {
      const shared = await inParts(ids, (meetingId) =>
        participants
          .find({ meetingId, userId: { $in: [...people] }, role: { $ne: "observer" } }, { meetingId: 1 })
          .lean(),
      );
      const together = new Set(shared.map(({ meetingId }) => idOf({ _id: meetingId })));
      const held = await inParts([...together], (_id) =>
        meetings.find({ _id, state: "concluded", orgId }, { startedAt: 1 }).hint(byId).lean(),
      );
      const last = held.sort(latestFirst(({ startedAt }) => startedAt)).slice(0, limit);
      const found = await findMany(last.map(idOf));
      return found.sort(latestFirst(({ startedAt }) => startedAt));
    },

    async ofSeries(seriesId) {
      const found = await meetings.find({ "series.id": seriesId }).lean<MeetingDocument[]>();
      return found
        .map(toMeeting)
        .sort((a, b) => (a.series?.at.getTime() ?? 0) - (b.series?.at.getTime() ?? 0));
    },

    updateScheduled: (id, change, { now, mail }) =>
      changeMeeting({ _id: id, state: "scheduled" }, { ...change, updatedAt: now }, mail),

    transition: (id, from, set, { now, mail }) =>
      changeMeeting({ _id: id, state: from }, { ...set, updatedAt: now }, mail),

    async byState(state, { limit, endedSince }) {
      const found = await meetings
        .find(endedSince === undefined ? { state } : { state, endedAt: { $gte: endedSince } })
        .sort({ endedAt: -1 })
        .limit(limit)
        .lean<MeetingDocument[]>();
      return found.map(toMeeting);
    },

    async *plannedIn({ from, to }) {
      const found = meetings
        .find({ scheduledAt: { $gt: from, $lte: to }, state: "scheduled" })
        .sort({ scheduledAt: 1 })
        .lean<MeetingDocument>()
        .cursor();
      for await (const meeting of found) yield toMeeting(meeting as MeetingDocument);
    },

    async attended(orgId, { from, to }) {
      const within = { $gte: from, $lt: to };
      const shown = { state: 1, scheduledAt: 1, startedAt: 1, endedAt: 1 };
      const found = [
        ...(await meetings.find({ orgId, scheduledAt: within }, shown).lean<MeetingDocument[]>()),
        ...(await meetings
          .find({ orgId, scheduledAt: null, startedAt: within }, shown)
          .lean<MeetingDocument[]>()),
      ];
      const people = new Map<string, AttendedMeeting["people"]>();
      for (let at = 0; at < found.length; at += meetingsPerRead) {
        const ids = found.slice(at, at + meetingsPerRead).map(({ _id }) => _id);
        const places = await participants
          .find(
            { meetingId: { $in: ids } },
            { meetingId: 1, userId: 1, role: 1, joinedAt: 1, firstJoinedAt: 1 },
          )
          .lean<ParticipantDocument[]>();
        for (const { meetingId, userId, role, joinedAt, firstJoinedAt } of places) {
          if (role === "observer") continue;
          const key = meetingId.toHexString();
          const place = {
            userId: userIdSchema.parse(userId.toHexString()),
            cameAt: firstJoinedAt ?? joinedAt,
          };
          people.set(key, [...(people.get(key) ?? []), place]);
        }
      }
      return found.map(({ _id, state, scheduledAt, startedAt, endedAt }) => ({
        id: meetingIdSchema.parse(_id.toHexString()),
        state,
        scheduledAt,
        startedAt,
        endedAt,
        people: people.get(_id.toHexString()) ?? [],
      }));
    },

    async participants(id) {
      const found = await participants.find({ meetingId: id }).lean<ParticipantDocument[]>();
      return found.map(toParticipant).sort(byAge);
    },

    async participantsOf(ids) {
      if (ids.length === 0) return [];
      const found = await participants.find({ meetingId: { $in: ids } }).lean<ParticipantDocument[]>();
      return found.map(toParticipant).sort(byAge);
    },

    async places(userId, { limit, before }) {
      const found = await participants
        .find(before === null ? { userId } : { userId, meetingId: { $lt: before } }, {
          meetingId: 1,
          guest: 1,
        })
        .sort({ meetingId: -1 })
        .limit(limit)
        .lean();
      return found.map(({ meetingId, guest }) => ({
        meetingId: meetingIdSchema.parse(meetingId.toHexString()),
        guest: guest === true,
      }));
    },

    async addParticipant(participant) {
      return await unlessThere(participants.create(toParticipantDocument(participant)));
    },

    countParticipants: (id) => participants.countDocuments({ meetingId: id }),

    async changeRole(meetingId, userId, from, to) {
      const result = await participants.updateOne({ meetingId, userId, role: from }, { $set: { role: to } });
      return result.matchedCount === 1;
    },

    async removeParticipant(meetingId, userId, role) {
      // First: a crash in between names somebody who is still there, which harms nothing.
      await meetings.updateOne({ _id: meetingId }, { $addToSet: { formerParticipants: userId } });
      const result = await participants.deleteOne({ meetingId, userId, role });
      return result.deletedCount === 1;
    },

    async releaseHost(id) {
      const result = await meetings.updateOne(
        { _id: id, hostCount: { $gt: 1 } },
        { $inc: { hostCount: -1 } },
      );
      return result.matchedCount === 1;
    },

    async addHost(id) {
      await meetings.updateOne({ _id: id }, { $inc: { hostCount: 1 } });
    },

    async markJoined(meetingId, userId, seenBy, now) {
      // In this order, and the other way round below: whoever leaves elsewhere meanwhile finds that somebody is there.
      await participants.updateOne({ meetingId, userId }, { $addToSet: { seenBy } });
      const result = await participants.updateOne(
        { meetingId, userId, presence: { $ne: "joined" } },
        { $set: { presence: "joined", joinedAt: now, leftAt: null }, $min: { firstJoinedAt: now } },
      );
      return result.matchedCount === 1;
    },

    async markLeft(meetingId, userId, seenBy, now) {
      await participants.updateOne({ meetingId, userId }, { $pull: { seenBy } });
      const result = await participants.updateOne(
        { meetingId, userId, presence: "joined", "seenBy.0": { $exists: false } },
        { $set: { presence: "left", leftAt: now } },
      );
      return result.matchedCount === 1;
    },

    async seenBy(term) {
      const places = await participants.find({ seenBy: term }, { meetingId: 1, userId: 1 }).lean();
      return places.map(({ meetingId, userId }) => ({
        meetingId: meetingIdSchema.parse(meetingId.toHexString()),
        userId: userIdSchema.parse(userId.toHexString()),
      }));
    },

    async markAllLeft(meetingId, now) {
      await participants.updateMany(
        { meetingId, presence: "joined" },
        { $set: { presence: "left", leftAt: now, seenBy: [] } },
      );
    },

    async liveState(meetingId) {
      const state = await states.findOne({ meetingId }).lean();
      if (state === null) return null;
      const { speakingStats, lullState, topics, recordingEnabled, updatedAt } = state;
      return { meetingId, speakingStats, lullState, topics, recordingEnabled, updatedAt };
    },

    async setLifecycleState(meetingId, set, now) {
      await states.updateOne({ meetingId }, { $set: { ...set, updatedAt: now } });
    },

    async patchLiveStates(patches, now) {
      // By the driver itself: what the schema of the patch has let through needs no second cast; with many calls this is written hundreds of times a second.
      await states.collection.bulkWrite(
        patches.map(({ meetingId, patch }) => ({
          updateOne: {
            filter: { meetingId: new mongoose.mongo.ObjectId(meetingId) },
            update: { $set: { ...patch, updatedAt: now } },
          },
        })),
        { ordered: false },
      );
    },

    async announceMail(id, token) {
      await meetings.updateOne({ _id: id }, { $set: { mailToken: token } });
    },

    async mailToken(id) {
      const meeting = await meetings.findById(id, { mailToken: 1 }).lean();
      return meeting?.mailToken ?? null;
    },

    async seriesMailTokens(seriesId) {
      const found = await meetings.find({ "series.id": seriesId }, { mailToken: 1 }).lean();
      return found.flatMap(({ _id, mailToken }) =>
        mailToken === null ? [] : [{ meetingId: meetingIdSchema.parse(_id.toHexString()), token: mailToken }],
      );
    },

    async markMailed(placeId, sequence) {
      await participants.updateOne({ _id: placeId }, { $set: { mailedSequence: sequence } });
    },

    async clearMailToken(id, token) {
      await meetings.updateOne({ _id: id, mailToken: token }, { $set: { mailToken: null } });
    },

    async withMailDue(limit) {
      const found = await meetings
        .find({ mailToken: { $gt: "" } }, { _id: 1 })
        .limit(limit)
        .lean();
      return found.map(({ _id }) => meetingIdSchema.parse(_id.toHexString()));
    },
  };
}

function toMeeting(meeting: MeetingDocument): StoredMeeting {
  return {
    id: meetingIdSchema.parse(meeting._id.toHexString()),
    organizerId: userIdSchema.parse(meeting.organizerId.toHexString()),
    orgId: (meeting.orgId ?? null) as OrgId | null,
    title: meeting.title,
    description: meeting.description,
    scheduledAt: meeting.scheduledAt,
    durationMinutes: meeting.durationMinutes,
    timeZone: meeting.timeZone,
    series: meeting.series ?? null,
    template: meeting.template,
    recapDelivery: meeting.recapDelivery,
    state: meeting.state,
    startedAt: meeting.startedAt,
    endedAt: meeting.endedAt,
    calendarSequence: meeting.calendarSequence,
    createdAt: meeting.createdAt,
    updatedAt: meeting.updatedAt,
  };
}

/** Of a person's meetings: there is no other way to them that does not pass everybody's. */
const byId = { _id: 1 } as const;

async function inParts<Item>(
  ids: readonly MeetingId[],
  read: (some: { $in: MeetingId[] }) => Promise<Item[]>,
): Promise<Item[]> {
  const found: Item[] = [];
  for (let at = 0; at < ids.length; at += meetingsPerRead)
    found.push(...(await read({ $in: ids.slice(at, at + meetingsPerRead) })));
  return found;
}

function idOf({ _id }: { _id: mongoose.Types.ObjectId }): MeetingId {
  return meetingIdSchema.parse(_id.toHexString());
}

function latestFirst<Item>(of: (item: Item) => Date | null) {
  return (a: Item, b: Item) => (of(b)?.getTime() ?? 0) - (of(a)?.getTime() ?? 0);
}

/** False where what is to be written is there already. */
async function unlessThere(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof mongoose.mongo.MongoServerError && error.code === 11_000) return false;
    throw error;
  }
}

function toDocument({ meeting, hostCount, mailToken }: Omit<NewMeeting, "participants">) {
  const { id, series, ...fields } = meeting;
  return {
    _id: id,
    ...fields,
    ...(series === null ? {} : { series }),
    hostCount,
    mailToken,
    streamRoomId: null,
  };
}

function stateOf({ id, createdAt }: StoredMeeting) {
  return {
    meetingId: id,
    active: false,
    speakingStats: [],
    topics: [],
    recordingEnabled: false,
    updatedAt: createdAt,
  };
}

function toParticipantDocument({ placeId, ...fields }: StoredParticipant) {
  return { _id: placeId, ...fields };
}

function toParticipant(place: ParticipantDocument): StoredParticipant {
  return {
    placeId: place._id.toHexString(),
    meetingId: meetingIdSchema.parse(place.meetingId.toHexString()),
    userId: userIdSchema.parse(place.userId.toHexString()),
    role: place.role,
    guest: place.guest === true,
    presence: place.presence,
    joinedAt: place.joinedAt,
    leftAt: place.leftAt,
    mailedSequence: place.mailedSequence,
    createdAt: place.createdAt,
  };
}

// Places carry rising ids, so this is the order of invitation.
function byAge(a: StoredParticipant, b: StoredParticipant): number {
  return a.placeId < b.placeId ? -1 : 1;
}
