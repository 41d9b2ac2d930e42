// What is made of the talk of calls, with the answer to each kind of person. A new way in needs its row here.
import type { endpoints } from "../../../shared/contract/endpoints.ts";
import type { HttpRow, OpenRow } from "./table.ts";

export const talkOfMeeting = {
  listSegments: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/segments`,
    observer: 200,
    participant: 200,
  },
  listTopics: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/topics`,
    observer: 200,
    participant: 200,
  },
  brief: {
    path: ({ meetingId }) => `/api/v1/meetings/${meetingId}/brief`,
    observer: 403,
    participant: 200,
  },
} satisfies Partial<Record<keyof typeof endpoints, HttpRow>>;

export const talkOfOnesOwn = {
  searchPassages: { path: "/api/v1/search/passages?q=canary" },
  askQuestion: { path: "/api/v1/ask", body: { question: "What about the canary?" } },
} satisfies Partial<Record<keyof typeof endpoints, OpenRow>>;
