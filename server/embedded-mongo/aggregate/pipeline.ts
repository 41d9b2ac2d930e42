// A pipeline as a chain of stages: documents pass in pages, so that what needs no memory uses none.
import { maxDocumentBytes } from "../bson/validate.ts";
import type { Value } from "../bson/value.ts";
import type { DocumentSource } from "../commands/cursors.ts";
import type { Pace } from "../commands/pace.ts";
import { StoreError } from "../errors.ts";

/** One stage at work. `take` gets a page of documents; `end` is called once when no more come. */
export interface RunningStage {
  take(documents: Value[], pace: Pace): Value[] | Promise<Value[]>;
  end(pace: Pace): Value[] | Promise<Value[]>;
  /** True as soon as further documents would change nothing ($limit is reached). */
  readonly satisfied: boolean;
}

/** A stage that treats each page by itself. */
export function pageStage(
  take: (documents: Value[], pace: Pace) => Value[] | Promise<Value[]>,
): RunningStage {
  return { take, end: () => [], satisfied: false };
}

/** Stages one after the other, as one. */
export class StageChain implements RunningStage {
  readonly #stages: readonly RunningStage[];

  constructor(stages: readonly RunningStage[]) {
    this.#stages = stages;
  }

  get satisfied(): boolean {
    return this.#stages.some(({ satisfied }) => satisfied);
  }

  async take(documents: Value[], pace: Pace): Promise<Value[]> {
    let current = documents;
    for (const stage of this.#stages) {
      if (current.length === 0) break;
      current = await stage.take(current, pace);
    }
    return current;
  }

  /** Each stage gives what it held back to the stages after it; what comes before a satisfied one is not asked. */
  async end(pace: Pace): Promise<Value[]> {
    let documents: Value[] = [];
    const from = this.#stages.findLastIndex(({ satisfied }) => satisfied);
    for (const stage of this.#stages.slice(Math.max(0, from))) {
      if (documents.length > 0) documents = await stage.take(documents, pace);
      documents = [...documents, ...(await stage.end(pace))];
    }
    return documents;
  }
}

export class PipelineSource implements DocumentSource {
  readonly #source: DocumentSource;
  readonly #chain: StageChain;
  done = false;

  constructor(source: DocumentSource, stages: readonly RunningStage[]) {
    this.#source = source;
    this.#chain = new StageChain(stages);
  }

  async pull(pace: Pace): Promise<Value[]> {
    let documents: Value[];
    if (this.#source.done || this.#chain.satisfied) {
      this.done = true;
      documents = await this.#chain.end(pace);
    } else documents = await this.#chain.take(await this.#source.pull(pace), pace);
    for (const { start, end } of documents)
      if (end - start > maxDocumentBytes)
        throw new StoreError(10334, `a document made by the pipeline is larger than ${maxDocumentBytes}`);
    return documents;
  }
}

/** Everything a source gives; for stages that run a pipeline inside. */
export async function drain(
  source: DocumentSource,
  limit: { maxBytes: number; tooLarge(): Error },
  pace: Pace,
): Promise<Value[]> {
  const all: Value[] = [];
  let bytes = 0;
  while (!source.done) {
    for (const value of await source.pull(pace)) {
      bytes += value.end - value.start;
      if (bytes > limit.maxBytes) throw limit.tooLarge();
      all.push(value);
    }
    const pause = pace.breathe();
    if (pause !== undefined) await pause;
  }
  return all;
}
