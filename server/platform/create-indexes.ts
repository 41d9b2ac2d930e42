// Indexes of collections, made at the start: one command for each collection rather than one for each index.
import type { Collection, IndexDefinition, IndexOptions, mongo } from "mongoose";

/** A model, as far as indexes go: models of documents of any kind may be given together. */
interface Indexed {
  collection: Pick<Collection, "createIndexes">;
  schema: { indexes(): [IndexDefinition, IndexOptions][] };
}

/**
 * Makes what is missing of the models' indexes. Rejects with what the store says: an index of that name that differs, or a
 * unique one that the documents break.
 */
export async function createIndexes(...models: Indexed[]): Promise<void> {
  await Promise.all(
    models.map(async ({ schema, collection }) => {
      const indexes = schema
        .indexes()
        .map(([key, options]) => ({ ...options, key }) as mongo.IndexDescription);
      if (indexes.length > 0) await collection.createIndexes(indexes);
    }),
  );
}
