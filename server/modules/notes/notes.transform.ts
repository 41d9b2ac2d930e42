// Operations on plain text: as one change of the base version's text, and carried over to a later version (NOTES-OT in SPEC.md).
import { AppError } from "../../../shared/errors.ts";
import { limits } from "../../../shared/limits.ts";
import type { NoteChange, NoteOperation } from "../../../shared/schemas/notes.ts";
import { ChangeList, difference, splitsPair } from "./notes.difference.ts";
import type { Run, TextLayout } from "./notes.layout.ts";

type Piece = { from: number; to: number } | { text: string };

/**
 * The operations, each at a position of the text that the one before has left, as one change of `base`. Throws
 * VALIDATION_ERROR for a position outside of the text or inside a character.
 */
export function composed(base: string, operations: readonly NoteOperation[]): NoteChange[] {
  let pieces: Piece[] = base === "" ? [] : [{ from: 0, to: base.length }];
  let length = base.length;
  for (const [index, operation] of operations.entries()) {
    const end = operation.position + (operation.type === "insert" ? 0 : (operation.length ?? 0));
    if (operation.position > length || end > length) {
      throw refused(
        index,
        `The text has ${length} units here, and the operation reaches beyond them.`,
        length,
      );
    }
    const [before, rest] = cut(pieces, operation.position);
    const [covered, after] = cut(rest, end - operation.position);
    if (breaks(base, before, rest) || breaks(base, covered, after)) {
      throw refused(index, "The position lies inside a character (between its two units).", length);
    }
    if (operation.type === "retain") continue;
    const added: Piece[] = operation.type === "insert" ? [{ text: operation.content }] : [];
    pieces = [...before, ...added, ...after];
    length += operation.type === "insert" ? operation.content.length : -(operation.length ?? 0);
    if (length > limits.notesTextMaxChars) {
      throw new AppError("PAYLOAD_TOO_LARGE", "These notes have become too large to take more.", {
        details: { maxChars: limits.notesTextMaxChars },
      });
    }
  }
  return asChanges(base.length, pieces);
}

function asChanges(baseLength: number, pieces: Piece[]): NoteChange[] {
  const changes = new ChangeList();
  let at = 0;
  let removed = 0;
  // What is inserted in place of something stands where that began.
  const endRemoval = () => {
    changes.delete(removed);
    removed = 0;
  };
  let inserted = "";
  const endInsert = () => {
    changes.insert(inserted);
    inserted = "";
  };
  for (const piece of pieces) {
    if ("text" in piece) {
      inserted += piece.text;
      continue;
    }
    removed = piece.from - at;
    endInsert();
    endRemoval();
    changes.retain(piece.to - piece.from);
    at = piece.to;
  }
  endInsert();
  changes.delete(baseLength - at);
  return changes.list;
}

function cut(pieces: Piece[], length: number): [Piece[], Piece[]] {
  const before: Piece[] = [];
  let left = length;
  for (const [index, piece] of pieces.entries()) {
    if (left === 0) return [before, pieces.slice(index)];
    const size = sizeOf(piece);
    if (size <= left) {
      before.push(piece);
      left -= size;
      continue;
    }
    const [head, tail]: [Piece, Piece] =
      "text" in piece
        ? [{ text: piece.text.slice(0, left) }, { text: piece.text.slice(left) }]
        : [
            { from: piece.from, to: piece.from + left },
            { from: piece.from + left, to: piece.to },
          ];
    return [
      [...before, head],
      [tail, ...pieces.slice(index + 1)],
    ];
  }
  return [before, []];
}

function sizeOf(piece: Piece): number {
  return "text" in piece ? piece.text.length : piece.to - piece.from;
}

function breaks(base: string, before: Piece[], after: Piece[]): boolean {
  const [last, first] = [before.at(-1), after[0]];
  if (last === undefined || first === undefined) return false;
  const left = "text" in last ? last.text.slice(-1) : base.slice(last.to - 1, last.to);
  const right = "text" in first ? first.text.slice(0, 1) : base.slice(first.from, first.from + 1);
  return splitsPair(left + right, 1);
}

