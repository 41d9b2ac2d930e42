// Tailors one résumé for one posting by one writer, rules or a model, under enforcement: what cannot be proven is not on the page.
import type { ResumeBullet } from "../../../../shared/schemas/career/bullets.ts";
import { rulesModelKey, type RunTailored } from "../../../../shared/schemas/career/runs.ts";
import type { ResumeContent } from "../../../../shared/schemas/career/resume.ts";
import type { Rubric } from "../../../../shared/schemas/career/rubric.ts";
import type { SelectedBullet, SelectionPlan } from "../../../../shared/schemas/career/selection.ts";
import type { Rewriter } from "../../../vendors/language/index.ts";
import { AppError } from "../../../../shared/errors.ts";
import { enforce, withoutFaults } from "../enforcement/enforce.ts";
import type { FactRules } from "../enforcement/facts.ts";
import { bulletsOf } from "../resume/bullets.ts";
import { contentHash } from "../resume/hash.ts";
import { pageOf } from "./page.ts";
import { reworded, spellingsIn } from "./reword.ts";

/** Raised when what rules may change changes. */
export const rulesTailoringVersion = "rules-v2";
export const rulesTailoringHash = contentHash({
  version: rulesTailoringVersion,
  changes: ["order", "names"],
});

/** Of one bullet; what its owner wrote may be longer. */
export const bulletWordsMost = 32;
/** The summary is checked as a bullet of its own, against itself. */
const summaryId = "summary";
const summaryWordsMost = 80;

export interface TailoringInput {
  content: ResumeContent;
  plan: SelectionPlan;
  rubric: Rubric;
  posting: { text: string; company: string | null };
  variant: { key: string; name: string };
  /** Null: by rules. */
  rewriter: Rewriter | null;
  orgId: string | null;
  signal?: AbortSignal;
}

/** Depends on its input alone, and on what the model says. Throws where the signal ends it. */
export async function tailored(input: TailoringInput): Promise<RunTailored> {
  const { content, plan, rubric, posting, variant, rewriter } = input;
  const known = new Map(bulletsOf(content).map((bullet) => [bullet.bulletId, bullet]));
  const chosen = [...plan.selected.workExperience, ...plan.selected.projects];
  const selected = chosen.flatMap(({ bulletId }) => known.get(bulletId) ?? []);
  const notes: string[] = [];
  let generatedBy = rulesModelKey;
  let rewritten = rewordedOf(selected, posting.text);
  if (rewriter !== null && selected.length > 0) {
    try {
      rewritten = await rewriter.rewrite(questionOf(input, chosen), contextOf(input));
      generatedBy = rewriter.name;
      if (rewritten.length === 0) notes.push(`${rewriter.name} gave no lines: the originals stand.`);
    } catch (error) {
      input.signal?.throwIfAborted();
      if (!(error instanceof AppError)) throw error;
      notes.push(whyRules(rewriter.name, error));
    }
  }
  const repairs = generatedBy === rulesModelKey ? null : rewriter;
  const outcome = await enforce({
    selected: [...selected, ...summaryOf(content)],
    rewritten,
    rules: rulesOf(content, rubric, posting.company),
    maxWords: bulletWordsMost,
    maxTotalWords: Math.max(0, plan.config.budgets.targetResumeWordsMax),
    ...(repairs !== null && {
      repair: async (request) => {
        const faults = request.violations.map(({ text }) => text);
        try {
          const { original, rewritten: said } = request;
          const mended = await repairs.repair({ original, rewritten: said, faults }, contextOf(input));
          return mended ?? withoutFaults(request);
        } catch (error) {
          input.signal?.throwIfAborted();
          if (!(error instanceof AppError)) throw error;
          return withoutFaults(request);
        }
      },
    }),
  });
  const summary = outcome.bullets.find(({ bulletId }) => bulletId === summaryId);
  const page = pageOf({
    content,
    plan,
    rubric,
    bullets: outcome.bullets.filter(({ bulletId }) => bulletId !== summaryId),
    summary: summary?.tailoredText ?? "",
    modelKey: variant.key,
    modelName: variant.name,
    enforcement: outcome.record,
  });
  const tooLong = page.wordCountEstimate > plan.config.budgets.targetResumeWordsMax;
  return {
    ...page,
    selectionEnforcement: {
      ...page.selectionEnforcement,
      proxyWordCountExceeded: page.selectionEnforcement.proxyWordCountExceeded || tooLong,
    },
    originalSummary: content.summary ?? "",
    generatedBy,
    planHash: contentHash(plan),
    notes,
    findings: outcome.findings.map(({ bulletId, violations, outcome: end }) => ({
      bulletId,
      kinds: [...new Set(violations.map(({ kind }) => kind))],
      outcome: end,
    })),
  };
}

function rewordedOf(selected: readonly ResumeBullet[], posting: string) {
  const spellings = spellingsIn(posting);
  return selected.map(({ bulletId, text }) => ({ bulletId, text: reworded(text, spellings) }));
}

function questionOf({ content, rubric }: TailoringInput, chosen: readonly SelectedBullet[]) {
  const wantedOf = new Map(rubric.requirements.map(({ reqId, requirement }) => [reqId, requirement]));
  const summary = content.summary ?? "";
  return {
    wanted: rubric.requirements.map(({ requirement }) => requirement),
    maxWords: bulletWordsMost,
    bullets: [
      ...chosen.map(({ bulletId, originalText, rewriteIntent, matches }) => ({
        bulletId,
        text: originalText,
        intent: rewriteIntent,
        speaksFor: matches.slice(0, 3).flatMap(({ reqId }) => wantedOf.get(reqId) ?? []),
      })),
      ...(summary === "" || wordCount(summary) > summaryWordsMost
        ? []
        : [{ bulletId: summaryId, text: summary, intent: "medium" as const, speaksFor: [] }]),
    ],
  };
}

/** As a bullet whose source is itself. */
function summaryOf({ summary }: ResumeContent): ResumeBullet[] {
  if (summary === undefined || summary === "") return [];
  return [{ bulletId: summaryId, parentType: "project", parentId: summaryId, text: summary, order: 0 }];
}

function rulesOf(content: ResumeContent, rubric: Rubric, company: string | null): FactRules {
  const employers = content.workExperience.map((role) => role.company);
  return {
    postingTerms: rubric.keywords.map(({ term }) => term),
    foreignNames: [...new Set([...employers, ...(company === null || company === "" ? [] : [company])])],
  };
}

function contextOf({ orgId, signal }: TailoringInput) {
  return { orgId, ...(signal !== undefined && { signal }) };
}

function whyRules(name: string, error: AppError): string {
  const why = error.code === "RATE_LIMITED" ? "today's budget for models is used up" : "it did not answer";
  return `${name} was to write this, but ${why}: rules on this server have put it in order instead.`;
}

function wordCount(text: string): number {
  return text.split(/\s+/u).filter((word) => word !== "").length;
}
