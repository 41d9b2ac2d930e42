// Two processes publish two groups' rounds at once, and one is killed on the way, again and again: everybody meets once.
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { PairingSchedule } from "../../shared/schemas/matching-rounds.ts";
import { randomNumbers } from "../../server/platform/testing-random.ts";
import { createTestRounds } from "../factories/matching-rounds.ts";
import { openTestStore } from "../factories/store.ts";
import { fastClock } from "./fast-clock.ts";
import { peopleCount, type Said, type Told } from "./matching-rounds.ts";

const kills = Number(process.env["CHAOS_ROUNDS"] ?? 3);
const dayMs = 24 * 60 * 60_000;
/** Some people are in both groups, whose rounds are at the same hour. */
const peopleOfGroups = [
  [0, 7],
  [4, 10],
] as const;

interface Worker {
  process: ChildProcess;
  tell(what: Told): void;
  /** Resolves with the next thing said that fits; with null when it has been killed. */
  said<Kind extends Said>(fits: (what: Said) => what is Kind): Promise<Kind | null>;
}

function startWorker(uri: string, dbName: string): Worker {
  const child = fork(join(import.meta.dirname, "matching-rounds-worker.ts"), [uri, dbName], { silent: true });
  let complaints = "";
  child.stderr?.on("data", (text: Buffer) => (complaints += text.toString()));
  return {
    process: child,
    tell: (what) => void child.send(what),
    said: (fits) =>
      new Promise((resolve, reject) => {
        const heard = (what: Said) => {
          if (fits(what)) resolve(what);
        };
        child.on("message", heard);
        child.once("exit", (_code, signal) => {
          if (signal === "SIGKILL") resolve(null);
          else reject(new Error(`the worker ended by itself: ${complaints}`));
        });
      }),
  };
}

const isReady = (what: Said) => what === "ready";
const isAnswer = (what: Said) => typeof what === "object" && "answered" in what;
const isCount = (what: Said) => typeof what === "object" && "moments" in what;

async function startReady(uri: string, dbName: string): Promise<Worker> {
  const worker = startWorker(uri, dbName);
  await worker.said(isReady);
  return worker;
}

async function kill({ process: child }: Worker): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

/** People who have told no hours have those of an office, so days of the week matter. */
function mondayAfter(ms: number): string {
  const daysToMonday = (8 - new Date(ms).getUTCDay()) % 7;
  return new Date(ms + daysToMonday * dayMs).toISOString().slice(0, 10);
}

interface Round {
  _id: string;
  number: number;
  state: string;
  groups: { people: string[]; state: string; meetingId: string; startsAt: Date | null }[];
}

