// Meetings as lists and records: what somebody may see of their meetings, and what other modules read of them.
import { z } from "zod";
import { notFound } from "../../../shared/errors.ts";
import { meetingIdSchema, type MeetingId, type UserId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import type { Clock } from "../../platform/clock.ts";
import { decodeCursor, encodeCursor } from "../../platform/cursor.ts";
import type { UserRecord, UsersService } from "../users/index.ts";
import type { MeetingRecord, MeetingsService } from "./index.ts";
import { defaultDurationMinutes } from "./meetings.calendar.ts";
import { overviewListMax, selectOverview } from "./meetings.overview.ts";
import { isWithin, type Reader } from "./meetings.isolation.ts";
import { presentMeeting, presentState, toRecord, type People } from "./meetings.presenter.ts";
import type { MeetingsRepository, StoredMeeting, StoredParticipant } from "./meetings.repository.ts";

const bounds = {
  runningMax: 5_000,
  recentlyConcludedMax: 1_000,
  recentlyConcludedMs: 7 * 24 * 60 * 60 * 1_000,
  /** Meetings of one person that others are told of, newest first. */
  placesConsidered: 500,
  /** Of one person; beyond it lies what was planned first of more than a lifetime's calls. */
  placesMost: 10_000,
  placesPerRead: 1_000,
  /** Meetings read at a time for a list, and looked through before it hands out a cursor instead. */
  listBatch: 100,
  listScanMax: 1_000,
  userIdsPerRead: 200,
  meetingsPerRead: 200,
} as const;

/** A meeting that began so long ago may still last. */
const longestMs = limits.meetingMaxDurationMinutes * 60_000;

type SharedQueries = Pick<
  MeetingsService,
  | "list"
  | "views"
  | "placesOf"
  | "busy"
  | "sharesMeeting"
  | "overview"
  | "nextTogether"
  | "heldTogether"
  | "record"
  | "running"
  | "recentlyConcluded"
>;

export interface MeetingQueries extends SharedQueries {
  /** Unknown people are left out. */
  loadPeople(userIds: UserId[]): Promise<People>;
  /** The meeting with its participants as they are now; NOT_FOUND where the reader has no place, or is in another organisation. */
  present(meeting: StoredMeeting, reader: Reader): Promise<Meeting>;
  /** All places of a person: who has a year planned with many people has more that are to come than any page of the newest holds. */
  allPlaces(userId: UserId): Promise<Awaited<ReturnType<MeetingsRepository["places"]>>>;
}

export interface MeetingQueriesOptions {
  repository: MeetingsRepository;
  users: UsersService;
  clock: Clock;
}

export function createMeetingQueries({ repository, users, clock }: MeetingQueriesOptions): MeetingQueries {
  async function loadPeople(userIds: UserId[]): Promise<People> {
    const unique = [...new Set(userIds)];
    const people = new Map<UserId, UserRecord>();
    for (const some of chunksOf(unique, bounds.userIdsPerRead)) {
      for (const person of await users.byIds(some)) people.set(person.id, person);
    }
    return people;
  }

  async function participantsByMeeting(found: StoredMeeting[]) {
    const places = new Map<MeetingId, StoredParticipant[]>(found.map(({ id }) => [id, []]));
    for (const some of chunksOf(found, bounds.meetingsPerRead)) {
      for (const place of await repository.participantsOf(some.map(({ id }) => id))) {
        places.get(place.meetingId)?.push(place);
      }
    }
    return places;
  }

  async function presentAll(found: StoredMeeting[], reader: Reader): Promise<Meeting[]> {
    const places = await participantsByMeeting(found);
    const people = await loadPeople([...places.values()].flat().map(({ userId }) => userId));
    return found
      .filter((meeting) => {
        const own = places.get(meeting.id)?.find(({ userId }) => userId === reader.userId);
        return own !== undefined && isWithin(meeting, own.guest, reader);
      })
      .map((meeting) => presentMeeting(meeting, places.get(meeting.id) ?? [], people, reader.userId));
  }

  async function present(meeting: StoredMeeting, reader: Reader): Promise<Meeting> {
    const [presented] = await presentAll([meeting], reader);
    if (presented === undefined) throw notFound("This meeting");
    return presented;
  }

  async function records(found: StoredMeeting[]): Promise<MeetingRecord[]> {
    const places = await participantsByMeeting(found);
    return found.map((meeting) => toRecord(meeting, places.get(meeting.id) ?? []));
  }

  async function allPlaces(userId: UserId) {
    const all: Awaited<ReturnType<MeetingsRepository["places"]>> = [];
    for (;;) {
      const before = all.at(-1)?.meetingId ?? null;
      const some = await repository.places(userId, { limit: bounds.placesPerRead, before });
      all.push(...some);
      if (some.length < bounds.placesPerRead || all.length >= bounds.placesMost) return all;
    }
  }

  /** Those of the meetings read that the person may open from where they are. */
  async function openTo(
    reader: Reader,
    read: (ids: readonly MeetingId[]) => Promise<StoredMeeting[]>,
  ): Promise<StoredMeeting[]> {
    const guests = new Map((await allPlaces(reader.userId)).map((place) => [place.meetingId, place.guest]));
    const found = await read([...guests.keys()]);
    return found.filter((meeting) => isWithin(meeting, guests.get(meeting.id) === true, reader));
  }

  /** The meetings that the person may open from where they are, newest first. */
  async function meetingsOf(
    reader: Reader,
    { limit, before }: { limit: number; before: MeetingId | null },
  ): Promise<{ meetings: StoredMeeting[]; last: MeetingId | null; full: boolean }> {
    const places = await repository.places(reader.userId, { limit, before });
    const found = new Map(
      (await repository.findMany(places.map(({ meetingId }) => meetingId))).map(
        (meeting) => [meeting.id, meeting] as const,
      ),
    );
    return {
      meetings: places.flatMap(({ meetingId, guest }) => {
        const meeting = found.get(meetingId);
        return meeting !== undefined && isWithin(meeting, guest, reader) ? meeting : [];
      }),
      last: places.at(-1)?.meetingId ?? null,
      full: places.length === limit,
    };
  }

  return {
    loadPeople,
    present,
    allPlaces,

    async list(actor, { limit, cursor, state }) {
      const pageMax = Math.min(Math.max(limit, 1), limits.pageMaxItems);
      let before = cursor === undefined ? null : decodeCursor(cursor, z.tuple([meetingIdSchema]))[0];
      const chosen: StoredMeeting[] = [];
      let scanned = 0;
      let more = true;
      while (more && chosen.length < pageMax && scanned < bounds.listScanMax) {
        const size = Math.max(pageMax + 1, bounds.listBatch);
        const batch = await meetingsOf(actor, { limit: size, before });
        scanned += size;
        const room = pageMax - chosen.length;
        const fitting = batch.meetings.filter((meeting) => state === undefined || meeting.state === state);
        chosen.push(...fitting.slice(0, room));
        more = batch.full || fitting.length > room;
        // A full page ends behind its last item, an unfilled one behind what was looked at.
        before = (fitting.length > room ? chosen.at(-1)?.id : batch.last) ?? before;
      }
      return {
        items: await presentAll(chosen, actor),
        nextCursor: more && before !== null ? encodeCursor([before]) : null,
      };
    },

    async views(meetingId, readers) {
      const [meeting, places, live] = await Promise.all([
        repository.find(meetingId),
        repository.participants(meetingId),
        repository.liveState(meetingId),
      ]);
      if (meeting === null || live === null) throw notFound("This meeting");
      const state = presentState(meeting, live);
      const people = await loadPeople(places.map(({ userId }) => userId));
      const placed = new Set(places.map(({ userId }) => userId));
      return new Map(
        readers
          .filter((reader) => placed.has(reader))
          .map((reader) => [reader, { meeting: presentMeeting(meeting, places, people, reader), state }]),
      );
    },

    async placesOf(userId) {
      const places = await repository.places(userId, { limit: bounds.placesConsidered, before: null });
      return places.map(({ meetingId }) => meetingId);
    },

    async busy(userIds, { from, to }) {
      const taken = async (userId: UserId) => {
        const places = await allPlaces(userId);
        const ids = places.map(({ meetingId }) => meetingId);
        const found = await repository.timedAmong(ids, { from: new Date(from.getTime() - longestMs), to });
        return found.flatMap(({ id, state, scheduledAt, durationMinutes }) => {
          if (scheduledAt === null || (state !== "scheduled" && state !== "active")) return [];
          const startMs = scheduledAt.getTime();
          const endMs = startMs + (durationMinutes ?? defaultDurationMinutes) * 60_000;
          return startMs < to.getTime() && from.getTime() < endMs ? [{ meetingId: id, startMs, endMs }] : [];
        });
      };
      return new Map(
        await Promise.all(userIds.map(async (userId) => [userId, await taken(userId)] as const)),
      );
    },

    async sharesMeeting(reader, other) {
      const newest = { limit: bounds.placesConsidered, before: null };
      const theirs = new Set((await repository.places(other, newest)).map(({ meetingId }) => meetingId));
      if (theirs.size === 0) return false;
      const { meetings } = await meetingsOf(reader, newest);
      return meetings.some(({ id }) => theirs.has(id));
    },

    async record(meetingId) {
      const meeting = await repository.find(meetingId);
      return meeting === null ? null : toRecord(meeting, await repository.participants(meetingId));
    },

    async running() {
      return records(await repository.byState("active", { limit: bounds.runningMax }));
    },

    async recentlyConcluded() {
      const endedSince = new Date(clock.now().getTime() - bounds.recentlyConcludedMs);
      return records(
        await repository.byState("concluded", { limit: bounds.recentlyConcludedMax, endedSince }),
      );
    },

    async overview(actor) {
      const meetings = await openTo(actor, (ids) =>
        repository.forOverview(ids, { endedMost: overviewListMax }),
      );
      const { next, upcoming, recent } = selectOverview(meetings, clock.now());
      const shown = await presentAll([...(next === null ? [] : [next]), ...upcoming, ...recent], actor);
      const byId = new Map(shown.map((meeting) => [meeting.id, meeting]));
      const pick = (meeting: StoredMeeting) => byId.get(meeting.id) ?? [];
      return {
        next: next === null ? null : (byId.get(next.id) ?? null),
        upcoming: upcoming.flatMap(pick),
        recent: recent.flatMap(pick),
      };
    },

    async nextTogether(userIds, after, orgId) {
      const [first] = userIds;
      if (first === undefined) return null;
      const period = { from: after, to: new Date(8.64e15) };
      const meetings = await openTo({ userId: first, orgId }, (ids) => repository.timedAmong(ids, period));
      const ahead = meetings
        .filter((meeting) => meeting.orgId === orgId)
        .filter(
          ({ state, scheduledAt }) => state === "scheduled" && scheduledAt !== null && scheduledAt > after,
        )
        .sort((a, b) => (a.scheduledAt?.getTime() ?? 0) - (b.scheduledAt?.getTime() ?? 0));
      const together = (await records(ahead)).find(({ participants: people }) =>
        userIds.every((userId) => people.some((person) => person.userId === userId)),
      );
      return together ?? null;
    },

    async heldTogether(userId, people, { orgId, limit }) {
      const ids = (await allPlaces(userId)).map(({ meetingId }) => meetingId);
      return records(await repository.heldAmong(ids, { people, orgId, limit }));
    },
  };
}

function chunksOf<Item>(items: Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
