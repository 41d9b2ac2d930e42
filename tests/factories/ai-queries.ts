// The queries of what reads people's words: switches, budgets and kept answers, and passages with their index.
import type { Connection } from "mongoose";
import { createAiRepository } from "../../server/modules/ai/ai.repository.mongo.ts";
import { createPassagesRepository } from "../../server/modules/passages/index.ts";
import { systemClock } from "../../server/platform/clock.ts";
import type { MeetingId, OrgId, UserId } from "../../shared/ids.ts";
import { testCipher } from "./cipher.ts";

const now = new Date("2026-02-01T09:00:00Z");
const later = new Date("2026-02-02T09:00:00Z");

export async function makeAiQueries(
  connection: Connection,
  { meetingId, orgId, userId }: { meetingId: MeetingId; orgId: OrgId; userId: UserId },
): Promise<void> {
  const ai = await createAiRepository(connection, testCipher);
  const scope = { meetingId };
  await ai.putSwitch(scope, { use: "off", by: userId, now });
  await ai.switchOf(scope);
  const budget = { orgId, day: "2026-02-01" };
  await ai.take(budget, { tokens: 1, cost: 1 }, { tokens: 10, cost: 10 });
  await ai.giveBack(budget, { tokens: 1, cost: 1 });
  await ai.used(budget);
  const asked = {
    kind: "language",
    model: "m",
    orgId,
    meetingId,
    promptVersion: "v",
    promptHash: "h",
  };
  const spent = { tokens: 1, inputTokens: 1, outputTokens: 1, cost: 1, outcome: "ok", ms: 1 };
  await ai.addCall({ ...asked, ...spent, at: now, expiresAt: later });
  await ai.putAnswer("key", meetingId, { text: "{}", expiresAt: later });
  await ai.answer("key", meetingId, now);
  await ai.removeAnswers(meetingId);
}

export async function makePassagesQueries(connection: Connection, meetingId: MeetingId): Promise<void> {
  const configuration = { model: "m", version: "v" };
  const repository = await createPassagesRepository(connection, {
    clock: systemClock,
    configuration,
  });
  const metadata = { sourceType: "transcriptSegment", meetingId, textHash: "h" };
  await repository.put("none", [{ id: "s1", vector: new Float32Array([1, 0]), metadata }]);
  for await (const page of repository.changedSince("none", 0)) void page;
  await repository.known(meetingId);
  await repository.idsOf(meetingId);
  await repository.search.idsWhere("none", { meetingId: { $eq: meetingId } });
  await repository.nextMeeting(null);
  await repository.countMeetings();
  await repository.count();
  await repository.remove("none", ["s1"]);
  const meta = { id: "i", provider: "memory", indexName: "i", config: configuration, after: null };
  await repository.addMeta({ ...meta, status: "active", done: 0, total: 0, step: 0 }, now);
  const [known] = await repository.metas();
  if (known !== undefined) await repository.moveMeta(known, { status: "inactive" }, now);
}
