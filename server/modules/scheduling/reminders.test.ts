// Reminders: in time, once, of the time that counts, as each person wants them.
import { beforeEach, expect, test } from "vitest";
import { userIdSchema, meetingIdSchema, type UserId } from "../../../shared/ids.ts";
import { FakeClock } from "../../platform/clock.ts";
import { createMetrics } from "../../platform/metrics.ts";
import type { MailDraft } from "../mail/index.ts";
import type { MeetingRecord } from "../meetings/index.ts";
import { createReminders, type ReminderMark } from "./reminders.ts";

const minuteMs = 60_000;
const ann = userIdSchema.parse("a".repeat(24));
const ben = userIdSchema.parse("b".repeat(24));

let clock: FakeClock;
let queued: Map<string, MailDraft>;
let queuedInAll: number;
let call: MeetingRecord;
let wishes: Map<UserId, number[]>;
let until: Date | null;

const mark: ReminderMark = {
  get: () => Promise.resolve(until),
  advance(to) {
    until = until === null || until < to ? to : until;
    return Promise.resolve();
  },
};

const inMinutes = (minutes: number) => new Date(clock.now().getTime() + minutes * minuteMs);

function reminders() {
  return createReminders({
    mark,
    calendars: {
      of: (ids) =>
        Promise.resolve(
          new Map(
            ids.flatMap((userId) => {
              const wished = wishes.get(userId);
              return wished === undefined
                ? []
                : [
                    [
                      userId,
                      { userId, exceptions: [], reminders: wished, feed: null, source: null, busy: [] },
                    ],
                  ];
            }),
          ),
        ),
    },
    meetings: {
      record: () => Promise.resolve(call),
      async *planned({ from, to }) {
        const { scheduledAt, state } = await Promise.resolve(call);
        if (state === "scheduled" && scheduledAt !== null && from < scheduledAt && scheduledAt <= to)
          yield call;
      },
    },
    users: {
      byIds: (ids) =>
        Promise.resolve(
          ids.map((id) => ({
            id,
            email: `${id[0]}@example.org`,
            displayName: id.slice(0, 1),
            photo: null,
            workosUserId: null,
            orgId: null,
            orgRole: "member",
            timeZone: id === ann ? "Asia/Kathmandu" : null,
            language: null,
            deletedAt: null,
            erasedAt: null,
          })),
        ),
    },
    mail: {
      queue(draft) {
        queuedInAll += 1;
        queued.set(draft.key, draft);
        return Promise.resolve("" as never);
      },
    },
    clock,
    metrics: createMetrics({ processMetrics: false }),
    publicUrl: () => "http://localhost:3000",
  });
}

/** A run every minute, as long as said. */
async function pass(minutes: number, several = [reminders()]): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    clock.advance(minuteMs);
    for (const each of several) await each.send(new AbortController().signal);
  }
}

beforeEach(() => {
  clock = new FakeClock(new Date("2026-03-28T12:00:00Z"));
  queued = new Map();
  queuedInAll = 0;
  wishes = new Map();
  until = clock.now();
  call = {
    id: meetingIdSchema.parse("c".repeat(24)),
    organizerId: ann,
    orgId: null,
    title: "First <call>",
    description: null,
    scheduledAt: inMinutes(26 * 60),
    durationMinutes: 60,
    timeZone: "Europe/Zurich",
    template: "grow",
    recapDelivery: "automatic",
    state: "scheduled",
    startedAt: null,
    endedAt: null,
    participants: [ann, ben].map((userId) => ({ userId, role: "participant", everJoined: false })),
  };
});

const told = (userId: UserId) => [...queued.values()].filter(({ to }) => to.userId === userId);

test("[SCHEDULING-13] everybody is reminded a day and ten minutes before, once, however many processes there are and however often they start", async () => {
  await pass(119);
  expect(queuedInAll).toBe(0);
  await pass(3, [reminders(), reminders()]);
  expect([told(ann).length, told(ben).length]).toEqual([1, 1]);
  await pass(24 * 60 + 10, [reminders()]);
  expect([told(ann).length, told(ben).length]).toEqual([2, 2]);
  expect(queuedInAll).toBe(4);
});

test("[SCHEDULING-13] the time is that of the reader, and markup in titles is shown", async () => {
  await pass(121);
  const [mail] = told(ann);
  // 14:00 UTC on the next day.
  expect(mail?.subject).toBe("Reminder: First <call>, Sunday 29 March at 19:45");
  expect(mail?.html).toContain("First &lt;call&gt;");
  expect(mail?.text).toContain("http://localhost:3000/calendar/settings");
  // Whoever has said no zone: the call's, after clocks were changed.
  expect(told(ben)[0]?.text).toContain("at 16:00 (Europe/Zurich, GMT+2)");
});

test("[SCHEDULING-13] a call that was moved is reminded of anew, one that was cancelled not at all", async () => {
  await pass(121);
  call = { ...call, scheduledAt: inMinutes(25 * 60) };
  await pass(61);
  expect(told(ann)).toHaveLength(2);
  call = { ...call, state: "cancelled" };
  await pass(24 * 60);
  expect(told(ann)).toHaveLength(2);
});

test("[SCHEDULING-13] each person is reminded as they want, or not at all", async () => {
  wishes = new Map([
    [ann, [60]],
    [ben, []],
  ]);
  await pass(26 * 60);
  expect(told(ann).map(({ key }) => key.split("/").at(-1))).toEqual(["60"]);
  expect(told(ben)).toEqual([]);
});

test("[SCHEDULING-13] what a mail server delays is of use for a quarter of an hour, and never once the call has begun", async () => {
  const { scheduledAt } = call;
  await pass(26 * 60);
  expect(told(ann).map(({ until }) => (Number(until) - Number(scheduledAt)) / minuteMs)).toEqual([
    15 - 24 * 60,
    0,
  ]);
});

test("[SCHEDULING-13] what was due while nothing ran is made up for within a quarter of an hour, and of what has begun nobody is reminded", async () => {
  await pass(110);
  clock.advance(15 * minuteMs);
  await pass(0);
  await reminders().send(new AbortController().signal);
  expect(told(ann)).toHaveLength(1);
  clock.advance(25 * 60 * minuteMs);
  await reminders().send(new AbortController().signal);
  expect(told(ann)).toHaveLength(1);
});
