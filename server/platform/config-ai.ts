// The settings of models, embeddings, speech and vectors: which service serves each, within which bounds.
import { z } from "zod";
import type { OpenAiEndpoint } from "./outbound/openai-client.ts";
import type { Prices } from "./outbound/ledger.ts";

const text = z.string().min(1);
const address = z
  .url()
  .refine(
    (value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ""),
    "must be a URL starting with http:// or https://, with its path such as /v1",
  );
const whole = (least: number, most: number) =>
  z.coerce
    .number({ error: `must be a number between ${least} and ${most}` })
    .int(`must be a whole number between ${least} and ${most}`)
    .min(least, `must be a number between ${least} and ${most}`)
    .max(most, `must be a number between ${least} and ${most}`);
const amount = z.coerce
  .number({ error: "must be an amount, 0 or more" })
  .min(0, "must be an amount, 0 or more");
const prices = z
  .string()
  .regex(
    /^\d+(\.\d+)?(,\d+(\.\d+)?)?$/,
    "must be a price, or two with a comma: for what goes in and what comes out",
  )
  .transform((value): Prices => {
    const [input = 0, output = 0] = value.split(",").map(Number);
    return { input, output };
  });
const free: Prices = { input: 0, output: 0 };

export const vectorProviders = ["memory", "pinecone", "mongodb"] as const;
export type VectorProviderName = (typeof vectorProviders)[number];

export const aiEnvironment = {
  OPENAI_API_KEY: text.optional(),
  OPENAI_BASE_URL: address.optional(),
  AI_MODEL: text.max(200).optional(),
  AI_REWRITING_MODELS: text.max(1_000).optional(),
  AI_CONTEXT_TOKENS: whole(4_000, 2_000_000).default(16_000),
  AI_TIMEOUT_SECONDS: whole(1, 600).default(60),
  AI_CONCURRENCY: whole(1, 100).default(4),
  AI_PRICES: prices.default(free),
  AI_DAILY_TOKENS: whole(0, 1_000_000_000_000).default(5_000_000),
  AI_DAILY_COST: amount.default(0),
  AI_CACHE_HOURS: whole(0, 720).default(24),
  EMBEDDINGS_BASE_URL: address.optional(),
  EMBEDDINGS_API_KEY: text.optional(),
  EMBEDDINGS_MODEL: text.max(200).optional(),
  EMBEDDINGS_DIMENSIONS: whole(1, 8_192).optional(),
  EMBEDDINGS_PRICES: prices.default(free),
  SPEECH_BASE_URL: address.optional(),
  SPEECH_API_KEY: text.optional(),
  SPEECH_MODEL: text.max(200).optional(),
  SPEECH_PRICES: prices.default(free),
  VECTOR_PROVIDER: z.enum(vectorProviders, { error: `must be ${vectorProviders.join(", ")}` }).optional(),
  PINECONE_API_KEY: text.optional(),
  PINECONE_INDEX: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,43}[a-z0-9])?$/, "must be the name of an index")
    .optional(),
  PINECONE_HOST: address.optional(),
};

export interface PricedEndpoint extends OpenAiEndpoint {
  prices: Prices;
}

export interface AiConfig {
  /** Null: rules alone. */
  language: PricedEndpoint | null;
  /** Further models of the same endpoint that may rewrite a résumé beside it. */
  rewritingModels: string[];
  /** What the model reads at once. */
  contextTokens: number;
  timeoutMs: number;
  atOnce: number;
  /** Of an organisation in a day; 0: without end. */
  daily: { tokens: number; cost: number };
  /** How long answers are kept for whoever asks the same again; 0: not at all. */
  cacheMs: number;
  /** Null: words and pieces of words are counted on this server. */
  embeddings: (PricedEndpoint & { dimensions: number | null }) | null;
  speech: PricedEndpoint | null;
  vectors: VectorProviderName;
  /** Null: no key is given. */
  pinecone: { apiKey: string; index: string; host: string | null } | null;
}

