// Scheduling: finding a time that suits two people, taking it so that nobody else can, and each person's calendar.
import type { Actor } from "../../../shared/actor.ts";
import type { FileAnswer } from "../../../shared/contract/endpoint.ts";
import type { UserId } from "../../../shared/ids.ts";
import type { CalendarSettings, CalendarView, ChangeCalendar } from "../../../shared/schemas/calendar.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import type { BookTime, SuggestedTimes, SuggestTimes } from "../../../shared/schemas/scheduling.ts";
import type { DayException } from "./availability.ts";
import type { Planner } from "./planner.ts";
import type { SeriesPlanner } from "./series-planner.ts";

export { openTimes, type DayException } from "./availability.ts";
export { union, without } from "./intervals.ts";
export { createScheduling, type SchedulingOptions } from "./scheduling.module.ts";

export type { SeriesPlanner } from "./series-planner.ts";

export interface SchedulingService {
  readonly series: SeriesPlanner;
  /** Throws NOT_FOUND where the actor may not see them. */
  suggest(actor: Actor, userId: UserId, search: SuggestTimes): Promise<SuggestedTimes>;
  /** Throws NOT_FOUND as `suggest`, CONFLICT where the time is not free for both any more. */
  book(actor: Actor, userId: UserId, input: BookTime): Promise<Meeting>;
}

export interface CalendarService {
  settings(actor: Actor): Promise<CalendarSettings>;
  change(actor: Actor, change: ChangeCalendar): Promise<CalendarSettings>;
  view(actor: Actor, period: { from: string; to: string }): Promise<CalendarView>;
  /** Tells the secret once; the former one stops. */
  makeFeed(actor: Actor): Promise<{ url: string }>;
  revokeFeed(actor: Actor): Promise<CalendarSettings>;
  /** Throws VALIDATION_ERROR where it is no address; what else is wrong with it is found out when it is read. */
  setBusyFrom(actor: Actor, address: string): Promise<CalendarSettings>;
  removeBusyFrom(actor: Actor): Promise<CalendarSettings>;
  /** Throws NOT_FOUND where the secret is none any more, or its maker is gone or has left the organisation. */
  feed(secret: string): Promise<FileAnswer>;
}

export interface Scheduling {
  scheduling: SchedulingService;
  calendar: CalendarService;
  planner: Planner;
  /** What people have in that time: calls here, and what their other calendar says. */
  busy(
    userIds: readonly UserId[],
    period: { from: Date; to: Date },
  ): Promise<Map<UserId, { startMs: number; endMs: number }[]>>;
  /** Days of theirs that are not as usual. */
  exceptionsOf(userIds: readonly UserId[]): Promise<Map<UserId, readonly DayException[]>>;
  /** Orders the next run of what is done again and again. */
  start(): Promise<void>;
}
