// The policy table, written out a second time by hand: a change of rights has to be made in both places.
import { describe, expect, test } from "vitest";
import { AppError } from "../../../shared/errors.ts";
import { meetingLifecycleSchema, meetingRoleSchema } from "../../../shared/schemas/meetings.ts";
import { assertAllowed, isAllowed, meetingActions, type MeetingAction } from "./meetings.policy.ts";

const roles = meetingRoleSchema.options;
const states = meetingLifecycleSchema.options;

/** Roles by their first letter, `?` for observers with everybody's consent; states by theirs, with `x` for cancelled. */
const expected: Record<MeetingAction, [roles: string, states: string]> = {
  "meeting.read": ["hpo", "sacx"],
  "meeting.change": ["h", "s"],
  "meeting.start": ["h", "sacx"],
  "meeting.end": ["h", "sacx"],
  "meeting.cancel": ["h", "sacx"],
  "meeting.join": ["hp?", "sacx"],
  "state.read": ["hp?", "sacx"],
  "participants.manage": ["h", "sa"],
  "call.enter": ["hp?", "a"],
  "notes.read": ["hp?", "sacx"],
  "notes.write": ["hp", "sac"],
  "notes.history": ["hp", "sacx"],
  "notes.restore": ["hp", "sac"],
  "notes.own": ["hp", "sacx"],
  "transcript.read": ["hp?", "sacx"],
  "transcript.append": ["hp", "a"],
  "transcript.append-for-others": ["h", "a"],
  "transcript.edit": ["hp", "ac"],
  "transcript.history": ["hp", "sacx"],
  "transcript.rename-speakers": ["h", "ac"],
  "chat.read": ["hp?", "sacx"],
  "chat.write": ["hp", "sa"],
  "chat.edit": ["hp", "sa"],
  "chat.react": ["hp", "sa"],
  "chat.delete": ["hp", "sacx"],
  "chat.delete-others": ["h", "sa"],
  "prompts.read": ["h", "sacx"],
  "prompts.feedback": ["h", "sacx"],
  "recap.read": ["hp?", "sacx"],
  "recap.manage": ["h", "c"],
  "rating.read": ["hp", "sacx"],
  "rating.give": ["hp", "c"],
  "rating.withdraw": ["hp", "sacx"],
  "review.read": ["h", "sacx"],
  "review.retry": ["h", "c"],
  "consent.read": ["hpo", "sacx"],
  "consent.decide": ["hp", "sacx"],
  "ai.decide": ["h", "sacx"],
};
const stateLetter = { scheduled: "s", active: "a", concluded: "c", cancelled: "x" } as const;

function codeOf(run: () => void): string {
  try {
    run();
    return "allowed";
  } catch (error) {
    return error instanceof AppError ? error.code : "other";
  }
}

describe("[MEETINGS-3] each action is open to exactly these roles in these states", () => {
  test.each(meetingActions.map((action) => ({ action })))("$action", ({ action }) => {
    const [allowedRoles, allowedStates] = expected[action];
    for (const role of roles) {
      for (const state of states) {
        for (const mayBeObserved of [true, false]) {
          const byConsent = role === "observer" && allowedRoles.includes("?");
          const answer =
            !byConsent && !allowedRoles.includes(role.charAt(0))
              ? "FORBIDDEN"
              : byConsent && !mayBeObserved
                ? "CONSENT_MISSING"
                : allowedStates.includes(stateLetter[state])
                  ? "allowed"
                  : "MEETING_NOT_ACTIVE";
          const standing = { role, state, mayBeObserved };
          const made = codeOf(() => assertAllowed(action, standing));
          expect({ ...standing, made }).toEqual({ ...standing, made: answer });
          expect(isAllowed(action, standing)).toBe(answer === "allowed");
        }
      }
    }
  });
});
