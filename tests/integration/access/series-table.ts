// What series of calls are open to: as the meeting that is named, which belongs to none here.
import type { endpoints } from "../../../shared/contract/endpoints.ts";
import type { HttpRow } from "./table.ts";

export const seriesOfMeeting = {
  meetingSeries: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/series`,
    observer: 200,
    participant: 200,
  },
  changeFollowing: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/series`,
    body: { title: "Taken over" },
    observer: 403,
    participant: 403,
    host: 409,
  },
  cancelFollowing: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/series/cancel`,
    observer: 403,
    participant: 403,
    host: 404,
  },
} satisfies Partial<Record<keyof typeof endpoints, HttpRow>>;
