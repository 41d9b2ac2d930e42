// Dates and ranges of dates as résumés write them, found in a line; what is found stays as it was written.

const month =
  "(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|m\u00e4rz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\\.?";
const season = "(?:spring|summer|autumn|fall|winter)";
const year = "(?:19|20)\\d{2}";
const date = `(?:(?:\\d{1,2}\\s+)?${month},?\\s*(?:\\d{1,2},\\s*)?(?:${year}|['\u2019]\\d{2})|${season}\\s+${year}|(?:0?[1-9]|1[0-2])\\s?[/.]\\s?${year}|${year}[-/.](?:0[1-9]|1[0-2])(?![\\d])|${year})`;
const now = "(?:present|current(?:ly)?|now|today|ongoing|to date|heute|actuel|actualidad)";
const between = "\\s*(?:[-\u2010-\u2015~]+|\\bto\\b|\\buntil\\b|\\bbis\\b|\u2192)\\s*";
const range = new RegExp(
  `(?<![\\p{L}\\d$])[(\\[]?\\s*((?:since|from)\\s+${date}|${date}${between}(?:${date}|${now})|${month}${between}${month}\\s*${year}|${date})\\s*[)\\]]?(?![\\p{L}\\d%])`,
  "giu",
);

export interface FoundDates {
  /** With one kind of dash: `Mar 2019 - Present`. */
  dates: string;
  /** The line without them. */
  rest: string;
  isRange: boolean;
}

/** The last of the line; null where there is none. */
export function datesIn(text: string): FoundDates | null {
  const all = [...text.matchAll(range)];
  const ranges = all.filter(([, found = ""]) => isRange(found));
  const match = ranges.at(-1) ?? all.at(-1);
  const found = match?.[1];
  if (match === undefined || found === undefined) return null;
  const rest = `${text.slice(0, match.index)} ${text.slice(match.index + match[0].length)}`;
  return { dates: tidyDates(found), rest: trimmed(rest), isRange: isRange(found) };
}

export function tidyDates(text: string): string {
  return text
    .replace(new RegExp(`(?<=[\\d\\p{L}.])\\s*[\u2010-\u2015~\u2192]+\\s*(?=[\\d\\p{L}])`, "gu"), " - ")
    .replace(/(?<=\d{4}|\p{L}) ?- ?(?=\p{L}|(?:19|20)\d{2})/gu, " - ")
    .replace(/\s+/g, " ")
    .trim();
}

/** Without what held the parts apart. */
export function trimmed(text: string): string {
  return text
    .replace(/\(\s*\)|\[\s*\]/g, " ")
    .replace(/\s+/g, " ")
    .replace(/^[\s,;:|\u00b7\u2022\u2013\u2014-]+|[\s,;:|\u00b7\u2022\u2013\u2014-]+$/gu, "")
    .trim();
}

function isRange(text: string): boolean {
  return new RegExp(`${between}(?:${date}|${now})$`, "iu").test(text) || /^(?:since|from)\s/i.test(text);
}
