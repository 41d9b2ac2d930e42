// Every query of the jobs, mail and meetings collections is served by an index, and claims by the one on due times.
import mongoose from "mongoose";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MeetingId } from "../../shared/ids.ts";
import { openMeetings } from "../factories/meetings.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

interface SeenQuery {
  collection: string;
  method: string;
  filter: Record<string, unknown>;
  sort: unknown;
  hint: unknown;
}

/** The driver's methods that search by a filter; the first argument is the filter. */
const searching = new Set([
  "find",
  "findOne",
  "findOneAndUpdate",
  "updateOne",
  "updateMany",
  "deleteOne",
  "deleteMany",
  "countDocuments",
]);
const ours = new Set(["jobs", "outboxMails", "meetings", "meetingParticipants", "meetingState"]);

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(async () => {
  mongoose.set("debug", false);
  await store.close();
});

test("[JOBS-15] [MAIL-41] [MEETINGS-79] no query scans a collection", async () => {
  const seen = new Map<string, SeenQuery>();
  const world = await openMeetings(store);
  mongoose.set("debug", (collection: string, method: string, ...args: unknown[]) => {
    if (!ours.has(collection) || !searching.has(method)) return;
    const filter = (args[0] ?? {}) as Record<string, unknown>;
    const options = (args.at(-1) ?? {}) as { sort?: unknown; hint?: unknown };
    const shape = `${collection}.${method} ${Object.keys(filter).join()} ${JSON.stringify(options.sort)}`;
    seen.set(shape, { collection, method, filter, sort: options.sort, hint: options.hint });
  });

  const meetings = await world.reopen();
  const [ann, ben] = [await world.actorOf("ann"), await world.actorOf("ben")];
  const created: MeetingId[] = [];
  for (let n = 0; n < 3; n += 1) {
    const { id } = await world.create(ann, {
      scheduledAt: "2026-02-01T09:00:00Z",
      participants: [{ email: ben.email, role: "host" }],
    });
    created.push(id);
  }
  for (const id of created) {
    await meetings.update(ann, id, { title: "Renamed" });
    await meetings.invite(ann, id, { email: "cleo@example.org", role: "participant" });
    await meetings.changeRole(ann, id, ben.userId, "participant");
    await meetings.changeRole(ann, id, ben.userId, "host");
    await meetings.join(ben, id);
    await meetings.leave(ben, id);
  }
  const [first, second] = created;
  if (first === undefined || second === undefined) throw new Error("no meetings");
  await meetings.remove(ann, first, ben.userId);
  await meetings.start(ann, first);
  await meetings.patchLiveState(first, { topics: ["goals"] });
  await meetings.end(ann, first);
  await meetings.cancel(ann, second);
  await meetings.invitationFile(ann, second);
  await meetings.overview(ann);
  await meetings.nextTogether([ann.userId, ben.userId], world.clock.now());
  await meetings.running();
  await meetings.recentlyConcluded();
  await meetings.record(first);
  const page = await meetings.list(ann, { limit: 1 });
  await meetings.list(ann, { limit: 1, cursor: page.nextCursor ?? undefined });
  const mails = await world.mail.list(ben, { limit: 1 });
  await world.mail.list(ben, { limit: 1, cursor: mails.nextCursor ?? undefined });
  await world.mailsOf(ben);
  await world.reopen();
  await world.close();
  mongoose.set("debug", false);

  const methods = new Set([...seen.values()].map(({ collection, method }) => `${collection}.${method}`));
  expect([...methods]).toEqual(expect.arrayContaining(["jobs.findOneAndUpdate", "outboxMails.find"]));
  const unserved: string[] = [];
  for (const [shape, query] of seen) {
    const plan = await explain(query);
    if (!/IXSCAN|IDHACK|COUNT_SCAN|EXPRESS/.test(plan) || /COLLSCAN/.test(plan))
      unserved.push(`${shape}: ${plan}`);
    if (shape.startsWith("jobs.findOneAndUpdate")) expect(plan).toContain("dueAt_1__id_1");
  }
  expect(unserved).toEqual([]);
});

async function explain({ collection, filter, sort, hint }: SeenQuery): Promise<string> {
  const result = await store.connection.db?.command({
    explain: {
      find: collection,
      filter,
      ...(sort === undefined ? {} : { sort }),
      ...(hint === undefined ? {} : { hint }),
    },
    verbosity: "queryPlanner",
  });
  return JSON.stringify((result?.["queryPlanner"] as { winningPlan?: unknown } | undefined)?.winningPlan);
}
