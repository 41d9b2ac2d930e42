// Machines that read people's words, put together: the rules always, a model where one is set, and the gate before both.
import type mongoose from "mongoose";
import type { VendorStatus } from "../../shared/schemas/ai.ts";
import { createAiService, createAiStores, type AiService, type AiStores } from "../modules/ai/index.ts";
import type { AuditService } from "../modules/audit/index.ts";
import { createCaptionsModule, type CaptionsService } from "../modules/captions/index.ts";
import type { ConsentLedger } from "../modules/consent/index.ts";
import type { InsightsService } from "../modules/insights/index.ts";
import type { Jobs } from "../jobs/index.ts";
import type { MeetingsService } from "../modules/meetings/index.ts";
import {
  createPassagesModule,
  createPassagesRepository,
  type PassagesService,
} from "../modules/passages/index.ts";
import type { TranscriptsService } from "../modules/transcripts/index.ts";
import { StartError } from "../platform/config.ts";
import type { EmbeddingsProvider } from "../vendors/embeddings/index.ts";
import { createLexicalEmbeddings } from "../vendors/embeddings/lexical.ts";
import { createOpenAiEmbeddings } from "../vendors/embeddings/openai-compatible.ts";
import type { VectorIndex } from "../vendors/vectors/index.ts";
import { createMemoryVectors } from "../vendors/vectors/memory.ts";
import { createMongoVectors } from "../vendors/vectors/mongodb.ts";
import { createPineconeVectors } from "../vendors/vectors/pinecone.ts";
import type { Clock } from "../platform/clock.ts";
import type { AiConfig } from "../platform/config-ai.ts";
import type { EventBus } from "../platform/event-bus.ts";
import type { Logger } from "../platform/logger.ts";
import type { Metrics } from "../platform/metrics.ts";
import type { Outbound, OutboundMetrics } from "../platform/outbound/index.ts";
import type { FieldCipher } from "../platform/privacy/field-cipher.ts";
import { createGatedLanguage } from "../vendors/language/gated.ts";
import { createGatedIdeas } from "../vendors/language/ideas.ts";
import type {
  GatedIdeas,
  IdeaWriter,
  Language,
  LanguageProvider,
  Rewriter,
} from "../vendors/language/index.ts";
import { createLanguageMetrics } from "../vendors/language/model.ts";
import type { PostingReader } from "../vendors/language/posting-reading.ts";
import { createOpenAiLanguage } from "../vendors/language/openai-compatible.ts";
import { createGatedSpeech } from "../vendors/speech/gated.ts";
import type { SpeechProvider } from "../vendors/speech/index.ts";
import { createOpenAiSpeech } from "../vendors/speech/openai-compatible.ts";
import { createRulesLanguage } from "../vendors/language/rules.ts";
import { healthOf, type VideoVendor } from "./video.ts";

export interface AiOptions {
  config: AiConfig;
  connection: mongoose.Connection;
  cipher: FieldCipher;
  meetings: MeetingsService;
  transcripts: TranscriptsService;
  consents: ConsentLedger;
  audit: AuditService;
  bus: EventBus;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** Shown beside machines, and whose metrics they share. */
  videoVendor: VideoVendor;
}

export interface Ai {
  ai: AiService;
  language: Language;
  /** Models that may rewrite, the first one first; who may ask them says `ai.useOf`. */
  rewriters: readonly Rewriter[];
  /** As it is configured: who asks decides first whether it may read. */
  embeddings: EmbeddingsProvider;
  /** Null where no model is configured. */
  postingReader: PostingReader | null;
  /** Null where no model is configured. */
  ideas: GatedIdeas | null;
  captions: CaptionsService;
  /** After insights, whose segments it searches. */
  createPassages(parts: { jobs: Jobs; insights: InsightsService }): Promise<PassagesService>;
}

export async function createAi(options: AiOptions): Promise<Ai> {
  const { config } = options;
  const stores = await createAiStores({ ...options, daily: config.daily, cacheMs: config.cacheMs });
  const vendors = createVendors(options, stores);
  const ai = createAiService({
    ...options,
    repository: stores.repository,
    provider: vendors.language,
    speech: vendors.speech?.name ?? null,
    daily: config.daily,
    vendors: () => [...vendors.statuses(), options.videoVendor.status()],
  });
  const speech = vendors.speech === null ? null : createGatedSpeech({ provider: vendors.speech, gate: ai });
  const language = createGatedLanguage({ provider: vendors.language, rules: vendors.rules, gate: ai });
  return {
    ai,
    language,
    rewriters: vendors.rewriters,
    embeddings: vendors.embeddings,
    postingReader: vendors.postingReader,
    captions: createCaptionsModule({ ...options, speech }),
    ideas: vendors.ideaWriter === null ? null : createGatedIdeas({ writer: vendors.ideaWriter, gate: ai }),
    createPassages: ({ jobs, insights }) => openPassages({ ...options, ...vendors, ai, jobs, insights }),
  };
}

