// A meeting's life: which state follows which, decided without a store and without a clock.
import { AppError } from "../../../shared/errors.ts";
import type { MeetingLifecycle } from "../../../shared/schemas/meetings.ts";

export type Transition = "start" | "end" | "cancel";

interface TransitionRule {
  from: MeetingLifecycle;
  to: MeetingLifecycle;
}

export const transitions: Record<Transition, TransitionRule> = {
  start: { from: "scheduled", to: "active" },
  end: { from: "active", to: "concluded" },
  cancel: { from: "scheduled", to: "cancelled" },
};

const verbs: Record<Transition, string> = { start: "started", end: "ended", cancel: "cancelled" };

const states: Record<MeetingLifecycle, string> = {
  scheduled: "has not started yet",
  active: "is running",
  concluded: "is over",
  cancelled: "was cancelled",
};

export function canTransition(transition: Transition, state: MeetingLifecycle): boolean {
  return transitions[transition].from === state;
}

/** An ended meeting may be ended again without effect: two hosts who press the button at once both succeed. */
export function isRepetition(transition: Transition, state: MeetingLifecycle): boolean {
  return transition === "end" && state === "concluded";
}

export function illegalTransition(transition: Transition, state: MeetingLifecycle): AppError {
  return new AppError(
    "ILLEGAL_TRANSITION",
    `This meeting ${states[state]}, so it cannot be ${verbs[transition]}.`,
    { details: { transition, state } },
  );
}
