// The time zones that a person may choose from.

/** Sorted IANA names with UTC, and `current` even where the browser does not list it. */
export function timeZoneChoices(current: string): string[] {
  return [...new Set([...Intl.supportedValuesOf("timeZone"), "UTC", current])].sort();
}
