// Every way into a meeting, with what each kind of person must be answered. A new way in needs its row here.
import type { endpoints } from "../../../shared/contract/endpoints.ts";
import { pngOf } from "../../../server/platform/uploads/testing-pictures.ts";
import type { Person } from "./actors.ts";
import { careerRows } from "./career-table.ts";
import { chatRows } from "./chat-table.ts";
import { mailWebhookEndpoints, openMailEndpoints } from "./mail-table.ts";
import { seriesOfMeeting } from "./series-table.ts";
import { talkOfMeeting, talkOfOnesOwn } from "./talk-table.ts";
import { planRows } from "./plan-table.ts";
import { peopleEndpoints } from "./people-table.ts";

export interface Sample {
  meetingId: string;
  /** The participant's user id. */
  userId: string;
  promptId: string;
  /** Of the host. */
  messageId: string;
  /** A file of the host's that a message names. */
  fileId: string;
  actionId: string;
  /** Of the participant, and of the host: nobody else finds them. */
  mailId: string;
  templateId: string;
  sessionId: string;
  /** Of the host's organisation: another one's administrators do not find them. */
  membershipId: string;
  invitationId: string;
  apiKeyId: string;
  /** Of the host, as whatever is about a career. */
  postingId: string;
  applicationId: string;
  pairingGroupId: string;
}

/** HTTP status for people in the running meeting; to everybody else there is no such meeting (404). */
export interface HttpRow {
  path(sample: Sample): string;
  body?: unknown;
  observer: number;
  participant: number;
  /** As any participant, where none is given. */
  impersonated?: number;
  /** What the endpoint promises where none is given: hosts may do everything. */
  host?: number;
  /** Leaves the meeting as no other row could use it: the host is asked about one of its own. */
  spends?: true;
}

/** Rows for endpoints outside a meeting: anybody who is signed in is let in and must see nothing of the meeting. */
export interface OpenRow {
  path: string | ((sample: Sample) => string);
  body?: unknown;
  public?: true;
  /** The only one who finds what is named; 404 to everybody else. */
  owner?: "host" | "participant";
  /** As everybody, where none is given. */
  impersonated?: number;
  /** Who does not find what is named; 200 for everybody else. */
  hiddenFrom?: readonly Person[];
  /** What everybody else is answered, where it is not what the endpoint promises. */
  answer?: number;
  /** What is asked for must be ready first: this path then says another state than "preparing". */
  ready?: string;
  /** Also shows whoever has left the meeting what they were told while they were invited. */
  told?: true;
}

/** Rows for what vendors call: no person is let in, whatever their place. */
export interface WebhookRow {
  path(sample: Sample): string;
  body(sample: Sample): unknown;
  /** Without its setting, which needs packages that are not always there. */
  off?: true;
}

/** Planted in everything that is said and written in the meeting. */
export const canary = "canary-7f3a91";
/** Planted in what belongs to the host's organisation. */
export const organizationCanary = "canary-organisation-2b8e";
export const unknownId = "f".repeat(24);
export const chunk = { clientKey: "matrix-http", text: "Matrix", confidence: 1, startMs: 0, endMs: 1 };

