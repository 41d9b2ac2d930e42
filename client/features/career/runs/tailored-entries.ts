// A writer's page as jobs and projects with their bullets, each with what enforcement found in it.
import type { RunTailored } from "../../../../shared/schemas/career/runs.ts";
import type { TailoredBullet } from "../../../../shared/schemas/career/tailored.ts";

export interface TailoredEntry {
  key: string;
  /** Title and employer with their dates, or the project. */
  title: string;
  bullets: (TailoredBullet & { finding: RunTailored["findings"][number] | null })[];
}

/** As it ended: what was cut until nothing new was left is kept as it was. */
export function findingsOf({ workExperience, projects, findings }: RunTailored): RunTailored["findings"] {
  const unchanged = new Set(
    [...workExperience, ...projects]
      .flatMap(({ bullets }) => bullets)
      .filter(({ wasRewritten }) => !wasRewritten)
      .map(({ bulletId }) => bulletId),
  );
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
