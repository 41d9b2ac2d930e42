// Who asks while a meeting is being read shares the next reading, never the one that had begun before.
import { expect, test } from "vitest";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import { gatherReaders } from "./meetings.gathered.ts";

const meeting = "meeting" as MeetingId;
const [ann, ben, cleo] = ["ann", "ben", "cleo"] as [UserId, UserId, UserId];

function world() {
  const readings: { readers: UserId[]; end(): void; fail(): void }[] = [];
  let state = 0;
  const ask = gatherReaders<string>((_meetingId, readers) => {
    const { promise, resolve, reject } = Promise.withResolvers<Map<UserId, string>>();
    const seen = state;
    readings.push({
      readers,
      end: () => resolve(new Map(readers.map((reader) => [reader, `${reader} ${seen}`]))),
      fail: () => reject(new Error("the store is away")),
    });
    return promise;
  });
  return { readings, ask, write: () => (state += 1) };
}

test("the first is read for at once, who comes meanwhile by one reading that sees what they wrote", async () => {
  const { readings, ask, write } = world();
  const first = ask(meeting, ann);
  write();
  const others = [ask(meeting, ben), ask(meeting, cleo)];
  expect(readings.map(({ readers }) => readers)).toEqual([[ann]]);
  readings[0]?.end();
  expect(await first).toBe("ann 0");
  expect(readings.map(({ readers }) => readers)).toEqual([[ann], [ben, cleo]]);
  readings[1]?.end();
  expect(await Promise.all(others)).toEqual(["ben 1", "cleo 1"]);
  const later = ask(meeting, ann);
  expect(readings).toHaveLength(3);
  readings[2]?.end();
  expect(await later).toBe("ann 1");
});

test("a reading that fails fails those it was for alone", async () => {
  const { readings, ask } = world();
  const first = ask(meeting, ann);
  const second = ask(meeting, ben);
  readings[0]?.fail();
  await expect(first).rejects.toThrow("the store is away");
  readings[1]?.end();
  expect(await second).toBe("ben 0");
});