export const meetingEndpoints = {
  getMeeting: { path: ({ meetingId }) => `/api/v1/meetings/${meetingId}`, observer: 200, participant: 200 },
  updateMeeting: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}`,
    body: { title: "Taken over" },
    observer: 403,
    participant: 403,
    host: 409,
  },
  startMeeting: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/start`,
    observer: 403,
    participant: 403,
    host: 409,
  },
  endMeeting: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/end`,
    observer: 403,
    participant: 403,
    spends: true,
  },
  cancelMeeting: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/cancel`,
    observer: 403,
    participant: 403,
    host: 409,
  },
  inviteParticipant: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/participants`,
    body: { email: "intruder@example.org", role: "host" },
    observer: 403,
    participant: 403,
    spends: true,
  },
  changeParticipant: {
    path: ({ meetingId, userId }) => `/api/v1/meetings/${meetingId}/participants/${userId}`,
    body: { role: "host" },
    observer: 403,
    participant: 403,
    spends: true,
  },
  removeParticipant: {
    path: ({ meetingId, userId }) => `/api/v1/meetings/${meetingId}/participants/${userId}`,
    observer: 403,
    participant: 403,
    spends: true,
  },
  meetingConsents: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/consents`,
    observer: 200,
    participant: 200,
  },
  decideConsent: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/consents`,
    body: { purpose: "recording", answer: "refused", wording: 1 },
    observer: 403,
    participant: 200,
    // Nobody agrees in somebody else's name.
    impersonated: 403,
  },
  meetingInvitation: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/invitation.ics`,
    observer: 200,
    participant: 200,
  },
  meetingState: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/state`,
    observer: 200,
    participant: 200,
  },
  callAccess: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/call`,
    observer: 200,
    participant: 200,
  },
  appendTranscript: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/transcript`,
    body: { chunks: [chunk] },
    observer: 403,
    participant: 200,
  },
  readTranscript: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/transcript`,
    observer: 200,
    participant: 200,
  },
  searchTranscript: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/transcript/search?q=canary`,
    observer: 200,
    participant: 200,
  },
  editTranscriptLine: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/transcript/1`,
    body: { clientKey: "matrix-http", text: "Matrix" },
    observer: 403,
    participant: 200,
    // Not their own line.
    impersonated: 403,
  },
  transcriptLineHistory: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/transcript/1/history`,
    observer: 403,
    participant: 200,
  },
  renameSpeaker: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/transcript/speakers`,
    body: { clientKey: "matrix-http", scope: "line", sequence: 1, to: { label: "Matrix" } },
    observer: 403,
    participant: 403,
  },
  readNotes: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/notes`,
    observer: 200,
    participant: 200,
  },
  applyNoteOperations: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/notes/operations`,
    body: {
      clientKey: "matrix-http",
      baseVersion: 0,
      operations: [{ type: "insert", position: 0, content: "Matrix" }],
    },
    observer: 403,
    participant: 200,
  },
  notesHistory: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/notes/history`,
    observer: 403,
    participant: 200,
  },
  readNotesVersion: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/notes/versions/1`,
    observer: 403,
    participant: 200,
  },
  restoreNotesVersion: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/notes/versions/1/restore`,
    body: { clientKey: "matrix-http" },
    observer: 403,
    participant: 200,
  },
  applyNotesTemplate: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/notes/template`,
    body: { clientKey: "matrix-http", template: "grow" },
    observer: 403,
    // Allowed, but somebody has begun to write.
    participant: 409,
    host: 409,
  },
  saveNotesTemplate: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/notes/templates`,
    body: { title: "Matrix" },
    observer: 201,
    participant: 201,
  },
  listPrompts: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/prompts`,
    observer: 403,
    participant: 403,
  },
  promptFeedback: {
    path: ({ meetingId, promptId }) => `/api/v1/meetings/${meetingId}/prompts/${promptId}/feedback`,
    body: { feedback: "used" },
    observer: 403,
    participant: 403,
    host: 404,
  },
  recap: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/insights`,
    observer: 200,
    participant: 200,
  },
  retryRecap: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/insights/retry`,
    observer: 403,
    participant: 403,
    host: 409,
  },
  previewRecapEmails: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/insights/emails`,
    observer: 403,
    participant: 403,
    host: 409,
  },
  approveRecap: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/insights/approve`,
    observer: 403,
    participant: 403,
    host: 409,
  },
  makeMilestone: {
    path: ({ meetingId, actionId }) => `/api/v1/meetings/${meetingId}/insights/actions/${actionId}/milestone`,
    observer: 403,
    participant: 404,
    host: 404,
  },
  updateActionItem: {
    path: ({ meetingId, actionId }) => `/api/v1/meetings/${meetingId}/insights/actions/${actionId}`,
    body: { done: true },
    observer: 403,
    // Allowed, but there is no such item while the meeting runs.
    participant: 404,
    host: 404,
  },
  ...talkOfMeeting,
  ...seriesOfMeeting,
  meetingAi: { path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/ai`, observer: 200, participant: 200 },
  switchMeetingAi: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/ai`,
    body: { use: "rules" },
    observer: 403,
    participant: 403,
  },
  ownRating: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/rating`,
    observer: 403,
    participant: 200,
    impersonated: 403,
  },
  giveRating: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/rating`,
    body: { score: 4 },
    observer: 403,
    // Allowed, but not while the meeting runs.
    participant: 409,
    host: 409,
  },
  withdrawRating: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/rating`,
    observer: 403,
    participant: 200,
    impersonated: 403,
  },
  coachReview: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/review`,
    observer: 403,
    participant: 403,
  },
  retryReview: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/review/retry`,
    observer: 403,
    participant: 403,
    // Allowed, but not while the meeting runs.
    host: 409,
  },
  meetingRetention: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/retention`,
    observer: 200,
    participant: 200,
  },
  ...chatRows,
} satisfies Partial<Record<keyof typeof endpoints, HttpRow>>;

