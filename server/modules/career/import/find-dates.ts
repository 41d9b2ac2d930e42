// Dates and ranges of dates as résumés write them, found in a line; what is found stays as it was written.

/** In English, German, French, Spanish, Italian, Portuguese and Dutch. */
const month =
  "(?:jan(?:uary|uar|vier|v|uari)?|jänner|enero|ene|gennaio|gen|janeiro|feb(?:ruary|ruar|rero|braio|ruari)?|f[ée]vr(?:ier)?|fevereiro|fev|mar(?:ch|s|zo|ço)?|märz|mrz|maart|mrt|apr(?:il|ile)?|avr(?:il)?|abr(?:il)?|may|mai|mayo|maggio|mag|maio|mei|june?|juni|juin|junio|giugno|giu|junho|july?|juli|juil(?:let)?|julio|luglio|lug|julho|aug(?:ust|ustus)?|août|aout|agosto|ago|sept?(?:ember|embre|iembre)?|settembre|set(?:embro)?|o[ckt]t(?:ober|obre|ubre)?|ottobre|out(?:ubro)?|nov(?:ember|embre|iembre|embro)?|de[cz](?:ember|embre|iembre|embro)?|d[ée]c(?:embre)?|dic(?:iembre|embre)?)\\.?";
const season =
  "(?:spring|summer|autumn|fall|winter|frühjahr|sommer|herbst|printemps|été|automne|hiver|primavera|verano|otoño|invierno)";
const year = "(?:19|20)\\d{2}";
const dayOfMonth = "(?:0?[1-9]|[12]\\d|3[01])";
const monthNumber = "(?:0?[1-9]|1[0-2])";
/** Quarters, and years of account and of study: "Q3 2019", "FY2019/20", "2019/20". */
const part = `Q[1-4]\\s?[/-]?\\s?${year}|(?:FY\\s?)?${year}/(?:20)?(?:1[3-9]|[2-9]\\d)(?!\\d)|FY\\s?(?:${year}|['’]?\\d{2})`;
const date = `(?:${part}|(?:(?<![.,\\d])${dayOfMonth}\\.?\\s+(?:de\\s+)?)?${month},?\\s*(?:de\\s+|\\d{1,2},\\s*)?(?:${year}|['’]\\d{2})|${season}\\s+${year}(?:\\s+and\\s+${year})?|${dayOfMonth}[/.]${monthNumber}[/.]${year}|${monthNumber}\\s?[/.]\\s?${year}|${year}[-/.](?:0[1-9]|1[0-2])(?![\\d])|${year})`;
const now =
  "(?:present|current(?:ly)?|now|today|ongoing|date|heute|jetzt|laufend|actuel(?:lement)?|aujourd['’]hui|ce jour|présent|actualidad|actual(?:mente)?|presente|hoy|oggi|attuale|atual|hoje|heden|nu)";
const since = "(?:since|from|seit|ab|depuis|desde|dal|sinds|à partir de)";
const between =
  "\\s*(?:[-\u2010-\u2015~]+|(?<=\\s)(?:to|until|till|bis|à|au|jusqu['’]à|a|hasta|tot)(?=\\s)|→)\\s*";
const range = new RegExp(
  `(?<![\\p{L}\\d$])[(\\[]?\\s*(${since}\\s+${date}|(?:de\\s+|from\\s+)?${date}${between}(?:(?:exp\\.|expected)\\s+)?(?:${date}|${now})|${month}${between}${month}\\s*${year}|${date}\\s*[-\u2010-\u2015](?=\\s*(?:[)\\]]|$))|${date})\\s*[)\\]]?(?![\\p{L}\\d%])`,
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
  // A letter alone is what a font of pictures has for a calendar.
  const others = trimmed(rest);
  return { dates: tidyDates(found), rest: /^\p{L}$/u.test(others) ? "" : others, isRange: isRange(found) };
}

const openRange = new RegExp(`^(${date}${between}${month})(?=\\s|$)(?!\\s*\\d)`, "iu");
const halfRange = new RegExp(`^(${date}\\s*[-\u2010-\u2015])(?=\\s|$)(?!\\s*(?:${date}|${now}))`, "iu");
const wholeYear = new RegExp(`^${year}$`, "u");
const wholeDate = new RegExp(`^(?:${date}|${now})$`, "iu");

/** In a narrow column a range goes on in the next line: what it is then, and how much of the first line it was. */
export function rangeOverLines(text: string, next: string): { dates: string; rest: string } | null {
  const found = wholeYear.test(next) ? openRange.exec(text) : null;
  const half = found ?? (wholeDate.test(next) ? halfRange.exec(text) : null);
  const begun = half?.[1];
  if (begun === undefined) return null;
  return { dates: `${begun} ${next}`, rest: trimmed(text.slice(begun.length)) };
}

const duration =
  /\s*(?:[·(]\s*)?(?<![\d.,])\d{1,2}\+?\s?(?:years?|yrs?|months?|mos?)(?:,?\s\d{1,2}\s?(?:months?|mos?))?\s*\)?$/i;

/** "2014 - 2018 (4 years)", as networks for professionals write: how long it was is said by its dates. Empty where nothing else is there. */
export function withoutDuration(text: string): string {
  const rest = text.replace(duration, "");
  return rest === "" || datesIn(rest)?.isRange === true ? rest : text;
}

export function tidyDates(text: string): string {
  return (
    text
      .replace(new RegExp(`(?<=[\\d\\p{L}.])\\s*[\u2010-\u2015~\u2192]+\\s*(?=[\\d\\p{L}])`, "gu"), " - ")
      // It goes on: nobody says until when.
      .replace(/(?<=\d{2})\s*[-\u2010-\u2015]$/u, " -")
      .replace(/(?<=\d{4}|\p{L}) ?- ?(?=\p{L}|(?:19|20)\d{2})/gu, " - ")
      .replace(/\s+/g, " ")
      .trim()
  );
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
  return new RegExp(`${between}(?:${date}|${now})$|[-\u2010-\u2015]$|^${since}\\s`, "iu").test(text);
}
