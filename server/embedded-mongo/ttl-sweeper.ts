// Removes documents whose time is over, by the entries of TTL indexes, a few at a time.
import { encodeKey } from "./bson/key-encoding.ts";
import { bsonType, typeRank } from "./bson/types.ts";
import { dateValue } from "./bson/value.ts";
import type { WriteEngine } from "./commands/context.ts";
import { newPace } from "./commands/pace.ts";
import type { IndexDefinition } from "./index/definition.ts";
import { afterPrefix } from "./query/bounds.ts";
import { turned } from "./query/bounds.ts";
import type { Collection } from "./storage/catalog.ts";
import { CollectionWriter } from "./storage/collection-writer.ts";
import type { KeyRange } from "./storage/storage.ts";

const batchRows = 200;

/** One round over all TTL indexes. Values that are no dates never expire. */
export async function sweepExpired(engine: WriteEngine): Promise<void> {
  const pace = newPace(null);
  for (const collection of engine.catalog.allCollections())
    for (const index of collection.indexes) {
      if (index.expireAfterSeconds === null || !index.ready) continue;
      while ((await removeSome(engine, collection, index)) === batchRows) await pace.breathe();
    }
}

async function removeSome(
  engine: WriteEngine,
  collection: Collection,
  index: IndexDefinition,
): Promise<number> {
  const range = expiredRange(index, engine.nowMs());
  const page = { range, after: null, reverse: false, maxRows: batchRows, maxBytes: 4 * 1024 * 1024 };
  if (engine.storage.reader.entriesPage({ ...page, maxRows: 1 }).rows.length === 0) return 0;
  return engine.writes.run((transaction) => {
    const current = engine.catalog.find(collection.database, collection.name);
    if (current?.id !== collection.id || !current.indexes.some(({ id }) => id === index.id)) return 0;
    const writer = new CollectionWriter(engine.catalog, transaction, current);
    const { rows } = transaction.view.entriesPage(page);
    // A document with several dates is met once for each; the earliest counts.
    const removed = new Set<number>();
    for (const { id, document } of rows) {
      if (removed.has(id)) continue;
      removed.add(id);
      writer.delete(id, document);
    }
    return rows.length;
  });
}

function expiredRange(index: IndexDefinition, nowMs: number): KeyRange {
  const limit = dateValue(Math.floor(nowMs - (index.expireAfterSeconds ?? 0) * 1000));
  const rising = {
    lower: Buffer.from([typeRank(bsonType.date)]),
    upper: afterPrefix(encodeKey(limit)),
    point: false,
  };
  const { lower, upper } = index.fields[0]?.descending === true ? turned(rising) : rising;
  return { lower: Buffer.concat([index.prefix, lower]), upper: Buffer.concat([index.prefix, upper]) };
}
