// A pipeline as a chain of stages: documents pass in pages, so that what needs no memory uses none.
import type { Value } from "../bson/value.ts";
import type { DocumentSource } from "../commands/cursors.ts";
import type { Pace } from "../commands/pace.ts";

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

export class PipelineSource implements DocumentSource {
  readonly #source: DocumentSource;
  readonly #stages: readonly RunningStage[];
  done = false;

  constructor(source: DocumentSource, stages: readonly RunningStage[]) {
    this.#source = source;
    this.#stages = stages;
  }

  async pull(pace: Pace): Promise<Value[]> {
    if (this.#source.done || this.#stages.some(({ satisfied }) => satisfied)) {
      this.done = true;
      return this.#finish(pace);
    }
    let documents = await this.#source.pull(pace);
    for (const stage of this.#stages) {
      if (documents.length === 0) break;
      documents = await stage.take(documents, pace);
    }
    return documents;
  }

  /** Each stage gives what it held back to the stages after it. */
  async #finish(pace: Pace): Promise<Value[]> {
    let documents: Value[] = [];
    for (const stage of this.#stages) {
      if (documents.length > 0) documents = await stage.take(documents, pace);
      documents = [...documents, ...(await stage.end(pace))];
    }
    return documents;
  }
}

/** Everything a source gives; for stages that run a pipeline inside. */
export async function drain(source: DocumentSource, pace: Pace): Promise<Value[]> {
  const all: Value[] = [];
  while (!source.done) {
    all.push(...(await source.pull(pace)));
    const pause = pace.breathe();
    if (pause !== undefined) await pause;
  }
  return all;
}
