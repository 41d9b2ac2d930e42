// Transcription by any OpenAI-compatible endpoint, with segments where it knows them.
import { z } from "zod";
import { AppError } from "../../../shared/errors.ts";
import type { Clock } from "../../platform/clock.ts";
import { createOutbound, type Outbound, type OutboundMetrics } from "../../platform/outbound/index.ts";
import { costOf, type Ledger, type Prices } from "../../platform/outbound/ledger.ts";
import { failureOfOpenAi, lazyOpenAi, type OpenAiEndpoint } from "../../platform/outbound/openai-client.ts";
import { audioFormats, type SpeechProvider, type SpokenText } from "./index.ts";

const audioBytesMost = 25 * 1024 * 1024;

const answerSchema = z.object({
  text: z.string(),
  language: z.string().nullish(),
  segments: z
    .array(
      z.object({
        start: z.number(),
        end: z.number(),
        text: z.string(),
        avg_logprob: z.number().nullish(),
        no_speech_prob: z.number().nullish(),
      }),
    )
    .nullish(),
});
type Segment = NonNullable<z.infer<typeof answerSchema>["segments"]>[number];

export interface OpenAiSpeechOptions {
  endpoint: OpenAiEndpoint;
  prices: Prices;
  timeoutMs: number;
  atOnce: number;
  ledger: Ledger;
  clock: Clock;
  outboundMetrics: OutboundMetrics;
  firstWaitMs?: number;
}

export function createOpenAiSpeech(options: OpenAiSpeechOptions): {
  provider: SpeechProvider;
  outbound: Outbound;
} {
  const { endpoint, prices, timeoutMs, atOnce, ledger, clock, firstWaitMs } = options;
  const { model } = endpoint;
  const client = lazyOpenAi(endpoint);
  const outbound = createOutbound({
    kind: "speech",
    clock,
    metrics: options.outboundMetrics,
    failureOf: (error) => failureOfOpenAi(error, clock),
    timeoutMs,
    atOnce,
    ...(firstWaitMs !== undefined && { firstWaitMs }),
  });
  let form: "verbose_json" | "json" = "verbose_json";

  const provider: SpeechProvider = {
    name: model,
    async transcribe({ audio, format, durationMs, language }, { subject, signal, goOn }) {
      if (audio.byteLength > audioBytesMost)
        throw new AppError("PAYLOAD_TOO_LARGE", "A recording may have 25 MB at most.");
      if (!audioFormats.includes(format) || audio.byteLength === 0)
        throw new AppError("VALIDATION_ERROR", `A recording must be sound as ${audioFormats.join(", ")}.`);
      const seconds = Math.ceil(durationMs / 1_000);
      const cost = costOf(prices, { input: seconds, output: 0 });
      const reservation = await ledger.reserve({
        kind: "speech",
        model,
        ...subject,
        promptVersion: "transcription/1",
        promptHash: "-",
        // The budget of tokens is for text.
        tokens: 0,
        cost,
      });
      const startedMs = clock.monotonicMs();
      let outcome = "failed";
      const send = async (as: typeof form) => {
        const openai = await client();
        const { toFile } = await import("openai");
        const file = await toFile(audio, `recording.${format}`);
        return await outbound.call(async (trySignal) => {
          await goOn?.();
          return await openai.audio.transcriptions.create(
            { file, model, response_format: as, ...(language !== undefined && { language }) },
            { signal: trySignal },
          );
        }, signal);
      };
      try {
        let answer: unknown;
        try {
          answer = await send(form);
        } catch (error) {
          if (form === "json" || !isUnknownForm(error)) throw error;
          answer = await send("json");
          form = "json";
        }
        outcome = "refused";
        const spoken = read(answer);
        outcome = "ok";
        return spoken;
      } finally {
        await reservation.settle({
          inputTokens: 0,
          outputTokens: 0,
          cost: outcome === "failed" ? 0 : cost,
          outcome,
          ms: Math.round(clock.monotonicMs() - startedMs),
        });
      }
    },
  };
  return { provider, outbound };
}

function isUnknownForm(error: unknown): boolean {
  const { cause } = error as { cause?: unknown };
  const { status } = (cause ?? {}) as { status?: unknown };
  return status === 400 || status === 415 || status === 422;
}

function read(answer: unknown): SpokenText {
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success)
    throw new AppError("VENDOR_ERROR", "The speech service gave an answer that cannot be used.", {
      details: { reason: "unreadable" },
      retryable: false,
    });
  const { text, language } = parsed.data;
  const told = parsed.data.segments ?? [];
  const heard = told.filter((segment) => !isSilence(segment));
  return {
    // What was made out of silence alone stands in the text as well.
    text: told.length > 0 && heard.length === 0 ? "" : text.trim(),
    language: language ?? null,
    segments: heard
      .filter(({ start, end, text: words }) => start >= 0 && end >= start && words.trim() !== "")
      .sort((a, b) => a.start - b.start)
      .map((segment) => ({
        startMs: Math.round(segment.start * 1_000),
        endMs: Math.round(segment.end * 1_000),
        text: segment.text.trim(),
        ...confidenceOf(segment),
      })),
  };
}

/** The measure that Whisper's own program goes by: models invent words where nobody speaks, and are unsure of them. */
function isSilence({ no_speech_prob: silence, avg_logprob: certainty }: Segment): boolean {
  return (silence ?? 0) > 0.6 && (certainty ?? 0) < -1;
}

function confidenceOf({ avg_logprob: certainty }: Segment): { confidence?: number } {
  if (certainty === null || certainty === undefined) return {};
  return { confidence: Math.round(Math.min(1, Math.exp(certainty)) * 100) / 100 };
}
