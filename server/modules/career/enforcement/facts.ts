// What a rewritten bullet claims that its own source does not say: numbers, units, names, tools, dates, responsibility.
import { stem, wordsOf } from "../../../platform/text/words.ts";
import { quantitiesIn, type Quantity } from "../text/quantities.ts";
import { skillNames, skillsIn } from "../text/skills.ts";

export interface FactSource {
  /** The bullet as its owner wrote it. */
  text: string;
  /** What stands around it on the page and may be said in it: employer, role, project, place, dates, tags. */
  context: readonly string[];
}

export interface FactRules {
  /** Of the posting: what must not get into a bullet by way of it. */
  postingTerms: readonly string[];
  /** Of the other roles and of the posting: employers, in whatever case they are written. */
  foreignNames: readonly string[];
}

export type ViolationKind = "number" | "unit" | "name" | "tool" | "date" | "posting-term" | "claim";

export interface Violation {
  kind: ViolationKind;
  /** As it is written in the rewritten bullet. */
  text: string;
}

/** Empty where everything it claims is in its source. To leave something out is no violation. */
export function violationsOf(rewritten: string, source: FactSource, rules: FactRules): Violation[] {
  const around = [source.text, ...source.context].join(" · ");
  return [
    ...foreignQuantities(rewritten, source),
    ...foreignDates(rewritten, around),
    ...foreignTools(rewritten, around),
    ...foreignNames(rewritten, around, rules.foreignNames),
    ...foreignTerms(rewritten, around, rules.postingTerms),
    ...raisedClaims(rewritten, around),
  ];
}

/** Words for the same people and things: a count keeps its meaning when its noun changes among them. */
const sameNouns: readonly ReadonlySet<string>[] = [
  "staff employee people person member colleague worker personnel",
  "engineer developer programmer",
  "client customer account",
  "pupil student child children learner",
  "user visitor",
  "shop store outlet branch location site",
  "country nation market",
  "ticket issue request case query enquiry",
  "nurse nursing",
  "supplier vendor",
  "fault defect error",
  "article piece post",
  "dish plate meal cover",
  "car vehicle van truck lorry",
  "team group squad",
  "apprentice trainee intern",
  "order delivery shipment parcel",
  "session class lesson workshop course",
].map((words) => new Set(words.split(" ").map(stem)));

function foreignQuantities(rewritten: string, source: FactSource): Violation[] {
  const known = quantitiesIn(source.text);
  const said = new Set(wordsOf(source.text).map(stem));
  const used = new Set<Quantity>();
  return quantitiesIn(rewritten)
    .flatMap((claimed): Violation[] => {
      const sameValue = known.filter(
        (one) => Math.abs(one.value - claimed.value) <= 1e-9 * Math.max(1, one.value),
      );
      // "Twice as fast" and "doubled", "half" and "halved" are the same value; a bare number claims nothing more than it.
      if (sameValue.length === 0) return [{ kind: "number", text: claimed.text }];
      const match =
        sameValue.find((one) => !used.has(one) && sameMeaning(claimed, one, rewritten, said)) ??
        sameValue.find((one) => sameMeaning(claimed, one, rewritten, said));
      if (match === undefined) return [{ kind: "unit", text: claimed.text }];
      used.add(match);
      return [];
    })
    .concat(swapped(rewritten, source.text, known));
}

function sameMeaning(
  claimed: Quantity,
  known: Quantity,
  rewritten: string,
  said: ReadonlySet<string>,
): boolean {
  // A bare number claims nothing of what it counts: "from five days to two".
  if (claimed.kind === "plain") return true;
  const plain = (one: Quantity) => one.kind === "plain" || one.kind === "count";
  if (!plain(claimed) || !plain(known)) return claimed.kind === known.kind && claimed.unit === known.unit;
  if (known.kind === "plain") return true;
  if (claimed.unit === known.unit) return true;
  // An adjective or another noun of the source may stand between the number and what it counts.
  const nouns = nounsBehind(rewritten.slice(claimed.end));
  const same = sameNouns.find((group) => group.has(known.unit));
  return (
    nouns.some((noun) => noun === known.unit || same?.has(noun) === true) ||
    nouns.every((noun) => said.has(noun))
  );
}

