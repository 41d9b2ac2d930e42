// A pipeline as a chain of stages: documents pass in pages, so that what needs no memory uses none.
import { maxDocumentBytes } from "../bson/validate.ts";
import type { Value } from "../bson/value.ts";
import type { DocumentSource } from "../commands/cursors.ts";
import type { Pace } from "../commands/pace.ts";
import { StoreError } from "../errors.ts";

/**
 * One stage at work. `take` gets a page of documents, `end` is called once when no more come. What `take` answers may be
 * made while it is read: one document can become very many.
 */
export interface RunningStage {
  take(documents: Value[], pace: Pace): Iterable<Value> | Promise<Iterable<Value>>;
  end(pace: Pace): Value[] | Promise<Value[]>;
  /** True as soon as further documents would change nothing ($limit is reached). */
  readonly satisfied: boolean;
}

/** A stage that treats each page by itself. */
export function pageStage(
  take: (documents: Value[], pace: Pace) => Iterable<Value> | Promise<Iterable<Value>>,
): RunningStage {
  return { take, end: () => [], satisfied: false };
}

/** Stages one after the other. Documents go through all of them page by page, so that no more than a page a stage is held. */
export class StageChain {
  readonly #stages: readonly RunningStage[];

  constructor(stages: readonly RunningStage[]) {
    this.#stages = stages;
  }

  get satisfied(): boolean {
    return this.#satisfiedFrom(0);
  }

  #satisfiedFrom(at: number): boolean {
    return this.#stages.some(({ satisfied }, other) => other >= at && satisfied);
  }

  /** What comes out for these documents, page by page. */
  flow(documents: Iterable<Value>, pace: Pace): AsyncGenerator<Value[]> {
    return this.#flowFrom(0, documents, pace);
  }

  /** What comes out when no more documents come; what stands before a satisfied stage is not asked. */
  async *ending(pace: Pace): AsyncGenerator<Value[]> {
    const from = this.#stages.findLastIndex(({ satisfied }) => satisfied);
    for (const [at, stage] of this.#stages.entries())
      if (at >= from) yield* this.#flowFrom(at + 1, await stage.end(pace), pace);
  }

  async *#flowFrom(at: number, documents: Iterable<Value>, pace: Pace): AsyncGenerator<Value[]> {
    const stage = this.#stages[at];
    for (const page of pagesOf(documents)) {
      if (stage === undefined) yield page;
      else if (this.#satisfiedFrom(at)) return;
      else yield* this.#flowFrom(at + 1, await stage.take(page, pace), pace);
      const pause = pace.breathe();
      if (pause !== undefined) await pause;
    }
  }
}

const maxPageRows = 1000;
const maxPageBytes = 4 * 1024 * 1024;

function* pagesOf(documents: Iterable<Value>): Generator<Value[]> {
  let page: Value[] = [];
  let bytes = 0;
  for (const document of documents) {
    page.push(document);
    bytes += document.end - document.start;
    if (page.length < maxPageRows && bytes < maxPageBytes) continue;
    yield page;
    page = [];
    bytes = 0;
  }
  if (page.length > 0) yield page;
}

export class PipelineSource implements DocumentSource {
  readonly #source: DocumentSource;
  readonly #chain: StageChain;
  #flowing: AsyncGenerator<Value[]> | null = null;
  #ending = false;
  done = false;

  constructor(source: DocumentSource, stages: readonly RunningStage[]) {
    this.#source = source;
    this.#chain = new StageChain(stages);
  }

  async pull(pace: Pace): Promise<Value[]> {
    this.#flowing ??= await this.#next(pace);
    const { value: documents, done } = await this.#flowing.next();
    if (done === true) {
      this.#flowing = null;
      this.done = this.#ending;
      return [];
    }
    for (const { start, end } of documents)
      if (end - start > maxDocumentBytes)
        throw new StoreError(10334, `a document made by the pipeline is larger than ${maxDocumentBytes}`);
    return documents;
  }

  async #next(pace: Pace): Promise<AsyncGenerator<Value[]>> {
    if (!this.#source.done && !this.#chain.satisfied)
      return this.#chain.flow(await this.#source.pull(pace), pace);
    this.#ending = true;
    return this.#chain.ending(pace);
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
