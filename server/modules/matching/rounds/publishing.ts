// The jobs of a round: telling people of it, fixing its pairs, making their meetings, and learning what became of them. All may be repeated.
import { z } from "zod";
import { AppError } from "../../../../shared/errors.ts";
import { meetingIdSchema, type MeetingId, type UserId } from "../../../../shared/ids.ts";
import { pairingRoundIdSchema } from "../../../../shared/schemas/matching-rounds.ts";
import { defineJob, type Jobs } from "../../../jobs/index.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { IdSource } from "../../../platform/ids.ts";
import type { Logger } from "../../../platform/logger.ts";
import type { Metrics } from "../../../platform/metrics.ts";
import type { MatchingWeights } from "../score/weights.ts";
import { meetingPeriod, nextRoundTimes, timesAt } from "./calendar.ts";
import { meetingTimes } from "./meeting-times.ts";
import { roundMatchId, type OutcomesRepository, type RoundMatch } from "./outcomes.repository.ts";
import type { PairingPorts } from "./pairing.ports.ts";
import type { FixedGroup, StoredGroup, StoredRound } from "./pairing.repository.ts";
import { fingerprintOf, planPairing } from "./plan-pairing.ts";
import { peopleOf, prepare, staysOut, type PreparingParts } from "./preparing.ts";

export interface PublishingParts extends PreparingParts {
  outcomes: OutcomesRepository;
  ports: PairingPorts;
  jobs: Jobs;
  clock: Clock;
  ids: IdSource;
  logger: Logger;
  metrics: Metrics;
}

const retryWaitsMs = [2_000, 15_000, 60_000, 300_000, 900_000];
const dayMs = 24 * 60 * 60_000;
/** After the last day of its meetings, for those that were moved a little. */
const settleAfterMs = 2 * dayMs;
const settleAgainMs = 7 * dayMs;
/** What has not taken place after so many looks has not taken place. */
const settleLooks = 8;
/** Somebody who changes their mind at the same moment has the plan made again. */
const fixTriesMost = 5;
const openAtStartMost = 1_000;
/** How often another time is looked for where one is taken before it is theirs. */
const otherTimesMost = 5;
/** After which a round whose pairs were fixed by hand is looked after, whatever became of the process that did it. */
const lookAfterMs = 60_000;

const steps = ["remind", "publish", "settle"] as const;
type Step = (typeof steps)[number];

export type Publishing = ReturnType<typeof createPublishing>;

