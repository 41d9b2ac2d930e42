// Days and times as an email's reader writes them, in their zone.
import type { EmailLanguage } from "../../../shared/schemas/languages.ts";

export const locales: Record<EmailLanguage, string> = {
  en: "en-GB",
  de: "de-DE",
  fr: "fr-FR",
  es: "es-ES",
};

export interface Reading {
  language: EmailLanguage;
  /** IANA name. */
  timeZone: string;
}

/** `12 March`, `12. März`: the year is clear from the email's own date. */
export function dayIn(at: Date, { language, timeZone }: Reading): string {
  return new Intl.DateTimeFormat(locales[language], { day: "numeric", month: "long", timeZone }).format(at);
}

/** `Thursday 12 March`, with the year where it is asked for. */
export function weekdayIn(at: Date, { language, timeZone }: Reading, { year = false } = {}): string {
  return new Intl.DateTimeFormat(locales[language], {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(year ? { year: "numeric" as const } : {}),
    timeZone,
  }).format(at);
}

/** `09:05`, of 24 hours. */
export function timeIn(at: Date, { language, timeZone }: Reading): string {
  return new Intl.DateTimeFormat(locales[language], {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone,
  }).format(at);
}

/** `GMT+1`, on that day; null for UTC itself. */
export function offsetIn(at: Date, timeZone: string): string | null {
  if (timeZone === "UTC") return null;
  const parts = new Intl.DateTimeFormat("en-GB", { timeZoneName: "shortOffset", timeZone }).formatToParts(at);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? null;
}
