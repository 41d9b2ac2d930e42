// What a bullet is worth as evidence: who did it, with what, to what end, how much, how widely; less what is only noise.
import type {
  EvidenceScore,
  EvidenceScores,
  ResumeBullet,
} from "../../../../shared/schemas/career/bullets.ts";
import type { EvidenceTier } from "../../../../shared/schemas/career/enums.ts";
import { stem } from "../../../platform/text/words.ts";
import { contentHash } from "../resume/hash.ts";
import { quantitiesIn, type Quantity } from "../text/quantities.ts";
import { skillNames } from "../text/skills.ts";
import {
  fluffWords,
  outcomeWords,
  scopeNouns,
  scopePhrases,
  scopeWords,
  strongVerbs,
  weakVerbs,
} from "./lexicon.ts";

/** Raised with every change of rules or words. */
export const evidenceRulesVersion = "v2";

export const evidenceRules = {
  weights: { action: 0.2, tools: 0.15, outcome: 0.25, metric: 0.25, scope: 0.15 },
  // Of the labelled bullets in tests/bullets/development; 0.2 is what a leading verb earns alone.
  tiers: { strong: 0.36, medium: 0.21 },
  penaltyPerFluffWord: 0.05,
  maxPenalty: 0.25,
} as const;

/** Names the rules and their words: what was scored under another hash is scored anew. */
export const evidenceRulesHash = contentHash({
  version: evidenceRulesVersion,
  ...evidenceRules,
  words: [strongVerbs, weakVerbs, outcomeWords, scopeWords, fluffWords].map((set) => [...set].sort()),
  phrases: scopePhrases.map(({ source }) => source),
});

const wordPattern = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:[-'’][\p{L}\p{M}\p{N}]+)*/gu;

/** Depends on the text alone, neither on its case nor on singular and plural; never raised by a word of `fluffWords`. */
export function evidenceOf(text: string): Omit<EvidenceScore, "bulletId"> {
  const { clean, fluff } = withoutFluff(text.normalize("NFC").toLowerCase());
  const quantities = quantitiesIn(clean).filter(({ kind }) => kind !== "plain");
  const words = (clean.match(wordPattern) ?? []).flatMap((word) => word.split("-").map(stem));
  const tools = skillNames(clean, { byCase: false });
  const { action, verbs } = actionOf(clean, quantities);
  const breakdown = {
    action,
    tools: [0, 0.6, 0.85, 1][Math.min(tools.length, 3)] ?? 1,
    outcome: outcomeOf(words, quantities),
    metric: metricOf(quantities),
    scope: scopeOf(clean, words, quantities),
  };
  const { weights, tiers, penaltyPerFluffWord, maxPenalty } = evidenceRules;
  const fluffPenalty = Math.min(maxPenalty, fluff * penaltyPerFluffWord);
  const sum =
    weights.action * breakdown.action +
    weights.tools * breakdown.tools +
    weights.outcome * breakdown.outcome +
    weights.metric * breakdown.metric +
    weights.scope * breakdown.scope;
  const score = rounded(Math.min(1, Math.max(0, sum - fluffPenalty)));
  const tier: EvidenceTier = score >= tiers.strong ? "strong" : score >= tiers.medium ? "medium" : "weak";
  return {
    score,
    tier,
    breakdown,
    fluffPenalty: rounded(fluffPenalty),
    matchedTools: tools,
    matchedVerbs: verbs,
  };
}

/** Of one version of a résumé under the rules of today; a bullet's score depends on its text alone, so that one that changed is scored alone. */
export function evidenceScores(options: {
  masterResumeHash: string;
  bullets: readonly Pick<ResumeBullet, "bulletId" | "text">[];
}): EvidenceScores {
  return {
    masterResumeHash: options.masterResumeHash,
    rulesHash: evidenceRulesHash,
    rulesVersion: evidenceRulesVersion,
    scores: options.bullets.map(({ bulletId, text }) => ({ bulletId, ...evidenceOf(text) })),
  };
}

function withoutFluff(text: string): { clean: string; fluff: number } {
  let fluff = 0;
  const clean = text.replace(wordPattern, (word) => {
    if (!fluffWords.has(word) && !fluffWords.has(word.replace(/s$/, ""))) return word;
    fluff += 1;
    return " ";
  });
  return {
    clean: clean
      .replace(/[\s\u00a0]+/gu, " ")
      .replace(/ (?=[,.;:])/gu, "")
      .replace(/,(?:\s?,)+/gu, ",")
      .trim(),
    fluff,
  };
}

/** Verbs count only where they lead, or follow a leading verb after "and". Quantities before them do not hide them. */
function actionOf(text: string, quantities: readonly Quantity[]): { action: number; verbs: string[] } {
  let lead = text;
  for (const { start, end } of [...quantities].reverse()) lead = `${lead.slice(0, start)} ${lead.slice(end)}`;
  const words = (lead.match(wordPattern) ?? []).flatMap((word) => word.split("-"));
  while (words[0] !== undefined && (/ly$/.test(words[0]) || ["co", "re", "also", "and"].includes(words[0])))
    words.shift();
  const [first, joint, second] = words;
  if (first === undefined) return { action: 0, verbs: [] };
  const verbs = [
    first,
    ...(joint === "and" && second !== undefined && strongVerbs.has(stem(second)) ? [second] : []),
  ];
  if (verbs.some((verb) => strongVerbs.has(stem(verb)) && !weakVerbs.has(stem(verb))))
    return { action: 1, verbs: verbs.filter((verb) => strongVerbs.has(stem(verb))) };
  if (weakVerbs.has(stem(first))) return { action: 0.2, verbs: [first] };
  return /[a-z]{2}ed$/.test(first) ? { action: 0.6, verbs: [first] } : { action: 0, verbs: [] };
}

function outcomeOf(words: readonly string[], quantities: readonly Quantity[]): number {
  const multiple = quantities.some(({ kind }) => kind === "multiple");
  if (!multiple && !words.some((word) => outcomeWords.has(word))) return 0;
  return quantities.some(({ kind }) => kind !== "count") ? 1 : quantities.length > 0 ? 0.8 : 0.6;
}

/** One number is good evidence, two nearly all there can be. */
function metricOf(quantities: readonly Quantity[]): number {
  return rounded(1 - quantities.reduce((missing, { kind }) => missing * (kind === "count" ? 0.4 : 0.2), 1));
}

function scopeOf(text: string, words: readonly string[], quantities: readonly Quantity[]): number {
  const counted = quantities.some(
    ({ kind, unit, value }) =>
      (kind === "count" && (scopeNouns.has(unit) || value >= 100)) || kind === "money",
  );
  if (counted) return 1;
  const kinds = new Set(words.filter((word) => scopeWords.has(word))).size;
  const phrases = scopePhrases.filter((phrase) => text.match(phrase) !== null).length;
  return Math.min(0.8, 0.4 * (kinds + 1.5 * phrases));
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
