// Cuts a long talk into parts that a model can read at once; every word of it is in exactly one part.
import type { Turn } from "./index.ts";

/** What a line costs beyond its words: its number, who says it, and punctuation. */
const lineOverheadChars = 40;

/** In order. A turn that is longer than a part is cut at a space into several pieces with its number. */
export function partsOf(turns: readonly Turn[], maxChars: number): Turn[][] {
  const parts: Turn[][] = [];
  let part: Turn[] = [];
  let chars = 0;
  for (const turn of turns.flatMap((one) => piecesOf(one, maxChars - lineOverheadChars))) {
    const more = turn.text.length + lineOverheadChars;
    if (part.length > 0 && chars + more > maxChars) {
      parts.push(part);
      part = [];
      chars = 0;
    }
    part.push(turn);
    chars += more;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

/** Both together are the part, each about half of it by length; null where it cannot be halved. */
export function halvesOf(part: readonly Turn[]): [Turn[], Turn[]] | null {
  const chars = part.reduce((sum, { text }) => sum + text.length + lineOverheadChars, 0);
  const parts = partsOf(part, Math.ceil(chars / 2) + lineOverheadChars);
  const [first, ...rest] = parts;
  return first === undefined || rest.length === 0 ? null : [first, rest.flat()];
}

function piecesOf(turn: Turn, maxChars: number): Turn[] {
  const pieces: Turn[] = [];
  let text = turn.text;
  while (text.length > maxChars) {
    const space = text.lastIndexOf(" ", maxChars);
    const end = space > maxChars / 2 ? space + 1 : maxChars;
    pieces.push({ ...turn, text: text.slice(0, end) });
    text = text.slice(end);
  }
  return [...pieces, { ...turn, text }];
}
