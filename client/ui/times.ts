// Times as people read them: in the reader's zone, with the zone named where it matters.

/** English as the reader writes it, for the order of day and month and the 12- or 24-hour clock. */
const locale =
  (typeof navigator === "undefined" ? [] : navigator.languages).find((tag) => tag.startsWith("en")) ??
  "en-GB";

export function readerTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** "Thursday 12 March", with the year where it is not the year of `now`. */
export function formatDay(instant: Date, options: { timeZone?: string; now?: Date } = {}): string {
  const { timeZone = readerTimeZone(), now = new Date() } = options;
  const yearOf = (date: Date) => new Intl.DateTimeFormat("en", { timeZone, year: "numeric" }).format(date);
  return new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(yearOf(instant) === yearOf(now) ? {} : { year: "numeric" }),
  }).format(instant);
}

/** "Thu 12 Mar", for heads of columns. */
export function formatWeekday(instant: Date, timeZone: string = readerTimeZone()): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
  }).format(instant);
}

/** "14:00" or "2:00 PM". */
export function formatTime(instant: Date, timeZone: string = readerTimeZone()): string {
  return new Intl.DateTimeFormat(locale, { timeZone, hour: "numeric", minute: "2-digit" }).format(instant);
}

/** "CET", "GMT+5:30" …: the zone's short name at that moment. */
export function zoneName(instant: Date, timeZone: string = readerTimeZone()): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "short" }).formatToParts(instant);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? timeZone;
}

/** "Zurich" of "Europe/Zurich". */
export function zoneCity(timeZone: string): string {
  return (timeZone.split("/").at(-1) ?? timeZone).replaceAll("_", " ");
}

/** "14:00–15:00 CET" */
export function formatTimeRange(
  start: Date,
  durationMinutes: number | null,
  timeZone: string = readerTimeZone(),
): string {
  const end = durationMinutes === null ? null : new Date(start.getTime() + durationMinutes * 60_000);
  const range =
    end === null
      ? formatTime(start, timeZone)
      : `${formatTime(start, timeZone)}–${formatTime(end, timeZone)}`;
  return `${range} ${zoneName(start, timeZone)}`;
}

/** "12 Mar, 14:00" for lists. */
export function formatShort(instant: Date, timeZone: string = readerTimeZone()): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone,
    day: "numeric",
    month: "short",
    hour: "numeric",
    minute: "2-digit",
  }).format(instant);
}

/** "45 min", "1 h", "1 h 30 min". */
export function formatDuration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = Math.round(minutes % 60);
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** Position on a call's timeline: "4:07", "1:02:33". */
export function formatTimeline(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const seconds = String(total % 60).padStart(2, "0");
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600);
  return hours === 0 ? `${minutes}:${seconds}` : `${hours}:${String(minutes).padStart(2, "0")}:${seconds}`;
}

/** How far away a start is, in words that need no seconds: "in 25 min", "tomorrow", "now". */
export function formatDistance(instant: Date, now: Date): string {
  const minutes = Math.round((instant.getTime() - now.getTime()) / 60_000);
  if (minutes === 0) return "now";
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "long" });
  if (Math.abs(minutes) < 60) return relative.format(minutes, "minute");
  if (Math.abs(minutes) < 60 * 24) return relative.format(Math.round(minutes / 60), "hour");
  return relative.format(Math.round(minutes / 60 / 24), "day");
}
