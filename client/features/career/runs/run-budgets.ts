// The budgets of a run as a form holds them: numbers in words of its fields, and back to a configuration.
import type { EvidenceTier } from "../../../../shared/schemas/career/enums.ts";
import type { SelectionConfig } from "../../../../shared/schemas/career/selection.ts";

export interface BudgetFields {
  words: string;
  experience: string;
  projects: string;
  awards: string;
  caps: readonly [string, string, string];
  perRequirement: string;
  cover: string;
  tier: EvidenceTier;
}

export function fieldsOf({ budgets, thresholds }: SelectionConfig): BudgetFields {
  const { mostRecent, next, older } = budgets.perRoleCaps;
  return {
    words: String(budgets.targetResumeWordsMax),
    experience: String(budgets.experienceBulletsMax),
    projects: String(budgets.projectBulletsMax),
    awards: String(budgets.awardLinesMax),
    caps: [String(mostRecent), String(next), String(older)],
    perRequirement: String(budgets.maxBulletsPerRequirement),
    cover: String(thresholds.coverThreshold),
    tier: thresholds.minEvidenceTierNice,
  };
}

/** What is not named stays as it is in `base`; a minimum follows its maximum down. Null where a field is no number. */
export function configOf(base: SelectionConfig, fields: BudgetFields): SelectionConfig | null {
  const [words, experience, projects, awards] = [
    fields.words,
    fields.experience,
    fields.projects,
    fields.awards,
  ].map(wholeOf);
  const [mostRecent, next, older] = fields.caps.map(wholeOf);
  const [perRequirement, cover] = [wholeOf(fields.perRequirement), shareOf(fields.cover)];
  const read = [words, experience, projects, awards, mostRecent, next, older, perRequirement, cover];
  if (read.some((value) => value === null || value === undefined) || perRequirement === 0) return null;
  const { budgets, thresholds } = base;
  const most = (value: number | null | undefined) => value ?? 0;
  return {
    ...base,
    budgets: {
      ...budgets,
      targetResumeWordsMin: Math.min(budgets.targetResumeWordsMin, most(words)),
      targetResumeWordsMax: most(words),
      experienceBulletsMin: Math.min(budgets.experienceBulletsMin, most(experience)),
      experienceBulletsMax: most(experience),
      projectBulletsMin: Math.min(budgets.projectBulletsMin, most(projects)),
      projectBulletsMax: most(projects),
      awardLinesMin: Math.min(budgets.awardLinesMin, most(awards)),
      awardLinesMax: most(awards),
      perRoleCaps: { mostRecent: most(mostRecent), next: most(next), older: most(older) },
      maxBulletsPerRequirement: most(perRequirement),
    },
    thresholds: { ...thresholds, coverThreshold: most(cover), minEvidenceTierNice: fields.tier },
  };
}

function wholeOf(text: string): number | null {
  return /^\d{1,5}$/.test(text.trim()) ? Number(text) : null;
}

function shareOf(text: string): number | null {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return value >= 0 && value <= 1 ? value : null;
}
