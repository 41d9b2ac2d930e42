// Brings the readings of a long talk's parts together: what is chosen is chosen by number, and nothing goes without being counted.
import { whyNot } from "../../platform/outbound/whys.ts";
import type { CheckedPart } from "./checked-part.ts";
import type { ConversationReading, DropReason, Grounded, Turn } from "./index.ts";
import { withoutContradicted } from "./verify.ts";

export interface PartReading extends CheckedPart {
  by: "model" | "rules";
  /** Why rules read it. */
  reason?: string;
  turns: readonly Turn[];
}

export interface ChoiceEntry {
  id: number;
  text: string;
  outcome?: true;
}

export interface MergeOptions {
  name: string;
  /** What one question may hold. */
  entryChars: number;
  choose(entries: ChoiceEntry[]): Promise<{ keep: number[]; outcome: number | null } | null>;
}

const summaryMost = 12;
const topicsMost = 8;
const suggestionsMost = 12;
/** Beyond the words: id and marks. */
const entryOverheadChars = 30;

export async function readingOfParts(
  parts: readonly PartReading[],
  options: MergeOptions,
): Promise<ConversationReading> {
  const dropped: Partial<Record<DropReason, number>> = {};
  const drop = (reason: DropReason, count: number) => {
    if (count > 0) dropped[reason] = (dropped[reason] ?? 0) + count;
  };
  for (const part of parts)
    for (const [reason, count] of Object.entries(part.dropped)) drop(reason as DropReason, count);
  function consistent<Statement extends Grounded>(statements: Statement[]): Statement[] {
    const { kept, dropped: contradicted } = withoutContradicted(distinct(statements));
    drop("contradicts", contradicted);
    return kept;
  }

  const summary = consistent(parts.flatMap((part) => part.summary));
  const suggestions = consistent(parts.flatMap((part) => part.suggestions));
  const outcomes = parts.flatMap(({ outcome }) => outcome ?? []);
  const chosen =
    parts.length <= 1
      ? { summary: summary.slice(0, summaryMost), outcome: outcomes.at(-1) ?? null }
      : await chooseAmong(summary, outcomes, options);
  return {
    outcome: chosen.outcome,
    summary: chosen.summary,
    decisions: consistent(parts.flatMap(({ decisions }) => decisions)),
    actions: consistent(parts.flatMap(({ actions }) => actions)),
    suggestions: evenly(suggestions, suggestionsMost),
    topics: mostFrequent(parts.flatMap(({ topics }) => topics)),
    dropped,
    leftOver: summary.length - chosen.summary.length + Math.max(0, suggestions.length - suggestionsMost),
    generatedBy: parts.some(({ by }) => by === "model") || parts.length === 0 ? options.name : "rules",
    notes: notesOn(parts, options.name),
  };
}

/** By the model, in groups that fit one question, until a single group is left; evenly where it does not answer. */
async function chooseAmong(
  summary: readonly Grounded[],
  outcomes: readonly Grounded[],
  { entryChars, choose }: MergeOptions,
): Promise<{ summary: Grounded[]; outcome: Grounded | null }> {
  let left = [...summary];
  // Those of the end: a call ends once.
  let ends = outcomes.slice(-6);
  for (;;) {
    const groups = groupsOf(left, ends, entryChars);
    const found: Grounded[] = [];
    const foundEnds: Grounded[] = [];
    for (const group of groups) {
      const answer = await choose(
        group.map((one, id) => ({
          id,
          text: one.text,
          ...(ends.includes(one) && { outcome: true as const }),
        })),
      );
      const statements = group.filter((one) => !ends.includes(one));
      const keep = new Set(answer?.keep ?? []);
      const kept = group.filter((one, id) => keep.has(id) && !ends.includes(one)).slice(0, summaryMost);
      found.push(...(kept.length > 0 ? kept : evenly(statements, summaryMost)));
      const end = group[answer?.outcome ?? -1];
      if (end !== undefined && ends.includes(end)) foundEnds.push(end);
    }
    const outcome = foundEnds.at(-1) ?? ends.at(-1) ?? null;
    if (groups.length <= 1 || found.length >= left.length)
      return { summary: found.length <= summaryMost ? found : evenly(found, summaryMost), outcome };
    left = found;
    ends = outcome === null ? [] : [outcome];
  }
}

function groupsOf(summary: readonly Grounded[], ends: readonly Grounded[], maxChars: number): Grounded[][] {
  const groups: Grounded[][] = [[]];
  let chars = 0;
  for (const one of [...summary, ...ends]) {
    const more = one.text.length + entryOverheadChars;
    if (chars + more > maxChars && groups.at(-1)?.length !== 0) {
      groups.push([]);
      chars = 0;
    }
    groups.at(-1)?.push(one);
    chars += more;
  }
  return groups;
}

function evenly<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, n) => items[Math.floor(((n + 0.5) * items.length) / most)] as Item);
}

/** Two parts may tell of the same words where a turn was cut. */
function distinct<Statement extends Grounded>(statements: readonly Statement[]): Statement[] {
  const seen = new Set<string>();
  return statements.filter(({ text, evidence }) => {
    const key = `${text.toLowerCase()}/${evidence[0]?.sequence ?? 0}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function mostFrequent(topics: readonly string[]): string[] {
  const counts = new Map<string, { topic: string; count: number }>();
  for (const topic of topics) {
    const key = topic.trim().toLowerCase();
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { topic: topic.trim(), count: 1 });
    else known.count += 1;
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count)
    .slice(0, topicsMost)
    .map(({ topic }) => topic);
}

function notesOn(parts: readonly PartReading[], name: string): string[] {
  const byRules = parts.filter(({ by }) => by === "rules");
  if (byRules.length === 0) return [];
  const why = whyNot(byRules[0]?.reason ?? "");
  return byRules.length === parts.length
    ? [`${name} was to read this call, but ${why}: rules have picked out what was said instead.`]
    : [
        `Rules have read ${byRules.length} of ${parts.length} parts of this call, as ${name} could not: ${why}.`,
      ];
}
