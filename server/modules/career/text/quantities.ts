// Quantities in a sentence: what number, of what; "40 percent", "50k users", "45 staff" and "twelve nurses" as people write them.
import { stem } from "../../../platform/text/words.ts";

export type QuantityKind = "percent" | "money" | "duration" | "multiple" | "count" | "plain";

export interface Quantity {
  kind: QuantityKind;
  value: number;
  /** Of money its currency, of durations and measures the unit, of counts the stem of the noun; else empty. */
  unit: string;
  /** UTF-16 units in the text; the noun of a count is not part of it. */
  start: number;
  end: number;
  /** As it is written. */
  text: string;
}

const numberWords: ReadonlyMap<string, number> = new Map([
  ...[
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
  ].map((word, at) => [word, at + 1] as const),
  ...["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"].map(
    (word, at) => [word, 20 + 10 * at] as const,
  ),
  ["dozen", 12],
  ["hundred", 100],
]);
const scales: ReadonlyMap<string, number> = new Map([
  ["k", 1e3],
  ["thousand", 1e3],
  ["m", 1e6],
  ["mm", 1e6],
  ["mn", 1e6],
  ["mio", 1e6],
  ["million", 1e6],
  ["b", 1e9],
  ["bn", 1e9],
  ["billion", 1e9],
  ["hundred", 100],
  ["dozen", 12],
  ["trillion", 1e12],
]);
const currencies: ReadonlyMap<string, string> = new Map([
  ["$", "usd"],
  ["usd", "usd"],
  ["dollar", "usd"],
  ["dollars", "usd"],
  ["us$", "usd"],
  ["€", "eur"],
  ["eur", "eur"],
  ["euro", "eur"],
  ["euros", "eur"],
  ["£", "gbp"],
  ["gbp", "gbp"],
  ["pound", "gbp"],
  ["pounds", "gbp"],
  ["¥", "jpy"],
  ["jpy", "jpy"],
  ["yen", "jpy"],
  ["₹", "inr"],
  ["inr", "inr"],
  ["rupees", "inr"],
  ["chf", "chf"],
  ["francs", "chf"],
  ["cad", "cad"],
  ["aud", "aud"],
]);
/** By the singular of what is written; the same unit has one name. */
const units: ReadonlyMap<string, string> = new Map(
  Object.entries({
    second: "second",
    sec: "second",
    s: "second",
    ms: "millisecond",
    millisecond: "millisecond",
    minute: "minute",
    min: "minute",
    hour: "hour",
    hr: "hour",
    h: "hour",
    day: "day",
    night: "night",
    week: "week",
    wk: "week",
    month: "month",
    mo: "month",
    quarter: "quarter",
    year: "year",
    yr: "year",
    gb: "gigabyte",
    gigabyte: "gigabyte",
    tb: "terabyte",
    terabyte: "terabyte",
    pb: "petabyte",
    mb: "megabyte",
    kg: "kilogram",
    kilogram: "kilogram",
    tonne: "tonne",
    ton: "ton",
    km: "kilometre",
    kilometre: "kilometre",
    kilometer: "kilometre",
    mile: "mile",
    metre: "metre",
    meter: "metre",
    mw: "megawatt",
    kw: "kilowatt",
    sqm: "square metre",
    sqft: "square foot",
    acre: "acre",
    hectare: "hectare",
    litre: "litre",
    liter: "litre",
  }),
);
const multiples: ReadonlyMap<string, number> = new Map([
  ["doubled", 2],
  ["doubling", 2],
  ["tripled", 3],
  ["tripling", 3],
  ["quadrupled", 4],
  ["quadrupling", 4],
  ["halved", 0.5],
  ["halving", 0.5],
  ["twofold", 2],
  ["threefold", 3],
  ["fourfold", 4],
  ["fivefold", 5],
  ["tenfold", 10],
  ["twice", 2],
  ["half", 0.5],
]);
/** What is numbered, not counted: a number behind it says which, not how many. */
const labels: ReadonlySet<string> = new Set(
  `iso iec en din nist rfc windows python java angular node php covid article part chapter type class level grade phase
  section form rev version v release tier figure table step act title reg regulation no number sec route highway room
  unit area band key ks stage soc gpt sap s4 office excel ios android oracle postgresql mysql .net c++ sigma f9 model top`.split(
    /\s+/,
  ),
);
/** They stand between a number and what it counts. */
const notCounted: ReadonlySet<string> = new Set(
  `a an the of in on at by for to from with and or per each over under than more less about within across into as plus
  is was were are be it its their his her our this that these those while via using which who through after before
  during up down off out`.split(/\s+/),
);

