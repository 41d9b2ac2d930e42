// Every way into a meeting, with what each kind of person must be answered. A new way in needs its row here.
import type { endpoints } from "../../../shared/contract/endpoints.ts";
import type { ClientEventName } from "../../../shared/protocol/socket-events.ts";
import type { LiveQueryName } from "../../../shared/protocol/live-queries.ts";

export interface Sample {
  meetingId: string;
  /** The participant's user id. */
  userId: string;
  promptId: string;
  actionId: string;
}

/** HTTP status for an observer and a participant of the running meeting; strangers always get 404, the signed-out 401. */
export interface HttpRow {
  path(sample: Sample): string;
  body?: unknown;
  observer: number;
  participant: number;
}

/** Rows for endpoints outside a meeting: a stranger may call them and must see nothing of the meeting. */
export interface OpenRow {
  path: string | null;
  body?: unknown;
  public?: true;
}

/** Rows for what vendors call: no person is let in, whatever their place. */
export interface WebhookRow {
  path(sample: Sample): string;
  body(sample: Sample): unknown;
}

/** Planted in everything that is said and written in the meeting. */
export const canary = "canary-7f3a91";
export const unknownId = "f".repeat(24);
const chunk = { clientKey: "matrix-http", text: "Matrix", confidence: 1, startMs: 0, endMs: 1 };

export const meetingEndpoints = {
  getMeeting: { path: ({ meetingId }) => `/api/v1/meetings/${meetingId}`, observer: 200, participant: 200 },
  updateMeeting: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}`,
    body: { title: "Taken over" },
    observer: 403,
    participant: 403,
  },
  startMeeting: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/start`,
    observer: 403,
    participant: 403,
  },
  endMeeting: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/end`,
    observer: 403,
    participant: 403,
  },
  cancelMeeting: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/cancel`,
    observer: 403,
    participant: 403,
  },
  inviteParticipant: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/participants`,
    body: { email: "intruder@example.org", role: "host" },
    observer: 403,
    participant: 403,
  },
  changeParticipant: {
    path: ({ meetingId, userId }) => `/api/v1/meetings/${meetingId}/participants/${userId}`,
    body: { role: "host" },
    observer: 403,
    participant: 403,
  },
  removeParticipant: {
    path: ({ meetingId, userId }) => `/api/v1/meetings/${meetingId}/participants/${userId}`,
    observer: 403,
    participant: 403,
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
  },
  approveRecap: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/insights/approve`,
    observer: 403,
    participant: 403,
  },
  updateActionItem: {
    path: ({ meetingId, actionId }) => `/api/v1/meetings/${meetingId}/insights/actions/${actionId}`,
    body: { done: true },
    observer: 403,
    // Allowed, but there is no such item while the meeting runs.
    participant: 404,
  },
  listSegments: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/segments`,
    observer: 200,
    participant: 200,
  },
  ownRating: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/rating`,
    observer: 403,
    participant: 200,
  },
  giveRating: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/rating`,
    body: { score: 4 },
    observer: 403,
    // Allowed, but not while the meeting runs.
    participant: 409,
  },
  withdrawRating: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/rating`,
    observer: 403,
    participant: 200,
  },
  sendMessage: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/messages`,
    body: { clientKey: "matrix-http", content: "Matrix" },
    observer: 403,
    participant: 201,
  },
  listMessages: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/messages`,
    observer: 200,
    participant: 200,
  },
} satisfies Partial<Record<keyof typeof endpoints, HttpRow>>;

export const openEndpoints = {
  status: { path: "/api/v1/status", public: true },
  me: { path: "/api/v1/me" },
  updateMe: { path: "/api/v1/me", body: { displayName: "Stranger" } },
  listOrganizations: { path: "/api/v1/me/organizations" },
  listSessions: { path: "/api/v1/me/sessions" },
  endOtherSessions: { path: "/api/v1/me/sessions/end-others" },
  // A session that is not theirs: addressed by id in the tests themselves.
  endSession: { path: null },
  home: { path: "/api/v1/home" },
  listMeetings: { path: "/api/v1/meetings" },
  createMeeting: { path: "/api/v1/meetings", body: { title: "The stranger's own" } },
  consentDefaults: { path: "/api/v1/me/consents" },
  decideConsentDefault: {
    path: "/api/v1/me/consents",
    body: { purpose: "ai", answer: "refused", wording: 1 },
  },
  consentLedger: { path: "/api/v1/me/consents/ledger" },
  listMail: { path: "/api/v1/outbox" },
  listNotesTemplates: { path: "/api/v1/notes/templates" },
  // Somebody else's template and email: addressed by id in the tests themselves.
  deleteNotesTemplate: { path: null },
  getMail: { path: null },
  getMailAttachment: { path: null },
} satisfies Partial<Record<keyof typeof endpoints, OpenRow>>;

/** Rows for an organisation's administrators: everybody else is answered 403, the signed-out 401. */
export interface AdminRow {
  path: string;
  body?: unknown;
  /** HTTP status for an administrator. */
  admin: number;
}