function refused(index: number, message: string, textLength: number): AppError {
  return new AppError("VALIDATION_ERROR", message, { details: { operation: index, textLength } });
}

/**
 * `ours` on the text that `theirs` has left; both are changes of one text. What both insert at one place: theirs stands
 * first, except that a new line of theirs does not come between a line and what we add at its end.
 */
export function transformed(theirs: readonly NoteChange[], ours: readonly NoteChange[]): NoteChange[] {
  const [left, right] = [new Reader(theirs), new Reader(ours)];
  const result = new ChangeList();
  while (!left.done || !right.done) {
    const [their, our] = [left.current, right.current];
    if (our !== null && "insert" in our) {
      const first = their === null || !("insert" in their) || opensLine(their.insert, our.insert);
      if (first) {
        result.insert(our.insert);
        right.skip();
        continue;
      }
    }
    if (their !== null && "insert" in their) {
      result.retain(their.insert.length);
      left.skip();
      continue;
    }
    const length = Math.min(left.length, right.length);
    const deletesTheirs = their !== null && "delete" in their;
    if (!deletesTheirs && our !== null && "delete" in our) result.delete(length);
    else if (!deletesTheirs) result.retain(length);
    left.take(length);
    right.take(length);
  }
  return withoutTail(result.list);
}

function opensLine(theirs: string, ours: string): boolean {
  return theirs.startsWith("\n") && !ours.startsWith("\n");
}

/** The text that changes lead to. */
export function applied(text: string, changes: readonly NoteChange[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const change of changes) {
    if ("insert" in change) parts.push(change.insert);
    else if ("delete" in change) at += change.delete;
    else {
      parts.push(text.slice(at, at + change.retain));
      at += change.retain;
    }
  }
  return parts.join("") + text.slice(at);
}

/** Reads a list of changes in portions; behind its end everything is retained. */
class Reader {
  readonly #changes: readonly NoteChange[];
  #index = 0;
  #taken = 0;

  constructor(changes: readonly NoteChange[]) {
    this.#changes = changes;
  }

  get done(): boolean {
    return this.#index >= this.#changes.length;
  }

  get current(): NoteChange | null {
    return this.#changes[this.#index] ?? null;
  }

  /** What is left of a retain or delete. */
  get length(): number {
    const { current } = this;
    if (current === null) return Infinity;
    if ("insert" in current) return 0;
    return ("retain" in current ? current.retain : current.delete) - this.#taken;
  }

  take(length: number): void {
    if (this.done) return;
    this.#taken += length;
    if (this.length === 0) this.skip();
  }

  skip(): void {
    this.#index += 1;
    this.#taken = 0;
  }
}

function withoutTail(changes: NoteChange[]): NoteChange[] {
  const last = changes.at(-1);
  return last !== undefined && "retain" in last ? changes.slice(0, -1) : changes;
}

/**
 * What led from one version of a document to a later one. Units that both have are the fixed points; in between, what
 * was removed and what came keep the order that the document gives them. Where a line was split or joined its units are
 * new ones with the old text: there the texts are compared.
 */
export function changesBetween(before: TextLayout, after: TextLayout): NoteChange[] {
  const known = new Index(after.runs);
  const changes = new ChangeList();
  let [beforeAt, afterAt] = [0, 0];
  let gap: Gap = [];
  const close = (beforeTo: number, afterTo: number) => {
    const [gone, come] = [before.text.slice(beforeAt, beforeTo), after.text.slice(afterAt, afterTo)];
    changes.add(gapChanges(gone, come, gap, afterAt));
    gap = [];
  };
  for (const segment of known.segments(before.runs)) {
    // Units never change places, so a place before the last one is none.
    if (segment.kind !== "kept" || segment.at < afterAt) {
      const { kind, length, at } = segment;
      gap.push(kind === "kept" ? { kind: "lost", length, at: 0 } : { kind, length, at });
      continue;
    }
    close(segment.beforeAt, segment.at);
    changes.retain(segment.length);
    [beforeAt, afterAt] = [segment.beforeAt + segment.length, segment.at + segment.length];
  }
  close(before.text.length, after.text.length);
  return withoutTail(changes.list);
}

