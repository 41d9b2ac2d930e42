// Letting in and taking out, by the meeting as it is at that moment.
import { expect, test } from "vitest";
import type { Actor } from "../../../shared/actor.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import { meetingIdSchema, userIdSchema } from "../../../shared/ids.ts";
import type { MeetingRole } from "../../../shared/schemas/meetings.ts";
import type { JobContext, JobDefinition } from "../../jobs/index.ts";
import { FakeClock } from "../../platform/clock.ts";
import { silentLogger } from "../../platform/logger.ts";
import type { VideoProvider } from "../../vendors/video/index.ts";
import type { MeetingRecord } from "../meetings/index.ts";
import { createVideoModule, type VideoOptions } from "./video.service.ts";

const meetingId = meetingIdSchema.parse("a".repeat(24));
const userId = userIdSchema.parse("b".repeat(24));
const actor = { userId, orgId: null } as Actor;

function open() {
  const roles = new Map<string, MeetingRole>([[userId, "participant"]]);
  const asked: string[] = [];
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
  const video = createVideoModule({
    provider,
    clock,
    logger: silentLogger,
    audit: { record: () => Promise.resolve() },
    jobs: {
      register: (definition) => void (job = definition as unknown as JobDefinition),
      rerun: (_definition, payload, { key, runAt }) =>
        Promise.resolve(void queued.push({ payload, key, runAt })),
    },
    meetings: {
      placesOf: () => Promise.resolve([meetingId]),
      authorize: (reader: { userId: string }) => {
        const role = roles.get(reader.userId);
        return role === undefined ? Promise.reject(notFound()) : Promise.resolve({ role });
      },
      record: () =>
        Promise.resolve({
          id: meetingId,
          orgId: null,
          state,
          participants: [...roles].map(([id, role]) => ({ userId: id, role, everJoined: true })),
        }),
    } as unknown as VideoOptions["meetings"],
  });
  return {
    video,
    roles,
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
