// People's calendars in the store: days that are different, reminders, the feed's secret as a hash, and the other calendar.
import mongoose from "mongoose";
import { z } from "zod";
import type { OrgId, UserId } from "../../../shared/ids.ts";
import { dayExceptionSchema, usualReminders, type ChangeCalendar } from "../../../shared/schemas/calendar.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { FieldCipher } from "../../platform/privacy/field-cipher.ts";
import type { DayException } from "./availability.ts";
import type { Interval } from "./intervals.ts";

export interface CalendarRecord {
  userId: UserId;
  exceptions: DayException[];
  /** Minutes before a call. */
  reminders: readonly number[];
  feed: { orgId: OrgId | null; since: Date } | null;
  source: BusySource | null;
  /** From the other calendar; no titles. */
  busy: Interval[];
}

export interface BusySource {
  address: string;
  /** A new one for each address that is given: what an older one's reading found is not kept. */
  token: string;
  readAt: Date | null;
  problem: string | null;
}

export interface CalendarsRepository {
  /** Those without a calendar are left out; they have what is usual. */
  of(userIds: readonly UserId[]): Promise<Map<UserId, CalendarRecord>>;
  change(userId: UserId, change: ChangeCalendar, now: Date): Promise<void>;
  /** Null takes it back; false where there was none. The hash is of the secret. */
  setFeed(userId: UserId, feed: { hash: string; orgId: OrgId | null } | null, now: Date): Promise<boolean>;
  byFeed(hash: string): Promise<CalendarRecord | null>;
  /** Null takes it back, with what was read from it; false where there was none. */
  setSource(userId: UserId, source: { address: string; token: string } | null, now: Date): Promise<boolean>;
  /** Whose other calendar is to be read now, at most so many. */
  due(now: Date, limit: number): Promise<UserId[]>;
  /** What a reading found, if the address is still the one that was read; without `busy` what was known stays. */
  takeReading(
    userId: UserId,
    token: string,
    reading: { busy?: Interval[]; problem: string | null; dueAt: Date },
    now: Date,
  ): Promise<void>;
}

interface CalendarDocument {
  _id: string;
  /** A list as JSON, encrypted. */
  exceptions: string | null;
  /** Null is what is usual. */
  reminders: number[] | null;
  feedHash: string | null;
  feedOrgId: string | null;
  feedSince: Date | null;
  /** Encrypted: it is a secret of its own. */
  sourceAddress: string | null;
  sourceToken: string | null;
  sourceReadAt: Date | null;
  sourceProblem: string | null;
  sourceDueAt: Date | null;
  /** A list as JSON, encrypted. */
  busy: string | null;
  updatedAt: Date;
}

const text = { type: String, default: null };
const date = { type: Date, default: null };

const calendarSchema = new mongoose.Schema<CalendarDocument>(
  {
    _id: { type: String, required: true },
    exceptions: text,
    reminders: { type: [Number], default: null },
    feedHash: text,
    feedOrgId: text,
    feedSince: date,
    sourceAddress: text,
    sourceToken: text,
    sourceReadAt: date,
    sourceProblem: text,
    sourceDueAt: date,
    busy: text,
    updatedAt: { type: Date, required: true },
  },
  { collection: "calendars", strict: "throw", autoIndex: false, autoCreate: false, versionKey: false },
)
  .index({ feedHash: 1 })
  .index({ sourceDueAt: 1 });

const exceptionsSchema = z.array(dayExceptionSchema);
const busySchema = z.array(z.tuple([z.number(), z.number()]));

