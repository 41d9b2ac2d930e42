// How an application goes: which date a status sets, which statuses are over, and how many got how far.
import type { ApplicationStatus } from "../../../../shared/schemas/career/enums.ts";
import { applicationStatusSchema } from "../../../../shared/schemas/career/enums.ts";
import type { Funnel, FunnelStep } from "../../../../shared/schemas/career/applications.ts";
import type { StatusDates, StoredApplication } from "./applications.repository.ts";

const dateOf: Partial<Record<ApplicationStatus, keyof StatusDates>> = {
  applied: "appliedAt",
  viewed: "responseReceivedAt",
  screening: "responseReceivedAt",
  interviewing: "interviewScheduledAt",
  offer: "offerReceivedAt",
  rejected: "rejectedAt",
};

/** The date that a status stands for, where it is not set yet: the first time counts. */
export function datesOf(status: ApplicationStatus, at: Date, known: StatusDates): Partial<StatusDates> {
  const name = dateOf[status];
  return name === undefined || known[name] !== null ? {} : { [name]: at };
}

/** Nothing more is to be done: no reminder goes out. */
export const overStatuses: ReadonlySet<ApplicationStatus> = new Set([
  "accepted",
  "rejected",
  "withdrawn",
  "ghosted",
]);

type Progress = Pick<StoredApplication, "applicationStatus" | "timeline"> & StatusDates;

/** Where an application is over, how far it had come counts: by its dates and all statuses that it had. */
export function funnelOf(applications: readonly Progress[]): Funnel {
  const counts = new Map<FunnelStep, number>(stepOrder.map((step) => [step, 0]));
  for (const application of applications) {
    const reached = reachedBy(application);
    for (const step of stepOrder.slice(0, reached + 1)) counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  return {
    steps: stepOrder.map((step) => ({ step, count: counts.get(step) ?? 0 })),
    byStatus: applicationStatusSchema.options.map((status) => ({
      status,
      count: applications.filter((one) => one.applicationStatus === status).length,
    })),
  };
}

const stepOrder: readonly FunnelStep[] = [
  "tracked",
  "applied",
  "responded",
  "interviewed",
  "offered",
  "accepted",
];
const stepOf: Record<ApplicationStatus, number> = {
  not_applied: 0,
  applied: 1,
  viewed: 2,
  screening: 2,
  interviewing: 3,
  offer: 4,
  accepted: 5,
  // Whoever is turned down or hears nothing has applied; who withdraws need not have.
  rejected: 1,
  ghosted: 1,
  withdrawn: 0,
};
const stepOfDate: Record<keyof StatusDates, number> = {
  appliedAt: 1,
  responseReceivedAt: 2,
  interviewScheduledAt: 3,
  offerReceivedAt: 4,
  rejectedAt: 1,
};

function reachedBy({ applicationStatus, timeline, ...dates }: Progress): number {
  const byDates = Object.entries(stepOfDate).map(([name, step]) =>
    dates[name as keyof StatusDates] === null ? 0 : step,
  );
  const byStatuses = timeline.map(({ to }) => (to === null ? 0 : stepOf[to]));
  return Math.max(stepOf[applicationStatus], ...byDates, ...byStatuses);
}
