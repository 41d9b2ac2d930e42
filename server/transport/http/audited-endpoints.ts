// What the audit log says of each endpoint: its action and resource, and who writes the entry when it is done.
import type { Actor } from "../../../shared/actor.ts";
import type { Endpoints } from "../../../shared/contract/endpoints.ts";

export interface AuditedEndpoint {
  /** `resource.verb`. */
  action: string;
  resourceType: string;
  /** From the path's parameters; empty where they are no ids. */
  resourceId(call: { params: Record<string, string>; actor: Actor | null }): string;
  /**
   * Who records that it was done: the module, which knows whether anything changed; this transport, after the handler;
   * or nobody, for the reason given. Refusals are always recorded here.
   */
  done: "module" | "transport" | { exempt: string };
}

const meeting = (action: string, done: AuditedEndpoint["done"] = "module"): AuditedEndpoint => ({
  action,
  resourceType: "meeting",
  resourceId: ({ params }) => params["id"] ?? "",
  done,
});
const own = (action: string, resourceType: string, done: AuditedEndpoint["done"]): AuditedEndpoint => ({
  action,
  resourceType,
  resourceId: ({ actor }) => actor?.userId ?? "",
  done,
});
const organization = (action: string, done: AuditedEndpoint["done"] = "transport"): AuditedEndpoint => ({
  action,
  resourceType: "organization",
  resourceId: ({ actor }) => actor?.orgId ?? "",
  done,
});

const flag = (action: string, done: AuditedEndpoint["done"]): AuditedEndpoint => ({
  action,
  resourceType: "flag",
  resourceId: ({ params }) => params["key"] ?? "",
  done,
});
const encryption = (action: string, done: AuditedEndpoint["done"]): AuditedEndpoint => ({
  action,
  resourceType: "encryption",
  resourceId: () => "all",
  done,
});
const membership = (action: string): AuditedEndpoint => ({
  action,
  resourceType: "membership",
  resourceId: ({ params }) => params["membershipId"] ?? "",
  done: "module",
});

const plan = (action: string): AuditedEndpoint => ({
  action,
  resourceType: "plan",
  resourceId: ({ params }) => params["planId"] ?? "new",
  done: "module",
});

/** Whose it is says the link, which the module reads. */
const link = (action: string): AuditedEndpoint => ({
  action,
  resourceType: "user",
  resourceId: () => "",
  done: "module",
});

const resume = (action: string, resourceId: AuditedEndpoint["resourceId"]): AuditedEndpoint => ({
  action,
  resourceType: "resume",
  resourceId,
  done: "module",
});
const resumeNamed = (action: string) => resume(action, ({ params }) => params["resumeId"] ?? "");

const kept = { exempt: "The entry it makes names author and time itself, and is never written over." };
const photo = (action: string) => own(action, "user", "module");
const proposal = (action: string): AuditedEndpoint => ({
  action,
  resourceType: "matching",
  resourceId: ({ params }) => params["proposalId"] ?? "",
  done: "transport",
});
const pairing = (
  action: string,
  param: "groupId" | "roundId" | null,
  done: AuditedEndpoint["done"] = "module",
): AuditedEndpoint => ({
  action,
  resourceType: param === null ? "organization" : param === "groupId" ? "pairing-group" : "pairing-round",
  resourceId: ({ params, actor }) => (param === null ? (actor?.orgId ?? "") : (params[param] ?? "")),
  done,
});
const ownMark = { exempt: "It is the coach's own mark on their own prompt, kept beside it." };

const careerOf = (name: "posting" | "application", action: string): AuditedEndpoint => ({
  action: `career-${name}.${action}`,
  resourceType: `career-${name}`,
  resourceId: ({ params }) => params[`${name}Id`] ?? "new",
  done: "module",
});

const careerRun = (action: string): AuditedEndpoint => ({
  action: `career-run.${action}`,
  resourceType: "career-run",
  resourceId: ({ params }) => params["runId"] ?? "new",
  done: "transport",
});

type NeedsRow<Name extends keyof Endpoints> = Endpoints[Name]["method"] extends "GET"
  ? Endpoints[Name]["access"] extends "public" | "signed-in" | "meeting" | "webhook"
    ? never
    : Name
  : Name;

/** Every endpoint that changes something, and all of those for administrators: the compiler asks for each. */
type AuditedName = { [Name in keyof Endpoints]: NeedsRow<Name> }[keyof Endpoints];

