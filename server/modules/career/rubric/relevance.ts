// How much a bullet has to do with a requirement: shared skills under any name, words by BM25, and pieces of words.
import { mentionsWorth, rarityOf } from "../../../platform/text/bm25.ts";
import { contentStems, wordsOf } from "../../../platform/text/words.ts";
import { skillNames } from "../text/skills.ts";

export interface RelevanceInput {
  bullets: readonly { bulletId: string; text: string; tags?: readonly string[] | undefined }[];
  requirements: readonly { reqId: string; requirement: string }[];
  /** Of an embedding model, 0 to 1; without it words alone count. */
  similarity?: (bulletId: string, reqId: string) => number;
}

/** Where the requirement names skills, and where it does not. */
const weights = { skilled: { skills: 0.6, words: 0.25, pieces: 0.15 }, plain: { words: 0.65, pieces: 0.35 } };
const embeddingShare = 0.5;
const least = 0.05;
/** What makes of the skills that are named alternatives, or examples of what is meant: one of them answers for all. */
const anyOfThem = /\b(?:or|either|any of|one of|such as|like|similar|e\.g|for example|for instance)\b|\//i;
/** What every requirement says. */
const generic: ReadonlySet<string> = new Set(
  contentStems(
    wordsOf(`experience experienced knowledge ability able strong proven proficiency proficient familiarity
      understanding skills required essential desirable preferred excellent working minimum least degree relevant
      environment including demonstrable`),
  ),
);

/** Pairs above 0.05 alone, up to 1, in the order of the bullets. */
export function relevanceOf(input: RelevanceInput): { bulletId: string; reqId: string; rel: number }[] {
  const { bullets, requirements, similarity } = input;
  const read = bullets.map(({ bulletId, text, tags }) => {
    const whole = [text, ...(tags ?? [])].join(", ");
    const stems = contentStems(wordsOf(whole));
    const skills = new Set(skillNames(whole));
    return { bulletId, counts: countsOf(stems), length: stems.length, pieces: piecesOf(whole), skills };
  });
  const meanLength = read.reduce((sum, { length }) => sum + length, 0) / Math.max(1, read.length);
  const rarity = (stem: string) => {
    const holders = read.filter(({ counts }) => counts.has(stem)).length;
    return rarityOf(read.length, holders);
  };
  const asked = requirements.map(({ reqId, requirement }) => {
    const stems = [...new Set(contentStems(wordsOf(requirement)))].filter((stem) => !generic.has(stem));
    return {
      reqId,
      stems: stems.map((stem) => ({ stem, rarity: rarity(stem) })),
      pieces: piecesOf(stems.join(" ")),
      skills: skillNames(requirement),
      oneIsEnough: anyOfThem.test(requirement),
    };
  });
  const lexical = (bullet: (typeof read)[number], requirement: (typeof asked)[number]) => {
    const { stems, pieces, skills, oneIsEnough } = requirement;
    const length = bullet.length / (meanLength || 1);
    const words = stems.reduce((sum, { stem, rarity: own }) => {
      return sum + own * mentionsWorth(bullet.counts.get(stem) ?? 0, length);
    }, 0);
    const all = stems.reduce((sum, one) => sum + one.rarity, 0);
    const wordShare = all === 0 ? 0 : Math.min(1, words / all);
    const pieceShare = shareOf([...pieces], bullet.pieces);
    if (skills.length === 0) return weights.plain.words * wordShare + weights.plain.pieces * pieceShare;
    const { skilled } = weights;
    const shared = shareOf(skills, bullet.skills);
    return (
      skilled.skills * (oneIsEnough ? Math.ceil(shared) : shared) +
      skilled.words * wordShare +
      skilled.pieces * pieceShare
    );
  };
  return read.flatMap((bullet) =>
    asked.flatMap((requirement) => {
      const { reqId } = requirement;
      const words = lexical(bullet, requirement);
      const rel =
        similarity === undefined
          ? words
          : // Words that are shared stay shared, however small the scale of a model's likenesses is.
            Math.max(
              words,
              (1 - embeddingShare) * words + embeddingShare * similarity(bullet.bulletId, reqId),
            );
      return rel > least
        ? [{ bulletId: bullet.bulletId, reqId, rel: Math.min(1, Math.round(rel * 1e6) / 1e6) }]
        : [];
    }),
  );
}

/** How alike two bullets are, 0 to 1: the cosine of their pieces. Pairs that are at least so alike. */
export function similarPairs(
  bullets: readonly { bulletId: string; text: string }[],
  atLeast: number,
): { a: string; b: string; sim: number }[] {
  const read = bullets.map(({ bulletId, text }) => ({ bulletId, pieces: piecesOf(text) }));
  return read.flatMap((one, at) =>
    read.slice(at + 1).flatMap((other) => {
      const common = [...one.pieces].filter((piece) => other.pieces.has(piece)).length;
      const sim = common / Math.sqrt(Math.max(1, one.pieces.size * other.pieces.size));
      return sim < atLeast ? [] : [{ a: one.bulletId, b: other.bulletId, sim: Math.min(1, sim) }];
    }),
  );
}

function shareOf(wanted: readonly string[], there: ReadonlySet<string>): number {
  return wanted.filter((one) => there.has(one)).length / Math.max(1, wanted.length);
}

/** Runs of four letters within words, with their borders. */
function piecesOf(text: string): Set<string> {
  const pieces = new Set<string>();
  for (const word of contentStems(wordsOf(text))) {
    const padded = ` ${word} `;
    for (let at = 0; at + 4 <= padded.length; at += 1) pieces.add(padded.slice(at, at + 4));
  }
  return pieces;
}

function countsOf(stems: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const stem of stems) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  return counts;
}
