// The order in which a conversation is read: when things were said, whenever they arrived.

/**
 * By start, and by sequence where two start at once: lines that a recogniser sent late stand where they were said. The
 * same array where it is in this order already.
 */
export function inTimeOrder<Line extends { sequence: number; startMs: number }>(
  lines: readonly Line[],
): readonly Line[] {
  const ordered = lines.every((line, index) => {
    const before = lines[index - 1];
    return before === undefined || compare(before, line) <= 0;
  });
  return ordered ? lines : lines.toSorted(compare);
}

interface Timed {
  sequence: number;
  startMs: number;
}

function compare(one: Timed, other: Timed): number {
  return one.startMs - other.startMs || one.sequence - other.sequence;
}
