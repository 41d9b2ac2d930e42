// What each endpoint does: one call of a module, two where a page needs both.
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { Status } from "../../../shared/schemas/users.ts";
import type { AiService } from "../../modules/ai/index.ts";
import type { CaptionsService } from "../../modules/captions/index.ts";
import type { ApiKeysService } from "../../modules/api-keys/index.ts";
import type { AuditService } from "../../modules/audit/index.ts";
import type { BriefsService } from "../../modules/briefs/index.ts";
import type { CareerServices } from "../../modules/career/index.ts";
import type { ConsentService } from "../../modules/consent/index.ts";
import type { EncryptionService } from "../../modules/encryption/index.ts";
import type { DeletionService } from "../../modules/deletion/index.ts";
import type { ExportService } from "../../modules/export/index.ts";
import type { FlagsService } from "../../modules/flags/index.ts";
import type { IdentityService } from "../../modules/identity/index.ts";
import type { FeedbackService } from "../../modules/feedback/index.ts";
import type { InsightsService } from "../../modules/insights/index.ts";
import type { MailService } from "../../modules/mail/index.ts";
import type { MatchingService, PairingService, WeightsService } from "../../modules/matching/index.ts";
import type { MeetingsService } from "../../modules/meetings/index.ts";
import type { MessagingService } from "../../modules/messaging/index.ts";
import type { NotesService } from "../../modules/notes/index.ts";
import type { ObjectivesService } from "../../modules/objectives/index.ts";
import type { OrganizationsService } from "../../modules/organizations/index.ts";
import type { OverviewService } from "../../modules/overview/index.ts";
import type { PassagesService } from "../../modules/passages/index.ts";
import type { PeopleService } from "../../modules/people/index.ts";
import type { PhotosService } from "../../modules/photos/index.ts";
import type { PlansService } from "../../modules/plans/index.ts";
import type { PromptsService } from "../../modules/prompts/index.ts";
import type { RatingsService } from "../../modules/ratings/index.ts";
import type { SearchService } from "../../modules/search/index.ts";
import type { RetentionService } from "../../modules/retention/index.ts";
import type { CalendarService, SchedulingService } from "../../modules/scheduling/index.ts";
import type { TranscriptsService } from "../../modules/transcripts/index.ts";
import type { UsersService } from "../../modules/users/index.ts";
import type { VideoService } from "../../modules/video/index.ts";
import { directoryEventSchema } from "../../vendors/identity/index.ts";
import { createAiHandlers } from "./ai-handlers.ts";
import { createAuditHandlers } from "./audit-handlers.ts";
import { createCareerHandlers } from "./career-handlers.ts";
import type { Handlers } from "./endpoint-router.ts";
import { createEncryptionHandlers } from "./encryption-handlers.ts";
import { createSpeechHandlers } from "./speech-handlers.ts";
import { createFileHandlers } from "./file-handlers.ts";
import { createFlagHandlers } from "./flag-handlers.ts";
import { createMatchingRoundsHandlers } from "./matching-rounds-handlers.ts";
import { createPlanHandlers } from "./plan-handlers.ts";
import { createPeopleHandlers } from "./people-handlers.ts";
import { createRetentionHandlers } from "./retention-handlers.ts";
import { createSeriesHandlers } from "./series-handlers.ts";
import { createMailHandlers } from "./mail-handlers.ts";

export interface HttpServices {
  ai: AiService;
  captions: CaptionsService;
  passages: PassagesService;
  search: SearchService;
  briefs: BriefsService;
  career: CareerServices;
  audit: AuditService;
  flags: FlagsService;
  encryption: EncryptionService;
  /** Email addresses. */
  operators: ReadonlySet<string>;
  users: UsersService;
  organizations: OrganizationsService;
  apiKeys: ApiKeysService;
  consent: ConsentService;
  deletion: DeletionService;
  ownExport: ExportService;
  retention: RetentionService;
  meetings: MeetingsService;
  transcripts: TranscriptsService;
  messaging: MessagingService;
  notes: NotesService;
  prompts: PromptsService;
  insights: InsightsService;
  plans: PlansService;
  objectives: ObjectivesService;
  overview: OverviewService;
  ratings: RatingsService;
  feedback: FeedbackService;
  people: PeopleService;
  scheduling: SchedulingService;
  matching: MatchingService;
  pairing: PairingService;
  matchingWeights: WeightsService;
  calendar: CalendarService;
  photos: PhotosService;
  mail: MailService;
  video: VideoService;
}

