// Where a line of the page may end: only between words, and inside words that would run off the page; never after a hyphen,
// which readers drop there as one of hyphenation.

/** Longer words may be broken anywhere. */
const longWordChars = 40;
const pieceChars = 30;

/**
 * What stands between spaces at which a line may end, in pieces after which it may end, too. A piece may hold spaces: after a
 * hyphen the next word stays on the line.
 */
export function lineUnits(text: string): string[][] {
  const units: string[] = [];
  let open = "";
  for (const word of text.split(" ")) {
    const unit = open === "" ? word : `${open} ${word}`;
    if (word.endsWith("-")) open = unit;
    else {
      units.push(unit);
      open = "";
    }
  }
  if (open !== "") units.push(open);
  return units.map(piecesOf);
}

function piecesOf(unit: string): string[] {
  if (unit.length <= longWordChars) return [unit];
  const characters = [...new Intl.Segmenter("en").segment(unit)].map(({ segment }) => segment);
  const endsInHyphen = (end: number) => ["-", " "].includes(characters[end - 1] ?? "");
  const pieces: string[] = [];
  for (let from = 0; from < characters.length;) {
    let to = from + pieceChars;
    while (to > from && endsInHyphen(to)) to -= 1;
    if (to === from) {
      to = from + pieceChars;
      while (endsInHyphen(to)) to += 1;
    }
    pieces.push(characters.slice(from, to).join(""));
    from = to;
  }
  return pieces;
}
