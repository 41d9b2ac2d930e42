// Which of a person's meetings the home page shows, and in which order.
import type { StoredMeeting } from "./meetings.repository.ts";
import { defaultDurationMinutes } from "./meetings.calendar.ts";

export interface Overview {
  next: StoredMeeting | null;
  /** Without `next`. */
  upcoming: StoredMeeting[];
  recent: StoredMeeting[];
}

export const overviewListMax = 10;
const minuteMs = 60_000;

/**
 * Next is a running meeting, else the earliest one that is not over by its plan, else the newest without a time.
 * A planned time that passed unused puts a meeting among the recent ones, so that it does not vanish.
 */
export function selectOverview(meetings: StoredMeeting[], now: Date): Overview {
  const running = meetings.filter(({ state }) => state === "active").sort(by(startOf, "falling"));
  const scheduled = meetings.filter(({ state }) => state === "scheduled");
  const ahead = scheduled
    .filter((meeting) => plannedEnd(meeting) > now.getTime())
    .sort(by(startOf, "rising"));
  const untimed = scheduled.filter(({ scheduledAt }) => scheduledAt === null).sort(by(createdOf, "falling"));
  const missed = scheduled.filter((meeting) => plannedEnd(meeting) <= now.getTime());
  const [next = null, ...upcoming] = [...running, ...ahead, ...untimed];
  const recent = [...meetings.filter(({ state }) => state === "concluded"), ...missed];
  return {
    next,
    upcoming: upcoming.slice(0, overviewListMax),
    recent: recent.sort(by(endOf, "falling")).slice(0, overviewListMax),
  };
}

// Without a time there is no end; such meetings are listed apart.
function plannedEnd({ scheduledAt, durationMinutes }: StoredMeeting): number {
  if (scheduledAt === null) return Number.NaN;
  return scheduledAt.getTime() + (durationMinutes ?? defaultDurationMinutes) * minuteMs;
}

const startOf = (meeting: StoredMeeting) =>
  (meeting.startedAt ?? meeting.scheduledAt ?? meeting.createdAt).getTime();
const createdOf = (meeting: StoredMeeting) => meeting.createdAt.getTime();
const endOf = (meeting: StoredMeeting) => meeting.endedAt?.getTime() ?? plannedEnd(meeting);

function by(key: (meeting: StoredMeeting) => number, order: "rising" | "falling") {
  const sign = order === "rising" ? 1 : -1;
  return (a: StoredMeeting, b: StoredMeeting) => sign * (key(a) - key(b)) || (a.id < b.id ? 1 : -1);
}