export function createPublishing(parts: PublishingParts) {
  const { repository, outcomes, ports, jobs, clock, ids, logger } = parts;
  const published = parts.metrics.counter(
    "pairing_groups_total",
    "Groups of pairing rounds whose meeting was made, or was not to be made any more",
    ["result"],
  );
  const reminded = parts.metrics.counter("pairing_reminders_total", "People told of a round of pairing", []);

  const job = defineJob({
    name: "matching.round",
    payload: z.object({
      roundId: pairingRoundIdSchema,
      step: z.enum(steps),
      /** Of looks at what became of it. */
      look: z.number().int().default(1),
    }),
    maxAttempts: retryWaitsMs.length + 1,
    leaseMs: 60_000,
    backoffMs: (attempt) => retryWaitsMs[attempt - 1] ?? 0,
    async run({ roundId, step, look }, { signal }) {
      const round = await repository.round(roundId);
      const group = round === null ? null : await repository.group(round.groupId);
      if (round === null || group === null) return;
      if (step === "remind") await remind(group, round, signal);
      else if (step === "publish") await publish(group, round, signal);
      else await settle(round, look);
    },
    onDead({ roundId, step }, code) {
      logger.error({ roundId, step, code }, "a step of a pairing round was given up");
      return Promise.resolve();
    },
  });
  jobs.register(job);

  async function enqueue(round: StoredRound, step: Step, runAt: Date, look = 1): Promise<void> {
    // A round that is moved has other jobs; those for its former time find that it is not due.
    const key = `${round.id}/${step}/${runAt.getTime()}`;
    await jobs.enqueue(job, { roundId: round.id, step, look }, { key, runAt });
  }

  async function remind(group: StoredGroup, round: StoredRound, signal: AbortSignal): Promise<void> {
    const { remindAt } = timesAt(group.schedule, round.startsAt.getTime());
    if (round.state !== "planned" || remindAt > clock.now()) return;
    const optOuts = new Map((await repository.optOuts(group.id)).map((each) => [each.userId, each]));
    for (const person of await peopleOf(ports, group)) {
      signal.throwIfAborted();
      if (staysOut(optOuts.get(person.userId), round)) continue;
      await ports.remind({
        // A round that was moved is told of anew.
        key: `pairing:${round.id}:${round.startsAt.getTime()}:${person.userId}`,
        person,
        groupName: group.name,
        startsAt: round.startsAt,
        fixedAt: round.publishAt,
        timeZone: group.schedule.timeZone,
      });
      reminded.inc({});
    }
  }

  async function publish(group: StoredGroup, found: StoredRound, signal: AbortSignal): Promise<void> {
    let round = found;
    if (round.state === "planned") {
      if (!group.schedule.automatic || round.publishAt > clock.now()) return;
      await fix(group, round, null);
      round = (await repository.round(round.id)) ?? round;
    }
    if (round.state === "publishing") {
      await makeMeetings(group, round, signal);
      await repository.closeRound(round.id, clock.now());
    }
    if (round.state === "planned" || round.state === "skipped") return;
    await planNext(group);
    const last = Math.max(...round.groups.map(({ startsAt }) => (startsAt ?? round.startsAt).getTime()));
    const overAt = Math.max(last, round.startsAt.getTime() + group.schedule.withinDays * dayMs);
    if (round.groups.length > 0) await enqueue(round, "settle", new Date(overAt + settleAfterMs));
  }

  /**
   * Fixes its pairs for good: whoever comes first decides, and what depends on chance or time, as the meetings' ids, is
   * decided with it. Throws CONFLICT where `seen` is given and is not what it would be.
   */
  async function fix(group: StoredGroup, found: StoredRound, seen: string | null): Promise<void> {
    let round: StoredRound | null = found;
    for (let attempt = 0; attempt < fixTriesMost && round?.state === "planned"; attempt += 1) {
      const { request } = await prepare(parts, group, round);
      const plan = planPairing(request);
      if (seen !== null && fingerprintOf(plan) !== seen)
        throw new AppError(
          "CONFLICT",
          "What this round depends on has changed meanwhile. Look at the pairs again, then publish them.",
        );
      const fixed = {
        people: [
          ...new Set([
            ...plan.groups.flatMap(({ people }) => people),
            ...plan.alone.map(({ userId }) => userId),
          ]),
        ].sort(),
        groups: plan.groups.map((each): FixedGroup => ({ ...each, meetingId: newId(), state: "planned" })),
        alone: plan.alone,
        weightsVersion: plan.weightsVersion,
      };
      if (await repository.fixRound(round.id, round.revision, fixed, clock.now())) {
        await begin(round, fixed.groups, request.weights);
        return;
      }
      round = await repository.round(round.id);
    }
    if (round?.state === "planned")
      throw new AppError("CONFLICT", "This round is being changed by others. Please try again.", {
        retryable: true,
      });
  }

  function newId(): MeetingId {
    return meetingIdSchema.parse(ids.objectId());
  }

  /** From then on it is known by what each pair was made. */
  async function begin(
    round: StoredRound,
    groups: readonly FixedGroup[],
    weights: MatchingWeights,
  ): Promise<void> {
    const createdAt = clock.now();
    const matches = groups.flatMap(({ pairs }) =>
      pairs.flatMap(({ one, other, factors }) =>
        [one, other].map((userId): RoundMatch => {
          const matchId = roundMatchId(round.id, one, other);
          return { matchId, userId, outcome: "accepted", features: factors, weights, createdAt };
        }),
      ),
    );
    await outcomes.begin(matches);
  }

  async function makeMeetings(group: StoredGroup, round: StoredRound, signal: AbortSignal): Promise<void> {
    // A crash may have come between the pairs and these.
    await begin(round, round.groups, await parts.weightsOf(round.orgId, round.weightsVersion));
    let waiting: AppError | null = null;
    for (const [place, fixed] of round.groups.entries()) {
      signal.throwIfAborted();
      if (fixed.state === "planned") {
        const to = (await mayStillMeet(round, fixed)) ? "making" : "void";
        await repository.movePair(round.id, place, { from: "planned", to }, clock.now());
        // Another process may have decided first.
        const decided = (await repository.round(round.id))?.groups[place]?.state;
        if (decided !== "making") {
          if (decided === "void") published.inc({ result: "void" });
          continue;
        }
      } else if (fixed.state !== "making") continue;
      try {
        await makeMeeting(group, round, fixed, place);
      } catch (error) {
        // All others need not wait for those whose time is being taken by somebody at this moment.
        if (!(error instanceof AppError && error.code === "UNAVAILABLE")) throw error;
        waiting = error;
      }
    }
    if (waiting !== null) throw waiting;
  }

  async function makeMeeting(
    group: StoredGroup,
    round: StoredRound,
    fixed: FixedGroup,
    place: number,
  ): Promise<void> {
    const request = {
      id: fixed.meetingId,
      orgId: round.orgId,
      title: group.name,
      durationMinutes: group.schedule.durationMinutes,
      timeZone: group.schedule.timeZone,
      people: fixed.people,
      hosts: group.kind === "coaching" ? 1 : fixed.people.length,
    };
    let { startsAt } = fixed;
    // Fixed by hand after its hour, or by a process that stood still: nobody is invited to what has passed.
    if (startsAt !== null && startsAt < clock.now()) startsAt = await otherTime(group, round, fixed);
    let made = await ports.makeMeeting({ ...request, startsAt });
    // Since the pairs were fixed one of them may have got something else, as by another group's round of the same hour.
    for (let tries = 1; made === "taken"; tries += 1) {
      startsAt = tries < otherTimesMost ? await otherTime(group, round, fixed) : null;
      made = await ports.makeMeeting({ ...request, startsAt });
    }
    // Between the last look and now one of them may have left, or keep away from the other.
    const step = made === "gone" ? { to: "void" as const } : { to: "made" as const, startsAt: made.startsAt };
    if (await repository.movePair(round.id, place, { from: "making", ...step }, clock.now()))
      published.inc({ result: step.to });
  }

  /** The first from now on that all of them have by now; null where there is none. */
  async function otherTime(
    { schedule }: StoredGroup,
    round: StoredRound,
    { people }: FixedGroup,
  ): Promise<Date | null> {
    const { from, to } = meetingPeriod(schedule, round.startsAt);
    const fromNow = Math.max(from, clock.now().getTime());
    if (fromNow >= to) return null;
    const profiles = await ports.profiles(people, {
      from: fromNow,
      to,
      orgId: round.orgId,
      timeZone: schedule.timeZone,
      usualHours: schedule.withinDays > 0,
    });
    const availableOf = (person: string) => profiles.get(person as UserId)?.available ?? [];
    const [at = null] = meetingTimes([people], availableOf, schedule.durationMinutes * 60_000);
    return at === null ? null : new Date(at);
  }

  async function mayStillMeet(round: StoredRound, { people }: FixedGroup): Promise<boolean> {
    const here = await ports.membersAmong(round.orgId, people);
    return here.length === people.length && !(await ports.blockedAmong(people));
  }

  /** The round that comes, where the group has none; the same one for whoever asks first. */
  async function planNext(group: StoredGroup): Promise<StoredRound | null> {
    if (!group.active) return null;
    const [latest] = await repository.rounds(group.id, 1);
    if (latest?.state === "planned" || latest?.state === "publishing") return latest;
    const now = clock.now();
    // What lies before the last round is over, however early it was published or left out.
    const after = latest === undefined ? now : new Date(Math.max(now.getTime(), latest.publishAt.getTime()));
    const times = nextRoundTimes(group.schedule, after);
    if (times === null) return null;
    const number = (latest?.number ?? 0) + 1;
    const round: StoredRound = {
      id: `${group.id}-${number}`,
      groupId: group.id,
      orgId: group.orgId,
      number,
      state: "planned",
      startsAt: times.startsAt,
      publishAt: times.publishAt,
      revision: 1,
      people: [],
      groups: [],
      alone: [],
      weightsVersion: null,
      createdAt: now,
      updatedAt: now,
    };
    if (!(await repository.insertRound(round))) return await repository.round(round.id);
    await schedule(group, round);
    return round;
  }

  async function schedule(group: StoredGroup, round: StoredRound): Promise<void> {
    await enqueue(round, "remind", timesAt(group.schedule, round.startsAt.getTime()).remindAt);
    await enqueue(round, "publish", round.publishAt);
  }

  /** Writes what became of each pair, for learning; looks again where a meeting was moved. */
  async function settle(round: StoredRound, look: number): Promise<void> {
    if (round.state !== "published") return;
    let waiting = false;
    for (const { pairs, state, meetingId } of round.groups) {
      if (state !== "made") continue;
      const meeting = await ports.meeting(meetingId);
      if (meeting === null) continue;
      if (meeting.state === "planned" && look < settleLooks) {
        waiting = true;
        continue;
      }
      const { came } = meeting;
      for (const { one, other } of pairs) {
        const outcome =
          meeting.state === "cancelled"
            ? "declined"
            : came.has(one) && came.has(other)
              ? "completed"
              : "accepted";
        for (const userId of [one, other])
          await outcomes.settle(roundMatchId(round.id, one, other), userId, {
            outcome,
            came: meeting.state === "cancelled" ? null : came.has(userId),
          });
      }
    }
    if (waiting) await enqueue(round, "settle", new Date(clock.now().getTime() + settleAgainMs), look + 1);
  }

  return {
    fix,
    planNext,
    schedule,
    /** Before its pairs are fixed by hand: whatever becomes of this process, another one makes their meetings. */
    async lookAfter(round: StoredRound): Promise<void> {
      await enqueue(round, "publish", new Date(clock.now().getTime() + lookAfterMs));
    },
    /** Has the meetings of a round made whose pairs are fixed. */
    async makeSoon(roundId: string): Promise<void> {
      await jobs.rerun(job, { roundId, step: "publish" }, { key: `${roundId}/publish/by-hand` });
    },
    /** Whatever a crash left between a round and its jobs is taken up. */
    async resume(): Promise<void> {
      for (const round of await repository.open(openAtStartMost)) {
        const group = await repository.group(round.groupId);
        if (group === null) continue;
        if (round.state === "planned") await schedule(group, round);
        else await this.makeSoon(round.id);
      }
    },
  };
}
