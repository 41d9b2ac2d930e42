// What stored rounds need of the rest of the product; bound in composition.
import type { MeetingId, OrgId, UserId } from "../../../../shared/ids.ts";
import type { EmailLanguage } from "../../../../shared/schemas/languages.ts";
import type { Candidate, TimeRange } from "../score/candidate.ts";

export interface PairingPerson {
  userId: UserId;
  name: string;
  email: string;
  language: EmailLanguage | null;
  timeZone: string | null;
}

/** What somebody tells of themselves and is known of them; what rounds know themselves is added here. */
export type PairingProfile = Pick<
  Candidate,
  "languages" | "interests" | "offers" | "seeks" | "vector" | "saidAt" | "blockedWith"
> & { available: readonly TimeRange[] };

export interface MeetingRequest {
  id: MeetingId;
  orgId: OrgId;
  title: string;
  startsAt: Date | null;
  durationMinutes: number;
  timeZone: string;
  /** The first makes it; `hosts` of them may start it. */
  people: readonly UserId[];
  hosts: number;
}

export interface PairingPorts {
  /** Active members of the organisation whose account is open, by id; at most `limit`. */
  members(orgId: OrgId, limit: number): Promise<PairingPerson[]>;
  /** Who of these is one. */
  membersAmong(orgId: OrgId, userIds: readonly UserId[]): Promise<PairingPerson[]>;
  /**
   * What is known of these people, who are looked for in this time. Who has told no hours has any, or with `usualHours` those
   * of an office; by the clock of `timeZone` where they have told none.
   */
  profiles(
    userIds: readonly UserId[],
    search: { orgId: OrgId; from: number; to: number; timeZone: string; usualHours: boolean },
  ): Promise<Map<UserId, PairingProfile>>;
  /** Who of these are blocked with each other, in pairs. */
  blockedAmong(userIds: readonly UserId[]): Promise<boolean>;
  /**
   * Has its meeting made, all invited; asked again, it is the same one, and says when that is. `gone`: they may not meet.
   * `taken`: one of them has something else by now. Throws UNAVAILABLE while somebody else may be taking the time.
   */
  makeMeeting(request: MeetingRequest): Promise<{ startsAt: Date | null } | "gone" | "taken">;
  /** How it went; null where it is not there. */
  meeting(
    id: MeetingId,
  ): Promise<{ state: "planned" | "over" | "cancelled"; came: ReadonlySet<UserId> } | null>;
  /** Of these meetings, what each gave them from 1 to 5: for learning only, never to be shown. */
  scoresOf(
    meetingIds: readonly MeetingId[],
  ): Promise<{ meetingId: MeetingId; userId: UserId; score: number }[]>;
  /** Once a key, however often it is asked. */
  remind(reminder: Reminder): Promise<void>;
}

export interface Reminder {
  key: string;
  person: PairingPerson;
  groupName: string;
  startsAt: Date;
  fixedAt: Date;
  timeZone: string;
}
