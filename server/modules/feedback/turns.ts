// Lines of a transcript as turns of talk: one person's words until somebody else says more than "mm-hmm".
import { countWords } from "../../platform/text/words.ts";

export interface SpokenLine {
  sequence: number;
  speakerId: string;
  text: string;
  /** Milliseconds since the meeting's start. */
  startMs: number;
  endMs: number;
}

export interface Turn {
  speakerId: string;
  text: string;
  words: number;
  /** Of its first line. */
  sequence: number;
  startMs: number;
  endMs: number;
  lines: readonly SpokenLine[];
}

/**
 * So few words, said while another goes on before and after, are a listener's signal and take no turn ("back channel",
 * Yngve 1970, "On getting a word in edgewise").
 */
const listeningMostWords = 3;

/** Lines in the order in which they were said; each is in exactly one turn. */
export function turnsOf(lines: readonly SpokenLine[]): Turn[] {
  const groups: SpokenLine[][] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    if (last?.[0]?.speakerId === line.speakerId) last.push(line);
    else groups.push([line]);
  }
  return groups.flatMap((group) => turnOf(group) ?? []);
}

function turnOf(lines: readonly SpokenLine[]): Turn | null {
  const [first] = lines;
  if (first === undefined) return null;
  const text = lines.map((line) => line.text).join(" ");
  return {
    speakerId: first.speakerId,
    text,
    words: countWords(text),
    sequence: first.sequence,
    startMs: first.startMs,
    endMs: Math.max(...lines.map(({ endMs }) => endMs)),
    lines,
  };
}

export function isListening({ text }: Pick<SpokenLine, "text">): boolean {
  return countWords(text) <= listeningMostWords;
}

/**
 * Turns joined over a listener's signals: what one person held the floor for. The signals themselves are left out where
 * the same person goes on after them.
 */
export function withoutListening(turns: readonly Turn[]): Turn[] {
  const joined: Turn[] = [];
  turns.forEach((turn, index) => {
    const before = joined.at(-1);
    const isSignal = isListening(turn) && before?.speakerId === turns[index + 1]?.speakerId;
    if (isSignal && before?.speakerId !== turn.speakerId) return;
    if (before?.speakerId !== turn.speakerId) {
      joined.push(turn);
      return;
    }
    const together = turnOf([...before.lines, ...turn.lines]);
    if (together !== null) joined[joined.length - 1] = together;
  });
  return joined;
}

/** Each turn with the other's turn before it, as the classifiers want it. */
export function withContext(turns: readonly Turn[]): { turn: Turn; text: string; before: string | null }[] {
  return turns.map((turn, index) => ({
    turn,
    text: turn.text,
    before: turns[index - 1]?.text ?? null,
  }));
}