export const adminEndpoints = {
  adminOrganization: { path: "/api/v1/admin/organization", admin: 200 },
  adminObjectives: { path: "/api/v1/admin/objectives?hours=1", admin: 200 },
  adminAudit: { path: "/api/v1/admin/audit?limit=2", admin: 200 },
  adminAuditCsv: { path: "/api/v1/admin/audit/export.csv", admin: 200 },
  adminFlags: { path: "/api/v1/admin/flags", admin: 200 },
  adminAuditNdjson: { path: "/api/v1/admin/audit/export.ndjson", admin: 200 },
  // Allowed, but there is no such member or invitation.
  changeMember: { path: "/api/v1/admin/members/om_unknown", body: { role: "member" }, admin: 404 },
  removeMember: { path: "/api/v1/admin/members/om_unknown", admin: 404 },
  listInvitations: { path: "/api/v1/admin/invitations", admin: 200 },
  inviteMember: { path: "/api/v1/admin/invitations", body: { email: "new@example.org" }, admin: 201 },
  listApiKeys: { path: "/api/v1/admin/api-keys", admin: 200 },
  createApiKey: {
    path: "/api/v1/admin/api-keys",
    body: { name: "Matrix", scopes: ["meetings:read"] },
    admin: 201,
  },
  revokeApiKey: { path: `/api/v1/admin/api-keys/${unknownId}`, admin: 404 },
  revokeInvitation: { path: "/api/v1/admin/invitations/invitation_unknown", admin: 404 },
} satisfies Partial<Record<keyof typeof endpoints, AdminRow>>;

/** Rows for the operators of the installation: everybody else is answered 403, also an organisation's administrators. */
export const operatorEndpoints = {
  operatorFlags: { path: "/api/v1/operator/flags", admin: 200 },
  changeFlag: {
    path: "/api/v1/operator/flags/transcript.search",
    body: { version: 0, percentage: 100 },
    admin: 200,
  },
  flagHistory: { path: "/api/v1/operator/flags/transcript.search/history", admin: 200 },
} satisfies Partial<Record<keyof typeof endpoints, AdminRow>>;

export const webhookEndpoints = {
  transcriptWebhook: {
    path: ({ meetingId }) => `/webhooks/transcripts/${meetingId}`,
    body: ({ meetingId }) => ({ meetingId, chunks: [{ ...chunk, speakerLabel: "Matrix" }] }),
  },
  workosWebhook: {
    path: () => "/webhooks/workos",
    body: () => ({ id: "event_1", event: "session.revoked", created_at: "2030-01-01T00:00:00Z", data: {} }),
  },
} satisfies Partial<Record<keyof typeof endpoints, WebhookRow>>;

export interface EventRow {
  input(sample: Sample): Record<string, unknown>;
  /** Error code for an observer of the meeting; null where it is allowed. */
  observer: string | null;
}

const media = { microphone: false, camera: false, screen: false, hand: false, transcribing: false };

export const socketEvents = {
  "meeting:join": { input: ({ meetingId }) => ({ meetingId }), observer: null },
  "transcript:append": {
    input: ({ meetingId }) => ({ meetingId, chunks: [{ ...chunk, clientKey: "matrix-socket" }] }),
    observer: "FORBIDDEN",
  },
  "chat:send": {
    input: ({ meetingId }) => ({ meetingId, clientKey: "matrix-socket", content: "Matrix" }),
    observer: "FORBIDDEN",
  },
  "prompt:feedback": {
    input: ({ meetingId, promptId }) => ({ meetingId, promptId, feedback: "used" }),
    observer: "FORBIDDEN",
  },
  "call:enter": { input: ({ meetingId }) => ({ meetingId, media }), observer: null },
  "call:media": { input: ({ meetingId }) => ({ meetingId, media }), observer: null },
  "call:signal": {
    input: ({ meetingId }) => ({
      meetingId,
      toPeerId: "nobody",
      signal: { kind: "candidate", payload: "{}" },
    }),
    observer: "NOT_FOUND",
  },
  "call:leave": { input: ({ meetingId }) => ({ meetingId }), observer: null },
  "meeting:leave": { input: ({ meetingId }) => ({ meetingId }), observer: null },
} satisfies Partial<Record<ClientEventName, EventRow>>;

/** Events without a meeting of their own: their access rule is that of the live query they name. */
export const eventsWithoutMeeting = ["live:subscribe", "live:unsubscribe"] satisfies ClientEventName[];

export const liveQueryRows = {
  home: { ofMeeting: false, observer: null },
  outbox: { ofMeeting: false, observer: null },
  flags: { ofMeeting: false, observer: null },
  consents: { ofMeeting: true, observer: null },
  meeting: { ofMeeting: true, observer: null },
  state: { ofMeeting: true, observer: null },
  notes: { ofMeeting: true, observer: null },
  prompts: { ofMeeting: true, observer: "FORBIDDEN" },
  transcript: { ofMeeting: true, observer: null },
  recap: { ofMeeting: true, observer: null },
  rating: { ofMeeting: true, observer: "FORBIDDEN" },
} satisfies Record<LiveQueryName, { ofMeeting: boolean; observer: string | null }>;

/** Leaving what one is not in answers as if it were done: it reveals nothing. */
export const harmlessToStrangers = ["meeting:leave", "call:leave"];

export const sampleOf = (meetingId: string, userId: string): Sample => ({
  meetingId,
  userId,
  promptId: unknownId,
  actionId: unknownId,
});
