// The difference of two texts: exact for small ones, by lines and then by words for large ones.
import type { NoteChange } from "../../../shared/schemas/notes.ts";

/** Edits looked for before two different parts are given up as "replaced". */
const maxEdits = 1_000;

/** Changes that lead from `before` to `after`; never between the two halves of a surrogate pair. */
export function difference(before: string, after: string, grain: "unit" | "word" = "unit"): NoteChange[] {
  const start = commonStart(before, after);
  const end = commonEnd(before, after, start);
  const changes = new ChangeList();
  changes.retain(start);
  const middle = [before.slice(start, before.length - end), after.slice(start, after.length - end)] as const;
  if (grain === "unit" && middle[0].length + middle[1].length <= 2 * maxEdits) {
    compare(changes, Array.from(middle[0]), Array.from(middle[1]));
  } else compareByLines(changes, ...middle);
  changes.retain(end);
  return changes.list;
}

/** Builds a list of changes in which neighbours of one kind are one. */
export class ChangeList {
  readonly list: NoteChange[] = [];

  retain(length: number): void {
    if (length === 0) return;
    const last = this.list.at(-1);
    if (last !== undefined && "retain" in last) last.retain += length;
    else this.list.push({ retain: length });
  }

  insert(text: string): void {
    if (text === "") return;
    const last = this.list.at(-1);
    if (last !== undefined && "insert" in last) last.insert += text;
    else this.list.push({ insert: text });
  }

  delete(length: number): void {
    if (length === 0) return;
    const last = this.list.at(-1);
    if (last !== undefined && "delete" in last) last.delete += length;
    else this.list.push({ delete: length });
  }

  add(changes: readonly NoteChange[]): void {
    for (const change of changes) {
      if ("retain" in change) this.retain(change.retain);
      else if ("insert" in change) this.insert(change.insert);
      else this.delete(change.delete);
    }
  }
}

function compareByLines(changes: ChangeList, before: string, after: string): void {
  const [left, right] = [linesOf(before), linesOf(after)];
  for (const part of matches(left, right)) {
    const gap = [left.slice(part.left, part.leftEnd), right.slice(part.right, part.rightEnd)] as const;
    if (gap[0].length > 0 && gap[1].length > 0) compare(changes, wordsOf(gap[0]), wordsOf(gap[1]));
    else {
      changes.delete(lengthOf(gap[0]));
      changes.insert(gap[1].join(""));
    }
    changes.retain(lengthOf(left.slice(part.leftEnd, part.leftEnd + part.same)));
  }
}

function compare(changes: ChangeList, left: string[], right: string[]): void {
  const parts = matches(left, right);
  let replaced = { gone: 0, come: "" };
  for (const [index, part] of parts.entries()) {
    const same = left.slice(part.leftEnd, part.leftEnd + part.same);
    replaced = {
      gone: replaced.gone + lengthOf(left.slice(part.left, part.leftEnd)),
      come: replaced.come + right.slice(part.right, part.rightEnd).join(""),
    };
    // A blank between two changed words is no part that stayed.
    const isBlank = index < parts.length - 1 && same.every((token) => token === " ");
    if (isBlank && (replaced.gone > 0 || replaced.come !== "")) {
      replaced = { gone: replaced.gone + lengthOf(same), come: replaced.come + same.join("") };
      continue;
    }
    changes.delete(replaced.gone);
    changes.insert(replaced.come);
    changes.retain(lengthOf(same));
    replaced = { gone: 0, come: "" };
  }
  changes.delete(replaced.gone);
  changes.insert(replaced.come);
}

interface Match {
  /** What differs: `[left, leftEnd)` became `[right, rightEnd)`; then `same` tokens are equal. */
  left: number;
  leftEnd: number;
  right: number;
  rightEnd: number;
  same: number;
}