export const openEndpoints = {
  ...peopleEndpoints,
  ...careerRows,
  ...planRows,
  status: { path: "/api/v1/status", public: true },
  me: { path: "/api/v1/me" },
  updateMe: { path: "/api/v1/me", body: { displayName: "Stranger" } },
  // Of a participant: seen by whoever meets them or belongs to their organisation.
  personPhoto: {
    path: ({ userId }) => `/api/v1/people/${userId}/photo`,
    hiddenFrom: ["elsewhere", "otherAdmin"],
  },
  putPhoto: { path: "/api/v1/me/photo", body: pngOf(4, 4) },
  deletePhoto: { path: "/api/v1/me/photo" },
  listOrganizations: { path: "/api/v1/me/organizations" },
  listSessions: { path: "/api/v1/me/sessions" },
  endSession: { path: ({ sessionId }) => `/api/v1/me/sessions/${sessionId}`, owner: "host" },
  endOtherSessions: { path: "/api/v1/me/sessions/end-others" },
  home: { path: "/api/v1/home" },
  reviewTrends: { path: "/api/v1/me/reviews", impersonated: 403 },
  listMeetings: { path: "/api/v1/meetings" },
  createMeeting: { path: "/api/v1/meetings", body: { title: "The stranger's own" } },
  deletionStatus: { path: "/api/v1/me/deletion" },
  requestDeletion: {
    path: "/api/v1/me/deletion",
    body: { confirmation: "delete my account" },
    impersonated: 403,
  },
  // After the one above, so that everybody is still there.
  cancelDeletion: { path: "/api/v1/me/deletion", impersonated: 403 },
  exportStatus: { path: "/api/v1/me/export" },
  // Nobody takes away what is somebody else's, whomever they act as.
  requestExport: { path: "/api/v1/me/export", impersonated: 403 },
  downloadExport: {
    path: "/api/v1/me/export/file",
    ready: "/api/v1/me/export",
    impersonated: 403,
    told: true,
  },
  retentionTerms: { path: "/api/v1/retention" },
  consentDefaults: { path: "/api/v1/me/consents" },
  decideConsentDefault: {
    path: "/api/v1/me/consents",
    body: { purpose: "recording", answer: "refused", wording: 1 },
    impersonated: 403,
  },
  consentLedger: { path: "/api/v1/me/consents/ledger" },
  ...talkOfOnesOwn,
  ...openMailEndpoints,
  listNotesTemplates: { path: "/api/v1/notes/templates" },
  deleteNotesTemplate: { path: ({ templateId }) => `/api/v1/notes/templates/${templateId}`, owner: "host" },
} satisfies Partial<Record<keyof typeof endpoints, OpenRow>>;

export const webhookEndpoints = {
  ...mailWebhookEndpoints,
  transcriptWebhook: {
    path: ({ meetingId }) => `/webhooks/transcripts/${meetingId}`,
    body: ({ meetingId }) => ({ meetingId, chunks: [{ ...chunk, speakerLabel: "Matrix" }] }),
  },
  streamWebhook: {
    path: () => "/webhooks/stream",
    body: ({ meetingId }) => ({ type: "call.ended", call_cid: `default:${meetingId}` }),
    off: true,
  },
  workosWebhook: {
    path: () => "/webhooks/workos",
    body: () => ({ id: "event_1", event: "session.revoked", created_at: "2030-01-01T00:00:00Z", data: {} }),
  },
} satisfies Partial<Record<keyof typeof endpoints, WebhookRow>>;
