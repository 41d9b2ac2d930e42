// The collections meetings, meetingParticipants and meetingState, with their indexes.
import mongoose from "mongoose";
import type {
  MeetingLifecycle,
  MeetingRole,
  MeetingState,
  NotesTemplate,
  Presence,
  RecapDelivery,
} from "../../../shared/schemas/meetings.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { SeriesRhythm } from "../../../shared/series.ts";

type ObjectId = mongoose.Types.ObjectId;

export interface MeetingDocument {
  _id: ObjectId;
  organizerId: ObjectId;
  /** Absent in documents from before organisations were kept. */
  orgId?: string | null;
  title: string;
  description: string | null;
  scheduledAt: Date | null;
  /** The seeds' `duration`, with its unit in the name. */
  durationMinutes: number | null;
  timeZone: string | null;
  /** Absent where it belongs to no series. */
  series?: { id: string; at: Date; first: Date; timeZone: string; every: SeriesRhythm; count: number };
  template: NotesTemplate;
  recapDelivery: RecapDelivery;
  /** Set by a video vendor that has rooms. */
  streamRoomId: string | null;
  state: MeetingLifecycle;
  startedAt: Date | null;
  endedAt: Date | null;
  calendarSequence: number;
  /** How many hosts there are, or fewer after a crash between two writes; never more: it guards the last one. */
  hostCount: number;
  /** Who was removed: what they said and wrote before is found by it. Absent where nobody was. */
  formerParticipants?: ObjectId[];
  /** Set by a write after which emails are due, cleared once they are queued. */
  mailToken: string | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface ParticipantDocument {
  _id: ObjectId;
  meetingId: ObjectId;
  userId: ObjectId;
  /** `observer` is added to the seeds' host and participant. */
  role: MeetingRole;
  guest?: boolean;
  presence: Presence;
  /** The processes, by their terms, that hold sockets of theirs. */
  seenBy: string[];
  /** When they came last. */
  joinedAt: Date | null;
  /** When they came first; absent where they have not, and in documents from before it was kept. */
  firstJoinedAt?: Date;
  leftAt: Date | null;
  mailedSequence: number | null;
  createdAt: Date;
}

/** `active`, `startedAt` and `endedAt` repeat the meeting's own fields for readers of this collection alone. */
export interface StateDocument {
  _id: ObjectId;
  meetingId: ObjectId;
  active: boolean;
  startedAt: Date | null;
  endedAt: Date | null;
  speakingStats: MeetingState["speakingStats"];
  /** The seeds' `lastActivity` and `duration`, with their unit in the names. */
  lullState: MeetingState["lullState"];
  topics: string[];
  recordingEnabled: boolean;
  updatedAt: Date;
}

const { ObjectId: objectId } = mongoose.Schema.Types;
const plain = { autoIndex: false, autoCreate: false, versionKey: false, strict: "throw" } as const;
const part = { _id: false, strict: "throw" } as const;
const date = { type: Date, default: null };
const text = { type: String, default: null };
const count = { type: Number, required: true };

const meetingSchema = new mongoose.Schema<MeetingDocument>(
  {
    organizerId: { type: objectId, required: true },
    orgId: text,
    title: { type: String, required: true },
    description: text,
    scheduledAt: date,
    durationMinutes: { type: Number, default: null },
    timeZone: text,
    series: {
      type: new mongoose.Schema(
        { id: String, at: Date, first: Date, timeZone: String, every: String, count: Number },
        { ...part, id: false },
      ),
      default: undefined,
    },
    template: { type: String, required: true },
    recapDelivery: { type: String, required: true },
    streamRoomId: text,
    state: { type: String, required: true },
    startedAt: date,
    endedAt: date,
    calendarSequence: count,
    hostCount: count,
    formerParticipants: { type: [objectId], default: undefined },
    mailToken: text,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { ...plain, collection: "meetings" },
);
meetingSchema.index({ organizerId: 1 });
// The seeds' by_state, with the order in which concluded meetings are read.
meetingSchema.index({ state: 1, endedAt: -1 });
meetingSchema.index({ scheduledAt: 1 });
// Those that are planned for a time, in order.
meetingSchema.index({ state: 1, scheduledAt: 1 });
meetingSchema.index({ mailToken: 1 });
// The calls of one series.
meetingSchema.index({ "series.id": 1 }, { sparse: true });
// An organisation's meetings of a week: planned for it, or begun in it without a plan.
meetingSchema.index({ orgId: 1, scheduledAt: 1, startedAt: 1 });
meetingSchema.index({ formerParticipants: 1 });

const participantSchema = new mongoose.Schema<ParticipantDocument>(
  {
    meetingId: { type: objectId, required: true },
    userId: { type: objectId, required: true },
    role: { type: String, required: true },
    guest: { type: Boolean, default: false },
    presence: { type: String, required: true },
    seenBy: { type: [String], default: [] },
    joinedAt: date,
    firstJoinedAt: { type: Date },
    leftAt: date,
    mailedSequence: { type: Number, default: null },
    createdAt: { type: Date, required: true },
  },
  { ...plain, collection: "meetingParticipants" },
);
// Serves the seeds' by_meeting as well.
participantSchema.index({ meetingId: 1, userId: 1 }, { unique: true });
// The seeds' by_user, in the order in which a person's meetings are listed.
participantSchema.index({ userId: 1, meetingId: -1 });
// Who a process that is gone has seen.
participantSchema.index({ seenBy: 1 });

const stateSchema = new mongoose.Schema<StateDocument>(
  {
    meetingId: { type: objectId, required: true },
    active: { type: Boolean, required: true },
    startedAt: date,
    endedAt: date,
    speakingStats: [
      new mongoose.Schema({ speakerId: String, talkMs: Number, words: Number, turns: Number }, part),
    ],
    lullState: {
      type: new mongoose.Schema({ detected: Boolean, lastActivityMs: Number, durationMs: Number }, part),
      default: null,
    },
    topics: [String],
    recordingEnabled: { type: Boolean, required: true },
    updatedAt: { type: Date, required: true },
  },
  { ...plain, collection: "meetingState" },
);
stateSchema.index({ meetingId: 1 }, { unique: true });
stateSchema.index({ active: 1 });

export interface MeetingModels {
  meetings: mongoose.Model<MeetingDocument>;
  participants: mongoose.Model<ParticipantDocument>;
  states: mongoose.Model<StateDocument>;
}

/** The three models with their indexes built. */
export async function createMeetingModels(connection: mongoose.Connection): Promise<MeetingModels> {
  const models = {
    meetings: connection.model<MeetingDocument>("Meeting", meetingSchema),
    participants: connection.model<ParticipantDocument>("MeetingParticipant", participantSchema),
    states: connection.model<StateDocument>("MeetingState", stateSchema),
  };
  await createIndexes(models.meetings, models.participants, models.states);
  return models;
}
