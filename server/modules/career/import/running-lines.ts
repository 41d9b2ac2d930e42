// Lines that pages repeat: numbers, names and dates at the top and the bottom are no part of a résumé.
import type { TextLine } from "./lines.ts";

/** Lines of a page that can be its head or foot; each may be made of several pieces. */
const edgeLines = 2;
const pageNumber =
  /^(?:(?:page|seite|p[aá]gina|pagina|s\.)\s*)?\d{1,3}(?:\s*(?:\/|of|von|sur|de|di|van)\s*\d{1,3})?$/i;
/** Beside other things of a foot. */
const countedPage = /^(?:page|seite|p[aá]gina|pagina)\s+\d{1,3}\s*(?:\/|of|von|sur|de|di|van)\s*\d{1,3}$/i;
const email = /[\w.+-]+@[\w-]+\.[\w.-]+/;
const updated =
  /^(?:last (?:updated|modified)|updated (?:on|in)|stand:|mis(?:e)? à jour|dernière mise à jour|actualizado|(?:cv )?compiled on)\b/i;

/** In the order of reading: a column's line may stand first without being at the top, so that only what comes again is taken. */
export function withoutRunningLines(lines: readonly TextLine[]): TextLine[] {
  const pages = Math.max(0, ...lines.map(({ page }) => page));
  const edges = new Set<TextLine>();
  for (let page = 1; page <= pages; page += 1) {
    const own = lines.filter((line) => line.page === page);
    for (const line of [...own.slice(0, edgeLines), ...own.slice(-edgeLines)]) edges.add(line);
  }
  const pagesOf = new Map<string, Set<number>>();
  for (const line of edges)
    pagesOf.set(pattern(line), (pagesOf.get(pattern(line)) ?? new Set()).add(line.page));
  const largest = Math.max(0, ...lines.map(({ size }) => size));
  const foot = footOfContact(lines, edges);
  const kept = lines.filter((line) => {
    if (foot !== undefined && pattern(line) === pattern(foot)) return false;
    if (line.size >= largest && largest > 0) return true;
    if (updated.test(line.text) && line.page === 1) return false;
    if (!edges.has(line)) return true;
    if (line.segments.length > 1 && line.segments.some(({ text }) => countedPage.test(text))) return false;
    return !pageNumber.test(line.text.trim()) && (pagesOf.get(pattern(line))?.size ?? 0) < 2;
  });
  return foot === undefined ? kept : [...kept.slice(0, 1), { ...foot, page: 1 }, ...kept.slice(1)];
}

/** Where no other line says how to reach its owner, the head or foot of a page may. */
function footOfContact(lines: readonly TextLine[], edges: ReadonlySet<TextLine>): TextLine | undefined {
  const reached = lines.filter(({ text }) => email.test(text));
  const [first] = reached;
  if (first === undefined || reached.some((line) => !edges.has(line) || pattern(line) !== pattern(first)))
    return undefined;
  const own = lines.filter(({ page }) => page === first.page);
  return own.slice(-edgeLines).includes(first) ? first : undefined;
}

function pattern({ text }: TextLine): string {
  return text.replace(/\d+/g, "#").replace(/\s+/g, " ").toLowerCase();
}
