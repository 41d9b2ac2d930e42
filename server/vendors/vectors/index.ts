// The vector port: which of many vectors lie nearest to one, within a tenant's namespace and among those that fit a filter.

export type MetadataValue = string | number | boolean | string[];
/** Flat, and without null: what every index takes. */
export type Metadata = Readonly<Record<string, MetadataValue>>;

export interface StoredVector {
  id: string;
  vector: Float32Array;
  metadata: Metadata;
}

type Operand = string | number | boolean;
export type FieldFilter =
  | { $eq: Operand }
  | { $ne: Operand }
  | { $in: readonly Operand[] }
  | { $nin: readonly Operand[] }
  | { $gt: number }
  | { $gte: number }
  | { $lt: number }
  | { $lte: number }
  | { $exists: boolean };
export type VectorFilter =
  { $and: readonly VectorFilter[] } | { $or: readonly VectorFilter[] } | { [field: string]: FieldFilter };

export interface Match {
  id: string;
  /** Cosine, 1 for the same direction. */
  score: number;
  metadata: Metadata;
}

export interface VectorIndex {
  provider: "memory" | "pinecone" | "mongodb";
  /** Puts in, or in the place of what has the id. */
  upsert(namespace: string, vectors: readonly StoredVector[], signal?: AbortSignal): Promise<void>;
  query(
    namespace: string,
    question: { vector: Float32Array; limit: number; filter?: VectorFilter },
    signal?: AbortSignal,
  ): Promise<Match[]>;
  deleteIds(namespace: string, ids: readonly string[], signal?: AbortSignal): Promise<void>;
  deleteWhere(namespace: string, filter: VectorFilter, signal?: AbortSignal): Promise<void>;
  /** How many there are, as the index counts them; an index may be late. */
  describe(): Promise<{ dimensions: number; vectors: number }>;
}

/** One vector as the store keeps it; `change` rises with every write in the whole store. */
export interface KeptVector extends StoredVector {
  change: number;
  deleted: boolean;
}

/** What keeps vectors for this adapter. */
export interface VectorStore {
  /** Of the namespace, in the order of their changes, after `change`; in pages. */
  changedSince(namespace: string, change: number): AsyncIterable<KeptVector[]>;
  put(namespace: string, vectors: readonly StoredVector[]): Promise<void>;
  remove(namespace: string, ids: readonly string[]): Promise<void>;
  /** Of vectors that are not deleted, in all namespaces. */
  count(): Promise<number>;
}

/** What of MongoDB's vector search its adapter needs; namespace and filter are part of the search itself. */
export interface MongoVectorSearch {
  /** Makes the index for vectors of this length where there is none; the server builds it in its own time. May be repeated. */
  prepare(dimensions: number): Promise<void>;
  search(question: {
    namespace: string;
    vector: Float32Array;
    limit: number;
    filter: VectorFilter | undefined;
  }): Promise<Match[]>;
  idsWhere(namespace: string, filter: VectorFilter): Promise<string[]>;
}