const numberPattern = "\\d{1,3}(?:[,'’ \\u00a0\\u202f]\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?";
const wordNumber = [...numberWords.keys()].join("|");
const pattern = new RegExp(
  `(?<![\\p{L}\\p{N}_.#/]|[\\p{L}_]-|\\d{4}-)(?<before>us\\$|[$€£¥₹]|(?:usd|eur|gbp|chf|cad|aud|inr|jpy)\\s?)?` +
    `(?:(?<digits>${numberPattern})|(?<words>(?:${wordNumber})(?:[ -](?:${wordNumber}))*)(?![\\p{L}\\p{N}]))` +
    `(?:[\\s-]?(?<scale>k|thousand|mm|mn|mio|million|m|bn|billion|b|hundred|dozen|trillion)(?![\\p{L}\\p{N}]))?\\+?`,
  "giu",
);
const multiplePattern = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${[...multiples.keys()].join("|")})(?![\\p{L}\\p{N}])`,
  "giu",
);
const wordBehind = /^[\s-]*(?<word>[\p{L}][\p{L}\p{M}'’]*)/u;

/** In the order of the text. Case does not matter. Dates, versions and numbers of standards are none. */
export function quantitiesIn(text: string): Quantity[] {
  const found: Quantity[] = [];
  for (const match of text.matchAll(pattern)) {
    const quantity = quantityAt(text, match);
    if (quantity !== null) found.push(quantity);
  }
  for (const match of text.matchAll(multiplePattern)) {
    const value = multiples.get(match[0].toLowerCase());
    if (
      value === undefined ||
      (match[0].toLowerCase() === "half" && /^[\s-]+(?:day|term|time)/iu.test(text.slice(match.index + 4)))
    )
      continue;
    found.push({
      kind: "multiple",
      value,
      unit: "",
      start: match.index,
      end: match.index + match[0].length,
      text: match[0],
    });
  }
  found.sort((a, b) => a.start - b.start);
  return rangesCompleted(text, found);
}

function quantityAt(text: string, match: RegExpExecArray): Quantity | null {
  const { before, digits, words, scale } = match.groups ?? {};
  const start = match.index;
  const own = digits === undefined ? wordsValue(words ?? "") : Number(digits.replace(/[^\d.]/g, ""));
  const value = own * (scales.get((scale ?? "").toLowerCase()) ?? 1);
  let end = start + match[0].length;
  const at = (kind: QuantityKind, unit: string, until: number): Quantity => ({
    kind,
    value,
    unit,
    start,
    end: until,
    text: text.slice(start, until),
  });
  const behind = text.slice(end);

  const percent =
    /^[\s-]?(?:%|percent(?:age)?(?:\s+points?)?(?![\p{L}])|per\s+cent(?![\p{L}])|pct(?![\p{L}])|pp(?![\p{L}])|basis\s+points?|bps(?![\p{L}]))/iu.exec(
      behind,
    );
  if (percent !== null) {
    const unit = /points?|pp/iu.test(percent[0])
      ? /basis/iu.test(percent[0])
        ? "basis point"
        : "point"
      : /bps/iu.test(percent[0])
        ? "basis point"
        : "";
    return at("percent", unit, end + percent[0].length);
  }
  const currency = currencies.get((before ?? "").trim().toLowerCase());
  if (currency !== undefined) return at("money", currency, end);
  const times = /^\s?(?:x(?![\p{L}])|×|times(?![\p{L}])|[\s-]?fold(?![\p{L}]))/iu.exec(behind);
  if (times !== null) return at("multiple", "", end + times[0].length);

  // A letter or digit that touches it makes it part of a name: B2B, 3D, 24/7 and dates.
  if (
    digits !== undefined &&
    /^(?:[\p{L}\p{N}_/]|[.:]\d)/u.test(behind) &&
    !/^(?:ms|gb|tb|mb|pb|kg|km|kw|mw|h|s|min|hrs?|hours?|yrs?)(?![\p{L}\p{N}])/iu.test(behind)
  )
    return null;
  if (scale === undefined && digits !== undefined && /^(?:19|20)\d\d$/.test(digits)) return null;
  if (isLabelled(text.slice(0, start))) return null;

  const noun = wordBehind.exec(behind)?.groups?.["word"];
  const single = noun?.toLowerCase().replace(/^(.{2,}[^s])s$/u, "$1") ?? "";
  const money = currencies.get(single) ?? currencies.get(noun?.toLowerCase() ?? "");
  if (money !== undefined && noun !== undefined) {
    end += behind.indexOf(noun) + noun.length;
    return at("money", money, end);
  }
  const unit = units.get(single) ?? units.get(noun?.toLowerCase() ?? "");
  if (unit !== undefined && noun !== undefined)
    return at("duration", unit, end + behind.indexOf(noun) + noun.length);
  if (words !== undefined && scale === undefined && own === 1) return null;
  const counted = nounBehind(behind);
  return counted === null ? at("plain", "", end) : at("count", counted, end);
}

/** The stem of the first word behind that can be counted. */
function nounBehind(behind: string): string | null {
  const clause = /^[^.,;:()\n]*/u.exec(behind)?.[0] ?? "";
  const words = clause.match(/[\p{L}][\p{L}\p{M}'’-]*/gu) ?? [];
  const first = words[0]?.toLowerCase();
  if (first === undefined || notCounted.has(first)) return null;
  return stem(first);
}

function isLabelled(before: string): boolean {
  const word = /([\p{L}\p{N}.+#]+)[\s-]*$/u.exec(before)?.[1]?.toLowerCase();
  return word !== undefined && labels.has(word);
}

/** "ten to 15 %", "10-15 hours": what the second is counted in holds for the first. */
function rangesCompleted(text: string, found: readonly Quantity[]): Quantity[] {
  return found.map((quantity, at) => {
    const next = found[at + 1];
    if (next === undefined || (quantity.kind !== "plain" && quantity.kind !== "count")) return quantity;
    const between = text.slice(quantity.end, next.start);
    if (!/^\s?(?:-|–|—|to|or|and)\s?$/iu.test(between)) return quantity;
    return { ...quantity, kind: next.kind, unit: next.unit };
  });
}

function wordsValue(words: string): number {
  return words
    .toLowerCase()
    .split(/[ -]/)
    .reduce((sum, word) => {
      const value = numberWords.get(word) ?? 0;
      return value >= 100 && sum > 0 ? sum * value : sum + value;
    }, 0);
}
