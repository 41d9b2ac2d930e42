// Who took an action on: only where the words say so.
import type { Evidence, Turn } from "./index.ts";

const ownWords = /\b(?:i|i['’](?:ll|m|ve|d)|me|we|we['’](?:ll|re|ve|d)|let me)\b/i;
const toYou = /\byou(?:['’](?:ll|re|ve|d)|r)?\b/i;
const accepts =
  /^\W*(?:yes|yeah|yep|sure|ok|okay|of course|absolutely|definitely|will do|i will|i'll|right)\b/i;
const answersWithin = 2;

/** The person where the label is that of who speaks of themselves in the quote, or who says yes when asked; else null. */
export function ownerOf(
  label: string | null,
  evidence: readonly Evidence[],
  context: { part: readonly Turn[]; labels: ReadonlyMap<string, string> },
): string | null {
  const { part, labels } = context;
  const person = personOf(label, labels);
  if (person === null) return null;
  const said = evidence.some(({ sequence, quote }) => {
    const index = part.findIndex((turn) => turn.sequence === sequence);
    const turn = part[index];
    if (turn === undefined) return false;
    if (turn.speakerId === person) return ownWords.test(quote) || accepts.test(turn.text);
    return (
      toYou.test(quote) &&
      part
        .slice(index + 1, index + 1 + answersWithin)
        .some((next) => next.speakerId === person && accepts.test(next.text))
    );
  });
  return said ? person : null;
}

/** Whom a model means by a label; null where there is nobody of that label. */
export function personOf(label: string | null, labels: ReadonlyMap<string, string>): string | null {
  if (label === null) return null;
  const named = label.trim().toLowerCase().split(" ")[0] ?? "";
  return [...labels].find(([, own]) => own.toLowerCase().split(" ")[0] === named)?.[0] ?? null;
}
