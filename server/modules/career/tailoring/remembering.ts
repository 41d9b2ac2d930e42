// A writer that is not asked again for lines it has written already in this run, where fewer or others are chosen.
import type { RunTailored } from "../../../../shared/schemas/career/runs.ts";
import type { Rewriter } from "../../../vendors/language/index.ts";

/** What was found in lines that stand as they stood before, beside what is found now. */
export function findingsOf(made: RunTailored, before: RunTailored | null): RunTailored["findings"] {
  if (before === null || before.generatedBy !== made.generatedBy) return made.findings;
  const textsOf = (page: RunTailored) =>
    new Map(
      [...page.workExperience, ...page.projects].flatMap(({ bullets }) =>
        bullets.map(({ bulletId, tailoredText }) => [bulletId, tailoredText] as const),
      ),
    );
  const [now, then] = [textsOf(made), textsOf(before)];
  const found = new Set(made.findings.map(({ bulletId }) => bulletId));
  const kept = before.findings.filter(
    ({ bulletId }) => !found.has(bulletId) && now.has(bulletId) && now.get(bulletId) === then.get(bulletId),
  );
  return [...made.findings, ...kept];
}

/** Lines count only where their originals are the same; what the writer says is checked as before, whenever it was said. */
export function remembering(rewriter: Rewriter, before: RunTailored | null): Rewriter {
  if (before === null || before.generatedBy !== rewriter.name) return rewriter;
  const written = new Map(
    [...before.workExperience, ...before.projects].flatMap(({ bullets }) =>
      bullets.map((bullet) => [bullet.bulletId, bullet] as const),
    ),
  );
  const { name, promptVersion, promptHash } = rewriter;
  return {
    ...{ name, promptVersion, promptHash },
    repair: (request, context) => rewriter.repair(request, context),
    async rewrite(question, context) {
      const known = question.bullets.flatMap(({ bulletId, text }) => {
        const one = written.get(bulletId);
        return one?.originalText === text ? [{ bulletId, text: one.tailoredText }] : [];
      });
      const ids = new Set(known.map(({ bulletId }) => bulletId));
      const bullets = question.bullets.filter(({ bulletId }) => !ids.has(bulletId));
      const others = bullets.length === 0 ? [] : await rewriter.rewrite({ ...question, bullets }, context);
      return [...known, ...others];
    },
  };
}
