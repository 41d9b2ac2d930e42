// How far a plan is and whether it is on track, from its dates, milestones and skills. Pure.
import type { PlanProgress } from "../../../shared/schemas/plans.ts";
import type { StoredPlan } from "./plans.repository.ts";

const dayMs = 24 * 60 * 60 * 1_000;
/** Progress may lag so far behind the time that is gone: work comes in steps. In percent. */
const lagMost = 15;

export function progressOf(
  plan: Pick<StoredPlan, "createdAt" | "targetTimeline" | "milestones" | "skillsToDevelop" | "status">,
  now: Date,
): PlanProgress {
  const { createdAt, targetTimeline, milestones, skillsToDevelop, status } = plan;
  const end = endOf(createdAt, targetTimeline);
  const done = milestones.filter(({ completedAt }) => completedAt !== null).length;
  const today = now.toISOString().slice(0, 10);
  const late = milestones.filter(
    ({ completedAt, targetDate }) => completedAt === null && targetDate !== null && targetDate < today,
  ).length;
  const parts = [
    ...(milestones.length === 0 ? [] : [(100 * done) / milestones.length]),
    ...(skillsToDevelop.length === 0
      ? []
      : [skillsToDevelop.reduce((sum, { progress }) => sum + progress, 0) / skillsToDevelop.length]),
  ];
  const reached = parts.length === 0 ? 0 : parts.reduce((sum, part) => sum + part, 0) / parts.length;
  const overallProgress = status === "completed" ? 100 : Math.round(reached);
  const whole = end.getTime() - createdAt.getTime();
  const gone = Math.min(1, Math.max(0, (now.getTime() - createdAt.getTime()) / whole));
  const timeGone = Math.round(100 * gone);
  return {
    overallProgress,
    timeGone,
    milestonesCompleted: done,
    milestonesLate: status === "completed" ? 0 : late,
    timeRemaining: Math.max(0, Math.ceil((end.getTime() - now.getTime()) / dayMs)),
    onTrack: status === "completed" || (late === 0 && overallProgress + lagMost >= timeGone),
  };
}

/** The same day so many months later, or the last of that month. */
export function endOf(from: Date, months: number): Date {
  const end = new Date(from);
  end.setUTCDate(1);
  end.setUTCMonth(end.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate();
  end.setUTCDate(Math.min(from.getUTCDate(), lastDay));
  return end;
}
