// Embeddings of any OpenAI-compatible endpoint: asked for as floats, and checked before anything of an answer is used.
import { createHash } from "node:crypto";
import { AppError } from "../../../shared/errors.ts";
import type { Clock } from "../../platform/clock.ts";
import { createOutbound, type Outbound, type OutboundMetrics } from "../../platform/outbound/index.ts";
import { costOf, estimateTokens, type Ledger, type Prices } from "../../platform/outbound/ledger.ts";
import { failureOfOpenAi, lazyOpenAi, type OpenAiEndpoint } from "../../platform/outbound/openai-client.ts";
import { normalise, type EmbeddingsProvider, type EmbeddingSubject } from "./index.ts";

const textsAtOnce = 64;
const charsAtOnce = 60_000;
/** Longer texts are refused by most models: what lies beyond is left to the passages that follow. */
export const textCharsMost = 8_000;

export interface OpenAiEmbeddingsOptions {
  endpoint: OpenAiEndpoint;
  /** Null: as the first answer has them. */
  dimensions: number | null;
  prices: Prices;
  timeoutMs: number;
  atOnce: number;
  ledger: Ledger;
  clock: Clock;
  outboundMetrics: OutboundMetrics;
  firstWaitMs?: number;
}

export function createOpenAiEmbeddings(options: OpenAiEmbeddingsOptions): {
  provider: EmbeddingsProvider;
  outbound: Outbound;
} {
  const { endpoint, prices, timeoutMs, atOnce, ledger, clock, firstWaitMs } = options;
  const { model, baseUrl } = endpoint;
  const client = lazyOpenAi(endpoint);
  const outbound = createOutbound({
    kind: "embeddings",
    clock,
    metrics: options.outboundMetrics,
    failureOf: (error) => failureOfOpenAi(error, clock),
    timeoutMs,
    atOnce,
    ...(firstWaitMs !== undefined && { firstWaitMs }),
  });
  let dimensions = options.dimensions;
  const place = createHash("sha256").update(baseUrl).digest("hex").slice(0, 8);

  async function askFor(
    batch: readonly string[],
    subject: EmbeddingSubject,
    signal: AbortSignal | undefined,
  ) {
    const tokens = batch.reduce((sum, text) => sum + estimateTokens(text), 0);
    const reservation = await ledger.reserve({
      kind: "embeddings",
      model,
      ...subject,
      promptVersion: "embeddings/1",
      promptHash: "-",
      tokens,
      cost: costOf(prices, { input: tokens, output: 0 }),
    });
    const startedMs = clock.monotonicMs();
    let used = 0;
    let outcome = "failed";
    try {
      const openai = await client();
      const answer = await outbound.call(
        (trySignal) =>
          openai.embeddings.create(
            {
              model,
              input: [...batch],
              // The client asks for base64 by itself, which not every server speaks.
              encoding_format: "float",
              ...(options.dimensions !== null && { dimensions: options.dimensions }),
            },
            { signal: trySignal },
          ),
        signal,
      );
      used = answer.usage?.prompt_tokens ?? tokens;
      outcome = "refused";
      const vectors = checked(answer.data, batch.length);
      outcome = "ok";
      return vectors;
    } finally {
      await reservation.settle({
        inputTokens: used,
        outputTokens: 0,
        cost: costOf(prices, { input: used, output: 0 }),
        outcome,
        ms: Math.round(clock.monotonicMs() - startedMs),
      });
    }
  }

  /** In the order of what was asked; throws where anything is not as it must be. */
  function checked(data: readonly { index?: number; embedding: unknown }[] | undefined, count: number) {
    const refuse = (reason: string) =>
      new AppError("VENDOR_ERROR", "The embeddings service gave an answer that cannot be used.", {
        details: { reason },
        retryable: false,
      });
    const vectors = new Array<Float32Array | undefined>(count).fill(undefined);
    (data ?? []).forEach(({ index, embedding }, position) => {
      const at = index ?? position;
      if (at < 0 || at >= count || vectors[at] !== undefined) throw refuse("misplaced");
      // Base64 that nobody asked for, among others.
      if (!Array.isArray(embedding)) throw refuse("no-floats");
      const vector = Float32Array.from(embedding as number[]);
      if (vector.some((value) => !Number.isFinite(value))) throw refuse("no-floats");
      dimensions ??= vector.length;
      if (vector.length !== dimensions || vector.length === 0) throw refuse("dimensions");
      vectors[at] = normalise(vector);
    });
    return vectors.map((vector) => {
      if (vector === undefined) throw refuse("missing");
      return vector;
    });
  }

  const provider: EmbeddingsProvider = {
    mode: "model",
    name: model,
    version: `model/1/${place}/${model}/${options.dimensions ?? "own"}`,
    get dimensions() {
      return dimensions;
    },
    async embed(texts, { subject, signal }) {
      const vectors: Float32Array[] = [];
      for (const batch of batchesOf(texts)) vectors.push(...(await askFor(batch, subject, signal)));
      return vectors;
    },
  };
  return { provider, outbound };
}

function batchesOf(texts: readonly string[]): string[][] {
  const batches: string[][] = [];
  let chars = 0;
  for (const each of texts) {
    // An empty text is refused by most servers.
    const text = each.trim() === "" ? "-" : each.slice(0, textCharsMost);
    const batch = batches.at(-1);
    if (batch === undefined || batch.length >= textsAtOnce || chars + text.length > charsAtOnce) {
      batches.push([text]);
      chars = text.length;
    } else {
      batch.push(text);
      chars += text.length;
    }
  }
  return batches;
}
