import { describe, expect, it } from "vitest";
import { meetingIdSchema, userIdSchema } from "../../../shared/ids.ts";
import { createMeetingSchema, type Meeting } from "../../../shared/schemas/meetings.ts";
import {
  checkDraft,
  createRequest,
  draftOf,
  emptyDraft,
  type MeetingDraft,
  problemsFromDetails,
  updateRequest,
  withPasted,
} from "./meeting-draft.ts";

const now = new Date("2026-03-12T09:05:00Z");
const zone = "Europe/Zurich";

describe("the schedule form", () => {
  it("starts with a time that can still be made, in the reader's zone", () => {
    const draft = emptyDraft(now, zone);
    expect([draft.date, draft.time, draft.timeZone]).toEqual(["2026-03-12", "10:30", zone]);
  });

  it("sends what the shared schema accepts, without empty rows", () => {
    const request = createRequest(filled({ people: [row(1, " Mara@Example.org "), row(2, "")] }));
    expect(createMeetingSchema.safeParse(request).success).toBe(true);
    expect(request.participants).toEqual([{ email: "mara@example.org", role: "participant" }]);
    expect(request.scheduledAt).toBe("2026-03-12T09:30:00.000Z");
  });

  it("a call that starts now has no scheduled time", () => {
    expect(createRequest(filled({ timing: "now", date: "" })).scheduledAt).toBeUndefined();
    expect(checkDraft(filled({ timing: "now", date: "" }))).toEqual({});
  });

  it("names each problem at its field", () => {
    const problems = checkDraft(
      filled({
        title: "  ",
        time: "",
        people: [row(1, "mara@example.org"), row(2, "nobody"), row(3, "MARA@example.org")],
      }),
    );
    expect(Object.keys(problems).sort()).toEqual(["people.2", "people.3", "time", "title"]);
  });

  it("shows the server's complaints at the rows that are meant, empty rows not counted", () => {
    const draft = filled({ people: [row(1, ""), row(2, "a@example.org"), row(3, "b@example.org")] });
    expect(problemsFromDetails([{ path: ["participants", 1, "email"], message: "no" }], draft)).toEqual({
      "people.3": "no",
    });
    expect(problemsFromDetails([{ path: "scheduledAt", message: "past" }], draft)).toEqual({ date: "past" });
    expect(problemsFromDetails({ other: 1 }, draft)).toBeNull();
  });

  it("an unchanged draft of a meeting changes nothing", () => {
    expect(updateRequest(draftOf(meeting, now, zone), {}, meeting)).toBeNull();
  });

  it("a change sends only what differs; an emptied description is sent", () => {
    const edits = { description: "", time: "15:00" };
    expect(updateRequest({ ...draftOf(meeting, now, zone), ...edits }, edits, meeting)).toEqual({
      description: "",
      scheduledAt: "2026-03-20T14:00:00.000Z",
    });
  });

  it.each(["2026-10-25T01:30:00.000Z", "2026-03-20T13:00:30.000Z"])(
    "a time that nobody touched stays to the second, also in the hour that comes twice: %s",
    (scheduledAt) => {
      const there = { ...meeting, scheduledAt };
      const edits = { title: "Another title" };
      expect(updateRequest({ ...draftOf(there, now, zone), ...edits }, edits, there)).toEqual(edits);
    },
  );

  it("a pasted list fills its row and adds rows of the same role after it, nobody twice", () => {
    const people = [row(1, ""), row(2, "b@example.org")];
    expect(
      withPasted(people, 1, ["a@example.org", "b@example.org", "c@example.org"]).map(({ email }) => email),
    ).toEqual(["a@example.org", "c@example.org", "b@example.org"]);
  });
});

function row(key: number, email: string) {
  return { key, email, role: "participant" as const };
}

function filled(change: Partial<MeetingDraft>): MeetingDraft {
  return { ...emptyDraft(now, zone), title: "Session", ...change };
}

const meeting: Meeting = {
  id: meetingIdSchema.parse("a".repeat(24)),
  organizerId: userIdSchema.parse("b".repeat(24)),
  title: "Session",
  description: "About the plan",
  scheduledAt: "2026-03-20T13:00:00.000Z",
  durationMinutes: 45,
  timeZone: zone,
  series: null,
  template: "grow",
  recapDelivery: "approval",
  state: "scheduled",
  startedAt: null,
  endedAt: null,
  myRole: "host",
  participants: [],
  createdAt: "2026-03-01T10:00:00.000Z",
  updatedAt: "2026-03-01T10:00:00.000Z",
};
