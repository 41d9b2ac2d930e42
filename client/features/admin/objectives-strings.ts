// Words of the page on the service's objectives.
import type { ObjectiveName } from "../../../shared/schemas/objectives.ts";

interface ObjectiveWords {
  title: string;
  promise: (share: string) => string;
}

export const objectivesStrings = {
  title: "Service",
  under:
    "What this installation promises of itself, and how it has kept it. Figures only, of all organisations together.",
  loading: "Reading the figures…",
  period: "Period",
  periods: { 24: "Last day", 168: "Last week", 720: "Last month" } as Record<number, string>,
  kept: "Kept",
  missed: "Missed",
  nothing: "Nothing yet",
  nothingWhy: "None of this has happened in this period, so there is nothing to judge.",
  share: (share: string, good: string, total: string) => `${share} (${good} of ${total})`,
  budget: (left: string) => `${left} of the room for failures is left.`,
  overspent: "The room for failures is used up.",
  chart: (title: string) => `${title} over time. The table below has the same figures.`,
  table: "As a table",
  time: "Time",
  good: "Good",
  total: "All",
  objectives: {
    "api-availability": {
      title: "The API answers",
      promise: (share) => `${share} of requests are answered without an error of the server.`,
    },
    "api-latency": {
      title: "The API is quick",
      promise: (share) => `${share} of requests are answered within 200 ms.`,
    },
    "transcript-durable": {
      title: "Transcript lines are safe",
      promise: (share) => `${share} of batches are durable within 150 ms.`,
    },
    "notes-durable": {
      title: "Notes are safe",
      promise: (share) => `${share} of edits are durable within 150 ms.`,
    },
    "jobs-done": {
      title: "Work in the background gets done",
      promise: (share) => `${share} of jobs end well: recaps, emails.`,
    },
  } satisfies Record<ObjectiveName, ObjectiveWords>,
} as const;