async function openPassages(
  options: AiOptions &
    Pick<Vendors, "embeddings" | "vectorsOpened" | "outboundMetrics"> & {
      ai: AiService;
      jobs: Jobs;
      insights: InsightsService;
    },
): Promise<PassagesService> {
  const { config, connection, clock, embeddings, outboundMetrics } = options;
  const { name: model, version } = embeddings;
  const repository = await createPassagesRepository(connection, {
    clock,
    configuration: { model, version },
  });
  const { search } = repository;
  if (config.vectors === "mongodb" && !(await search.isThere())) throw new StartError(noVectorSearch);

  function openIndex(dimensions: number): VectorIndex {
    if (config.vectors === "mongodb") return createMongoVectors({ search, store: repository, dimensions });
    if (config.vectors === "memory" || config.pinecone === null)
      return createMemoryVectors({ store: repository, dimensions });
    const { timeoutMs, atOnce, pinecone } = config;
    const opened = createPineconeVectors({
      ...pinecone,
      dimensions,
      timeoutMs,
      atOnce,
      clock,
      outboundMetrics,
    });
    options.vectorsOpened(opened.outbound);
    return opened.vectors;
  }

  return createPassagesModule({
    ...options,
    repository,
    openIndex,
    provider: config.vectors,
    indexName: config.vectors === "pinecone" ? (config.pinecone?.index ?? "") : "embeddings",
  });
}

const noVectorSearch =
  "VECTOR_PROVIDER is mongodb, but the server that MONGODB_URI names has no vector search (Atlas has it, and MongoDB with " +
  "its search process): set VECTOR_PROVIDER=memory, or name a server that has it.";

interface Vendors {
  rules: LanguageProvider;
  /** What is configured: the rules themselves, or a model. */
  language: LanguageProvider;
  postingReader: PostingReader | null;
  ideaWriter: IdeaWriter | null;
  speech: SpeechProvider | null;
  rewriters: readonly Rewriter[];
  embeddings: EmbeddingsProvider;
  /** Told when the index is opened, so that its state is shown. */
  vectorsOpened(outbound: Outbound): void;
  outboundMetrics: OutboundMetrics;
  statuses(): VendorStatus[];
}

function createVendors(options: AiOptions, stores: AiStores): Vendors {
  const { config, clock, logger, metrics } = options;
  const { outboundMetrics } = options.videoVendor;
  const { timeoutMs, atOnce } = config;
  const rules = createRulesLanguage();
  const model =
    config.language === null
      ? null
      : createOpenAiLanguage({
          endpoint: config.language,
          prices: config.language.prices,
          timeoutMs,
          atOnce,
          contextTokens: config.contextTokens,
          rules,
          ledger: stores.ledger,
          cache: stores.cache,
          clock,
          logger,
          outboundMetrics,
          metrics: createLanguageMetrics(metrics),
        });
  const speech =
    config.speech === null
      ? null
      : createOpenAiSpeech({
          endpoint: config.speech,
          prices: config.speech.prices,
          timeoutMs,
          atOnce,
          ledger: stores.ledger,
          clock,
          outboundMetrics,
        });
  const embeddingModel =
    config.embeddings === null
      ? null
      : createOpenAiEmbeddings({
          endpoint: config.embeddings,
          dimensions: config.embeddings.dimensions,
          prices: config.embeddings.prices,
          timeoutMs,
          atOnce,
          ledger: stores.ledger,
          clock,
          outboundMetrics,
        });
  const embeddings = embeddingModel?.provider ?? createLexicalEmbeddings();
  let vectors: Outbound | undefined;
  const language = model?.provider ?? rules;
  return {
    rules,
    language,
    postingReader: model?.postingReader ?? null,
    ideaWriter: model?.ideaWriter ?? null,
    speech: speech?.provider ?? null,
    rewriters:
      model === null ? [] : [language.name, ...config.rewritingModels].map((name) => model.rewriterOf(name)),
    embeddings,
    outboundMetrics,
    vectorsOpened: (outbound) => (vectors = outbound),
    statuses: () => [
      {
        kind: "language",
        provider: language.name,
        mode: model === null ? "local" : "vendor",
        health: healthOfAny(model?.outbound),
      },
      {
        kind: "embeddings",
        provider: embeddings.name,
        mode: embeddingModel === null ? "local" : "vendor",
        health: healthOfAny(embeddingModel?.outbound),
      },
      {
        kind: "vectors",
        provider: config.vectors,
        mode: config.vectors === "memory" ? "local" : "vendor",
        health: healthOfAny(vectors),
      },
      {
        kind: "speech",
        provider: config.speech?.model ?? "none",
        mode: config.speech === null ? "off" : "vendor",
        health: healthOfAny(speech?.outbound),
      },
    ],
  };
}

const healthOfAny = (outbound: Outbound | undefined) => (outbound === undefined ? null : healthOf(outbound));
