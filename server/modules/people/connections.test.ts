// How two people stand to each other.
import { expect, test } from "vitest";
import type { UserId } from "../../../shared/ids.ts";
import { connectionOf, otherOf, pairId, pairIdsAmong, type Pair } from "./connections.ts";
import { maySeeGoals, maySeePerson, type Standing } from "./people.policy.ts";

const [ann, ben, cleo] = ["a", "b", "c"].map((letter) => letter.repeat(24)) as [UserId, UserId, UserId];
const pair = (change: Partial<Pair>): Pair => ({
  members: [ann, ben],
  askedBy: [],
  declinedBy: [],
  blockedBy: [],
  ...change,
});

test("[PEOPLE-8] who asked and who was asked see the same request from both sides, and both are connected once both ask", () => {
  expect(connectionOf(null, ann)).toBe("none");
  expect(connectionOf(pair({ askedBy: [ann] }), ann)).toBe("outgoing");
  expect(connectionOf(pair({ askedBy: [ann] }), ben)).toBe("incoming");
  for (const one of [ann, ben]) expect(connectionOf(pair({ askedBy: [ben, ann] }), one)).toBe("connected");
});

test("[PEOPLE-9] a declined request is gone for who declined it, and open for who made it", () => {
  const declined = pair({ askedBy: [ann], declinedBy: [ben] });
  expect(connectionOf(declined, ben)).toBe("none");
  expect(connectionOf(declined, ann)).toBe("outgoing");
});

test("[PEOPLE-11] a block leaves nothing between two people, for either", () => {
  for (const reader of [ann, ben])
    for (const blockedBy of [[ann], [ben], [ann, ben]])
      expect(connectionOf(pair({ askedBy: [ann, ben], blockedBy }), reader)).toBe("none");
});

test("[PEOPLE-11] two people are one pair, in whichever order they are named", () => {
  expect(pairId(ben, ann)).toBe(pairId(ann, ben));
  expect(pairIdsAmong([ben, ann, cleo, ann])).toEqual([
    pairId(ann, ben),
    pairId(ben, cleo),
    pairId(ann, cleo),
  ]);
  expect(otherOf(pair({}), ben)).toBe(ann);
});

test("[PEOPLE-4] [PEOPLE-5] one table says who sees a person, and who sees their goals", () => {
  const stranger: Standing = {
    self: false,
    blocked: false,
    sharesOrganization: false,
    sharesMeeting: false,
    connection: "none",
  };
  const ways: Partial<Standing>[] = [
    { sharesOrganization: true },
    { sharesMeeting: true },
    { connection: "connected" },
    { connection: "incoming" },
  ];
  expect(maySeePerson(stranger)).toBe(false);
  expect(maySeePerson({ ...stranger, connection: "outgoing" })).toBe(false);
  for (const way of ways) {
    expect(maySeePerson({ ...stranger, ...way })).toBe(true);
    expect(maySeePerson({ ...stranger, ...way, blocked: true })).toBe(false);
  }
  expect(maySeePerson({ ...stranger, self: true })).toBe(true);
  expect(ways.map((way) => maySeeGoals({ ...stranger, ...way }))).toEqual([false, false, true, false]);
});
