// What browsers are given for a call between themselves.
import { describe, expect, test } from "vitest";
import { meetingIdSchema, userIdSchema } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import { callAccessSchema } from "../../../shared/schemas/video.ts";
import { createPeerToPeerVideo } from "./peer-to-peer.ts";

const meetingId = meetingIdSchema.parse("a".repeat(24));
const userId = userIdSchema.parse("b".repeat(24));

test("[VIDEO-1] access names the size of a call and the servers to connect by", async () => {
  const video = createPeerToPeerVideo({
    iceServers: ["stun:stun.example.org:3478", "turns:ann:p%40ss@turn.example.org:5349?transport=tcp"],
  });
  const access = await video.access({ meetingId, userId, role: "host" });
  expect(callAccessSchema.parse(access)).toEqual({
    provider: "peer-to-peer",
    maxPeers: limits.callMaxPeers,
    iceServers: [
      { urls: ["stun:stun.example.org:3478"] },
      { urls: ["turns:turn.example.org:5349?transport=tcp"], username: "ann", credential: "p@ss" },
    ],
  });
});

describe("[VIDEO-2] a TURN server without user and password stops the start, as browsers would refuse every call", () => {
  test.each(["turn:turn.example.org", "turn:ann@turn.example.org", "stun:a:b@stun.example.org"])(
    "%s",
    (address) => {
      expect(() => createPeerToPeerVideo({ iceServers: [address] })).toThrow(/turn:user:password@host:port/);
    },
  );
});
