import { describe, expect, test } from "vitest";
import { meetingIdSchema, userIdSchema } from "../../../shared/ids.ts";
import type { Meeting, Participant } from "../../../shared/schemas/meetings.ts";
import { type CallEvent, type CallState, initialCallState, namesOf, reduceCall } from "./call-state.ts";

const meetingId = meetingIdSchema.parse("b".repeat(24));
const claraId = userIdSchema.parse("a".repeat(24));
const at = "2026-03-12T13:00:00.000Z";

const clara: Participant = {
  userId: claraId,
  displayName: "Clara",
  photo: null,
  email: null,
  role: "host",
  presence: "joined",
  joinedAt: at,
  leftAt: null,
};
const meeting: Meeting = {
  id: meetingId,
  organizerId: claraId,
  title: "Session",
  description: null,
  scheduledAt: null,
  durationMinutes: 30,
  timeZone: null,
  series: null,
  template: "grow",
  recapDelivery: "automatic",
  state: "active",
  startedAt: at,
  endedAt: null,
  myRole: "host",
  participants: [clara],
  createdAt: at,
  updatedAt: at,
};
const joined: CallEvent = {
  type: "joined",
  meeting,
  participants: [clara],
  chunks: [],
  fromSequence: 1,
  lastSequence: 0,
};

const after = (...events: CallEvent[]): CallState => events.reduce(reduceCall, initialCallState);

describe("the state of a call", () => {
  test("a join brings the meeting, and each further one counts, so that the call is entered anew", () => {
    const state = after(joined, { type: "connection", connected: false }, joined);
    expect(state.phase).toEqual({ kind: "joined" });
    expect(state.connected).toBe(true);
    expect(state.joins).toBe(2);
  });

  test("a join's chunks that do not reach the end leave a gap to read", () => {
    const state = after({ ...joined, lastSequence: 400 });
    expect(state.transcript.completeTo).toBe(0);
    expect(state.transcript.lastSequence).toBe(400);
  });

  test("the meeting's end is the call's end, however the news arrives", () => {
    const concluded = { ...meeting, state: "concluded" as const };
    const over = { kind: "over", how: "ended", message: null };
    expect(after(joined, { type: "meeting", meeting: concluded }).phase).toEqual(over);
    expect(after({ ...joined, meeting: concluded }).phase).toEqual(over);
  });

  test("who was taken out stays out, with the reason, whatever arrives late", () => {
    const revoked: CallEvent = { type: "revoked", reason: "You were removed." };
    const state = after(joined, revoked, { type: "meeting", meeting }, { type: "refused", message: "no" });
    expect(state.phase).toEqual({ kind: "over", how: "revoked", message: "You were removed." });
    expect(state.peers).toEqual([]);
  });

  test("names come from participants, and from the call for who is there but not listed yet", () => {
    const media = { microphone: true, camera: true, screen: false, hand: false, transcribing: false };
    const benId = userIdSchema.parse("c".repeat(24));
    const peers = [{ peerId: "p", userId: benId, displayName: "Ben", media }];
    const state = after(joined, { type: "peers", peers });
    expect(namesOf(state)).toEqual({ [claraId]: "Clara", [benId]: "Ben" });
  });
});
