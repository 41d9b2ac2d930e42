// The whole REST interface in one table; adding a row here is the only way to add a route under /api/v1 or /webhooks.
import { z } from "zod";
import { meetingIdSchema, promptIdSchema, userIdSchema } from "../ids.ts";
import { pageOf, pageQuerySchema } from "../schemas/common.ts";
import {
  changeRoleSchema,
  createMeetingSchema,
  homeSchema,
  invitedParticipantSchema,
  listMeetingsQuerySchema,
  meetingSchema,
  meetingStateSchema,
  participantSchema,
  updateMeetingSchema,
} from "../schemas/meetings.ts";
import { promptFeedbackSchema, promptSchema } from "../schemas/prompts.ts";
import {
  correctionSchema,
  editLineSchema,
  lineHistorySchema,
  lineSequenceSchema,
  renameSpeakerSchema,
} from "../schemas/transcript-corrections.ts";
import { transcriptSearchQuerySchema, transcriptSearchSchema } from "../schemas/transcript-search.ts";
import {
  appendedSchema,
  appendTranscriptSchema,
  transcriptPageSchema,
  transcriptQuerySchema,
} from "../schemas/transcripts.ts";
import { statusSchema } from "../schemas/users.ts";
import { callAccessSchema } from "../schemas/video.ts";
import { aiEndpoints } from "./ai-endpoints.ts";
import { adminEndpoints } from "./admin-endpoints.ts";
import { auditEndpoints } from "./audit-endpoints.ts";
import { careerEndpoints } from "./career-endpoints.ts";
import { chatEndpoints } from "./chat-endpoints.ts";
import { consentEndpoints } from "./consent-endpoints.ts";
import { encryptionEndpoints } from "./encryption-endpoints.ts";
import { endpoint } from "./endpoint.ts";
import { speechEndpoints } from "./speech-endpoints.ts";
import { fileEndpoints } from "./file-endpoints.ts";
import { exportEndpoints } from "./export-endpoints.ts";
import { flagEndpoints } from "./flag-endpoints.ts";
import { deletionEndpoints } from "./deletion-endpoints.ts";
import { matchingEndpoints } from "./matching-endpoints.ts";
import { matchingRoundsEndpoints } from "./matching-rounds-endpoints.ts";
import { mailEndpoints } from "./mail-endpoints.ts";
import { meEndpoints } from "./me-endpoints.ts";
import { objectivesEndpoints } from "./objectives-endpoints.ts";
import { overviewEndpoints } from "./overview-endpoints.ts";
import { peopleEndpoints } from "./people-endpoints.ts";
import { notesEndpoints } from "./notes-endpoints.ts";
import { planEndpoints } from "./plan-endpoints.ts";
import { recapEndpoints } from "./recap-endpoints.ts";
import { retentionEndpoints } from "./retention-endpoints.ts";
import { ratingEndpoints } from "./rating-endpoints.ts";
import { schedulingEndpoints } from "./scheduling-endpoints.ts";
import { seriesEndpoints } from "./series-endpoints.ts";
import { reviewEndpoints } from "./review-endpoints.ts";
import { talkEndpoints } from "./talk-endpoints.ts";
import { webhookEndpoints } from "./webhook-endpoints.ts";

const meeting = z.object({ id: meetingIdSchema });
const nothing = z.null();

