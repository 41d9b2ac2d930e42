// Letting in and taking out, by the meeting as it is at that moment.
import { expect, test } from "vitest";
import type { Actor } from "../../../shared/actor.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import { noAnswers, type ConsentAnswers } from "../../../shared/consent-rules.ts";
import { meetingIdSchema, userIdSchema, type UserId } from "../../../shared/ids.ts";
import type { MeetingRole } from "../../../shared/schemas/meetings.ts";
import type { AppendChunk } from "../../../shared/schemas/transcripts.ts";
import type { JobContext, JobDefinition } from "../../jobs/index.ts";
import { FakeClock } from "../../platform/clock.ts";
import { silentLogger } from "../../platform/logger.ts";
import { createMetrics } from "../../platform/metrics.ts";
import { videoEventOf } from "../../vendors/video/stream-webhooks.ts";
import type { VideoProvider } from "../../vendors/video/index.ts";
import type { MeetingRecord } from "../meetings/index.ts";
import { createVideoService, type VideoOptions } from "./video.service.ts";

const meetingId = meetingIdSchema.parse("a".repeat(24));
const userId = userIdSchema.parse("b".repeat(24));
const actor = { userId, orgId: null } as Actor;

function open() {
  const roles = new Map<string, MeetingRole>([[userId, "participant"]]);
  const asked: string[] = [];
  const taken = new Set<string>();
  const lines: AppendChunk[] = [];
  const written: string[] = [];
  const consents = new Map<UserId, ConsentAnswers>();
  const queued: { payload: unknown; key: string; runAt: Date | undefined }[] = [];
  let state: MeetingRecord["state"] = "active";
  let job: JobDefinition | undefined;
  let away = false;
  let whileAsked = () => {};
  const answer = (request: string) => {
    asked.push(request);
    return away ? Promise.reject(new AppError("VENDOR_ERROR", "away")) : Promise.resolve();
  };
  const provider: VideoProvider = {
    mode: "stream",
    maxPeers: 4,
    rooms: {
      changeRole: ({ role }) => answer(`role ${role}`),
      remove: () => answer("remove"),
      end: () => answer("end"),
    },
    async access({ role }) {
      await answer(`access ${role}`);
      whileAsked();
      return { provider: "peer-to-peer", maxPeers: 4, iceServers: [] };
    },
  };
  const clock = new FakeClock();
  const video = createVideoService({
    provider,
    clock,
    logger: silentLogger,
    metrics: createMetrics({ processMetrics: false }),
    readEvent: videoEventOf,
    repository: {
      isTaken: (ids) => Promise.resolve(ids.some((id) => taken.has(id))),
      markTaken: (ids) => Promise.resolve(ids.forEach((id) => taken.add(id))),
    },
    transcripts: {
      appendFromVendor(_meetingId, chunks) {
        lines.push(...chunks);
        return Promise.resolve({ firstSequence: 1, lastSequence: 1 });
      },
    },
    audit: { record: ({ action }) => Promise.resolve(void written.push(action)) },
    jobs: {
      register: (definition) => void (job = definition as unknown as JobDefinition),
      rerun: (_definition, payload, { key, runAt }) =>
        Promise.resolve(void queued.push({ payload, key, runAt })),
    },
    meetings: {
      consents: () => Promise.resolve(consents),
      placesOf: () => Promise.resolve([meetingId]),
      authorize: (reader: { userId: string }) => {
        const role = roles.get(reader.userId);
        return role === undefined ? Promise.reject(notFound()) : Promise.resolve({ role });
      },
      record: () =>
        Promise.resolve({
          id: meetingId,
          orgId: null,
          startedAt: clock.now(),
          state,
          participants: [...roles].map(([id, role]) => ({ userId: id, role, everJoined: true })),
        }),
    } as unknown as VideoOptions["meetings"],
  });
  return {
    video,
    roles,
    lines,
    written,
    consents,
    asked,
    queued,
    clock,
    rooms: video.rooms,
    end: () => (state = "concluded"),
    setAway: (now: boolean) => (away = now),
    meanwhile: (run: () => void) => (whileAsked = run),
    async runJobs() {
      for (const { payload } of queued.splice(0)) await job?.run(payload, {} as JobContext);
    },
  };
}

test("[CALLROOM-1] whoever is removed while the room is made ready gets nothing, and is taken out", async () => {
  const { video, roles, asked, meanwhile } = open();
  meanwhile(() => roles.clear());
  await expect(video.access(actor, meetingId)).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(asked).toEqual(["access participant", "remove"]);
});

test("[CALLROOM-1] a role that changed meanwhile is changed there, too", async () => {
  const { video, roles, asked, meanwhile } = open();
  meanwhile(() => roles.set(userId, "observer"));
  await video.access(actor, meetingId);
  expect(asked).toEqual(["access participant", "role observer"]);
});

