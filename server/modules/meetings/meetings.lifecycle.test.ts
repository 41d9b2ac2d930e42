// The lifecycle's whole table: what follows what, and what is refused.
import { describe, expect, test } from "vitest";
import { meetingLifecycleSchema } from "../../../shared/schemas/meetings.ts";
import {
  canTransition,
  illegalTransition,
  isRepetition,
  transitions,
  type Transition,
} from "./meetings.lifecycle.ts";

const states = meetingLifecycleSchema.options;
const all = Object.keys(transitions) as Transition[];

describe("[MEETINGS-1] only these steps are legal", () => {
  test.each(all.flatMap((transition) => states.map((state) => ({ transition, state }))))(
    "$transition from $state",
    ({ transition, state }) => {
      const legal = ["start scheduled", "end active", "cancel scheduled"];
      expect(canTransition(transition, state)).toBe(legal.includes(`${transition} ${state}`));
    },
  );
});

test("[MEETINGS-2] only ending what is over counts as a repetition", () => {
  const repetitions = all.flatMap((transition) =>
    states.filter((state) => isRepetition(transition, state)).map((state) => `${transition} ${state}`),
  );
  expect(repetitions).toEqual(["end concluded"]);
});

test("[MEETINGS-1] a refused step says what the meeting is", () => {
  expect(illegalTransition("start", "concluded")).toMatchObject({
    code: "ILLEGAL_TRANSITION",
    status: 409,
    message: "This meeting is over, so it cannot be started.",
    details: { transition: "start", state: "concluded" },
  });
});
