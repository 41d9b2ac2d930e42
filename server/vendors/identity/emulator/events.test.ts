import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openEventLog, type EventLog, type LocalEvent } from "./events.ts";

let folder: string;
const opened: EventLog[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "connvo-events-"));
});
afterEach(async () => {
  for (const log of opened.splice(0)) await log.close();
  await rm(folder, { recursive: true, force: true });
});

async function openLog(): Promise<EventLog> {
  const log = await openEventLog(folder);
  opened.push(log);
  return log;
}

const revoked = (number: number, userId: string): LocalEvent => ({
  id: `event_${number}`,
  event: "session.revoked",
  created_at: "2026-01-05T09:00:00.000Z",
  data: { id: `session_${number}`, user_id: userId },
});

async function idsIn(log: EventLog): Promise<string[]> {
  const range = { after: null, rangeStart: null, rangeEnd: null, organizationId: null };
  const found = await log.list({ ...range, names: ["session.revoked"], limit: 100, order: "asc" });
  return found?.events.map(({ id }) => id) ?? [];
}

test("[DIRECTORY-6] what one process appends after another one has written the file anew is read by both", async () => {
  const [one, other] = [await openLog(), await openLog()];
  for (let number = 1; number <= 5; number += 1) await one.append(revoked(number, "user_gone"));
  expect(await idsIn(other)).toHaveLength(5);
  await one.forget("user_gone", "gone@example.org");
  await other.append(revoked(6, "user_a"));
  expect([await idsIn(one), await idsIn(other)]).toEqual([["event_6"], ["event_6"]]);

  // Longer than before by now, so that its size tells nothing.
  await one.forget("user_a", "a@example.org");
  for (let number = 7; number <= 20; number += 1) await one.append(revoked(number, "user_b"));
  await other.append(revoked(21, "user_b"));
  expect(await idsIn(one)).toHaveLength(15);
  expect(await idsIn(other)).toEqual(await idsIn(one));
});

test("[DIRECTORY-6] what one process appends while another one writes the file anew is read by both", async () => {
  const [one, other] = [await openLog(), await openLog()];
  const appending = Array.from({ length: 30 }, (_, number) => other.append(revoked(number, "user_a")));
  for (let round = 0; round < 10; round += 1) await one.forget("user_gone", "gone@example.org");
  await Promise.all(appending);
  expect(await idsIn(other)).toHaveLength(30);
  expect(await idsIn(one)).toEqual(await idsIn(other));
});