/** Myers' O(ND) algorithm; beyond `maxEdits` all that is left counts as replaced. */
function matches(left: string[], right: string[]): Match[] {
  const trace: Int32Array[] = [];
  const limit = Math.min(maxEdits, left.length + right.length);
  let furthest = new Int32Array(3);
  for (let edits = 0; edits <= limit; edits += 1) {
    trace.push(furthest);
    const next = new Int32Array(2 * edits + 5);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = edits === 0 ? 0 : stepInto(furthest, edits, diagonal).x;
      while (x < left.length && x - diagonal < right.length && left[x] === right[x - diagonal]) x += 1;
      next[diagonal + edits + 1] = x;
      if (x >= left.length && x - diagonal >= right.length) {
        return backtrack(trace, left.length, right.length, edits);
      }
    }
    furthest = next;
  }
  return [{ left: 0, leftEnd: left.length, right: 0, rightEnd: right.length, same: 0 }];
}

/** The better of the two ways onto a diagonal: one insertion (`x` stays), or one deletion (`x` rises). */
function stepInto(
  row: Int32Array,
  edits: number,
  diagonal: number,
): { diagonal: number; fromX: number; x: number } {
  const below = at(row, edits - 1, diagonal - 1);
  const above = at(row, edits - 1, diagonal + 1);
  if (diagonal === -edits || (diagonal !== edits && below < above)) {
    return { diagonal: diagonal + 1, fromX: above, x: above };
  }
  return { diagonal: diagonal - 1, fromX: below, x: below + 1 };
}

function at(row: Int32Array, edits: number, diagonal: number): number {
  return row[diagonal + edits + 1] ?? 0;
}

function backtrack(trace: Int32Array[], leftLength: number, rightLength: number, edits: number): Match[] {
  const pairs: [number, number][] = [];
  let [x, y] = [leftLength, rightLength];
  for (let step = edits; step >= 0; step -= 1) {
    const row = trace[step] ?? new Int32Array(3);
    const diagonal = x - y;
    const from = step === 0 ? null : stepInto(row, step, diagonal);
    const startX = from === null ? 0 : from.x;
    while (x > startX && y > startX - diagonal) {
      x -= 1;
      y -= 1;
      pairs.push([x, y]);
    }
    if (from === null) break;
    x = from.fromX;
    y = from.fromX - from.diagonal;
  }
  return grouped(pairs.reverse(), leftLength, rightLength);
}

function grouped(pairs: [number, number][], leftLength: number, rightLength: number): Match[] {
  const result: Match[] = [];
  let [left, right] = [0, 0];
  for (const [x, y] of pairs) {
    const last = result.at(-1);
    if (last !== undefined && x === left && y === right) last.same += 1;
    else result.push({ left, leftEnd: x, right, rightEnd: y, same: 1 });
    [left, right] = [x + 1, y + 1];
  }
  if (left < leftLength || right < rightLength) {
    result.push({ left, leftEnd: leftLength, right, rightEnd: rightLength, same: 0 });
  }
  return result;
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

function wordsOf(lines: string[]): string[] {
  return lines.join("").match(/[\p{L}\p{N}\p{M}]+|\s|./gsu) ?? [];
}

function lengthOf(tokens: string[]): number {
  return tokens.reduce((sum, token) => sum + token.length, 0);
}

function commonStart(before: string, after: string): number {
  const limit = Math.min(before.length, after.length);
  let length = 0;
  while (length < limit && before.charCodeAt(length) === after.charCodeAt(length)) length += 1;
  return splitsPair(before, length) || splitsPair(after, length) ? length - 1 : length;
}

function commonEnd(before: string, after: string, start: number): number {
  const limit = Math.min(before.length, after.length) - start;
  let length = 0;
  while (
    length < limit &&
    before.charCodeAt(before.length - 1 - length) === after.charCodeAt(after.length - 1 - length)
  )
    length += 1;
  return splitsPair(before, before.length - length) || splitsPair(after, after.length - length)
    ? length - 1
    : length;
}

/** Whether a position lies between the two halves of one character. */
export function splitsPair(text: string, position: number): boolean {
  const [before, after] = [text.charCodeAt(position - 1), text.charCodeAt(position)];
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
