// A writer's page as jobs and projects with their bullets, each with what enforcement found in it.
import type { RunTailored } from "../../../../shared/schemas/career/runs.ts";
import type { TailoredBullet } from "../../../../shared/schemas/career/tailored.ts";

export interface TailoredEntry {
  key: string;
  /** Title and employer with their dates, or the project. */
  title: string;
  bullets: DiffLine[];
}

/** What enforcement calls the summary, which it checks as it does a bullet. */
const summaryId = "summary";

export type DiffLine = TailoredBullet & { finding: RunTailored["findings"][number] | null };

/** The summary as a line beside its original; null where the page has none, or its original was not kept. */
export function summaryLineOf(page: RunTailored): DiffLine | null {
  const { summary, originalSummary } = page;
  if (originalSummary === null || (summary === "" && originalSummary === "")) return null;
  return {
    bulletId: summaryId,
    originalText: originalSummary,
    tailoredText: summary,
    wasRewritten: summary !== originalSummary,
    finding: findingsOf(page).find(({ bulletId }) => bulletId === summaryId) ?? null,
  };
}

/** As it ended: what was cut until nothing new was left is kept as it was. */
export function findingsOf(page: RunTailored): RunTailored["findings"] {
  const { workExperience, projects, findings } = page;
  const unchanged = new Set([
    ...(page.summary === page.originalSummary ? [summaryId] : []),
    ...[...workExperience, ...projects]
      .flatMap(({ bullets }) => bullets)
      .filter(({ wasRewritten }) => !wasRewritten)
      .map(({ bulletId }) => bulletId),
  ]);
  return findings.map((finding) =>
    unchanged.has(finding.bulletId) ? { ...finding, outcome: "kept-original" } : finding,
  );
}

/** In the page's order; without those that have no bullets. */
export function entriesOf(page: RunTailored): TailoredEntry[] {
  const { workExperience, projects } = page;
  const found = new Map(findingsOf(page).map((finding) => [finding.bulletId, finding]));
  const withFindings = (bullets: readonly TailoredBullet[]) =>
    bullets.map((bullet) => ({ ...bullet, finding: found.get(bullet.bulletId) ?? null }));
  const joined = (parts: readonly (string | undefined)[]) =>
    parts.filter((part) => part !== undefined && part !== "").join(" · ");
  return [
    ...workExperience.map(({ roleId, title, company, dateRange, bullets }) => ({
      key: roleId,
      title: joined([title, company, dateRange]),
      bullets: withFindings(bullets),
    })),
    ...projects.map(({ projectId, name, date, bullets }) => ({
      key: projectId,
      title: joined([name, date]),
      bullets: withFindings(bullets),
    })),
  ].filter(({ bullets }) => bullets.length > 0);
}

export interface BesideRow {
  bulletId: string;
  originalText: string;
  /** By writer, in the order of `tailored`; null where that page has it not. */
  versions: (string | null)[];
}

/** Each bullet once with what every writer made of it, in the order of the first page that has it. */
export function rowsOf(tailored: readonly RunTailored[]): BesideRow[] {
  const rows = new Map<string, BesideRow>();
  tailored.forEach((page, place) => {
    for (const { bulletId, originalText, tailoredText } of entriesOf(page).flatMap(
      ({ bullets }) => bullets,
    )) {
      const row = rows.get(bulletId) ?? { bulletId, originalText, versions: tailored.map(() => null) };
      row.versions[place] = tailoredText;
      rows.set(bulletId, row);
    }
  });
  return [...rows.values()];
}
