// How much less to choose where the page that was made is longer than its limit: measured, tried again, and bounded.
import type { SelectionConfig, SelectionPlan } from "../../../../shared/schemas/career/selection.ts";

/** As measured in what was made. */
export interface MadePage {
  pages: number;
  /** In pages, with the last one as far as it is filled. */
  length: number;
  limit: number;
}

/** What measured pages have left of a run's budget. */
export interface PageFit {
  /** Times that less was chosen. */
  rounds: number;
  /** No more words than these, whatever the run's configuration allows. */
  wordsMax: number;
  /** And never less than these. */
  wordsLeast: number;
}

const roundsMost = 4;
/** Lines break where they break: a little less than what would just fit. */
const spareShare = 0.02;
const stepWordsLeast = 8;
/** Of what was chosen first, so much stays: a page without bullets is none, and what is left then is not theirs to mend. */
const shareLeast = 1 / 3;

/**
 * The next, smaller budget of words; null where the pages fit, enough was tried, or what is on the page whatever is chosen
 * leaves no room for bullets.
 */
export function nextFit(
  before: PageFit | null,
  made: {
    pages: readonly MadePage[];
    plan: Pick<SelectionPlan, "budgetsUsed">;
    fixedWords: number;
  },
): PageFit | null {
  const longest = longestOf(made.pages);
  const rounds = (before?.rounds ?? 0) + 1;
  if (longest === null || longest.pages <= longest.limit || rounds > roundsMost) return null;
  const { words } = made.plan.budgetsUsed;
  const fitting = Math.floor(words * (longest.limit / longest.length) * (1 - spareShare));
  const { fixedWords } = made;
  const wordsLeast = before?.wordsLeast ?? Math.ceil(fixedWords + shareLeast * (words - fixedWords));
  const wordsMax = Math.max(wordsLeast, Math.min(fitting, words - stepWordsLeast));
  return wordsMax > words - stepWordsLeast ? null : { rounds, wordsMax, wordsLeast };
}

export function fitted(config: SelectionConfig, fit: PageFit | null): SelectionConfig {
  if (fit === null) return config;
  const { targetResumeWordsMin, targetResumeWordsMax, ...budgets } = config.budgets;
  const most = Math.min(targetResumeWordsMax, fit.wordsMax);
  return {
    ...config,
    budgets: {
      ...budgets,
      targetResumeWordsMin: Math.min(targetResumeWordsMin, most),
      targetResumeWordsMax: most,
    },
  };
}

/** Sentences for whoever reads the page. */
export function fewerChosen({ rounds }: PageFit): string {
  return (
    "Set as a page, it was too long: fewer bullets were chosen than your budgets allow" +
    (rounds > 1 ? `, in ${rounds} rounds.` : ".")
  );
}

export function stillTooLong(pages: readonly MadePage[]): string | null {
  const longest = longestOf(pages);
  if (longest === null || longest.pages <= longest.limit) return null;
  const { pages: taken, limit } = longest;
  return (
    `It takes ${taken} pages where ${limit} ${limit === 1 ? "is" : "are"} wanted, and fewer bullets do not make it fit: ` +
    "shorten the summary, the skills or the studies, or unpin bullets."
  );
}

function longestOf(pages: readonly MadePage[]): MadePage | null {
  return pages.toSorted((a, b) => b.length - a.length)[0] ?? null;
}