export function createHandlers(
  services: HttpServices & { identity: IdentityService },
  status: Status,
): Handlers {
  const { identity } = services;
  const {
    users,
    flags,
    operators,
    organizations,
    apiKeys,
    consent,
    deletion,
    ownExport,
    retention,
    meetings,
    transcripts,
    messaging,
    notes,
    prompts,
    insights,
    objectives,
    overview,
    ratings,
    feedback,
    search,
    briefs,
    video,
  } = services;
  const me = async (actor: Actor) => ({ ...(await users.me(actor)), operator: operators.has(actor.email) });
  return {
    status: () => Promise.resolve(status),
    me,
    ...createFileHandlers({ ...services, me }),
    ...createSpeechHandlers(services),
    ...createSeriesHandlers(services),
    ...createPeopleHandlers(services),
    ...createMatchingRoundsHandlers(services),
    ...createCareerHandlers(services),
    updateMe: async (actor, { body }) => ({
      ...(await users.updateMe(actor, body)),
      operator: operators.has(actor.email),
    }),
    listOrganizations: async (actor) => ({ items: await organizations.choices(actor) }),
    listSessions: async (actor) => ({ items: await identity.sessions(actor) }),
    async endSession(actor, { params }) {
      await identity.endOne(actor, params.sessionId);
      return null;
    },
    endOtherSessions: (actor) => identity.endOthers(actor),
    async home(actor) {
      const [overview, commitments] = await Promise.all([
        meetings.overview(actor),
        insights.openCommitments(actor),
      ]);
      return { ...overview, commitments };
    },

    listMeetings: (actor, { query }) => meetings.list(actor, query),
    async createMeeting(actor, { body }) {
      await notes.checkTemplate(actor, body.template);
      return await meetings.create(actor, body);
    },
    getMeeting: (actor, { params }) => meetings.get(actor, params.id),
    async updateMeeting(actor, { params, body }) {
      await meetings.authorize(actor, params.id, "meeting.change");
      await notes.checkTemplate(actor, body.template);
      return await meetings.update(actor, params.id, body);
    },
    startMeeting: (actor, { params }) => meetings.start(actor, params.id),
    endMeeting: (actor, { params }) => meetings.end(actor, params.id),
    cancelMeeting: (actor, { params }) => meetings.cancel(actor, params.id),
    inviteParticipant: (actor, { params, body }) => meetings.invite(actor, params.id, body),
    changeParticipant: (actor, { params, body }) =>
      meetings.changeRole(actor, params.id, params.userId, body.role),
    async removeParticipant(actor, { params }) {
      await meetings.remove(actor, params.id, params.userId);
      return null;
    },
    async meetingInvitation(actor, { params, setFilename }) {
      const file = await meetings.invitationFile(actor, params.id);
      setFilename("invitation.ics");
      return file;
    },
    meetingState: (actor, { params }) => meetings.state(actor, params.id),
    callAccess: (actor, { params }) => video.access(actor, params.id),

    deletionStatus: (actor) => deletion.status(actor),
    requestDeletion: (actor, { body }) => deletion.request(actor, body),
    cancelDeletion: (actor) => deletion.cancel(actor),
    exportStatus: (actor) => ownExport.status(actor),
    requestExport: (actor) => ownExport.request(actor),
    async downloadExport(actor, { setFilename, setSize }) {
      const { filename, sizeBytes, bytes } = await ownExport.download(actor);
      setFilename(filename);
      setSize(sizeBytes);
      return bytes;
    },
    ...createRetentionHandlers(retention),
    consentDefaults: (actor) => consent.defaults(actor),
    decideConsentDefault: (actor, { body }) => consent.decideDefault(actor, body),
    consentLedger: (actor, { query }) => consent.ledger(actor, query),
    meetingConsents: (actor, { params }) => consent.ofMeeting(actor, params.id),
    decideConsent: (actor, { params, body }) => consent.decide(actor, params.id, body),

    appendTranscript: (actor, { params, body }) => transcripts.append(actor, params.id, body.chunks),
    async transcriptWebhook({ params, body }) {
      // The address is not signed, the body is.
      if (params.meetingId !== body.meetingId) {
        throw new AppError("VALIDATION_ERROR", "The body's meetingId must be the one in the address.");
      }
      return await transcripts.appendFromVendor(body.meetingId, body.chunks);
    },
    readTranscript: (actor, { params, query }) => transcripts.read(actor, params.id, query),
    async searchTranscript(actor, { params, query }) {
      if (!(await flags.isOn("transcript.search", actor))) {
        throw new AppError("FORBIDDEN", "Searching transcripts is switched off at the moment.");
      }
      return await transcripts.search(actor, params.id, query);
    },
    editTranscriptLine: (actor, { params, body }) =>
      transcripts.edit(actor, params.id, params.sequence, body),
    transcriptLineHistory: (actor, { params }) => transcripts.history(actor, params.id, params.sequence),
    renameSpeaker: (actor, { params, body }) => transcripts.renameSpeaker(actor, params.id, body),
    readNotes(actor, { params, query }) {
      if (actor.apiKeyId !== undefined && query.layer !== "shared") throw notForKeys();
      return notes.read(actor, params.id, query.layer);
    },
    applyNoteOperations: (actor, { params, body }) => notes.applyOperations(actor, params.id, body),
    notesHistory: (actor, { params, query }) => notes.history(actor, params.id, query),
    readNotesVersion: (actor, { params, query }) =>
      notes.version(actor, params.id, { ...query, version: params.version }),
    restoreNotesVersion: (actor, { params, body }) => notes.restore(actor, params.id, params.version, body),
    applyNotesTemplate: (actor, { params, body }) => notes.useTemplate(actor, params.id, body),
    saveNotesTemplate: (actor, { params, body }) => notes.saveTemplate(actor, params.id, body),
    listNotesTemplates: (actor) => notes.templates(actor),
    async deleteNotesTemplate(actor, { params }) {
      await notes.deleteTemplate(actor, params.templateId);
      return null;
    },
    sendMessage: (actor, { params, body }) => messaging.send(actor, params.id, body),
    listMessages: (actor, { params, query }) => messaging.list(actor, params.id, query),
    changeMessage: (actor, { params, body }) => messaging.change(actor, params.id, params.messageId, body),

    listPrompts: (actor, { params, query }) => prompts.list(actor, params.id, query),
    promptFeedback: (actor, { params, body }) =>
      prompts.feedback(actor, params.id, params.promptId, body.feedback),

    recap: (actor, { params }) => insights.recap(actor, params.id),
    retryRecap: (actor, { params }) => insights.retry(actor, params.id),
    previewRecapEmails: (actor, { params }) => insights.previewEmails(actor, params.id),
    approveRecap: (actor, { params }) => insights.approve(actor, params.id),
    updateActionItem: (actor, { params, body }) =>
      insights.updateActionItem(actor, params.id, params.actionId, body),
    makeMilestone: (actor, { params }) => insights.makeMilestone(actor, params.id, params.actionId),
    ...createPlanHandlers(services),
    listSegments: (actor, { params, query }) => insights.segments(actor, params.id, query),
    brief: (actor, { params }) => briefs.brief(actor, params.id),
    askQuestion: (actor, { body }) => search.ask(actor, body.question),
    listTopics: (actor, { params }) => insights.topics(actor, params.id),

    ownRating: (actor, { params }) => ratings.own(actor, params.id),
    giveRating: (actor, { params, body }) => ratings.give(actor, params.id, body),
    withdrawRating: (actor, { params }) => ratings.withdraw(actor, params.id),

    coachReview: (actor, { params }) => feedback.review(actor, params.id),
    retryReview: (actor, { params }) => feedback.retry(actor, params.id),
    reviewTrends: (actor) => feedback.trends(actor),

    ...createMailHandlers(services),

    adminObjectives: (_actor, { query }) => objectives.report(query),
    adminOverview: (actor, { query }) => overview.report(actor, query),
    async adminOverviewCsv(actor, { query, setFilename }) {
      const file = await overview.csv(actor, query);
      setFilename("overview.csv");
      return file;
    },
    adminOrganization: (actor) => organizations.overview(actor),
    ...createAiHandlers(services),
    ...createAuditHandlers(services),
    ...createFlagHandlers(services),
    ...createEncryptionHandlers(services.encryption),
    changeMember: (actor, { params, body }) =>
      organizations.changeRole(actor, params.membershipId, body.role),
    async removeMember(actor, { params }) {
      await identity.depart(await organizations.remove(actor, params.membershipId));
      return null;
    },
    listInvitations: async (actor) => ({ items: await organizations.invitations(actor) }),
    inviteMember: (actor, { body }) => organizations.invite(actor, body),
    async revokeInvitation(actor, { params }) {
      await organizations.revokeInvitation(actor, params.invitationId);
      return null;
    },
    listApiKeys: async (actor) => ({ items: await apiKeys.list(actor) }),
    createApiKey: (actor, { body }) => apiKeys.create(actor, body),
    async revokeApiKey(actor, { params }) {
      await apiKeys.revoke(actor, params.apiKeyId);
      return null;
    },
    async streamWebhook({ body }) {
      await video.receive(body);
      return { received: true as const };
    },
    async workosWebhook({ body }) {
      // Made by the vendor's adapter, of what it has verified.
      await identity.receive(directoryEventSchema.parse(body));
      return { received: true as const };
    },
  };
}

// A person's own layer is for their eyes, not for the machine that acts in their name.
function notForKeys(): AppError {
  return new AppError("FORBIDDEN", "One's own layer of notes is for people: no key opens it.");
}
