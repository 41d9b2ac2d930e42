// What emails around meetings are made with, and which one somebody is due.
import type { UserId } from "../../../shared/ids.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Mailbox } from "../../vendors/mail/index.ts";
import type { MailService } from "../mail/index.ts";
import type { OrganizationsService } from "../organizations/index.ts";
import type { UserRecord } from "../users/index.ts";
import type { MeetingMailKind } from "./meetings.emails.ts";
import type { People } from "./meetings.presenter.ts";
import type { MeetingsRepository, StoredMeeting, StoredParticipant } from "./meetings.repository.ts";

export interface NotificationsOptions {
  repository: MeetingsRepository;
  mail: MailService;
  organizations: Pick<OrganizationsService, "membersAmong">;
  loadPeople(ids: UserId[]): Promise<People>;
  clock: Clock;
  publicUrl(): string;
  from: Mailbox;
}

export function kindFor(meeting: StoredMeeting, place: StoredParticipant): MeetingMailKind | null {
  if (meeting.state === "concluded") return null;
  if (meeting.state === "cancelled") return place.mailedSequence === null ? null : "cancellation";
  return place.mailedSequence === null ? "invitation" : "update";
}

export function nameOf(person: UserRecord | undefined): string {
  return person?.displayName ?? "Somebody";
}