type AiEnvironment = z.output<z.ZodObject<typeof aiEnvironment>>;

const defaultBaseUrl = "https://api.openai.com/v1";

/** Throws the error of `refuse` with a sentence on what does not go together. */
export function readAiConfig(
  env: AiEnvironment,
  { mongodbUri, refuse }: { mongodbUri: string | undefined; refuse: (sentence: string) => Error },
): AiConfig {
  const shared = env.OPENAI_BASE_URL ?? defaultBaseUrl;

  function endpointOf(name: "AI" | "EMBEDDINGS" | "SPEECH"): PricedEndpoint | null {
    const model = env[`${name}_MODEL`];
    const own = name === "AI" ? undefined : env[`${name}_BASE_URL`];
    const ownKey = name === "AI" ? undefined : env[`${name}_API_KEY`];
    if (model === undefined) {
      if (own !== undefined || ownKey !== undefined)
        throw refuse(`${name}_MODEL must be set too, as ${name}_BASE_URL or ${name}_API_KEY is.`);
      return null;
    }
    const baseUrl = (own ?? shared).replace(/\/+$/, "");
    // A key goes to the server it was given for and to no other.
    const sameServer = new URL(baseUrl).origin === new URL(shared).origin;
    const apiKey = ownKey ?? (sameServer ? env.OPENAI_API_KEY : undefined) ?? null;
    if (apiKey === null && baseUrl === defaultBaseUrl)
      throw refuse(
        `${name}_MODEL is set: OPENAI_API_KEY must be too, or a base URL of a service that asks for no key.`,
      );
    return { baseUrl, apiKey, model, prices: env[`${name}_PRICES`] };
  }

  const pinecone =
    env.PINECONE_API_KEY === undefined || env.PINECONE_INDEX === undefined
      ? null
      : { apiKey: env.PINECONE_API_KEY, index: env.PINECONE_INDEX, host: env.PINECONE_HOST ?? null };
  if (pinecone === null && (env.PINECONE_API_KEY ?? env.PINECONE_INDEX ?? env.PINECONE_HOST) !== undefined)
    throw refuse("PINECONE_API_KEY and PINECONE_INDEX must be set together.");
  const vectors = env.VECTOR_PROVIDER ?? (pinecone === null ? "memory" : "pinecone");
  if (vectors === "pinecone" && pinecone === null)
    throw refuse("VECTOR_PROVIDER is pinecone: PINECONE_API_KEY and PINECONE_INDEX must be set too.");
  if (vectors === "mongodb" && mongodbUri === undefined)
    throw refuse("VECTOR_PROVIDER is mongodb: MONGODB_URI must name a server that has vector search.");
  const language = endpointOf("AI");
  if (language === null && env.AI_REWRITING_MODELS !== undefined)
    throw refuse("AI_MODEL must be set too, as AI_REWRITING_MODELS is.");
  const further = (env.AI_REWRITING_MODELS ?? "").split(",").map((name) => name.trim());
  const embeddings = endpointOf("EMBEDDINGS");
  if (embeddings === null && env.EMBEDDINGS_DIMENSIONS !== undefined)
    throw refuse("EMBEDDINGS_MODEL must be set too, as EMBEDDINGS_DIMENSIONS is.");
  return {
    language,
    rewritingModels: [...new Set(further)].filter((name) => name !== "" && name !== language?.model),
    contextTokens: env.AI_CONTEXT_TOKENS,
    timeoutMs: env.AI_TIMEOUT_SECONDS * 1_000,
    atOnce: env.AI_CONCURRENCY,
    daily: { tokens: env.AI_DAILY_TOKENS, cost: env.AI_DAILY_COST },
    cacheMs: env.AI_CACHE_HOURS * 60 * 60 * 1_000,
    embeddings: embeddings === null ? null : { ...embeddings, dimensions: env.EMBEDDINGS_DIMENSIONS ?? null },
    speech: endpointOf("SPEECH"),
    vectors,
    pinecone,
  };
}