test(
  `[MATCH-61] [MATCH-66] ${kills} kills while rounds are published: each pair has one meeting, all are told once`,
  { timeout: 7_200_000 },
  async () => {
    const store = await openTestStore();
    const { connection, uri } = store;
    const { pairing, admin, people } = await createTestRounds(connection, { clock: fastClock, peopleCount });
    const database = connection.getClient().db(connection.name);
    const rounds = database.collection<Round>("pairingRounds");
    const random = randomNumbers(kills);
    const schedule: PairingSchedule = {
      firstDay: mondayAfter(fastClock.now().getTime() + 30 * dayMs),
      atMinute: 9 * 60,
      timeZone: "Europe/Zurich",
      everyWeeks: 1,
      withinDays: 2,
      durationMinutes: 30,
      publishHours: 24,
      remindHours: 24,
      automatic: false,
    };
    const groups = await Promise.all(
      peopleOfGroups.map(async ([from, to], index) => {
        const members = people
          .slice(from, to)
          .map((userId) => ({ userId, role: "peer" as const, places: 1 }));
        const shape = { name: `Group ${index + 1}`, kind: "peer" as const, everybody: false };
        return await pairing.create(admin, { ...shape, members, schedule });
      }),
    );
    const figures = { killed: 0, before: 0, during: 0, after: 0, byTheOther: 0 };
    let workers: Worker[] = [];
    /** Until the second round, which nobody disturbs, says how many moments there are. */
    let momentsOfOne = 0;

    /** And the next one of each group is there. */
    const published = async (number: number) => {
      const counted = async (wanted: { number: number; state: string }) =>
        (await rounds.countDocuments(wanted)) === groups.length;
      const ended = async () =>
        (await counted({ number, state: "published" })) &&
        (await counted({ number: number + 1, state: "planned" }));
      const jobs = () =>
        database
          .collection("jobs")
          .find({ name: "matching.round", state: { $in: ["running", "waiting", "dead"] } })
          .toArray();
      try {
        await expect.poll(ended, { timeout: 600_000, interval: 50 }).toBe(true);
      } catch (error) {
        const now = fastClock.now().toISOString();
        const open = await rounds.find({ number: { $in: [number, number + 1] } }).toArray();
        throw new Error(
          `round ${number} does not end: ${JSON.stringify({ now, open, jobs: await jobs() })}`,
          {
            cause: error,
          },
        );
      }
    };

    try {
      workers = await Promise.all([startReady(uri, connection.name), startReady(uri, connection.name)]);
      for (let number = 1; number <= kills + 1; number += 1) {
        const ids = groups.map(({ id }) => `${id}-${number}`);
        const isQuiet = number === 1;
        const place = number % 2;
        const [dying, other] = [workers[place], workers[1 - place]];
        const [first, second] = ids;
        if (dying === undefined || other === undefined || first === undefined || second === undefined)
          throw new Error("There are two.");
        const killAt = isQuiet ? undefined : 1 + Math.floor(random() * momentsOfOne);
        const ended = once(dying.process, "exit");
        const answers = [dying.said(isAnswer), other.said(isAnswer)];
        dying.tell({ roundId: first, ...(killAt === undefined ? {} : { killAt }) });
        other.tell({ roundId: second });
        await Promise.all(answers);
        if (isQuiet) {
          await published(number);
          const count = dying.said(isCount);
          dying.tell("moments");
          momentsOfOne = (await count)?.moments ?? 0;
          continue;
        }
        await ended;
        figures.killed += 1;
        const left = (await rounds.findOne({ _id: first }))?.state ?? "";
        if (left === "planned") figures.before += 1;
        else if (left === "publishing") figures.during += 1;
        else figures.after += 1;
        // Every second time the other one has to do alone.
        const restarts = random() < 0.5;
        if (restarts) workers[place] = await startReady(uri, connection.name);
        else if (left === "publishing") figures.byTheOther += 1;
        // Who was told that something went wrong publishes again; so does whoever saw what has changed since.
        for (const id of ids) {
          while ((await rounds.findOne({ _id: id }))?.state === "planned") {
            const answer = other.said(isAnswer);
            other.tell({ roundId: id });
            await answer;
          }
        }
        await published(number);
        if (!restarts) workers[place] = await startReady(uri, connection.name);
      }
      await Promise.all(workers.map(kill));
      workers = [];

      const all = await rounds.find({ number: { $lte: kills + 1 } }).toArray();
      expect(all).toHaveLength(2 * (kills + 1));
      const fixed = all.flatMap((round) => round.groups);
      expect(all.map(({ state }) => state)).toEqual(all.map(() => "published"));
      expect(fixed.map(({ state }) => state)).toEqual(fixed.map(() => "made"));
      // Each round has all of its group in it, once.
      for (const { _id, groups: own } of all) {
        const index = groups.findIndex(({ id }) => _id.startsWith(`${id}-`));
        const expected = people.slice(...(peopleOfGroups[index] ?? []));
        expect(own.flatMap((group) => group.people).sort()).toEqual([...expected].sort());
      }
      const meetings = await database
        .collection<{ title: string; scheduledAt: Date | null; durationMinutes: number }>("meetings")
        .find()
        .toArray();
      const startOf = new Map(meetings.map((meeting) => [String(meeting._id), meeting.scheduledAt]));
      expect([...startOf.keys()].sort()).toEqual(fixed.map(({ meetingId }) => meetingId).sort());
      for (const { meetingId, startsAt } of fixed) expect(startOf.get(meetingId)).toEqual(startsAt);
      const places = await database
        .collection<{ meetingId: string; userId: string }>("meetingParticipants")
        .find()
        .toArray();
      const expectedPlaces = fixed.flatMap((group) =>
        group.people.map((userId) => `${group.meetingId}/${userId}`),
      );
      expect(places.map(({ meetingId, userId }) => `${String(meetingId)}/${String(userId)}`).sort()).toEqual(
        [...expectedPlaces].sort(),
      );
      // Everybody is told of each of their meetings by one email.
      const mails = await database
        .collection<{ meetingId: string; toUserId: string }>("outboxMails")
        .find({ meetingId: { $ne: null as unknown as string } })
        .toArray();
      expect(
        mails.map(({ meetingId, toUserId }) => `${String(meetingId)}/${String(toUserId)}`).sort(),
      ).toEqual([...expectedPlaces].sort());
      // Nobody is at two places at one time.
      const beginnings = people.map((userId) =>
        fixed
          .filter(({ people: those, startsAt }) => startsAt !== null && those.includes(userId))
          .map(({ startsAt }) => Number(startsAt))
          .sort((a, b) => a - b),
      );
      const gapsMs = beginnings.flatMap((own) =>
        own.slice(1).map((startMs, index) => startMs - (own[index] ?? 0)),
      );
      console.log(
        `figures: ${figures.killed} kills at ${momentsOfOne} moments (${figures.before} before pairs were fixed, ${figures.during} while meetings were made, ${figures.after} after; ${figures.byTheOther} finished by the other process alone), ${all.length} rounds, ${meetings.length} meetings, ${mails.length} emails, ${fixed.filter(({ startsAt }) => startsAt === null).length} without a time`,
      );
      expect(Math.min(...gapsMs)).toBeGreaterThanOrEqual(schedule.durationMinutes * 60_000);
    } finally {
      await Promise.all(workers.map(kill));
      await store.close();
    }
  },
);
