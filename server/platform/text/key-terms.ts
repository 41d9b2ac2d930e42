// Key terms: the words and pairs of words that a stretch of talk keeps coming back to.
import { isContentWord, stem, wordsOf } from "./words.ts";

export interface KeyTermsOptions {
  max: number;
  /** How often a term must be said; pairs need two in any case. */
  leastCount?: number;
}

interface Tally {
  count: number;
  texts: Set<number>;
  /** Surface forms with their counts: the most usual one is shown. */
  forms: Map<string, number>;
  stems: string[];
}

/**
 * Terms by how often and in how many of the texts they appear; a pair of neighbours is preferred to its single words
 * where it makes up at least half of their appearances. Ties keep the order of first appearance.
 */
export function keyTerms(texts: readonly string[], options: KeyTermsOptions): string[] {
  const leastCount = options.leastCount ?? 2;
  const tallies = new Map<string, Tally>();
  texts.forEach((text, index) => {
    let previous: { word: string; stem: string } | null = null;
    for (const word of wordsOf(text)) {
      if (!isContentWord(word) || word.includes("'")) {
        previous = null;
        continue;
      }
      const current = { word, stem: stem(word) };
      add(tallies, [current.stem], word, index);
      if (previous !== null && previous.stem !== current.stem) {
        add(tallies, [previous.stem, current.stem], `${previous.word} ${word}`, index);
      }
      previous = current;
    }
  });

  const scored = [...tallies.values()]
    .filter(({ count, stems }) => count >= (stems.length === 2 ? Math.max(2, leastCount) : leastCount))
    .map((tally) => ({ tally, score: scoreOf(tally, tallies) }))
    .sort((a, b) => b.score - a.score);

  const chosen: { text: string; stems: string[] }[] = [];
  for (const { tally } of scored) {
    if (chosen.length >= options.max) break;
    if (chosen.some(({ stems }) => tally.stems.some((one) => stems.includes(one)))) continue;
    chosen.push({ text: mostUsual(tally.forms), stems: tally.stems });
  }
  return chosen.map(({ text }) => text);
}

function add(tallies: Map<string, Tally>, stems: string[], form: string, text: number): void {
  const key = stems.join(" ");
  const tally = tallies.get(key) ?? { count: 0, texts: new Set<number>(), forms: new Map(), stems };
  tally.count += 1;
  tally.texts.add(text);
  tally.forms.set(form, (tally.forms.get(form) ?? 0) + 1);
  tallies.set(key, tally);
}

function scoreOf({ count, texts, stems }: Tally, tallies: Map<string, Tally>): number {
  const spread = count * Math.log2(1 + texts.size);
  if (stems.length === 1) return spread * Math.min(1, (stems[0] ?? "").length / 5);
  const single = Math.max(...stems.map((one) => tallies.get(one)?.count ?? count));
  return count * 2 >= single ? spread * 2 : spread * 0.5;
}

function mostUsual(forms: Map<string, number>): string {
  return [...forms].reduce((best, form) => (form[1] > best[1] ? form : best), ["", 0])[0];
}
