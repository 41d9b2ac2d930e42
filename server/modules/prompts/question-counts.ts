// How many open and closed questions each person has asked, told apart when somebody wants to know.
import type { SpokenTurn, TalkJudge } from "../feedback/index.ts";

interface Asked extends SpokenTurn {
  speakerId: string;
}

/** So many wait at most: they hold words. */
const untoldMost = 50;

/** Telling a question's kind costs more than all else that a phrase brings, and most coaches look at their mirror rarely. */
export class QuestionCounts {
  readonly #judge: Pick<TalkJudge, "questionKind">;
  readonly #counts = new Map<string, { open: number; closed: number }>();
  #untold: Asked[] = [];

  constructor(judge: Pick<TalkJudge, "questionKind">) {
    this.#judge = judge;
  }

  add(asked: Asked): void {
    this.#untold.push(asked);
    // One at a time: all at once held up everybody else's words.
    if (this.#untold.length > untoldMost) this.#tell(1);
  }

  of(speakerId: string): { open: number; closed: number } {
    this.#tell(this.#untold.length);
    return this.#counts.get(speakerId) ?? { open: 0, closed: 0 };
  }

  forget(speakerId: string): void {
    this.#counts.delete(speakerId);
    this.#untold = this.#untold.filter((asked) => asked.speakerId !== speakerId);
  }

  #tell(count: number): void {
    for (const { speakerId, ...turn } of this.#untold.splice(0, count)) {
      const { label } = this.#judge.questionKind(turn);
      const counts = this.#counts.get(speakerId) ?? { open: 0, closed: 0 };
      this.#counts.set(speakerId, { ...counts, [label]: counts[label] + 1 });
    }
  }
}
