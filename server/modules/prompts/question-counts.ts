// How many open and closed questions each person has asked, told apart when somebody wants to know.
import type { SpokenTurn, TalkJudge } from "../feedback/index.ts";

interface Asked extends SpokenTurn {
  speakerId: string;
}

/** So much waits at most, as it holds words: more questions than most calls have. */
const untoldMost = 200;
const untoldMostChars = 40_000;

/** Telling a question's kind costs more than all else that a phrase brings, and most coaches look at their mirror rarely. */
export class QuestionCounts {
  readonly #judge: Pick<TalkJudge, "questionKind">;
  readonly #counts = new Map<string, { open: number; closed: number }>();
  #untold: Asked[] = [];
  #untoldChars = 0;

  constructor(judge: Pick<TalkJudge, "questionKind">) {
    this.#judge = judge;
  }

  add(asked: Asked): void {
    this.#untold.push(asked);
    this.#untoldChars += charsOf(asked);
    // The oldest alone: all at once held up everybody else's words.
    while (this.#untold.length > untoldMost || this.#untoldChars > untoldMostChars) this.#tell(1);
  }

  of(speakerId: string): { open: number; closed: number } {
    this.#tell(this.#untold.length);
    return this.#counts.get(speakerId) ?? { open: 0, closed: 0 };
  }

  forget(speakerId: string): void {
    this.#counts.delete(speakerId);
    this.#untold = this.#untold.filter((asked) => asked.speakerId !== speakerId);
    this.#untoldChars = this.#untold.reduce((sum, asked) => sum + charsOf(asked), 0);
  }

  #tell(count: number): void {
    for (const asked of this.#untold.splice(0, count)) {
      this.#untoldChars -= charsOf(asked);
      const { speakerId, ...turn } = asked;
      const { label } = this.#judge.questionKind(turn);
      const counts = this.#counts.get(speakerId) ?? { open: 0, closed: 0 };
      this.#counts.set(speakerId, { ...counts, [label]: counts[label] + 1 });
    }
  }
}

function charsOf({ text, before }: Asked): number {
  return text.length + (before?.length ?? 0);
}
