// Vectors in this process: an exact search over what the document store keeps, loaded when a namespace is first asked for.
import { AppError } from "../../../shared/errors.ts";
import { fits } from "./filter.ts";
import type { Match, Metadata, StoredVector, VectorFilter, VectorIndex, VectorStore } from "./index.ts";

const sliceVectors = 10_000;
/** The last of these attempts lets nobody in between. */
const attemptsMost = 4;

/** All vectors of a namespace in one block of numbers, so that a search runs through memory in order. */
class Space {
  readonly #dimensions: number;
  #block: Float32Array;
  #ids: string[] = [];
  #metadata: Metadata[] = [];
  readonly #places = new Map<string, number>();
  #revision = 0;
  change = 0;
  loading: Promise<void> | null = null;

  constructor(dimensions: number) {
    this.#dimensions = dimensions;
    this.#block = new Float32Array(dimensions * 256);
  }

  put({ id, vector, metadata }: StoredVector): void {
    this.#revision += 1;
    const place = this.#places.get(id) ?? this.#ids.length;
    if (place === this.#ids.length) {
      this.#ids.push(id);
      this.#places.set(id, place);
      if ((place + 1) * this.#dimensions > this.#block.length) {
        const larger = new Float32Array(this.#block.length * 2);
        larger.set(this.#block);
        this.#block = larger;
      }
    }
    this.#metadata[place] = metadata;
    this.#block.set(vector, place * this.#dimensions);
  }

  /** The last one takes its place. */
  remove(id: string): void {
    const place = this.#places.get(id);
    if (place === undefined) return;
    this.#revision += 1;
    const last = this.#ids.length - 1;
    const lastId = this.#ids[last];
    if (lastId !== undefined && last !== place) {
      this.#ids[place] = lastId;
      this.#metadata[place] = this.#metadata[last] ?? {};
      this.#block.copyWithin(
        place * this.#dimensions,
        last * this.#dimensions,
        (last + 1) * this.#dimensions,
      );
      this.#places.set(lastId, place);
    }
    this.#ids.pop();
    this.#metadata.pop();
    this.#places.delete(id);
  }

  /** In slices, so that others get their turn; begun anew where vectors have changed their places meanwhile. */
  async search(vector: Float32Array, limit: number, filter: VectorFilter | undefined): Promise<Match[]> {
    for (let attempt = 1; ; attempt += 1) {
      const revision = this.#revision;
      const found: Match[] = [];
      for (let from = 0; from < this.#ids.length; from += sliceVectors) {
        this.#searchSlice(found, { vector, limit, filter, from });
        if (attempt < attemptsMost && from + sliceVectors < this.#ids.length)
          await new Promise((resolve) => setImmediate(resolve));
        if (revision !== this.#revision) break;
      }
      if (revision === this.#revision) return found;
    }
  }

  #searchSlice(
    found: Match[],
    question: { vector: Float32Array; limit: number; filter: VectorFilter | undefined; from: number },
  ): void {
    const { vector, limit, filter, from } = question;
    const dimensions = this.#dimensions;
    const block = this.#block;
    const end = Math.min(this.#ids.length, from + sliceVectors);
    let worst = found.length === limit ? (found.at(-1)?.score ?? 0) : Number.NEGATIVE_INFINITY;
    for (let place = from; place < end; place += 1) {
      const metadata = this.#metadata[place] ?? {};
      if (filter !== undefined && !fits(metadata, filter)) continue;
      const score = product(vector, block, place * dimensions, dimensions);
      if (found.length === limit && score <= worst) continue;
      insertByScore(found, { id: this.#ids[place] ?? "", score, metadata }, limit);
      if (found.length === limit) worst = found.at(-1)?.score ?? worst;
    }
  }

  idsWhere(filter: VectorFilter): string[] {
    return this.#ids.filter((_id, place) => fits(this.#metadata[place] ?? {}, filter));
  }
}

/** Both of length 1: their cosine. Four sums at once keep the processor busy. */
function product(one: Float32Array, block: Float32Array, start: number, dimensions: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let index = 0;
  for (; index + 3 < dimensions; index += 4) {
    const at = start + index;
    a += (one[index] as number) * (block[at] as number);
    b += (one[index + 1] as number) * (block[at + 1] as number);
    c += (one[index + 2] as number) * (block[at + 2] as number);
    d += (one[index + 3] as number) * (block[at + 3] as number);
  }
  for (; index < dimensions; index += 1) a += (one[index] as number) * (block[start + index] as number);
  return a + b + c + d;
}

function insertByScore(found: Match[], match: Match, limit: number): void {
  let at = found.length;
  while (at > 0 && (found[at - 1]?.score ?? 0) < match.score) at -= 1;
  found.splice(at, 0, match);
  if (found.length > limit) found.pop();
}

export function createMemoryVectors(options: { store: VectorStore; dimensions: number }): VectorIndex {
  const { store, dimensions } = options;
  const spaces = new Map<string, Space>();

  /** With everything that was written until now, here or elsewhere. */
  async function upToDate(namespace: string): Promise<Space> {
    const space = spaces.get(namespace) ?? new Space(dimensions);
    spaces.set(namespace, space);
    // Whoever asks while another one reads may need what was written since that began.
    while (space.loading !== null) await space.loading;
    const loading = read(namespace, space).finally(() => (space.loading = null));
    space.loading = loading;
    await loading;
    return space;
  }

  async function read(namespace: string, space: Space): Promise<void> {
    for await (const page of store.changedSince(namespace, space.change)) {
      for (const kept of page) {
        if (kept.deleted) space.remove(kept.id);
        // Of another model, left from before a move.
        else if (kept.vector.length === dimensions) space.put(kept);
        space.change = Math.max(space.change, kept.change);
      }
    }
  }

  return {
    provider: "memory",

    async upsert(namespace, vectors) {
      for (const { vector } of vectors) assertDimensions(vector, dimensions);
      await store.put(namespace, vectors);
    },

    async query(namespace, { vector, limit, filter }) {
      assertDimensions(vector, dimensions);
      return await (await upToDate(namespace)).search(vector, limit, filter);
    },

    deleteIds: (namespace, ids) => store.remove(namespace, ids),

    async deleteWhere(namespace, filter) {
      const ids = (await upToDate(namespace)).idsWhere(filter);
      if (ids.length > 0) await store.remove(namespace, ids);
    },

    describe: async () => ({ dimensions, vectors: await store.count() }),
  };
}

export function assertDimensions(vector: Float32Array, dimensions: number): void {
  if (vector.length === dimensions) return;
  throw new AppError("VENDOR_ERROR", "This index holds vectors of another length.", {
    details: { reason: "dimensions", expected: dimensions, given: vector.length },
    retryable: false,
  });
}
