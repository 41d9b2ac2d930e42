// Regular expressions that cannot hold the server up: where a match might take long, it runs against a clock.
import { Script, createContext } from "node:vm";
import { StoreError } from "../errors.ts";

/** One match may take this long; MongoDB bounds the steps of a match instead. */
const matchTimeoutMs = 1000;
/** Matches of one query that took longer than `slowMatchMs` may take this long together. */
const slowTimeoutMs = 3000;
const slowMatchMs = 20;
/** Up to so many steps of backtracking a match is done before a clock could be set. */
const freeSteps = 4_000_000;
/** A repeated group may take two to the power of the text's length. */
const freeLengthOfRepeatedGroups = 16;

const task: { run: (() => RegExpExecArray | null) | null } = { run: null };
const script = new Script("run()");
let context: object | null = null;

/** Throws error 51156 from `exec` and `test` where a match takes too long. Not for the flags g and y. */
export class BoundedRegExp extends RegExp {
  readonly #freeLength: number;
  #slowMs = 0;

  constructor(source: string, flags: string) {
    super(source, flags);
    this.#freeLength = freeLength(source);
  }

  override exec(text: string): RegExpExecArray | null {
    if (text.length <= this.#freeLength) return super.exec(text);
    const startedAt = performance.now();
    const result = againstClock(() => super.exec(text));
    const tookMs = performance.now() - startedAt;
    if (tookMs > slowMatchMs) this.#slowMs += tookMs;
    if (this.#slowMs > slowTimeoutMs) throw takesTooLong();
    return result;
  }
}

/** The longest text for which the number of steps is bounded well enough by the number of choices in the pattern. */
function freeLength(source: string): number {
  const plain = source
    .replace(/\\[^]/g, "x")
    .replace(/\[[^\]]*\]/g, "x")
    .replaceAll("(?", "(");
  if (/\)[*+?{]/.test(plain)) return freeLengthOfRepeatedGroups;
  const choices = plain.match(/[*+?{|]/g)?.length ?? 0;
  return choices === 0 ? Infinity : Math.floor(freeSteps ** (1 / (choices + 1)));
}

function againstClock(run: () => RegExpExecArray | null): RegExpExecArray | null {
  context ??= createContext(task);
  task.run = run;
  try {
    return script.runInContext(context, { timeout: matchTimeoutMs }) as RegExpExecArray | null;
  } catch (error) {
    // The error comes from the other context, whose Error is another class.
    const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
    if (code === "ERR_SCRIPT_EXECUTION_TIMEOUT") throw takesTooLong();
    throw error;
  } finally {
    task.run = null;
  }
}

function takesTooLong(): StoreError {
  return new StoreError(
    51156,
    "Error occurred while executing regular expression: it takes too long; repeat fewer things inside repetitions",
  );
}
