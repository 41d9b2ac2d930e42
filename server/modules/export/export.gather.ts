// What goes into an export, part by part: the account is the first one, and each meeting is another.
import type { Actor } from "../../../shared/actor.ts";
import type { MeetingId, OrgId, UserId } from "../../../shared/ids.ts";
import type { AuditService } from "../audit/index.ts";
import type { CareerArea } from "../career/index.ts";
import type { ConsentService } from "../consent/index.ts";
import type { FilesService } from "../files/index.ts";
import type { FeedbackService } from "../feedback/index.ts";
import type { IdentityService } from "../identity/index.ts";
import type { InsightsService } from "../insights/index.ts";
import type { MailService } from "../mail/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { MessagingService } from "../messaging/index.ts";
import type { NotesService } from "../notes/index.ts";
import type { OrganizationsService } from "../organizations/index.ts";
import type { PromptsService } from "../prompts/index.ts";
import type { TranscriptsService } from "../transcripts/index.ts";
import type { UserRecord, UsersService } from "../users/index.ts";
import { accountFiles } from "./export.account.ts";
import type { StagedPiece } from "./export.files.ts";
import { meetingFiles } from "./export.meeting.ts";
import { sentFiles } from "./export.sent-files.ts";
import type { ExportSources } from "./export.sources.mongo.ts";

/** Everything is read by the services that show it, as the person: what they may not see there is not here. */
export interface ExportParts {
  sources: ExportSources;
  users: Pick<UsersService, "byIds">;
  organizations: Pick<OrganizationsService, "membersAmong">;
  identity: Pick<IdentityService, "sessions">;
  meetings: Pick<MeetingsService, "get" | "record">;
  transcripts: Pick<TranscriptsService, "read" | "readAll" | "fileCorrections">;
  messaging: Pick<MessagingService, "list" | "writtenBy" | "editedBy">;
  notes: Pick<NotesService, "read" | "wordsOf" | "templatesOf">;
  prompts: Pick<PromptsService, "list">;
  insights: Pick<InsightsService, "recap">;
  feedback: Pick<FeedbackService, "review">;
  consent: Pick<ConsentService, "ledger" | "ofMeeting">;
  mail: Pick<MailService, "list" | "get" | "attachment" | "settings">;
  audit: Pick<AuditService, "ofPerson">;
  career: Pick<CareerArea, "exportOf">;
  sent: Pick<FilesService, "sentBy" | "read">;
}

/** A meeting as the first page names it. */
export interface Chapter {
  folder: string;
  title: string;
  at: string | null;
  /** Null where their own words are all that they may see. */
  role: string | null;
}

/** Not a file: tells the first page of the part that it ends. */
export const chapterPath = ".chapter";

export async function* gatherAccount(parts: ExportParts, user: UserRecord): AsyncGenerator<StagedPiece> {
  yield* accountFiles(parts, actingAs(user, user.orgId));
  yield* sentFiles(parts.sent, user.id, { folder: "", meetingId: null });
}

export async function* gatherMeeting(
  parts: ExportParts,
  user: UserRecord,
  meetingId: MeetingId,
): AsyncGenerator<StagedPiece> {
  let chapter: Chapter | null = null;
  const actor = actingAs(user, await sessionFor(parts, user.id, meetingId));
  yield* meetingFiles(parts, actor, meetingId, (told) => (chapter = told));
  if (chapter === null) return;
  const { folder } = chapter as Chapter;
  // Theirs also where they cannot open the meeting today; never those of others.
  yield* sentFiles(parts.sent, user.id, { folder, meetingId });
  yield { path: chapterPath, text: JSON.stringify(chapter) };
}

/** The organisation in which the person could open the meeting, if any is: where they belong to its own, that. */
async function sessionFor(
  { meetings, organizations }: ExportParts,
  userId: UserId,
  meetingId: MeetingId,
): Promise<OrgId | null> {
  const orgId = (await meetings.record(meetingId))?.orgId ?? null;
  return (await organizations.membersAmong(orgId, [userId])).has(userId) ? orgId : null;
}

/** A session that only this export has: the policies decide as for any other. */
function actingAs({ id, email, displayName }: UserRecord, orgId: OrgId | null): Actor {
  return {
    userId: id,
    email,
    displayName,
    orgId,
    orgRole: "member",
    sessionId: "export",
    expiresAt: new Date(8.64e15),
  };
}
