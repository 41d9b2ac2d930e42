// The language provider over any OpenAI-compatible endpoint, put together.
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import { createOutbound, type Outbound, type OutboundMetrics } from "../../platform/outbound/index.ts";
import type { Ledger, Prices } from "../../platform/outbound/ledger.ts";
import { failureOfOpenAi, lazyOpenAi, type OpenAiEndpoint } from "../../platform/outbound/openai-client.ts";
import { createChatEndpoint } from "./chat-endpoint.ts";
import { createIdeaWriter } from "./idea-writer.ts";
import type { IdeaWriter, LanguageProvider, ResponseCache } from "./index.ts";
import { createPostingReader, type PostingReader } from "./posting-reading.ts";
import { createModelLanguage, type LanguageMetrics } from "./model.ts";
import { createRewriter, type Rewriter } from "./rewriting.ts";

export interface OpenAiLanguageOptions {
  endpoint: OpenAiEndpoint;
  prices: Prices;
  /** Of one try. */
  timeoutMs: number;
  atOnce: number;
  contextTokens: number;
  rules: LanguageProvider;
  ledger: Ledger;
  cache: ResponseCache;
  clock: Clock;
  logger: Logger;
  outboundMetrics: OutboundMetrics;
  metrics: LanguageMetrics;
  /** For tests: the first wait before another try. */
  firstWaitMs?: number;
  retryAfterMostMs?: number;
}

export function createOpenAiLanguage(options: OpenAiLanguageOptions): {
  provider: LanguageProvider;
  /** Of this model, or of another one at the same endpoint; under the same bounds. */
  rewriterOf(model: string): Rewriter;
  postingReader: PostingReader;
  ideaWriter: IdeaWriter;
  outbound: Outbound;
} {
  const { endpoint, prices, timeoutMs, atOnce, contextTokens, clock, firstWaitMs, retryAfterMostMs } =
    options;
  const outbound = createOutbound({
    kind: "language",
    clock,
    metrics: options.outboundMetrics,
    failureOf: (error) => failureOfOpenAi(error, clock),
    timeoutMs,
    atOnce,
    ...(firstWaitMs !== undefined && { firstWaitMs }),
    ...(retryAfterMostMs !== undefined && { retryAfterMostMs }),
  });
  const client = lazyOpenAi(endpoint);
  const chatWith = (model: string) =>
    createChatEndpoint({ client, model, prices, outbound, ledger: options.ledger, clock });
  const provider = createModelLanguage({
    name: endpoint.model,
    place: endpoint.baseUrl,
    endpoint: chatWith(endpoint.model),
    rules: options.rules,
    cache: options.cache,
    contextTokens,
    partsAtOnce: atOnce,
    logger: options.logger,
    metrics: options.metrics,
  });
  const rewriterOf = (model: string) => createRewriter({ name: model, endpoint: chatWith(model) });
  const postingReader = createPostingReader({ name: endpoint.model, chat: chatWith(endpoint.model) });
  const ideaWriter = createIdeaWriter({
    name: endpoint.model,
    endpoint: chatWith(endpoint.model),
    metrics: options.metrics,
  });
  return { provider, rewriterOf, postingReader, ideaWriter, outbound };
}
