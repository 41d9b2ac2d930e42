// Who may do what in a meeting: one table, decided by role and lifecycle alone.
import { AppError } from "../../../shared/errors.ts";
import type { MeetingLifecycle, MeetingRole } from "../../../shared/schemas/meetings.ts";

export const meetingActions = [
  "meeting.read",
  "meeting.change",
  "meeting.start",
  "meeting.end",
  "meeting.cancel",
  "meeting.join",
  "participants.manage",
  "call.enter",
  "notes.read",
  "notes.write",
  "notes.history",
  "notes.restore",
  "notes.own",
  "transcript.read",
  "transcript.append",
  "transcript.append-for-others",
  "transcript.edit",
  "transcript.history",
  "transcript.rename-speakers",
  "chat.read",
  "chat.write",
  "prompts.read",
  "prompts.feedback",
  "recap.read",
  "recap.manage",
] as const;
export type MeetingAction = (typeof meetingActions)[number];

interface Rule {
  roles: readonly MeetingRole[];
  states: readonly MeetingLifecycle[];
}

const everyone = ["host", "participant", "observer"] as const;
const speakers = ["host", "participant"] as const;
const hosts = ["host"] as const;
const anytime = ["scheduled", "active", "concluded", "cancelled"] as const;
const live = ["scheduled", "active"] as const;

/** The whole policy. Observers read what is shared and write nothing. */
export const meetingPolicy: Record<MeetingAction, Rule> = {
  "meeting.read": { roles: everyone, states: anytime },
  "meeting.change": { roles: hosts, states: ["scheduled"] },
  "meeting.start": { roles: hosts, states: anytime },
  "meeting.end": { roles: hosts, states: anytime },
  "meeting.cancel": { roles: hosts, states: anytime },
  "meeting.join": { roles: everyone, states: anytime },
  "participants.manage": { roles: hosts, states: live },
  "call.enter": { roles: everyone, states: ["active"] },
  "notes.read": { roles: everyone, states: anytime },
  "notes.write": { roles: speakers, states: ["scheduled", "active", "concluded"] },
  // It shows what was taken out again: not what is shared any more.
  "notes.history": { roles: speakers, states: anytime },
  "notes.restore": { roles: speakers, states: ["scheduled", "active", "concluded"] },
  "notes.own": { roles: speakers, states: anytime },
  "transcript.read": { roles: everyone, states: anytime },
  "transcript.append": { roles: speakers, states: ["active"] },
  "transcript.append-for-others": { roles: hosts, states: ["active"] },
  // Which lines, the transcript's service says: hosts any, participants their own.
  "transcript.edit": { roles: speakers, states: ["active", "concluded"] },
  // It shows what was corrected away: not what is shared any more.
  "transcript.history": { roles: speakers, states: anytime },
  "transcript.rename-speakers": { roles: hosts, states: ["active", "concluded"] },
  "chat.read": { roles: everyone, states: anytime },
  "chat.write": { roles: speakers, states: ["scheduled", "active", "concluded"] },
  "prompts.read": { roles: hosts, states: anytime },
  "prompts.feedback": { roles: hosts, states: anytime },
  "recap.read": { roles: everyone, states: anytime },
  "recap.manage": { roles: hosts, states: ["concluded"] },
};

export function isAllowed(action: MeetingAction, role: MeetingRole, state: MeetingLifecycle): boolean {
  const { roles, states } = meetingPolicy[action];
  return roles.includes(role) && states.includes(state);
}

/** Lifecycle transitions (start, end, cancel) are refused by the transition table itself, with a clearer error. */
export function assertAllowed(action: MeetingAction, role: MeetingRole, state: MeetingLifecycle): void {
  const rule = meetingPolicy[action];
  if (!rule.roles.includes(role)) {
    throw new AppError("FORBIDDEN", `Your role in this meeting (${role}) does not allow this.`, {
      details: { action, role },
    });
  }
  if (!rule.states.includes(state)) {
    throw new AppError("MEETING_NOT_ACTIVE", `This is not possible while the meeting is ${state}.`, {
      details: { action, state },
    });
  }
}