type Gap = { kind: "removed" | "lost"; length: number; at: number }[];

function gapChanges(gone: string, come: string, gap: Gap, afterAt: number): NoteChange[] {
  if (gone === "") return come === "" ? [] : [{ insert: come }];
  if (come === "") return [{ delete: gone.length }];
  const linesMoved = gap.some(({ kind }) => kind === "lost") || gone.includes("\n") || come.includes("\n");
  // By words: by letters, unrelated words would be found to have some in common.
  const compared = insertionsFirst(difference(gone, come, "word"));
  // A line that was split and joined again has the old text anew as well, and nothing else tells of it.
  if (linesMoved || 2 * retained(compared) >= gone.length) return compared;
  const changes = new ChangeList();
  let at = afterAt;
  for (const segment of gap) {
    if (segment.at > at) changes.insert(come.slice(at - afterAt, segment.at - afterAt));
    at = Math.max(at, segment.at);
    changes.delete(segment.length);
  }
  changes.insert(come.slice(at - afterAt));
  return changes.list;
}

function retained(changes: readonly NoteChange[]): number {
  return changes.reduce((sum, change) => sum + ("retain" in change ? change.retain : 0), 0);
}

/** Where something was replaced, what we add there stands behind the replacement, as it does behind any insertion. */
function insertionsFirst(changes: NoteChange[]): NoteChange[] {
  const result: NoteChange[] = [];
  for (const change of changes) {
    const last = result.at(-1);
    if ("insert" in change && last !== undefined && "delete" in last) result.splice(-1, 0, change);
    else result.push(change);
  }
  return result;
}

interface Segment {
  kind: "kept" | "removed" | "lost";
  length: number;
  /** Position in the later text; 0 for units that have left no trace. */
  at: number;
  beforeAt: number;
}

/** The later version's units by client and clock. */
class Index {
  readonly #byClient = new Map<number, Run[]>();

  constructor(runs: Run[]) {
    for (const run of runs) {
      const list = this.#byClient.get(run.client);
      if (list === undefined) this.#byClient.set(run.client, [run]);
      else list.push(run);
    }
    for (const list of this.#byClient.values()) list.sort((a, b) => a.clock - b.clock);
  }

  /** The earlier version's text, cut where its fate differs. */
  *segments(runs: Run[]): Generator<Segment> {
    for (const run of runs) {
      if (run.removed) continue;
      let done = 0;
      while (done < run.length) {
        const left = run.length - done;
        const found = this.#at(run.client, run.clock + done);
        const beforeAt = run.at + done;
        if (found.run === null) {
          const length = Math.min(left, found.until - run.clock - done);
          yield { kind: "lost", length, at: 0, beforeAt };
          done += length;
          continue;
        }
        const inside = run.clock + done - found.run.clock;
        const length = Math.min(left, found.run.length - inside);
        const { removed, at } = found.run;
        yield { kind: removed ? "removed" : "kept", length, at: removed ? at : at + inside, beforeAt };
        done += length;
      }
    }
  }

  #at(client: number, clock: number): { run: Run | null; until: number } {
    const list = this.#byClient.get(client) ?? [];
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((list[middle]?.clock ?? Infinity) <= clock) low = middle + 1;
      else high = middle;
    }
    const run = list[low - 1];
    if (run !== undefined && clock < run.clock + run.length) return { run, until: clock };
    return { run: null, until: list[low]?.clock ?? Infinity };
  }
}
