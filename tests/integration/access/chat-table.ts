// The ways into the chat of a meeting, with what each kind of person must be answered.
import { webmOf } from "../../../server/platform/uploads/testing-sounds.ts";
import type { endpoints } from "../../../shared/contract/endpoints.ts";
import type { HttpRow } from "./table.ts";

export const chatRows = {
  sendMessage: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/messages`,
    body: { clientKey: "matrix-http", content: "Matrix" },
    observer: 403,
    participant: 201,
  },
  changeMessage: {
    path: ({ meetingId, messageId }) => `/api/v1/meetings/${meetingId}/messages/${messageId}/changes`,
    body: { clientKey: "matrix-change", change: { kind: "reaction", emoji: "👍", on: true } },
    observer: 403,
    participant: 201,
  },
  // Bytes that are what they are said to be, as they are.
  uploadAttachment: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/attachments?clientKey=matrix-http&name=a.txt`,
    body: Buffer.from("Matrix"),
    observer: 403,
    participant: 201,
  },
  // Who may send sound is told that no service writes it down here.
  sendSpeech: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/speech?key=matrix&startMs=0&durationMs=1500`,
    body: webmOf("Matrix"),
    observer: 403,
    participant: 403,
    host: 403,
  },
  readAttachment: {
    path: ({ meetingId, fileId }) => `/api/v1/meetings/${meetingId}/attachments/${fileId}`,
    observer: 200,
    participant: 200,
  },
  discardAttachment: {
    path: ({ meetingId, fileId }) => `/api/v1/meetings/${meetingId}/attachments/${fileId}`,
    observer: 403,
    // Somebody else's.
    participant: 404,
    // A message names it.
    host: 409,
  },
  listMessages: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/messages`,
    observer: 200,
    participant: 200,
  },
} satisfies Partial<Record<keyof typeof endpoints, HttpRow>>;
