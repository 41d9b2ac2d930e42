// Dates as JSON Resume writes them (2019-03) and as a page shows them (Mar 2019), both ways.

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const present = "Present";

/** `2019-03` → `Mar 2019`, `2019` as it is; what is no such date (month 19) is left as it was written. */
export function shownDate(date: string): string {
  const [, year, month] = /^(\d{4})-(\d{2})(?:-\d{2})?$/.exec(date.trim()) ?? [];
  const name = months[Number(month) - 1];
  return year === undefined || name === undefined ? date.trim() : `${name} ${year}`;
}

/** An entry without an end goes on: it says so where `ongoing` entries are meant. */
export function shownRange(range: {
  start: string | undefined;
  end: string | undefined;
  ongoing: boolean;
}): string {
  const start = range.start === undefined ? "" : shownDate(range.start);
  const end =
    range.end === undefined || range.end === "" ? (range.ongoing ? present : "") : shownDate(range.end);
  if (start === "") return end === present ? "" : end;
  return end === "" ? start : `${start} - ${end}`;
}

/** What a range says in JSON Resume's form; nothing where it cannot be told without guessing. */
export function standardRange(range: string): { startDate?: string; endDate?: string } {
  const parts = range.split(/\s*(?:[-–—]|\bto\b|\buntil\b)\s*/i).filter((part) => part !== "");
  if (parts.length === 0 || parts.length > 2) return {};
  const [start, end] = parts;
  const startDate = standardDate(start ?? "");
  if (startDate === null) return {};
  if (end === undefined || /^(?:present|now|current|today|ongoing)$/i.test(end)) return { startDate };
  const endDate = standardDate(end);
  return endDate === null ? {} : { startDate, endDate };
}

function standardDate(text: string): string | null {
  const trimmed = text.trim();
  if (/^\d{4}$/.test(trimmed)) return trimmed;
  const [, name = "", year = ""] = /^([A-Za-z]{3,9})\.?,?\s+(\d{4})$/.exec(trimmed) ?? [];
  const month = months.findIndex((one) => name.toLowerCase().startsWith(one.toLowerCase()));
  return month < 0 || name === "" ? null : `${year}-${String(month + 1).padStart(2, "0")}`;
}
