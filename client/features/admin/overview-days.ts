// Days of the overview's weeks, which begin in UTC wherever they are read.

/** E.g. "5 January 2026" as the reader's language has it. */
export function weekDay(timestamp: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" }).format(
    new Date(timestamp),
  );
}