export async function createCalendarsRepository(
  connection: mongoose.Connection,
  cipher: FieldCipher,
): Promise<CalendarsRepository> {
  const fields = cipher.of("calendars");
  const calendars = connection.model<CalendarDocument>("Calendar", calendarSchema);
  await createIndexes(calendars);

  function toRecord(found: CalendarDocument): CalendarRecord {
    const { _id: id } = found;
    const exceptions = fields.open(id, "exceptions", found.exceptions ?? null);
    const address = fields.open(id, "sourceAddress", found.sourceAddress ?? null);
    const busy = fields.open(id, "busy", found.busy ?? null);
    return {
      userId: id as UserId,
      exceptions: exceptions === null ? [] : exceptionsSchema.parse(JSON.parse(exceptions)),
      reminders: found.reminders ?? usualReminders,
      feed:
        found.feedHash === null || found.feedSince === null
          ? null
          : { orgId: found.feedOrgId as OrgId | null, since: found.feedSince },
      source:
        address === null || found.sourceToken === null
          ? null
          : { address, token: found.sourceToken, readAt: found.sourceReadAt, problem: found.sourceProblem },
      busy:
        busy === null
          ? []
          : busySchema.parse(JSON.parse(busy)).map(([startMs, endMs]) => ({ startMs, endMs })),
    };
  }

  async function set(userId: UserId, change: Partial<CalendarDocument>, now: Date): Promise<void> {
    await calendars.updateOne({ _id: userId }, { $set: { ...change, updatedAt: now } }, { upsert: true });
  }

  return {
    async of(userIds) {
      if (userIds.length === 0) return new Map();
      const found = await calendars.find({ _id: { $in: [...userIds] } }).lean<CalendarDocument[]>();
      return new Map(found.map((one) => [one._id as UserId, toRecord(one)]));
    },

    async change(userId, { exceptions, reminders }, now) {
      await set(
        userId,
        {
          ...(exceptions === undefined
            ? {}
            : { exceptions: fields.seal(userId, "exceptions", JSON.stringify(exceptions)) }),
          ...(reminders === undefined ? {} : { reminders }),
        },
        now,
      );
    },

    async setFeed(userId, feed, now) {
      if (feed !== null) {
        await set(userId, { feedHash: feed.hash, feedOrgId: feed.orgId, feedSince: now }, now);
        return true;
      }
      const { modifiedCount } = await calendars.updateOne(
        { _id: userId, feedHash: { $ne: null } },
        { $set: { feedHash: null, feedOrgId: null, feedSince: null, updatedAt: now } },
      );
      return modifiedCount === 1;
    },

    async byFeed(feedHash) {
      const found = await calendars.findOne({ feedHash }).lean<CalendarDocument>();
      return found === null ? null : toRecord(found);
    },

    async setSource(userId, source, now) {
      const nothing = { sourceReadAt: null, sourceProblem: null, busy: null };
      if (source !== null) {
        const sourceAddress = fields.seal(userId, "sourceAddress", source.address);
        await set(userId, { ...nothing, sourceAddress, sourceToken: source.token, sourceDueAt: now }, now);
        return true;
      }
      const { modifiedCount } = await calendars.updateOne(
        { _id: userId, sourceToken: { $ne: null } },
        { $set: { ...nothing, sourceAddress: null, sourceToken: null, sourceDueAt: null, updatedAt: now } },
      );
      return modifiedCount === 1;
    },

    async due(now, limit) {
      const found = await calendars
        .find({ sourceDueAt: { $lte: now } }, { _id: 1 })
        .sort({ sourceDueAt: 1 })
        .limit(limit)
        .lean();
      return found.map(({ _id }) => _id as UserId);
    },

    async takeReading(userId, token, { busy, problem, dueAt }, now) {
      const sealed =
        busy === undefined
          ? {}
          : {
              busy: fields.seal(
                userId,
                "busy",
                JSON.stringify(busy.map(({ startMs, endMs }) => [startMs, endMs])),
              ),
            };
      await calendars.updateOne(
        { _id: userId, sourceToken: token },
        {
          $set: { ...sealed, sourceProblem: problem, sourceReadAt: now, sourceDueAt: dueAt, updatedAt: now },
        },
      );
    },
  };
}