export const endpoints = {
  status: endpoint({
    method: "GET",
    path: "/api/v1/status",
    access: "public",
    summary: "Which parts run on real vendors and which on embedded defaults",
    response: statusSchema,
  }),
  ...meEndpoints,
  ...peopleEndpoints,
  ...schedulingEndpoints,
  ...seriesEndpoints,
  ...careerEndpoints,
  ...matchingEndpoints,
  ...matchingRoundsEndpoints,
  ...deletionEndpoints,
  ...exportEndpoints,
  ...retentionEndpoints,
  home: endpoint({
    method: "GET",
    path: "/api/v1/home",
    access: "signed-in",
    summary: "Next call, upcoming and recent calls, open commitments",
    response: homeSchema,
  }),
  listMeetings: endpoint({
    method: "GET",
    path: "/api/v1/meetings",
    access: "signed-in",
    scope: "meetings:read",
    summary: "One's meetings, newest first",
    query: listMeetingsQuerySchema,
    response: pageOf(meetingSchema),
  }),
  createMeeting: endpoint({
    method: "POST",
    path: "/api/v1/meetings",
    access: "signed-in",
    scope: "meetings:write",
    status: 201,
    summary: "Create a meeting with oneself as host and invite people by email address",
    body: createMeetingSchema,
    response: meetingSchema,
  }),
  getMeeting: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id",
    access: "meeting",
    scope: "meetings:read",
    summary: "One meeting with its participants",
    params: meeting,
    response: meetingSchema,
  }),
  updateMeeting: endpoint({
    method: "PATCH",
    path: "/api/v1/meetings/:id",
    access: "meeting",
    scope: "meetings:write",
    summary: "Change or reschedule a meeting that has not started; invited people get an updated .ics",
    params: meeting,
    body: updateMeetingSchema,
    response: meetingSchema,
  }),
  startMeeting: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/start",
    access: "meeting",
    scope: "meetings:write",
    summary: "scheduled → active",
    params: meeting,
    response: meetingSchema,
  }),
  endMeeting: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/end",
    access: "meeting",
    scope: "meetings:write",
    summary: "active → concluded; the recap is then prepared",
    params: meeting,
    response: meetingSchema,
  }),
  cancelMeeting: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/cancel",
    access: "meeting",
    scope: "meetings:write",
    summary: "scheduled → cancelled; invited people are told",
    params: meeting,
    response: meetingSchema,
  }),
  inviteParticipant: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/participants",
    access: "meeting",
    scope: "meetings:write",
    status: 201,
    summary: "Invite a person by email address",
    params: meeting,
    body: invitedParticipantSchema,
    response: participantSchema,
  }),
  changeParticipant: endpoint({
    method: "PATCH",
    path: "/api/v1/meetings/:id/participants/:userId",
    access: "meeting",
    scope: "meetings:write",
    summary: "Change a participant's role",
    params: meeting.extend({ userId: userIdSchema }),
    body: changeRoleSchema,
    response: participantSchema,
  }),
  removeParticipant: endpoint({
    method: "DELETE",
    path: "/api/v1/meetings/:id/participants/:userId",
    access: "meeting",
    scope: "meetings:write",
    status: 204,
    summary: "Remove a participant; their open streams close",
    params: meeting.extend({ userId: userIdSchema }),
    response: nothing,
  }),
  meetingInvitation: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/invitation.ics",
    access: "meeting",
    scope: "meetings:read",
    summary: "The meeting as a calendar file",
    params: meeting,
    response: z.string(),
    contentType: "text/calendar; charset=utf-8",
  }),
  meetingState: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/state",
    access: "meeting",
    scope: "meetings:read",
    summary: "Live state: speaking statistics, lull, topics",
    params: meeting,
    response: meetingStateSchema,
  }),
  callAccess: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/call",
    access: "meeting",
    summary: "What the browser needs for sound and picture",
    params: meeting,
    response: callAccessSchema,
  }),
  appendTranscript: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/transcript",
    access: "meeting",
    scope: "transcripts:write",
    summary: "Append utterances; answered after they are durable",
    params: meeting,
    body: appendTranscriptSchema,
    response: appendedSchema,
  }),
  readTranscript: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/transcript",
    access: "meeting",
    scope: "transcripts:read",
    summary: "Utterances from a sequence",
    params: meeting,
    query: transcriptQuerySchema,
    response: transcriptPageSchema,
  }),
  searchTranscript: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/transcript/search",
    access: "meeting",
    scope: "transcripts:read",
    summary: 'Lines that hold all words, beginnings* and "phrases", with their places and neighbours',
    params: meeting,
    query: transcriptSearchQuerySchema,
    response: transcriptSearchSchema,
  }),
  editTranscriptLine: endpoint({
    method: "PATCH",
    path: "/api/v1/meetings/:id/transcript/:sequence",
    access: "meeting",
    summary: "Correct a line's words; hosts, and participants their own lines",
    params: meeting.extend({ sequence: lineSequenceSchema }),
    body: editLineSchema,
    response: correctionSchema,
  }),
  transcriptLineHistory: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/transcript/:sequence/history",
    access: "meeting",
    summary: "A line as it came and everything that was corrected in it; hosts and participants",
    params: meeting.extend({ sequence: lineSequenceSchema }),
    response: lineHistorySchema,
  }),
  renameSpeaker: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/transcript/speakers",
    access: "meeting",
    summary: "Give one line, or every line of a speaker or label, to somebody else; hosts only",
    params: meeting,
    body: renameSpeakerSchema,
    response: correctionSchema,
  }),
  ...consentEndpoints,
  ...notesEndpoints,
  ...ratingEndpoints,
  ...reviewEndpoints,
  ...talkEndpoints,
  ...fileEndpoints,
  ...speechEndpoints,
  ...aiEndpoints,
  listPrompts: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/prompts",
    access: "meeting",
    summary: "Prompts of the meeting; hosts only",
    params: meeting,
    query: pageQuerySchema,
    response: pageOf(promptSchema),
  }),
  promptFeedback: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/prompts/:promptId/feedback",
    access: "meeting",
    summary: "Used, not now, helpful or wrong; hosts only",
    params: meeting.extend({ promptId: promptIdSchema }),
    body: promptFeedbackSchema,
    response: promptSchema,
  }),
  ...recapEndpoints,
  ...planEndpoints,
  ...chatEndpoints,
  ...mailEndpoints,
  ...adminEndpoints,
  ...auditEndpoints,
  ...flagEndpoints,
  ...encryptionEndpoints,
  ...objectivesEndpoints,
  ...overviewEndpoints,
  ...webhookEndpoints,
} as const;

export type Endpoints = typeof endpoints;
