// Video by Stream's own client, against a local server that speaks its REST protocol. No media.
import { jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../server/platform/clock.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { createOutboundMetrics } from "../../server/platform/outbound/index.ts";
import { loadStreamSdk } from "../../server/vendors/video/stream-sdk.ts";
import { createStreamVideo, tokenSeconds } from "../../server/vendors/video/stream.ts";
import type { AppError } from "../../shared/errors.ts";
import { meetingIdSchema, userIdSchema } from "../../shared/ids.ts";
import { callAccessSchema, type CallAccess } from "../../shared/schemas/video.ts";
import { startStreamEmulator, type StreamEmulator } from "../factories/stream-emulator.ts";

const sdk = await loadStreamSdk();
const meetingId = meetingIdSchema.parse("a".repeat(24));
const [ann, ben] = [userIdSchema.parse("b".repeat(24)), userIdSchema.parse("c".repeat(24))];
const cid = `default:${meetingId}`;
const sending = ["send-audio", "send-video", "screenshare"];

let emulator: StreamEmulator;
beforeEach(async () => {
  emulator = await startStreamEmulator();
});
afterEach(() => emulator.close());

function open({ secret = emulator.secret, timeoutMs }: { secret?: string; timeoutMs?: number } = {}) {
  if (sdk === null) throw new Error("Stream's package is not installed.");
  return createStreamVideo({
    sdk,
    config: { apiKey: emulator.apiKey, secret, baseUrl: emulator.url },
    clock: systemClock,
    outboundMetrics: createOutboundMetrics(createMetrics({ processMetrics: false })),
    firstWaitMs: 1,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}

const streamAccess = (access: CallAccess) => {
  const parsed = callAccessSchema.parse(access);
  if (parsed.provider !== "stream") throw new Error("not by Stream");
  return parsed;
};
const room = () => emulator.rooms.get(cid);
const requests = () => emulator.received.map(({ request }) => request.replace(/\/api\/v2\/(video\/)?/, ""));
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => "nothing",
    (error: AppError) => {
      expect(error.code).toBe("VENDOR_ERROR");
      return (error.details as { reason: string }).reason;
    },
  );

describe.skipIf(sdk === null)("a room at Stream", () => {
  test("[VIDEO-3] is made once, whoever comes first, by nobody's user", async () => {
    const { provider } = open();
    const entries = [ann, ben, ann, ben].map((userId) =>
      provider.access({ meetingId, userId, role: "participant" }),
    );
    await Promise.all(entries);
    expect([...emulator.rooms.keys()]).toEqual([cid]);
    expect(room()?.createdBy).toBe("connvo");
    expect(emulator.users.get("connvo")).toEqual({ id: "connvo", role: "admin" });
  });

  test("[VIDEO-4] is told of a person nothing but an id that says nothing, and their standing", async () => {
    await open().provider.access({ meetingId, userId: ann, role: "host" });
    expect(emulator.users.get(ann)).toEqual({ id: ann, role: "user" });
    expect([...(room()?.members.values() ?? [])]).toEqual([
      { user_id: ann, role: "host", custom: { standing: "host" } },
    ]);
    const sent = JSON.stringify(emulator.received);
    expect(sent).not.toMatch(/@|name|email/i);
  });

  test("[VIDEO-5] a token is the person's, for this call alone, for a quarter of an hour, signed by the secret", async () => {
    const before = Math.floor(Date.now() / 1_000);
    const access = streamAccess(await open().provider.access({ meetingId, userId: ann, role: "host" }));
    const { payload, protectedHeader } = await jwtVerify(
      access.token,
      new TextEncoder().encode(emulator.secret),
      { algorithms: ["HS256"] },
    );
    expect(protectedHeader.alg).toBe("HS256");
    expect(Object.keys(payload).sort()).toEqual(["call_cids", "exp", "iat", "user_id"]);
    expect(payload).toMatchObject({ user_id: ann, call_cids: [cid] });
    const { exp = 0, iat = 0 } = payload;
    expect(exp - iat).toBe(tokenSeconds + 1);
    expect(exp).toBeLessThanOrEqual(before + 3_600);
    expect(Date.parse(access.expiresAt)).toBe(exp * 1_000);
    expect(access).toMatchObject({
      apiKey: emulator.apiKey,
      userId: ann,
      callType: "default",
      callId: meetingId,
      baseUrl: `${emulator.url}/video`,
    });
    await expect(jwtVerify(access.token, new TextEncoder().encode("x".repeat(32)))).rejects.toThrow();
  });

  test("[VIDEO-6] observers may send nothing; whoever is raised may, and a second entry asks for nothing more", async () => {
    const { provider } = open();
    await provider.access({ meetingId, userId: ann, role: "observer" });
    expect([...(room()?.revoked.get(ann) ?? [])]).toEqual(sending);
    expect(room()?.members.get(ann)).toMatchObject({ role: "user", custom: { standing: "observer" } });
    emulator.received.length = 0;
    await provider.access({ meetingId, userId: ann, role: "observer" });
    expect(requests()).toEqual(["POST users", `POST call/default/${meetingId}`]);
    await provider.rooms?.changeRole({ meetingId, userId: ann, role: "participant" });
    expect(room()?.revoked.get(ann)?.size).toBe(0);
    expect(room()?.members.get(ann)).toMatchObject({ role: "user", custom: { standing: "participant" } });
  });

  test("[VIDEO-6] an observer whose sending cannot be refused gets no token", async () => {
    const { provider } = open();
    // An entry asks for the user, then for the room, then for what an observer may not do.
    emulator.after(2, { status: 403, code: 17 });
    expect(await failureOf(provider.access({ meetingId, userId: ann, role: "observer" }))).toBe("stream-17");
    expect(room()?.members.has(ann)).toBe(false);
  });

  test("[VIDEO-7] whoever is removed is blocked, and not where there is no room or they never came; being let in again ends it", async () => {
    const { provider } = open();
    await provider.rooms?.remove(meetingId, ann);
    expect(room()).toBeUndefined();
    await provider.access({ meetingId, userId: ann, role: "participant" });
    await provider.rooms?.remove(meetingId, ben);
    await provider.rooms?.changeRole({ meetingId, userId: ben, role: "observer" });
    await provider.rooms?.remove(meetingId, ann);
    await provider.rooms?.remove(meetingId, ann);
    expect([...(room()?.blocked ?? [])]).toEqual([ann]);
    await provider.access({ meetingId, userId: ann, role: "participant" });
    expect([...(room()?.blocked ?? [])]).toEqual([]);
  });

  test("[VIDEO-7] ending ends the room, and does nothing where there is none", async () => {
    const { provider } = open();
    await provider.rooms?.end(meetingId);
    await provider.access({ meetingId, userId: ann, role: "host" });
    await provider.rooms?.end(meetingId);
    expect(room()?.ended).toBe(true);
  });
});

describe.skipIf(sdk === null)("Stream's refusals", () => {
  test.each([
    [400, 4],
    [404, 16],
    [401, 40],
  ])("[VIDEO-8] %i with code %i is not asked again, and is named by its code", async (status, code) => {
    const { provider, outbound } = open();
    emulator.next({ status, code });
    expect(await failureOf(provider.access({ meetingId, userId: ann, role: "host" }))).toBe(`stream-${code}`);
    expect(emulator.received).toHaveLength(1);
    expect(outbound.health().lastFailure).toMatchObject({ code: `stream-${code}`, status });
  });

  test("[VIDEO-8] a wrong secret is code 43, with nothing of the secret in the error", async () => {
    const { provider } = open({ secret: "another-secret-of-nobody" });
    const error: unknown = await provider
      .access({ meetingId, userId: ann, role: "host" })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "VENDOR_ERROR", details: { reason: "stream-43", status: 401 } });
    expect(JSON.stringify(error)).not.toContain("another-secret");
  });

  test.each([
    ["429", { status: 429, code: 9, retryAfter: "0" }],
    ["500", { status: 500, code: -1 }],
    ["an answer that is no JSON", "not-json"],
  ] as const)("[VIDEO-8] %s is tried again", async (_name, behaviour) => {
    emulator.next(behaviour, behaviour);
    const access = await open().provider.access({ meetingId, userId: ann, role: "host" });
    expect(access.provider).toBe("stream");
    expect(requests().filter((request) => request === "POST users")).toHaveLength(3);
  });

  test("[VIDEO-8] a service that is silent is given up by the client's own time, a bounded number of times", async () => {
    emulator.always("silence");
    const { provider, outbound } = open({ timeoutMs: 100 });
    expect(await failureOf(provider.access({ meetingId, userId: ann, role: "host" }))).toBe("timeout");
    expect(emulator.received).toHaveLength(3);
    expect(outbound.health()).toMatchObject({ circuit: "closed", failed: 3 });
    expect(await failureOf(provider.access({ meetingId, userId: ann, role: "host" }))).toBe("circuit-open");
    expect(outbound.health().circuit).toBe("open");
  });

  test("[VIDEO-8] a service that is not there at all is a failure of the network", async () => {
    const { provider } = open();
    await emulator.close();
    expect(await failureOf(provider.access({ meetingId, userId: ann, role: "host" }))).toBe("network");
  });
});
