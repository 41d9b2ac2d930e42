// The embeddings port: texts as vectors, so that texts about the same lie close together.

/** Whose texts they are: for the budget. */
export interface EmbeddingSubject {
  meetingId: string | null;
  orgId: string | null;
}

export interface EmbeddingsProvider {
  /** `lexical` counts words and pieces of words on this server; `model` is somebody else's. */
  mode: "lexical" | "model";
  /** The model's name, or `lexical`. */
  name: string;
  /** Names everything that a vector depends on beside its text: vectors of different versions cannot be compared. */
  readonly version: string;
  /** Null until a model has answered for the first time. */
  readonly dimensions: number | null;
  /** One a text, in order, of length 1. May throw VENDOR_ERROR or RATE_LIMITED. */
  embed(
    texts: readonly string[],
    context: { subject: EmbeddingSubject; signal?: AbortSignal },
  ): Promise<Float32Array[]>;
}

/** In place; a vector of nothing stays as it is. */
export function normalise(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  const length = Math.sqrt(sum);
  if (length > 0)
    for (let index = 0; index < vector.length; index += 1) vector[index] = (vector[index] ?? 0) / length;
  return vector;
}
