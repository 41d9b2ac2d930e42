// For tests: stored rounds in memory, with people, meetings and jobs that a test moves by hand.
import type { MeetingId, OrgId, UserId } from "../../../../shared/ids.ts";
import type { JobContext, JobDefinition, Jobs } from "../../../jobs/index.ts";
import { FakeClock } from "../../../platform/clock.ts";
import { countingIds } from "../../../platform/ids.ts";
import { createMetrics } from "../../../platform/metrics.ts";
import { silentLogger } from "../../../platform/logger.ts";
import type { Actor } from "../../../../shared/actor.ts";
import type { TimeRange } from "../score/candidate.ts";
import type { MatchingWeights } from "../score/weights.ts";
import { defaultWeights } from "../score/weights.ts";
import type { OutcomesRepository, StoredOutcome } from "./outcomes.repository.ts";
import type { MeetingRequest, PairingPerson, PairingPorts, Reminder } from "./pairing.ports.ts";
import type { OptOut, PairingRepository, StoredGroup, StoredRound } from "./pairing.repository.ts";

export const testOrg = "org_test" as OrgId;

export function personId(number: number): UserId {
  return `a${number.toString(16).padStart(23, "0")}` as UserId;
}

export function adminOf(orgId: OrgId | null = testOrg, orgRole = "admin", userId = personId(0)): Actor {
  return {
    userId,
    email: "admin@example.org",
    displayName: "Admin",
    orgId,
    orgRole,
    sessionId: "session",
    expiresAt: new Date("2030-01-01T00:00:00Z"),
  };
}

export function memoryPairing(): PairingRepository {
  const groups = new Map<string, StoredGroup>();
  const rounds = new Map<string, StoredRound>();
  const optOuts = new Map<string, OptOut>();
  const planned = (id: string, change: (round: StoredRound) => Partial<StoredRound>): boolean => {
    const round = rounds.get(id);
    if (round?.state !== "planned") return false;
    rounds.set(id, { ...round, ...change(round) });
    return true;
  };
  const copy = <Value>(value: Value): Value => structuredClone(value);
  return {
    groups: (orgId) =>
      Promise.resolve(
        copy([...groups.values()].filter((group) => group.orgId === orgId)).sort((a, b) =>
          a.name < b.name ? -1 : 1,
        ),
      ),
    group: (id) => Promise.resolve(copy(groups.get(id) ?? null)),
    insertGroup(group) {
      groups.set(group.id, copy(group));
      return Promise.resolve();
    },
    changeGroup(id, version, change, now) {
      const group = groups.get(id);
      if (group?.version !== version) return Promise.resolve(false);
      groups.set(id, { ...group, ...copy(change), version: version + 1, updatedAt: now });
      return Promise.resolve(true);
    },
    removePerson(orgId, userId) {
      for (const group of groups.values()) {
        if (group.orgId !== orgId) continue;
        group.members = group.members.filter((member) => member.userId !== userId);
        optOuts.delete(`${group.id}/${userId}`);
      }
      return Promise.resolve();
    },
    round: (id) => Promise.resolve(copy(rounds.get(id) ?? null)),
    rounds: (groupId, limit) =>
      Promise.resolve(
        copy([...rounds.values()].filter((round) => round.groupId === groupId))
          .sort((a, b) => b.number - a.number)
          .slice(0, limit),
      ),
    publishedSince: (orgId, since, limit) =>
      Promise.resolve(
        copy(
          [...rounds.values()].filter(
            (round) => round.orgId === orgId && round.state === "published" && round.startsAt >= since,
          ),
        )
          .sort((a, b) => b.startsAt.getTime() - a.startsAt.getTime())
          .slice(0, limit),
      ),
    publishedBefore: ({ groupId, number }, limit) =>
      Promise.resolve(
        copy(
          [...rounds.values()].filter(
            (round) => round.groupId === groupId && round.state === "published" && round.number < number,
          ),
        )
          .sort((a, b) => b.number - a.number)
          .slice(0, limit),
      ),
    open: (limit) =>
      Promise.resolve(
        copy([...rounds.values()].filter(({ state }) => state === "planned" || state === "publishing")).slice(
          0,
          limit,
        ),
      ),
    insertRound(round) {
      if (rounds.has(round.id)) return Promise.resolve(false);
      rounds.set(round.id, copy(round));
      return Promise.resolve(true);
    },
    moveRound: (id, times, now) =>
      Promise.resolve(planned(id, ({ revision }) => ({ ...times, revision: revision + 1, updatedAt: now }))),
    skipRound: (id, now) => Promise.resolve(planned(id, () => ({ state: "skipped", updatedAt: now }))),
    touchRound: (id, now) =>
      Promise.resolve(planned(id, ({ revision }) => ({ revision: revision + 1, updatedAt: now }))),
    fixRound(id, revision, plan, now) {
      if (rounds.get(id)?.revision !== revision) return Promise.resolve(false);
      return Promise.resolve(planned(id, () => ({ ...copy(plan), state: "publishing", updatedAt: now })));
    },
    movePair(id, place, { from, to, startsAt }) {
      const group = rounds.get(id)?.groups[place];
      if (group?.state !== from) return Promise.resolve(false);
      group.state = to;
      if (startsAt !== undefined) group.startsAt = startsAt;
      return Promise.resolve(true);
    },
    closeRound(id) {
      const round = rounds.get(id);
      if (round?.state === "publishing") round.state = "published";
      return Promise.resolve();
    },
    optOuts: (groupId) => Promise.resolve([...optOuts.values()].filter((each) => each.groupId === groupId)),
    optOutsOf: (userId) => Promise.resolve([...optOuts.values()].filter((each) => each.userId === userId)),
    setOptOut(optOut) {
      optOuts.set(`${optOut.groupId}/${optOut.userId}`, optOut);
      return Promise.resolve();
    },
    removeOptOut(groupId, userId) {
      optOuts.delete(`${groupId}/${userId}`);
      return Promise.resolve();
    },
  };
}

