// Two sentences word by word: what stayed, what was taken out, what was added.

export interface DiffPart {
  kind: "same" | "taken" | "added";
  text: string;
}

/** By the longest common row of words; joined, `same` and `taken` are the original, `same` and `added` the other. */
export function wordDiff(before: string, after: string): DiffPart[] {
  const [old, now] = [piecesOf(before), piecesOf(after)];
  // By pairs of places: how many words the rests from there on have in common.
  const width = now.length + 1;
  const common = new Uint16Array((old.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = now.length - 1; j >= 0; j -= 1)
      common[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const parts: DiffPart[] = [];
  const push = (kind: DiffPart["kind"], text: string) => {
    const last = parts.at(-1);
    if (last?.kind === kind) last.text += text;
    else parts.push({ kind, text });
  };
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [left, right] = [old[i], now[j]];
    if (left !== undefined && left === right) {
      push("same", left);
      i += 1;
      j += 1;
    } else if (right === undefined || (left !== undefined && at(i + 1, j) >= at(i, j + 1))) {
      push("taken", left ?? "");
      i += 1;
    } else {
      push("added", right);
      j += 1;
    }
  }
  return parts;
}

/** Words with the space behind them. */
function piecesOf(text: string): string[] {
  return text.match(/\S+\s*/gu) ?? [];
}
