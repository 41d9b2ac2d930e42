// One question to an OpenAI-compatible chat endpoint: finds out what the endpoint understands, and remembers it.
import type { z } from "zod";
import { AppError } from "../../../shared/errors.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Outbound } from "../../platform/outbound/index.ts";
import { costOf, estimateTokens, type Ledger, type Prices } from "../../platform/outbound/ledger.ts";
import type { OpenAiClient } from "../../platform/outbound/openai-client.ts";
import type { Subject } from "./index.ts";
import { describeSchema, schemaForModel, type Message } from "./reading-prompt.ts";

/** From what holds an answer best to what every endpoint takes. */
const formats = ["json_schema", "json_object", "prompt"] as const;
type Format = (typeof formats)[number];

interface Understood {
  format: Format;
  temperature: boolean;
  seed: boolean;
  limit: "max_tokens" | "max_completion_tokens";
}

export interface ChatAnswer {
  text: string;
  /** Cut off at the most that an answer may be. */
  cut: boolean;
}

export interface ChatQuestion {
  messages: readonly Message[];
  schema: z.ZodType;
  schemaName: string;
  promptVersion: string;
  promptHash: string;
  answerTokens: number;
  /** Of one call, or across several. */
  subject: Subject | { meetingId: null; orgId: string | null } | undefined;
  signal: AbortSignal | undefined;
}

export interface ChatEndpoint {
  /** How answers are held to their form at the moment. */
  readonly format: Format;
  /** Throws VENDOR_ERROR, or RATE_LIMITED where the budget does not hold it. */
  ask(question: ChatQuestion): Promise<ChatAnswer>;
}

/** The same question has the same answer, as far as the endpoint can promise that. */
const seed = 1;
const adaptationsMost = 6;

export function createChatEndpoint(options: {
  client: () => Promise<OpenAiClient>;
  model: string;
  prices: Prices;
  outbound: Outbound;
  ledger: Ledger;
  clock: Clock;
}): ChatEndpoint {
  const { client, model, prices, outbound, ledger, clock } = options;
  let understood: Understood = { format: "json_schema", temperature: true, seed: true, limit: "max_tokens" };

  async function send(question: ChatQuestion, as: Understood) {
    const { schema, schemaName, answerTokens, signal } = question;
    const openai = await client();
    const [first, ...rest] = question.messages;
    const told =
      as.format === "json_schema" || first === undefined
        ? question.messages
        : [{ ...first, content: `${first.content}\n\n${describeSchema(schema)}` }, ...rest];
    return await outbound.call(
      (trySignal) =>
        openai.chat.completions.create(
          {
            model,
            messages: told.map((message) => ({ ...message })),
            [as.limit]: answerTokens,
            ...(as.temperature && { temperature: 0 }),
            ...(as.seed && { seed }),
            ...(as.format === "json_schema" && {
              response_format: {
                type: "json_schema" as const,
                json_schema: {
                  name: schemaName,
                  strict: true,
                  schema: schemaForModel(schema),
                },
              },
            }),
            ...(as.format === "json_object" && { response_format: { type: "json_object" as const } }),
          },
          { signal: trySignal },
        ),
      signal,
    );
  }

  /** With less and less asked of it, as long as it says that it does not understand. */
  async function sendUnderstood(question: ChatQuestion) {
    let as = understood;
    for (let tries = 0; ; tries += 1) {
      try {
        const completion = await send(question, as);
        understood = as;
        return completion;
      } catch (error) {
        const simpler = tries < adaptationsMost ? simplerThan(as, error) : null;
        if (simpler === null) throw error;
        as = simpler;
      }
    }
  }

  return {
    get format() {
      return understood.format;
    },

    async ask(question) {
      const { messages, promptVersion, promptHash, answerTokens, subject } = question;
      const promptTokens = messages.reduce((sum, { content }) => sum + estimateTokens(content), 0);
      const reservation = await ledger.reserve({
        kind: "language",
        model,
        orgId: subject?.orgId ?? null,
        meetingId: subject?.meetingId ?? null,
        promptVersion,
        promptHash,
        tokens: promptTokens + answerTokens,
        cost: costOf(prices, { input: promptTokens, output: answerTokens }),
      });
      const startedMs = clock.monotonicMs();
      let used = { input: 0, output: 0 };
      let outcome = "failed";
      try {
        const completion = await sendUnderstood(question);
        const [choice] = completion.choices ?? [];
        const text = choice?.message?.content ?? "";
        used = {
          input: completion.usage?.prompt_tokens ?? promptTokens,
          output: completion.usage?.completion_tokens ?? estimateTokens(text),
        };
        const cut = choice?.finish_reason === "length";
        outcome = cut ? "cut" : "ok";
        return { text, cut };
      } catch (error) {
        outcome = reasonOf(error);
        throw error;
      } finally {
        await reservation.settle({
          inputTokens: used.input,
          outputTokens: used.output,
          cost: costOf(prices, used),
          outcome,
          ms: Math.round(clock.monotonicMs() - startedMs),
        });
      }
    },
  };
}

/** A short name of what went wrong, such as `timeout`, `http-500` or `budget`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof AppError)) return "failed";
  const { reason } = (error.details ?? {}) as { reason?: unknown };
  return typeof reason === "string" ? reason : error.code;
}

/** What to leave out after a refusal: what it names, else the form of the answer; null where that is not why. */
function simplerThan(as: Understood, error: unknown): Understood | null {
  const { cause } = error as { cause?: unknown };
  const { status, message = "" } = (cause ?? {}) as { status?: unknown; message?: string };
  if (status !== 400 && status !== 404 && status !== 415 && status !== 422 && status !== 501) return null;
  if (isTooLong(message)) return null;
  if (/temperature/i.test(message) && as.temperature) return { ...as, temperature: false };
  if (/\bseed\b/i.test(message) && as.seed) return { ...as, seed: false };
  if (/max_(?:completion_)?tokens/i.test(message) && as.limit === "max_tokens")
    return { ...as, limit: "max_completion_tokens" };
  const next = formats[formats.indexOf(as.format) + 1];
  return next === undefined ? null : { ...as, format: next };
}

/** The question does not fit into what the model reads at once. */
export function isTooLong(message: string): boolean {
  return /context[ _](?:length|window|size)|maximum context|too (?:long|many tokens)|exceeds? .{0,40}context/i.test(
    message,
  );
}