export function memoryOutcomes(): OutcomesRepository & {
  all(): (StoredOutcome & { weights: MatchingWeights })[];
} {
  const kept = new Map<string, StoredOutcome & { weights: MatchingWeights }>();
  const keyOf = (matchId: string, userId: UserId) => `${matchId}/${userId}`;
  return {
    all: () => [...kept.values()],
    begin(matches) {
      for (const match of matches) {
        const key = keyOf(match.matchId, match.userId);
        if (!kept.has(key)) kept.set(key, { ...match, came: null, rating: null });
      }
      return Promise.resolve();
    },
    settle(matchId, userId, result) {
      const known = kept.get(keyOf(matchId, userId));
      if (known !== undefined) Object.assign(known, result);
      return Promise.resolve();
    },
    kept(userIds) {
      const counts = new Map<UserId, { kept: number; missed: number }>();
      for (const { userId, came } of kept.values()) {
        if (came === null || !userIds.includes(userId)) continue;
        const sofar = counts.get(userId) ?? { kept: 0, missed: 0 };
        if (came) sofar.kept += 1;
        else sofar.missed += 1;
        counts.set(userId, sofar);
      }
      return Promise.resolve(counts);
    },
    of: (userIds) => Promise.resolve([...kept.values()].filter(({ userId }) => userIds.includes(userId))),
  };
}

/** Runs due jobs when it is told to, each once, as a worker would; those that fail stay due. */
export function handJobs(clock: FakeClock): Jobs & { runDue(): Promise<void>; keys(): string[] } {
  const definitions = new Map<string, JobDefinition>();
  const waiting = new Map<
    string,
    { name: string; payload: unknown; runAt: Date; state: "waiting" | "done" }
  >();
  const context: JobContext = { jobId: "job", attempt: 1, fence: 1, signal: new AbortController().signal };
  const add = (name: string, payload: unknown, key: string, runAt: Date) => {
    const id = `${name} ${key}`;
    if (!waiting.has(id)) waiting.set(id, { name, payload, runAt, state: "waiting" });
    return Promise.resolve();
  };
  return {
    keys: () => [...waiting.keys()],
    register: (definition) => void definitions.set(definition.name, definition as unknown as JobDefinition),
    enqueue: (definition, payload, { key, runAt }) =>
      add(definition.name, payload, key, runAt ?? clock.now()),
    async rerun(definition, payload, { key, runAt }) {
      const known = waiting.get(`${definition.name} ${key}`);
      if (known === undefined) await add(definition.name, payload, key, runAt ?? clock.now());
      else if (known.state === "done")
        Object.assign(known, { state: "waiting", runAt: runAt ?? clock.now() });
    },
    requeue: () => Promise.resolve(),
    start: () => undefined,
    stop: () => Promise.resolve(),
    counts: () => Promise.resolve({ waiting: 0, running: 0, dead: 0 }),
    async runDue() {
      for (;;) {
        const due = [...waiting.values()].find(
          ({ state, runAt }) => state === "waiting" && runAt <= clock.now(),
        );
        if (due === undefined) return;
        const definition = definitions.get(due.name);
        if (definition === undefined) throw new Error(`No job is called ${due.name}.`);
        await definition.run(definition.payload.parse(due.payload), context);
        due.state = "done";
      }
    },
  };
}

