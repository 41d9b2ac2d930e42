// Who may do what in a meeting: one table, decided by role and lifecycle alone.
import { AppError } from "../../../shared/errors.ts";
import { keptNoLonger } from "../../../shared/retention.ts";
import type { MeetingLifecycle, MeetingRole } from "../../../shared/schemas/meetings.ts";
import type { RetentionKind } from "../../../shared/schemas/retention.ts";

export const meetingActions = [
  "meeting.read",
  "meeting.change",
  "meeting.start",
  "meeting.end",
  "meeting.cancel",
  "meeting.join",
  "state.read",
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
  "chat.edit",
  "chat.react",
  "chat.delete",
  "chat.delete-others",
  "prompts.read",
  "prompts.feedback",
  "recap.read",
  "recap.manage",
  "rating.read",
  "rating.give",
  "rating.withdraw",
  "review.read",
  "review.retry",
  "consent.read",
  "consent.decide",
  "ai.decide",
] as const;
export type MeetingAction = (typeof meetingActions)[number];

interface Rule {
  roles: readonly MeetingRole[];
  states: readonly MeetingLifecycle[];
  /** Observers may only while every host and participant agrees to be observed. */
  observedByConsent?: true;
}

/** What the policy decides by, beside the action. */
export interface Standing {
  role: MeetingRole;
  state: MeetingLifecycle;
  /** Whether every host and participant agrees to be observed; asked for observers alone. */
  mayBeObserved: boolean;
}

const everyone = ["host", "participant", "observer"] as const;
const speakers = ["host", "participant"] as const;
const hosts = ["host"] as const;
const anytime = ["scheduled", "active", "concluded", "cancelled"] as const;
const live = ["scheduled", "active"] as const;
/** What people say and write, for those who take part, and by their consent for those who observe. */
const conversation = { roles: everyone, states: anytime, observedByConsent: true } as const;

/** The whole policy. Observers read what is shared with everybody's consent, and write nothing. */
export const meetingPolicy: Record<MeetingAction, Rule> = {
  "meeting.read": { roles: everyone, states: anytime },
  "meeting.change": { roles: hosts, states: ["scheduled"] },
  "meeting.start": { roles: hosts, states: anytime },
  "meeting.end": { roles: hosts, states: anytime },
  "meeting.cancel": { roles: hosts, states: anytime },
  "meeting.join": conversation,
  "state.read": conversation,
  "participants.manage": { roles: hosts, states: live },
  "call.enter": { ...conversation, states: ["active"] },
  "notes.read": conversation,
  "notes.write": { roles: speakers, states: ["scheduled", "active", "concluded"] },
  // It shows what was taken out again: not what is shared any more.
  "notes.history": { roles: speakers, states: anytime },
  "notes.restore": { roles: speakers, states: ["scheduled", "active", "concluded"] },
  "notes.own": { roles: speakers, states: anytime },
  "transcript.read": conversation,
  "transcript.append": { roles: speakers, states: ["active"] },
  "transcript.append-for-others": { roles: hosts, states: ["active"] },
  // Which lines, the transcript's service says: hosts any, participants their own.
  "transcript.edit": { roles: speakers, states: ["active", "concluded"] },
  // It shows what was corrected away: not what is shared any more.
  "transcript.history": { roles: speakers, states: anytime },
  "transcript.rename-speakers": { roles: hosts, states: ["active", "concluded"] },
  "chat.read": conversation,
  // A call that is over keeps its chat as it was.
  "chat.write": { roles: speakers, states: live },
  // One's own; nobody puts words into another's mouth.
  "chat.edit": { roles: speakers, states: live },
  "chat.react": { roles: speakers, states: live },
  // One's own, at any time: what people take back is gone.
  "chat.delete": { roles: speakers, states: anytime },
  "chat.delete-others": { roles: hosts, states: live },
  "prompts.read": { roles: hosts, states: anytime },
  "prompts.feedback": { roles: hosts, states: anytime },
  "recap.read": conversation,
  "recap.manage": { roles: hosts, states: ["concluded"] },
  // One's own; the ratings service shows nobody another's.
  "rating.read": { roles: speakers, states: anytime },
  "rating.give": { roles: speakers, states: ["concluded"] },
  "rating.withdraw": { roles: speakers, states: anytime },
  // One's own as a coach; the feedback service shows nobody another's.
  "review.read": { roles: hosts, states: anytime },
  "review.retry": { roles: hosts, states: ["concluded"] },
  "consent.read": { roles: everyone, states: anytime },
  // At any time, for what was said stays in use after the call.
  "consent.decide": { roles: speakers, states: anytime },
  "ai.decide": { roles: hosts, states: anytime },
};

/** What adds to a kind of what is kept: not where the meeting's term of it is over. */
export const addsTo: Partial<Record<MeetingAction, RetentionKind>> = {
  "notes.write": "notes",
  "notes.restore": "notes",
  "transcript.edit": "transcript",
  "transcript.rename-speakers": "transcript",
  "chat.write": "chat",
  "prompts.feedback": "prompts",
  "recap.manage": "recaps",
  "rating.give": "ratings",
  "review.retry": "reviews",
};

export function assertKept(action: MeetingAction, over: ReadonlySet<RetentionKind>): void {
  const kind = addsTo[action];
  if (kind !== undefined && over.has(kind)) throw keptNoLonger(kind);
}

export function isAllowed(action: MeetingAction, { role, state, mayBeObserved }: Standing): boolean {
  const { roles, states, observedByConsent } = meetingPolicy[action];
  const seen = observedByConsent !== true || role !== "observer" || mayBeObserved;
  return roles.includes(role) && states.includes(state) && seen;
}

/** Lifecycle transitions (start, end, cancel) are refused by the transition table itself, with a clearer error. */
export function assertAllowed(action: MeetingAction, { role, state, mayBeObserved }: Standing): void {
  const rule = meetingPolicy[action];
  if (!rule.roles.includes(role)) {
    throw new AppError("FORBIDDEN", `Your role in this meeting (${role}) does not allow this.`, {
      details: { action, role },
    });
  }
  if (rule.observedByConsent === true && role === "observer" && !mayBeObserved) {
    throw new AppError(
      "CONSENT_MISSING",
      "Observers see this meeting once everybody who takes part in it has agreed to that.",
      { details: { action, purpose: "sharing" } },
    );
  }
  if (!rule.states.includes(state)) {
    throw new AppError("MEETING_NOT_ACTIVE", `This is not possible while the meeting is ${state}.`, {
      details: { action, state },
    });
  }
}