export const auditedEndpoints: Record<AuditedName, AuditedEndpoint> = {
  updateMe: own("user.update", "user", "transport"),
  updateProfile: own("user.update", "user", "transport"),
  changeConnection: {
    action: "connection.change",
    resourceType: "connection",
    resourceId: ({ params }) => params["userId"] ?? "",
    done: "module",
  },
  startCareerRun: careerRun("start"),
  cancelCareerRun: careerRun("cancel"),
  retryCareerRun: careerRun("retry"),
  changeCareerRunSelection: careerRun("choose-anew"),
  deleteCareerRun: careerRun("delete"),
  restoreCareerRun: careerRun("restore"),
  addPosting: careerOf("posting", "add"),
  uploadPosting: careerOf("posting", "add"),
  changePosting: careerOf("posting", "change"),
  deletePosting: careerOf("posting", "delete"),
  restorePosting: careerOf("posting", "restore"),
  makePostingRubric: { ...careerOf("posting", "read-anew"), done: "transport" },
  addApplication: careerOf("application", "add"),
  changeApplication: careerOf("application", "change"),
  moveApplication: careerOf("application", "move"),
  addApplicationNote: careerOf("application", "change"),
  deleteApplication: careerOf("application", "delete"),
  restoreApplication: careerOf("application", "restore"),
  adminPairingGroups: pairing("pairing.list", null, "transport"),
  createPairingGroup: pairing("pairing.create", null),
  adminPairingGroup: pairing("pairing.read", "groupId", "transport"),
  changePairingGroup: pairing("pairing.change", "groupId"),
  adminPairingRound: pairing("pairing.preview", "roundId", "transport"),
  publishPairingRound: pairing("pairing.publish", "roundId"),
  skipPairingRound: pairing("pairing.skip", "roundId"),
  adminMatchingWeights: pairing("matching.weights", null, "transport"),
  learnMatchingWeights: pairing("matching.learn", null, "transport"),
  applyMatchingWeights: pairing("matching.apply-weights", null),
  changeOwnPairing: pairing("pairing.stay", "groupId"),
  enterMatching: own("matching.enter", "matching", "transport"),
  leaveMatching: own("matching.leave", "matching", "transport"),
  acceptMatch: proposal("matching.accept"),
  declineMatch: proposal("matching.decline"),
  createResume: resume("resume.create", () => "new"),
  importResume: resume("resume.create", () => "new"),
  updateResume: resumeNamed("resume.update"),
  activateResume: resumeNamed("resume.activate"),
  deleteResume: resumeNamed("resume.delete"),
  restoreResume: resumeNamed("resume.restore"),
  publishResume: resumeNamed("resume.publish"),
  unpublishResume: resumeNamed("resume.unpublish"),
  bookTime: { ...meeting("meeting.create"), resourceId: () => "new" },
  changeCalendar: own("calendar.change", "calendar", "transport"),
  makeFeed: own("calendar.make-feed", "calendar", "transport"),
  revokeFeed: own("calendar.revoke-feed", "calendar", "module"),
  setBusyFrom: own("calendar.set-other", "calendar", "transport"),
  removeBusyFrom: own("calendar.remove-other", "calendar", "module"),
  putPhoto: photo("photo.set"),
  deletePhoto: photo("photo.remove"),
  uploadAttachment: meeting("attachment.upload"),
  discardAttachment: meeting("attachment.discard"),
  askQuestion: own("question.ask", "user", "transport"),
  endSession: {
    action: "session.end",
    resourceType: "session",
    resourceId: ({ params }) => params["sessionId"] ?? "",
    done: "module",
  },
  endOtherSessions: own("session.end-others", "user", "transport"),
  requestDeletion: own("account.request-deletion", "account", "transport"),
  cancelDeletion: own("account.cancel-deletion", "account", "transport"),
  changeMailList: own("mail.change-list", "user", "module"),
  retryMailAddress: own("mail.retry-address", "user", "module"),
  unsubscribe: link("mail.change-list"),
  resubscribe: link("mail.change-list"),
  mailBounceWebhook: {
    action: "mail.receive-bounce",
    resourceType: "mail",
    resourceId: () => "",
    done: { exempt: "The email's own state says that it came back." },
  },
  requestExport: own("export.request", "account", "transport"),
  createMeeting: { ...meeting("meeting.create"), resourceId: () => "new" },
  updateMeeting: meeting("meeting.update"),
  startMeeting: meeting("meeting.start"),
  endMeeting: meeting("meeting.end"),
  cancelMeeting: meeting("meeting.cancel"),
  planSeries: { ...meeting("meeting.create"), resourceId: () => "new" },
  changeFollowing: meeting("meeting.update"),
  cancelFollowing: meeting("meeting.cancel"),
  inviteParticipant: meeting("meeting.invite"),
  changeParticipant: meeting("meeting.role"),
  removeParticipant: meeting("meeting.remove"),
  appendTranscript: meeting("transcript.append", kept),
  sendSpeech: meeting("speech.send"),
  editTranscriptLine: meeting("transcript.edit"),
  renameSpeaker: meeting("transcript.rename-speaker"),
  applyNoteOperations: meeting("notes.write", kept),
  restoreNotesVersion: meeting("notes.restore"),
  applyNotesTemplate: meeting("notes.use-template", kept),
  saveNotesTemplate: meeting("notes-template.save"),
  deleteNotesTemplate: {
    action: "notes-template.delete",
    resourceType: "notesTemplate",
    resourceId: ({ params }) => params["templateId"] ?? "",
    done: "module",
  },
  promptFeedback: meeting("prompt.feedback", ownMark),
  decideConsentDefault: own("consent.decide", "user", "module"),
  decideConsent: meeting("consent.decide"),
  retryRecap: meeting("recap.retry"),
  approveRecap: meeting("recap.approve"),
  updateActionItem: meeting("recap.tick-action", "transport"),
  makeMilestone: {
    ...meeting("plan.add-milestone"),
    resourceType: "actionItem",
    resourceId: ({ params }) => params["actionId"] ?? "",
  },
  createPlan: plan("plan.create"),
  changePlan: plan("plan.change"),
  deletePlan: plan("plan.delete"),
  addMilestone: plan("plan.add-milestone"),
  changeMilestone: plan("plan.change-milestone"),
  deleteMilestone: plan("plan.delete-milestone"),
  giveRating: meeting("rating.give"),
  withdrawRating: meeting("rating.withdraw"),
  retryReview: meeting("review.retry"),
  sendMessage: meeting("chat.send", kept),
  changeMessage: meeting("chat.change", {
    exempt:
      "The change names its maker itself; a host's deletion of another's message is recorded by the module.",
  }),
  transcriptWebhook: {
    action: "transcript.receive-from-vendor",
    resourceType: "meeting",
    resourceId: ({ params }) => params["meetingId"] ?? "",
    done: "module",
  },
  adminOrganization: organization("organization.read"),
  changeMember: membership("membership.change-role"),
  removeMember: membership("membership.remove"),
  listInvitations: organization("organization.list-invitations"),
  inviteMember: organization("organization.invite", "module"),
  revokeInvitation: organization("organization.revoke-invitation", "module"),
  listApiKeys: organization("api-key.list"),
  createApiKey: organization("api-key.create", "module"),
  revokeApiKey: {
    action: "api-key.revoke",
    resourceType: "api-key",
    resourceId: ({ params }) => params["apiKeyId"] ?? "",
    done: "module",
  },
  streamWebhook: {
    action: "video.receive",
    resourceType: "video-event",
    resourceId: () => "",
    done: { exempt: "The module records what it tells, once, however often it is told." },
  },
  workosWebhook: {
    action: "identity.receive",
    resourceType: "identity-event",
    resourceId: () => "",
    done: { exempt: "The module records what it tells, once, however often it is told." },
  },
  switchMeetingAi: meeting("ai.decide"),
  adminAi: organization("ai.read"),
  switchOrganizationAi: organization("ai.decide", "module"),
  adminRetention: organization("retention.read"),
  previewRetention: organization("retention.preview"),
  changeRetention: organization("retention.change", "module"),
  adminObjectives: organization("objectives.read"),
  adminOverview: organization("overview.read"),
  adminOverviewCsv: organization("overview.export"),
  adminAudit: organization("audit.read"),
  adminAuditCsv: organization("audit.export"),
  adminAuditNdjson: organization("audit.export"),
  adminFlags: organization("flags.read"),
  operatorFlags: { ...flag("flags.read", "transport"), resourceId: () => "all" },
  changeFlag: flag("flag.change", "module"),
  flagHistory: flag("flag.history", "transport"),
  encryptionStatus: encryption("encryption.read", {
    exempt: "Names of keys and counts alone, asked for again and again while keys are changed.",
  }),
  rotateKeys: encryption("encryption.rotate", "module"),
};

/** Reading in a meeting, where only refusals are written down. */
export const meetingRead = meeting("meeting.read", { exempt: "Members read all the time." });
