// One's own calendar: days that are different, reminders, the private feed, and busy times from another calendar.
import { z } from "zod";
import { meetingIdSchema } from "../ids.ts";
import { limits } from "../limits.ts";
import { minutesPerDay } from "../week.ts";
import { timestampSchema } from "./common.ts";
import { meetingLifecycleSchema, meetingRoleSchema } from "./meetings.ts";

export const dayRangeSchema = z
  .object({
    fromMinute: z
      .number()
      .int()
      .min(0)
      .max(minutesPerDay - 1),
    toMinute: z.number().int().min(1).max(minutesPerDay),
  })
  .refine(({ fromMinute, toMinute }) => fromMinute < toMinute, "must end after it begins");

/** A day that is not as its weekday usually is, by the person's own calendar; without ranges they are away. */
export const dayExceptionSchema = z.object({
  date: z.iso.date(),
  ranges: z.array(dayRangeSchema).max(limits.dayRangesMaxItems),
});
export type DayExceptionInput = z.infer<typeof dayExceptionSchema>;

/** How long before a call somebody may be reminded of it. */
export const reminderChoices = [5, 10, 30, 60, 1_440, 2_880] as const;
export const usualReminders: readonly number[] = [1_440, 10];

const remindersSchema = z
  .array(z.number().refine((minutes) => (reminderChoices as readonly number[]).includes(minutes)))
  .max(reminderChoices.length)
  .transform((minutes) => [...new Set(minutes)].sort((a, b) => b - a));

export const calendarSettingsSchema = z.object({
  /** In the order of their dates; days that are over are left out. */
  exceptions: z.array(dayExceptionSchema),
  /** Minutes before a call, the longest first. */
  reminders: z.array(z.number().int()),
  /** When the secret address was made; null where there is none. */
  feedSince: timestampSchema.nullable(),
  /** The other calendar whose busy times count; null where there is none. Its address is not shown again. */
  busyFrom: z
    .object({
      host: z.string(),
      /** When it was read last; null where it was not yet. */
      readAt: timestampSchema.nullable(),
      /** Why the last reading failed, in words; null where it did not. */
      problem: z.string().nullable(),
      times: z.number().int(),
    })
    .nullable(),
});
export type CalendarSettings = z.infer<typeof calendarSettingsSchema>;

/** Of several entries for one day the last one counts. */
export const changeCalendarSchema = z
  .object({
    exceptions: z
      .array(dayExceptionSchema)
      .max(limits.dayExceptionsMaxItems)
      .transform((days) =>
        [...new Map(days.map((day) => [day.date, day])).values()].sort((a, b) => (a.date < b.date ? -1 : 1)),
      ),
    reminders: remindersSchema,
  })
  .partial();
export type ChangeCalendar = z.infer<typeof changeCalendarSchema>;

export const calendarPeriodSchema = z
  .object({ from: timestampSchema, to: timestampSchema })
  .refine(({ from, to }) => {
    const length = Date.parse(to) - Date.parse(from);
    return length > 0 && length <= limits.calendarMaxDays * 24 * 60 * 60_000;
  }, `must be at most ${limits.calendarMaxDays} days`);

const intervalSchema = z.object({ startsAt: timestampSchema, endsAt: timestampSchema });

export const calendarViewSchema = z.object({
  timeZone: z.string(),
  /** Whether hours were said; without, `open` is empty. */
  hoursKnown: z.boolean(),
  meetings: z.array(
    intervalSchema.extend({
      id: meetingIdSchema,
      title: z.string(),
      state: meetingLifecycleSchema,
      myRole: meetingRoleSchema,
    }),
  ),
  /** From the other calendar. */
  busy: z.array(intervalSchema),
  open: z.array(intervalSchema),
});
export type CalendarView = z.infer<typeof calendarViewSchema>;

export const newFeedSchema = z.object({
  /** Told once. */
  url: z.string(),
});

/** `webcal:` is how calendars write addresses to be subscribed to. */
export const busyFromSchema = z.object({
  address: z
    .string()
    .trim()
    .min(1)
    .max(2_048)
    .transform((address) => address.replace(/^webcals?:\/\//i, "https://")),
});