test("[CALLROOM-3] what was not answered is done by a job that is durable before", async () => {
  const { rooms, roles, asked, queued, setAway, clock, runJobs } = open();
  roles.clear();
  setAway(true);
  await rooms?.placeChanged(meetingId, userId);
  expect(asked).toEqual(["remove"]);
  expect(queued).toHaveLength(1);
  expect(queued[0]?.runAt?.getTime()).toBeGreaterThan(clock.now().getTime());
  await expect(runJobs()).rejects.toMatchObject({ code: "VENDOR_ERROR" });
  await rooms?.placeChanged(meetingId, userId);
  setAway(false);
  await runJobs();
  expect(asked.at(-1)).toBe("remove");
});

test("[CALLROOM-3] a person who was let in again before the job came stays", async () => {
  const { rooms, roles, asked, runJobs } = open();
  roles.clear();
  await rooms?.placeChanged(meetingId, userId);
  roles.set(userId, "participant");
  await runJobs();
  expect(asked).toEqual(["remove", "role participant"]);
});

test("[CALLROOM-2] whoever leaves the organisation is out, whatever the list of people says; a meeting that is over is left alone", async () => {
  const { rooms, asked, end, runJobs } = open();
  await rooms?.personEnded(userId, null);
  expect(asked).toEqual(["remove"]);
  end();
  await rooms?.placeChanged(meetingId, userId);
  await rooms?.personEnded(userId, null);
  await rooms?.consentChanged(meetingId);
  expect(asked).toEqual(["remove"]);
  await rooms?.meetingEnded(meetingId);
  await runJobs();
  expect(asked.filter((one) => one === "end")).toHaveLength(2);
});

function deliveryOf(type: string, more: object = {}, body = JSON.stringify([type, more])) {
  const event = { type, call_cid: `default:${meetingId}`, created_at: "2026-01-05T09:00:00Z", ...more };
  return { ids: [`body:${body}`], event };
}
const captionOf = (id: string, startMs: number) => ({
  closed_caption: {
    id,
    speaker_id: userId,
    text: `said ${id}`,
    start_time: new Date(Date.parse("2026-01-05T09:00:00Z") + startMs).toISOString(),
    end_time: new Date(Date.parse("2026-01-05T09:00:00Z") + startMs + 500).toISOString(),
  },
});

test("[CALLROOM-5] a delivery that comes 1 000 times, at once and one after the other, is taken once", async () => {
  const { video, written, lines, consents } = open();
  consents.set(userId, { ...noAnswers, captions: "given" });
  const ended = deliveryOf("call.recording_ready");
  const caption = deliveryOf("call.closed_caption", captionOf("u-1", 0));
  for (let round = 0; round < 20; round += 1)
    await Promise.all(
      Array.from({ length: 50 }, () => Promise.all([video.receive(ended), video.receive(caption)])),
    );
  expect(written).toEqual(["video.recording-ready"]);
  expect(lines).toHaveLength(1);
});

test("[CALLROOM-5] what was said more than 30 days ago changes nothing", async () => {
  const { video, written, clock } = open();
  clock.advance(31 * 24 * 60 * 60_000);
  await video.receive(deliveryOf("call.ended"));
  expect(written).toEqual([]);
});

test.each([
  ["given", 1],
  ["refused", 0],
  [null, 0],
] as const)("[CALLROOM-6] with the answer %s to captions, lines stored: %i", async (captions, stored) => {
  const { video, lines, consents } = open();
  consents.set(userId, { ...noAnswers, captions });
  await video.receive(deliveryOf("call.closed_caption", captionOf("u-1", 1_200)));
  expect(lines).toHaveLength(stored);
});

test("[CALLROOM-6] captions in another order keep the time at which they were said; a meeting that is over takes none", async () => {
  const { video, lines, consents, end } = open();
  consents.set(userId, { ...noAnswers, captions: "given" });
  await video.receive(deliveryOf("call.closed_caption", captionOf("u-2", 2_000)));
  await video.receive(deliveryOf("call.closed_caption", captionOf("u-1", 1_000)));
  await video.receive(deliveryOf("call.closed_caption", captionOf("u-0", -5_000)));
  expect(lines.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
    [2_000, 2_500],
    [1_000, 1_500],
    [0, 0],
  ]);
  end();
  await video.receive(deliveryOf("call.closed_caption", captionOf("u-3", 0)));
  expect(lines).toHaveLength(3);
});

test("[CALLROOM-7] comings and goings change nobody's presence; who may not be there is put out", async () => {
  const { video, asked, roles, written, end } = open();
  const participant = { participant: { user: { id: userId } } };
  await video.receive(deliveryOf("call.session_participant_joined", participant, "1"));
  await video.receive(deliveryOf("call.session_participant_left", participant, "2"));
  await video.receive(deliveryOf("call.ended", {}, "3"));
  await video.receive(deliveryOf("call.invented", {}, "4"));
  expect(asked).toEqual([]);
  roles.clear();
  await video.receive(deliveryOf("call.session_participant_joined", participant, "5"));
  expect(asked).toEqual(["remove"]);
  end();
  await video.receive(deliveryOf("call.session_participant_joined", participant, "6"));
  expect(asked).toEqual(["remove", "end"]);
  expect(written).toEqual(["video.ended", "video.remove"]);
});
