// For tests and figures: honest paraphrases into which a falsehood is planted, by a seed.
import { randomNumbers } from "../../../platform/testing-random.ts";
import { quantitiesIn } from "../text/quantities.ts";
import type { FactRules, FactSource } from "./facts.ts";
import { paraphrasedBullets, type ParaphrasedBullet } from "./testing-paraphrases.ts";

export const mutationKinds = [
  "number",
  "unit",
  "employer",
  "tool",
  "date",
  "moved-metric",
  "posting-skill",
] as const;
export type MutationKind = (typeof mutationKinds)[number];

export interface Mutation {
  kind: MutationKind;
  text: string;
  honest: string;
  source: FactSource;
  rules: FactRules;
}

const tools = [
  "Salesforce",
  "Tableau",
  "Docker",
  "Jira",
  "AutoCAD",
  "Epic EHR",
  "Xero accounting",
  "Power BI",
  "TypeScript",
  "C++",
  "Photoshop",
  "ServiceNow",
];
const postingTerms = [
  "dietetics",
  "stock replenishment",
  "asset tokenisation",
  "grant writing",
  "wound debridement",
  "sous-vide",
  "pallet racking",
  "statutory audit",
  "lesson observation",
  "cold calling",
];
const years = ["2003", "2007", "2024", "2025"];
const otherEmployers = ["Siemens Mobility", "Deloitte", "Waitrose", "Novartis", "Ryanair"];

export const testRules: FactRules = {
  postingTerms,
  foreignNames: [...new Set([...paraphrasedBullets.map(({ company }) => company), ...otherEmployers])],
};

export function sourceOfParaphrase({ text, company, role, dates }: ParaphrasedBullet): FactSource {
  return { text, context: [company, role, dates] };
}

/** About `count` of them, of all kinds in turn; what cannot be made of a bullet is passed over. */
export function mutations(seed: number, count: number): Mutation[] {
  const random = randomNumbers(seed);
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)];
  const found: Mutation[] = [];
  for (let turn = 0; found.length < count; turn += 1) {
    const kind = mutationKinds[turn % mutationKinds.length] ?? "number";
    const bullet = pick(paraphrasedBullets);
    const other = pick(paraphrasedBullets);
    const honest = bullet === undefined ? undefined : pick([bullet.text, ...bullet.paraphrases]);
    if (bullet === undefined || other === undefined || honest === undefined) continue;
    const text = mutated(kind, { honest, bullet, other, random, pick });
    if (text === null) continue;
    found.push({ kind, text, honest, source: sourceOfParaphrase(bullet), rules: testRules });
  }
  return found;
}

interface Planting {
  honest: string;
  bullet: ParaphrasedBullet;
  other: ParaphrasedBullet;
  random: () => number;
  pick<Item>(items: readonly Item[]): Item | undefined;
}

function mutated(kind: MutationKind, planting: Planting): string | null {
  const { honest, bullet, other, random, pick } = planting;
  const said = `${bullet.text} ${bullet.company} ${bullet.role} ${bullet.dates}`.toLowerCase();
  const digits = [...honest.matchAll(/(?<![\p{L}\d.,-])\d[\d,.]*\d|(?<![\p{L}\d.,-])\d(?![\d.,])/gu)].filter(
    ({ 0: text, index }) => !/^(?:19|20)\d\d$/.test(text) && !/ISO $/.test(honest.slice(0, index)),
  );
  const number = pick(digits);
  switch (kind) {
    case "number": {
      if (number === undefined) return null;
      const value = Number(number[0].replaceAll(",", ""));
      const factor = pick([2, 3, 10, 1.5]) ?? 2;
      const next = String(Math.round(value * factor * 100) / 100 + (random() < 0.5 ? 1 : 0));
      if (quantitiesIn(bullet.text).some((one) => one.value === Number(next))) return null;
      return honest.slice(0, number.index) + next + honest.slice(number.index + number[0].length);
    }
    case "unit":
      return exchangedUnit(honest, pick);
    case "employer": {
      const name = pick([other.company, ...otherEmployers]);
      if (name === undefined || said.includes(name.toLowerCase())) return null;
      return (
        pick([
          `${honest} at ${name}`,
          `${honest} for ${name.toLowerCase()}`,
          `At ${name}, ${honest.charAt(0).toLowerCase()}${honest.slice(1)}`,
        ]) ?? null
      );
    }
    case "tool": {
      const tool = pick(tools);
      if (tool === undefined || said.includes(tool.toLowerCase())) return null;
      return pick([`${honest} using ${tool}`, `${honest} with ${tool}`, `${honest} (${tool})`]) ?? null;
    }
    case "date": {
      const year = pick(years);
      if (year === undefined || said.includes(year)) return null;
      const known = /\b(?:19|20)\d\d\b/.exec(honest)?.[0];
      if (known !== undefined && random() < 0.5) return honest.replace(known, year);
      return (
        pick([
          `${honest} in ${year}`,
          `${honest} since March ${year}`,
          `In ${year}, ${honest.charAt(0).toLowerCase()}${honest.slice(1)}`,
        ]) ?? null
      );
    }
    case "moved-metric": {
      const moved = pick(quantitiesIn(other.text).filter(({ kind: what }) => what !== "plain"));
      if (
        other === bullet ||
        moved === undefined ||
        quantitiesIn(bullet.text).some(({ value }) => value === moved.value)
      )
        return null;
      const phrase =
        /^[\p{L}\s-]*/u.exec(other.text.slice(moved.end))?.[0].split(/\s+/).slice(0, 2).join(" ") ?? "";
      return `${honest}, reaching ${moved.text}${moved.text.endsWith(phrase) ? "" : ` ${phrase.trim()}`}`.trim();
    }
    case "posting-skill": {
      const term = pick(postingTerms);
      return term === undefined || said.includes(term)
        ? null
        : (pick([`${honest} through ${term}`, `${honest}, including ${term}`]) ?? null);
    }
  }
}

/** What a number is of becomes something else: percent a multiple, hours days, euros dollars, nurses customers. */
function exchangedUnit(honest: string, pick: Planting["pick"]): string | null {
  const exchanges: [RegExp, string][] = [
    [/(\d)\s?%/u, "$1x"],
    [/(\d)\s?percent/u, "$1 percentage points"],
    [/€/u, "$"],
    [/£/u, "€"],
    [/\$/u, "£"],
    [/CHF/u, "EUR"],
    [/(\d) hours/u, "$1 days"],
    [/(\d) days/u, "$1 weeks"],
    [/(\d) ms\b/u, "$1 seconds"],
    [/(\d) months/u, "$1 weeks"],
    [/weeks/u, "months"],
    [/(\d|[a-z]+) nurses/u, "$1 hospitals"],
    [/(\d) (?:pupils|students)/u, "$1 schools"],
    [/(\d) families/u, "$1 authorities"],
    [/(\d) services/u, "$1 datacentres"],
    [/(\d) clients/u, "$1 banks"],
    [/(\d) visitors/u, "$1 museums"],
    [/(\d) products/u, "$1 brands"],
    [/(\d) hectares/u, "$1 acres"],
    [/(\d) MW\b/u, "$1 GB"],
    [/(\d) guests/u, "$1 speakers"],
    [/(\d) samples/u, "$1 patients"],
    [/(\d) volunteers/u, "$1 offices"],
    [/(\d) calls/u, "$1 contracts"],
    [/(\d) machines/u, "$1 factories"],
  ];
  const exchange = pick(exchanges.filter(([from]) => from.test(honest)));
  return exchange === undefined ? null : honest.replace(exchange[0], exchange[1]);
}
