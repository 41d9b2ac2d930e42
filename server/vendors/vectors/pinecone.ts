// Vectors in Pinecone, by its own client: loaded only where it is configured, with an end in time for every call.
import type { Index, Pinecone } from "@pinecone-database/pinecone";
import type { Clock } from "../../platform/clock.ts";
import {
  createOutbound,
  failureOfStatus,
  parseRetryAfter,
  type Failure,
  type Outbound,
  type OutboundMetrics,
} from "../../platform/outbound/index.ts";
import type { Metadata, StoredVector, VectorIndex } from "./index.ts";
import { assertDimensions } from "./memory.ts";

export interface PineconeOptions {
  apiKey: string;
  index: string;
  /** The index's own address; null: asked for by its name. */
  host: string | null;
  dimensions: number;
  timeoutMs: number;
  atOnce: number;
  clock: Clock;
  outboundMetrics: OutboundMetrics;
  /** For tests: where names of indexes are looked up. */
  controllerUrl?: string;
  firstWaitMs?: number;
}

/** The service takes 1 000 vectors and 2 MB at once; a number has up to 13 characters on the wire. */
const vectorsAtOnce = 200;
const charsAtOnce = 1_500_000;
const charsPerNumber = 13;
const idsAtOnce = 1_000;
const metadataCharsMost = 40_000;

/** What an answer without success said, kept beside the client's own error, which drops it. */
interface Seen {
  status: number;
  retryAfter: string | null;
}

export function createPineconeVectors(options: PineconeOptions): {
  vectors: VectorIndex;
  outbound: Outbound;
} {
  const { apiKey, index: name, host, dimensions, timeoutMs, atOnce, clock, controllerUrl } = options;
  const outbound = createOutbound({
    kind: "vectors",
    clock,
    metrics: options.outboundMetrics,
    failureOf,
    timeoutMs,
    atOnce,
    ...(options.firstWaitMs !== undefined && { firstWaitMs: options.firstWaitMs }),
  });
  let client: Promise<Pinecone> | null = null;

  async function open(): Promise<Pinecone> {
    const { Pinecone: Client } = await import("@pinecone-database/pinecone");
    return new Client({
      apiKey,
      // Tries are ours; the client would repeat 5xx by itself, and nothing else.
      maxRetries: 0,
      ...(controllerUrl !== undefined && { controllerHostUrl: controllerUrl }),
      // It has no end in time of its own.
      fetchApi: async (input, init) => {
        const response = await fetch(input, {
          ...init,
          redirect: "error",
          signal: AbortSignal.timeout(timeoutMs),
        });
        if (response.ok) return response;
        const seen: Seen = { status: response.status, retryAfter: response.headers.get("retry-after") };
        throw new PineconeRefusal(seen);
      },
    });
  }

  async function indexOf(namespace: string): Promise<Index> {
    const pinecone = await (client ??= open());
    return pinecone.index({ ...(host === null ? { name } : { host }), namespace });
  }

  function failureOf(error: unknown): Failure | null {
    const refusal = causeOf(error);
    if (refusal instanceof PineconeRefusal) {
      const { status, retryAfter } = refusal.seen;
      return failureOfStatus(status, parseRetryAfter(retryAfter, clock.now()));
    }
    if (!(error instanceof Error)) return null;
    const passing = { status: null, passing: true, retryAfterMs: null };
    if (refusal instanceof Error && refusal.name === "TimeoutError") return { code: "timeout", ...passing };
    return { code: error instanceof SyntaxError ? "bad-answer" : "network", ...passing };
  }

  const vectors: VectorIndex = {
    provider: "pinecone",

    async upsert(namespace, all, signal) {
      for (const { vector } of all) assertDimensions(vector, dimensions);
      const index = await indexOf(namespace);
      for (const batch of batchesOf(all)) {
        const records = batch.map(({ id, vector, metadata }) => ({
          id,
          values: [...vector],
          metadata: { ...metadata },
        }));
        await outbound.call(() => index.upsert({ records }), signal);
      }
    },

    async query(namespace, { vector, limit, filter }, signal) {
      assertDimensions(vector, dimensions);
      const index = await indexOf(namespace);
      const answer = await outbound.call(
        () =>
          index.query({
            vector: [...vector],
            topK: limit,
            includeMetadata: true,
            ...(filter !== undefined && { filter }),
          }),
        signal,
      );
      return answer.matches.map(({ id, score = 0, metadata = {} }) => ({
        id,
        score,
        metadata: metadata as Metadata,
      }));
    },

    async deleteIds(namespace, ids, signal) {
      const index = await indexOf(namespace);
      for (let from = 0; from < ids.length; from += idsAtOnce)
        await outbound.call(() => index.deleteMany({ ids: ids.slice(from, from + idsAtOnce) }), signal);
    },

    async deleteWhere(namespace, filter, signal) {
      const index = await indexOf(namespace);
      await outbound.call(() => index.deleteMany({ filter }), signal);
    },

    async describe() {
      const index = await indexOf("");
      const stats = await outbound.call(() => index.describeIndexStats());
      return {
        dimensions: stats.dimension ?? dimensions,
        vectors: stats.totalRecordCount ?? 0,
      };
    },
  };
  return { vectors, outbound };
}

class PineconeRefusal extends Error {
  override readonly name = "PineconeRefusal";
  readonly seen: Seen;
  constructor(seen: Seen) {
    super(`refused with ${seen.status}`);
    this.seen = seen;
  }
}

/** The client wraps what `fetch` throws. */
function causeOf(error: unknown): unknown {
  let at = error;
  for (let depth = 0; depth < 5 && at instanceof Error; depth += 1) {
    if (at instanceof PineconeRefusal || at.name === "TimeoutError") return at;
    at = at.cause;
  }
  return error;
}

function batchesOf(all: readonly StoredVector[]): StoredVector[][] {
  const batches: StoredVector[][] = [];
  let chars = 0;
  for (const one of all) {
    const metadataChars = JSON.stringify(one.metadata).length;
    if (metadataChars > metadataCharsMost) throw new Error("more metadata than an index takes");
    const more = one.vector.length * charsPerNumber + metadataChars + one.id.length;
    const batch = batches.at(-1);
    if (batch === undefined || batch.length >= vectorsAtOnce || chars + more > charsAtOnce) {
      batches.push([one]);
      chars = more;
    } else {
      batch.push(one);
      chars += more;
    }
  }
  return batches;
}
