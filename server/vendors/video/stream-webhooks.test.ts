// Deliveries of Stream: proved or refused before anything of them is read, and then read as far as anybody listens.
import { createHmac } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { limits } from "../../../shared/limits.ts";
import { loadStreamSdk } from "./stream-sdk.ts";
import { openStreamWebhook, videoEventOf } from "./stream-webhooks.ts";

const sdk = await loadStreamSdk();
const config = { apiKey: "key", secret: "s".repeat(32) };
const meetingId = "a".repeat(24);
const userId = "b".repeat(24);
const at = { call_cid: `default:${meetingId}`, created_at: "2026-01-05T09:00:01.123456789Z" };
const ended = Buffer.from(JSON.stringify({ type: "call.ended", ...at }));
const sign = (body: Uint8Array, secret = config.secret) =>
  createHmac("sha256", secret).update(body).digest("hex");

function open(
  body: Buffer,
  more: { signature?: string | undefined; apiKey?: string; webhookId?: string } = {},
) {
  const { apiKey = "key", webhookId = "w-1" } = more;
  const signature = "signature" in more ? more.signature : sign(body);
  return openStreamWebhook({ body, signature, apiKey, webhookId }, config);
}

describe("[VIDEO-9] a delivery is taken with the signature of its body, and refused with any other", () => {
  test("plain, and gzipped as what it unpacks to", () => {
    const zipped = gzipSync(ended);
    const opened = open(ended);
    expect(opened.event).toMatchObject({ type: "call.ended" });
    expect(open(zipped, { signature: sign(ended) })).toEqual(opened);
    expect(() => open(zipped, { signature: sign(zipped) })).toThrow(/signature/i);
  });

  test.each([
    ["none", undefined],
    ["an empty one", ""],
    ["one of another secret", sign(ended, "another")],
    ["one of another body", sign(Buffer.from("{}"))],
    ["a shortened one", sign(ended).slice(0, 40)],
  ])("%s", (_name, signature) => {
    expect(() => open(ended, { signature })).toThrow(
      expect.objectContaining({ code: "UNAUTHENTICATED" }) as Error,
    );
  });

  test("another app's", () => {
    expect(() => open(ended, { apiKey: "other" })).toThrow(
      expect.objectContaining({ code: "UNAUTHENTICATED" }) as Error,
    );
  });

  test("what unpacks to more than a body may have is refused without being unpacked whole", () => {
    const bomb = gzipSync(Buffer.alloc(limits.httpBodyMaxBytes + 1));
    expect(bomb.length).toBeLessThan(20_000);
    expect(() => open(bomb)).toThrow(expect.objectContaining({ code: "PAYLOAD_TOO_LARGE" }) as Error);
    expect(() => open(Buffer.from([0x1f, 0x8b, 1, 2]))).toThrow(
      expect.objectContaining({ code: "MALFORMED_REQUEST" }) as Error,
    );
  });

  test("it is known by its body, whatever id it comes with", () => {
    expect(open(ended, { webhookId: "another" }).ids[0]).toBe(open(ended).ids[0]);
    expect(open(ended, { webhookId: "not an id\n" }).ids).toHaveLength(1);
  });

  test.skipIf(sdk === null)("by the same rule as Stream's own client", () => {
    const client = new (sdk as NonNullable<typeof sdk>).StreamClient(config.apiKey, config.secret, {
      timeout: 1_000,
    }) as unknown as { verifyAndParseWebhook(body: Buffer, signature: string): { type: string } };
    for (const body of [ended, gzipSync(ended)]) {
      expect(client.verifyAndParseWebhook(body, sign(ended)).type).toBe(
        open(body, { signature: sign(ended) }).event.type,
      );
      for (const signature of [sign(body, "another"), "", sign(ended).slice(1)]) {
        expect(() => client.verifyAndParseWebhook(body, signature)).toThrow();
        expect(() => open(body, { signature })).toThrow();
      }
    }
  });
});

describe("[VIDEO-10] an event is read as far as anybody listens", () => {
  const times = { start_time: "2026-01-05T09:00:00.5Z", end_time: "2026-01-05T09:00:01Z" };
  const caption = { id: "u-1", speaker_id: userId, text: " Hello. ", ...times, language: "en", user: {} };

  test("captions, comings and goings, and what is ready", () => {
    expect(videoEventOf({ type: "call.closed_caption", ...at, closed_caption: caption })).toMatchObject({
      kind: "caption",
      meetingId,
      caption: { id: "u-1", speakerId: userId, text: "Hello.", startsAt: new Date(times.start_time) },
    });
    const participant = { user: { id: userId }, user_session_id: "s" };
    for (const kind of ["joined", "left"] as const)
      expect(videoEventOf({ type: `call.session_participant_${kind}`, ...at, participant })).toMatchObject({
        kind,
        userId,
      });
    const recording = { type: "call.recording_ready", ...at, call_recording: { url: "https://secret" } };
    expect(videoEventOf(recording)).toEqual({
      kind: "said",
      what: "recording-ready",
      meetingId,
      saidAt: new Date("2026-01-05T09:00:01.123Z"),
    });
  });

  test.each([
    ["of a kind that nobody knows", { type: "call.invented", ...at }],
    ["of another call type", { type: "call.ended", ...at, call_cid: `livestream:${meetingId}` }],
    ["of a call that is none of ours", { type: "call.ended", ...at, call_cid: "default:party" }],
    ["without a call", { type: "message.new" }],
    [
      "a translation",
      { type: "call.closed_caption", ...at, closed_caption: { ...caption, translated: true } },
    ],
    [
      "a caption without words",
      { type: "call.closed_caption", ...at, closed_caption: { ...caption, text: " " } },
    ],
    ["named like a part of every object", { type: "constructor", ...at }],
  ])("%s says nothing", (_name, event) => {
    expect(videoEventOf(event)).toEqual({ kind: "other" });
  });
});