export interface PeopleWorld {
  ports: PairingPorts;
  /** Who is in the organisation, by number. */
  here: Set<UserId>;
  blocked: Set<string>;
  interests: Map<UserId, string[]>;
  meetings: Map<MeetingId, MeetingRequest>;
  went: Map<MeetingId, { state: "planned" | "over" | "cancelled"; came: ReadonlySet<UserId> }>;
  scores: { meetingId: MeetingId; userId: UserId; score: number }[];
  reminders: Map<string, Reminder>;
  /** Called before each meeting is made; a test may throw here as a crash would. */
  beforeMeeting: (request: MeetingRequest) => void;
  /** What people have beside their rounds. */
  busy: Map<UserId, TimeRange[]>;
}

export function peopleWorld(count: number): PeopleWorld {
  const here = new Set(Array.from({ length: count }, (_, index) => personId(index + 1)));
  const blocked = new Set<string>();
  const isBlocked = (one: UserId, other: UserId) =>
    blocked.has(`${one}/${other}`) || blocked.has(`${other}/${one}`);
  const people = (ids: Iterable<UserId>): PairingPerson[] =>
    [...ids]
      .filter((id) => here.has(id))
      .map((userId) => ({
        userId,
        name: `Person ${Number.parseInt(userId.slice(1), 16)}`,
        email: `${userId}@example.org`,
        language: null,
        timeZone: null,
      }));
  const world: PeopleWorld = {
    here,
    blocked,
    interests: new Map(),
    meetings: new Map(),
    went: new Map(),
    scores: [],
    reminders: new Map(),
    beforeMeeting: () => undefined,
    busy: new Map(),
    ports: {
      members: (_orgId, limit) => Promise.resolve(people(here).slice(0, limit)),
      membersAmong: (orgId, ids) => Promise.resolve(orgId === testOrg ? people(ids) : []),
      profiles: (ids, { from, to }) =>
        Promise.resolve(
          new Map(
            ids.map((id) => [
              id,
              {
                languages: [],
                interests: world.interests.get(id) ?? [],
                offers: [],
                seeks: [],
                vector: null,
                saidAt: from,
                blockedWith: new Set([...here].filter((other) => isBlocked(id, other))),
                available: without({ from, to }, world.busy.get(id) ?? []),
              },
            ]),
          ),
        ),
      blockedAmong: (ids) => Promise.resolve(ids.some((one) => ids.some((other) => isBlocked(one, other)))),
      makeMeeting(request) {
        world.beforeMeeting(request);
        const { id, people: those, startsAt, durationMinutes } = request;
        const known = world.meetings.get(id);
        if (known !== undefined) return Promise.resolve({ startsAt: known.startsAt });
        if (those.some((one) => those.some((other) => isBlocked(one, other)))) return Promise.resolve("gone");
        const from = startsAt?.getTime() ?? Number.NaN;
        const range = { from, to: from + durationMinutes * 60_000 };
        if (those.some((each) => (world.busy.get(each) ?? []).some((other) => overlap(other, range))))
          return Promise.resolve("taken");
        world.meetings.set(id, request);
        return Promise.resolve({ startsAt });
      },
      meeting: (id) => Promise.resolve(world.went.get(id) ?? null),
      scoresOf: (ids) => Promise.resolve(world.scores.filter(({ meetingId }) => ids.includes(meetingId))),
      remind(reminder) {
        if (!world.reminders.has(reminder.key)) world.reminders.set(reminder.key, reminder);
        return Promise.resolve();
      },
    },
  };
  return world;
}

export function pairingParts(world: PeopleWorld, options: { now?: Date; weights?: MatchingWeights } = {}) {
  const clock = new FakeClock(options.now ?? new Date("2026-01-05T09:00:00Z"));
  const jobs = handJobs(clock);
  const audited: { action: string; resourceId: string }[] = [];
  return {
    clock,
    jobs,
    audited,
    repository: memoryPairing(),
    outcomes: memoryOutcomes(),
    ports: world.ports,
    weightsOf: () => Promise.resolve(options.weights ?? defaultWeights),
    ids: countingIds(),
    logger: silentLogger,
    metrics: createMetrics({ processMetrics: false }),
    audit: {
      record(entry: { action: string; resourceId: string }) {
        audited.push({ action: entry.action, resourceId: entry.resourceId });
        return Promise.resolve();
      },
    },
  };
}

function overlap(one: TimeRange, other: TimeRange): boolean {
  return one.from < other.to && other.from < one.to;
}

function without(range: TimeRange, busy: readonly TimeRange[]): TimeRange[] {
  const free: TimeRange[] = [];
  let { from } = range;
  for (const taken of [...busy].sort((a, b) => a.from - b.from)) {
    if (!overlap(taken, range)) continue;
    if (taken.from > from) free.push({ from, to: taken.from });
    from = Math.max(from, taken.to);
  }
  return from < range.to ? [...free, { from, to: range.to }] : free;
}
