// Words about commitments that several pages share.
import { formatDay } from "../ui/times.ts";

export const commitmentStrings = {
  /** A day without a time, as it is everywhere. */
  day: (date: string) => formatDay(new Date(`${date}T12:00:00Z`), { timeZone: "UTC" }),
  milestone: "Make it a milestone",
  milestoneOf: (text: string) => `Make it a milestone of your plan: ${text}`,
  made: "It is a step of your plan now.",
  inPlan: "In your plan",
} as const;
