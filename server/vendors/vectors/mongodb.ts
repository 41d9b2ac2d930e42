// Vectors in MongoDB by its own vector search: over the collection in which embeddings are kept, where the server has it.
import type { MongoVectorSearch, VectorIndex, VectorStore } from "./index.ts";
import { assertDimensions } from "./memory.ts";

export function createMongoVectors(options: {
  search: MongoVectorSearch;
  store: VectorStore;
  dimensions: number;
}): VectorIndex {
  const { search, store, dimensions } = options;
  let prepared: Promise<void> | null = null;
  /** Once; again after a failure. */
  function prepare(): Promise<void> {
    prepared ??= search.prepare(dimensions).catch((error: unknown) => {
      prepared = null;
      throw error;
    });
    return prepared;
  }

  return {
    provider: "mongodb",

    async upsert(namespace, vectors) {
      for (const { vector } of vectors) assertDimensions(vector, dimensions);
      await prepare();
      await store.put(namespace, vectors);
    },

    async query(namespace, { vector, limit, filter }) {
      assertDimensions(vector, dimensions);
      await prepare();
      return await search.search({ namespace, vector, limit, filter });
    },

    deleteIds: (namespace, ids) => store.remove(namespace, ids),

    async deleteWhere(namespace, filter) {
      const found = await search.idsWhere(namespace, filter);
      if (found.length > 0) await store.remove(namespace, found);
    },

    describe: async () => ({ dimensions, vectors: await store.count() }),
  };
}
