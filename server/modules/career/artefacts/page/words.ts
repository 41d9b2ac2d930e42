// Where a line of the page may end: only between words, and inside words that would run off the page.

/** Longer words may be broken anywhere. */
const longWordChars = 40;
const pieceChars = 30;

export function wordPieces(word: string): string[] {
  if (word.length <= longWordChars) return [word];
  const characters = [...new Intl.Segmenter("en").segment(word)].map(({ segment }) => segment);
  const parts: string[] = [];
  for (let at = 0; at < characters.length; at += pieceChars)
    parts.push(characters.slice(at, at + pieceChars).join(""));
  return parts;
}