function nounsBehind(behind: string): string[] {
  const clause = /^[^.,;:()\n]*/u.exec(behind)?.[0] ?? "";
  const words = (clause.match(/[\p{L}][\p{L}\p{M}'’-]*/gu) ?? []).map((word) => word.toLowerCase());
  const end = words.findIndex((word) =>
    /^(?:a|an|the|of|in|on|at|by|for|to|from|with|and|or|per|each|across|within|into|while|via|using|through|who|that|over|during)$/.test(
      word,
    ),
  );
  return words.slice(0, end < 0 ? 3 : Math.min(3, end)).map(stem);
}

/** Two quantities of one kind that have changed places: each now stands beside what the other stood beside. */
function swapped(rewritten: string, source: string, known: readonly Quantity[]): Violation[] {
  const claimed = quantitiesIn(rewritten);
  const found: Violation[] = [];
  known.forEach((one, at) => {
    for (const other of known.slice(at + 1)) {
      if (one.value === other.value || one.kind !== other.kind || one.unit !== other.unit) continue;
      const [a, b] = [
        claimed.find(({ value, kind }) => value === one.value && kind === one.kind),
        claimed.find(({ value, kind }) => value === other.value && kind === other.kind),
      ];
      if (a === undefined || b === undefined) continue;
      const directions = [directionOf(source, one), directionOf(source, other)];
      if (directions.every((direction) => direction !== null)) {
        const now = [directionOf(rewritten, a), directionOf(rewritten, b)];
        if (now[0] === directions[1] && now[1] === directions[0] && now[0] !== now[1])
          found.push({ kind: "number", text: `${a.text} / ${b.text}` });
        continue;
      }
      const [sourceOne, sourceOther] = [besides(source, one), besides(source, other)];
      const [nowOne, nowOther] = [besides(rewritten, a), besides(rewritten, b)];
      const kept = common(sourceOne, nowOne) + common(sourceOther, nowOther);
      const crossed = common(sourceOne, nowOther) + common(sourceOther, nowOne);
      if (crossed > kept + 1) found.push({ kind: "number", text: `${a.text} / ${b.text}` });
    }
  });
  return found;
}

/** What a change goes from and to. */
function directionOf(text: string, { start }: Quantity): "from" | "to" | null {
  const word = /\b(from|to)\s+(?:about\s+)?$/iu.exec(text.slice(0, start))?.[1]?.toLowerCase();
  return word === "from" || word === "to" ? word : null;
}

/** Content words of the same clause. */
function besides(text: string, { start, end }: Quantity): Set<string> {
  const border = /[.,;]|\b(?:and|while|but)\b/iu;
  const before = text.slice(0, start).split(border).at(-1) ?? "";
  const behind = text.slice(end).split(border)[0] ?? "";
  const near = [...wordsOf(before).slice(-4), ...wordsOf(behind).slice(0, 3)];
  return new Set(near.filter((word) => word.length > 2).map(stem));
}

function common(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  return [...one].filter((word) => other.has(word)).length;
}

const monthNames =
  "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";
const datePattern = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:(?:19|20)\\d\\d(?![\\d])|Q[1-4](?![\\p{L}\\p{N}])|(?:${monthNames}|May)(?=\\.?\\s+(?:\\d|of\\b))|(?:spring|summer|autumn|fall|winter)(?=\\s+(?:19|20)\\d\\d))`,
  "giu",
);

function foreignDates(rewritten: string, around: string): Violation[] {
  const dates = (text: string) =>
    (text.match(datePattern) ?? []).map((date) => date.toLowerCase().slice(0, 4));
  const known = new Set([...dates(around), ...(around.match(/(?:19|20)\d\d/g) ?? [])]);
  return (rewritten.match(datePattern) ?? [])
    .filter((date) => !known.has(date.toLowerCase().slice(0, 4)))
    .map((text) => ({ kind: "date", text }));
}

function foreignTools(rewritten: string, around: string): Violation[] {
  const known = knownTools(around);
  const lower = around.toLowerCase();
  const named = skillNames(rewritten).filter(
    (name) => !known.has(name) && !hasWords(lower, name.toLowerCase()),
  );
  // Of a tool that is known another version or part is another claim.
  const kinds = skillsIn(rewritten).filter(({ skill, isNamed, text }) => {
    const own = text.toLowerCase().replace(/s$/u, "");
    return !isNamed && known.has(skill.name) && !hasWords(lower, own) && !hasWords(lower, `${own}s`);
  });
  return [...named, ...kinds.map(({ text }) => text)].map((text) => ({ kind: "tool", text }));
}

/** A name counts as known in either reading of its case: to keep what its owner wrote is no invention. */
function knownTools(around: string): Set<string> {
  return new Set([...skillNames(around), ...skillNames(around, { byCase: false })]);
}

/**
 * Capitalised words within a sentence, and words with capitals or digits inside, that the source does not have; initials
 * of a source's words in a row are theirs, and the other way round.
 */
function foreignNames(rewritten: string, around: string, foreign: readonly string[]): Violation[] {
  const lower = around.toLowerCase();
  const known = new Set(wordsOf(around).flatMap((word) => [word, stem(word)]));
  const initials = initialsOf(around);
  const acronyms = (around.match(/(?<![\p{L}])\p{Lu}{2,6}(?![\p{Ll}])/gu) ?? []).map((word) =>
    word.toLowerCase(),
  );
  const spelledOut = new Set(
    acronyms.flatMap((acronym) => runsWithInitials(rewritten, acronym)).flatMap((run) => run),
  );
  const found: Violation[] = [];
  for (const name of foreign)
    if (hasWords(rewritten.toLowerCase(), name.toLowerCase()) && !hasWords(lower, name.toLowerCase()))
      found.push({ kind: "name", text: name });
  const words = [...rewritten.matchAll(/[\p{L}][\p{L}\p{M}\p{N}&.+#'’-]*[\p{L}\p{N}+#]|[\p{Lu}]/gu)];
  const counted = quantitiesIn(rewritten);
  // "Apache Kafka" for "Kafka" is the same tool, by its other name.
  const tools = knownTools(around);
  const sameTools = skillsIn(rewritten).filter(({ skill }) => tools.has(skill.name));
  words.forEach((match, at) => {
    if (sameTools.some(({ start, end }) => match.index >= start && match.index < end)) return;
    // A currency or a unit belongs to its number, which is checked as such.
    if (counted.some(({ start, end }) => match.index >= start && match.index < end)) return;
    const word = match[0].replace(/['’]s$/u, "");
    const opens = at === 0 || /[.!?•:]\s+$/u.test(rewritten.slice(0, match.index));
    const inside = /.\p{Lu}|\p{L}\d|\d\p{L}/u.test(word.replace(/-/g, ""));
    const isName = inside || (/^\p{Lu}/u.test(word) && (!opens || !isOrdinary(word)));
    if (!isName) return;
    const parts = wordsOf(word.replace(/[-&]/g, " "));
    const plain = word.toLowerCase().replace(/s$/, "");
    if (
      parts.every(
        (part) => known.has(part) || known.has(stem(part)) || initials.has(part) || spelledOut.has(part),
      )
    )
      return;
    if (initials.has(plain) || hasWords(lower, word.toLowerCase())) return;
    if (skillNames(word).length > 0 || word === "I") return;
    found.push({ kind: "name", text: word });
  });
  return found;
}

/** The first word of a bullet is capitalised whatever it is: a verb, an adverb, an adjective of trade. */
function isOrdinary(word: string): boolean {
  return /(?:ed|ing|ly|s|t|e|n|d|k|w|t)$/u.test(word) && /^\p{Lu}?[\p{Ll}-]+$/u.test(word);
}

function initialsOf(text: string): Set<string> {
  const words = wordsOf(text.replace(/-/g, " "));
  const found = new Set<string>();
  for (let at = 0; at < words.length; at += 1) {
    let initials = "";
    for (const word of words.slice(at, at + 6)) {
      initials += word[0] ?? "";
      if (initials.length >= 2) found.add(initials);
    }
  }
  return found;
}

function runsWithInitials(text: string, acronym: string): string[][] {
  const words = wordsOf(text.replace(/-/g, " "));
  return words.flatMap((_, at) => {
    const run = words.slice(at, at + acronym.length);
    return run.map((word) => word[0]).join("") === acronym ? [run] : [];
  });
}

function foreignTerms(rewritten: string, around: string, terms: readonly string[]): Violation[] {
  const [claimed, known] = [stemmed(rewritten), stemmed(around)];
  const names = new Set(skillNames(around));
  // Under another name of the same tool it is in the source.
  const isNamedOtherwise = (term: string) => {
    const own = skillNames(term);
    return own.length > 0 && own.every((name) => names.has(name));
  };
  return terms
    .filter(
      (term) =>
        stemmed(term).trim() !== "" &&
        claimed.includes(stemmed(term)) &&
        !known.includes(stemmed(term)) &&
        !isNamedOtherwise(term),
    )
    .map((text) => ({ kind: "posting-term", text }));
}

/** Between spaces, so that a part of a word is not found. */
function stemmed(text: string): string {
  return ` ${wordsOf(text).map(stem).join(" ")} `;
}

const leadership =
  /\b(?:led|lead|leading|headed|managed|manages|managing|directed|supervised|owned|founded|chaired|spearheaded)\b/iu;
const assistance =
  /\b(?:helped|assisted|supported|contributed|participated|shadowed|member of|part of|involved in|observed)\b/iu;
const credentials = [
  "certified",
  "licensed",
  "chartered",
  "accredited",
  "award-winning",
  "award",
  "phd",
  "doctorate",
  "mba",
  "master's",
  "patent",
  "patented",
  "published",
  "promoted",
  "registered",
  "fluent",
  "native",
];
const vagueAmounts = /\b(?:dozens|hundreds|thousands|millions|billions) of\b/giu;
const extremes = [
  "first",
  "only",
  "largest",
  "record",
  "highest",
  "best",
  "fastest",
  "global",
  "worldwide",
  "nationwide",
  "international",
  "company-wide",
];

/** More responsibility, qualifications, amounts or superlatives than the source names. */
function raisedClaims(rewritten: string, around: string): Violation[] {
  const lower = around.toLowerCase();
  const found: Violation[] = [];
  const leads = leadership.exec(rewritten)?.[0];
  if (leads !== undefined && !leadership.test(around) && assistance.test(around))
    found.push({ kind: "claim", text: leads });
  const said = new Set(wordsOf(around).map(stem));
  for (const word of [...credentials, ...extremes])
    if (hasWords(rewritten.toLowerCase(), word) && !hasWords(lower, word) && !said.has(stem(word)))
      found.push({ kind: "claim", text: word });
  for (const amount of rewritten.match(vagueAmounts) ?? [])
    if (!lower.includes(amount.toLowerCase().replace(/ of$/, "")))
      found.push({ kind: "number", text: amount });
  return found;
}

function hasWords(text: string, words: string): boolean {
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    const touches = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}]/u.test(char);
    if (!touches(text[at - 1]) && !touches(text[at + words.length])) return true;
  }
  return false;
}
