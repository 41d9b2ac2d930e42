// The language provider with a model: reads a talk in bounded parts, checks each statement, and has rules read what the model cannot.
import { createHash } from "node:crypto";
import type { z } from "zod";
import { AppError } from "../../../shared/errors.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import { isTooLong, reasonOf, type ChatEndpoint } from "./chat-endpoint.ts";
import type {
  ConversationReading,
  LanguageProvider,
  ReadingContext,
  ResponseCache,
  Stretch,
  Turn,
} from "./index.ts";
import { readingOfParts, type PartReading } from "./merge.ts";
import { halvesOf, partsOf } from "./parts.ts";
import { checkedPart, checkedSentences } from "./checked-part.ts";
import {
  askForChoice,
  askForReading,
  askToAnswer,
  askToRepair,
  choiceAnswerSchema,
  labelsOf,
  questionAnswerSchema,
  readingAnswerSchema,
  type Asked,
} from "./reading-prompt.ts";
import { parseAnswer } from "./structured.ts";

export interface ModelLanguageOptions {
  name: string;
  /** Where it is, for the cache: the same question to another endpoint is another question. */
  place: string;
  endpoint: ChatEndpoint;
  /** Reads what the model cannot. */
  rules: LanguageProvider;
  cache: ResponseCache;
  /** What the model reads at once, question and answer together. */
  contextTokens: number;
  partsAtOnce: number;
  logger: Logger;
  metrics: LanguageMetrics;
}

export type LanguageMetrics = ReturnType<typeof createLanguageMetrics>;

export function createLanguageMetrics(metrics: Metrics) {
  return {
    dropped: metrics.counter(
      "language_statements_dropped_total",
      "Statements of a model that the talk does not carry",
      ["reason"],
    ),
    parts: metrics.counter("language_parts_total", "Parts of talks by who read them in the end", ["reader"]),
    cached: metrics.counter("language_answers_cached_total", "Questions that a kept answer has answered"),
    ideas: metrics.counter(
      "language_ideas_total",
      "Questions to a model for a brief's ideas or a prompt's words, by how they ended",
      ["kind", "outcome"],
    ),
    repaired: metrics.counter("language_answers_repaired_total", "Answers asked for once more", ["outcome"]),
  };
}

/** The instructions, and room for what the schema costs where it goes into the prompt. */
const instructionTokens = 1_500;
const answerTokensMost = 2_000;
const charsPerToken = 3;
/** What a line costs beside its words. */
const lineOverheadChars = 50;
const partCharsLeast = 2_000;
/** A part whose answer is cut off, or that is too long, is halved so often. */
const halvingsMost = 3;

/** A question about several calls: it is nobody's answer to keep. */
interface Across {
  meetingId: null;
  orgId: string | null;
}

/** The model's answer was none, also after it was asked once more. */
class Unusable extends Error {
  readonly reason: "cut" | "unreadable";
  constructor(reason: "cut" | "unreadable") {
    super(`unusable answer: ${reason}`);
    this.reason = reason;
  }
}

export function createModelLanguage(options: ModelLanguageOptions): LanguageProvider {
  const { name, place, endpoint, rules, cache, contextTokens, partsAtOnce, logger, metrics } = options;
  const answerTokens = Math.min(answerTokensMost, Math.floor(contextTokens / 4));
  const partChars = Math.max(
    partCharsLeast,
    (contextTokens - instructionTokens - answerTokens) * charsPerToken,
  );

  /** From the cache or the model; checked by the schema, and asked for once more where it does not fit. */
  async function answer<Schema extends z.ZodType>(
    { version, hash, messages }: Asked,
    schema: Schema,
    { subject, signal, across }: Pick<ReadingContext, "subject" | "signal"> & { across?: Across },
  ): Promise<z.output<Schema>> {
    const key = createHash("sha256")
      .update(JSON.stringify([place, name, version, subject ?? null, messages]))
      .digest("hex");
    const kept = subject === undefined ? null : await cache.get(key, subject);
    const known = kept === null ? null : parseAnswer(kept, schema);
    if (known?.ok === true) {
      metrics.cached.inc();
      return known.value;
    }
    const question = {
      schema,
      schemaName: version.replace(/\W/g, "_"),
      promptVersion: version,
      promptHash: hash,
      answerTokens,
      subject: subject ?? across,
      signal,
    };
    const first = await endpoint.ask({ ...question, messages });
    if (first.cut) throw new Unusable("cut");
    let parsed = parseAnswer(first.text, schema);
    if (!parsed.ok) {
      const again = await endpoint.ask({
        ...question,
        messages: askToRepair(messages, first.text, parsed.problem),
      });
      parsed = again.cut ? { ok: false, problem: "it was cut off" } : parseAnswer(again.text, schema);
      metrics.repaired.inc({ outcome: parsed.ok ? "read" : "refused" });
      if (!parsed.ok) throw new Unusable("unreadable");
    }
    if (subject !== undefined) await cache.put(key, subject, JSON.stringify(parsed.value));
    return parsed.value;
  }

  async function readPart(
    part: Turn[],
    labels: ReadonlyMap<string, string>,
    context: ReadingContext,
    halvings = 0,
  ): Promise<PartReading[]> {
    try {
      const said = await answer(askForReading(part, labels), readingAnswerSchema, context);
      metrics.parts.inc({ reader: "model" });
      return [{ by: "model", turns: part, ...checkedPart(said, part, labels) }];
    } catch (error) {
      context.signal?.throwIfAborted();
      const halves = halvings < halvingsMost && isTooMuch(error) ? halvesOf(part) : null;
      if (halves !== null) {
        const found: PartReading[] = [];
        for (const half of halves) found.push(...(await readPart(half, labels, context, halvings + 1)));
        return found;
      }
      return [await readByRules(part, context, error)];
    }
  }

  async function readByRules(part: Turn[], context: ReadingContext, error: unknown): Promise<PartReading> {
    const reason = error instanceof Unusable ? error.reason : reasonOf(error);
    if (!(error instanceof Unusable) && !(error instanceof AppError)) throw error;
    logger.warn({ meetingId: context.subject?.meetingId, reason }, "rules read what the model could not");
    metrics.parts.inc({ reader: "rules" });
    const { outcome, summary, decisions, actions, suggestions, topics } = await rules.read(part, context);
    const read = { outcome, summary, decisions, actions, suggestions, topics };
    return { by: "rules", reason, turns: part, ...read, dropped: {} };
  }

  /** Null where the model does not answer: then they are taken evenly. */
  async function choose(
    entries: { id: number; text: string; outcome?: true }[],
    context: ReadingContext,
  ): Promise<{ keep: number[]; outcome: number | null } | null> {
    try {
      return await answer(askForChoice(entries), choiceAnswerSchema, context);
    } catch (error) {
      context.signal?.throwIfAborted();
      if (!(error instanceof Unusable) && !(error instanceof AppError)) throw error;
      return null;
    }
  }

  return {
    mode: "model",
    name,
    async read(turns, context): Promise<ConversationReading> {
      const labels = labelsOf(turns, context.hostIds);
      const parts = partsOf(turns, partChars);
      const readings: PartReading[][] = parts.map(() => []);
      let next = 0;
      const work = async () => {
        for (let index = next; index < parts.length; index = next) {
          next += 1;
          context.signal?.throwIfAborted();
          await context.goOn?.();
          readings[index] = await readPart(parts[index] ?? [], labels, context);
        }
      };
      await Promise.all(Array.from({ length: Math.min(partsAtOnce, parts.length) }, work));
      const reading = await readingOfParts(readings.flat(), {
        name,
        entryChars: partChars,
        choose: (entries) => choose(entries, context),
      });
      for (const [reason, count] of Object.entries(reading.dropped ?? {}))
        metrics.dropped.inc({ reason }, count);
      return reading;
    },

    async answer(question, stretches, { orgId, signal }) {
      const handed = withinChars(stretches, partChars);
      const turns = handed.flatMap((one) => one.turns);
      try {
        const { sentences } = await answer(askToAnswer(question, handed), questionAnswerSchema, {
          across: { meetingId: null, orgId },
          ...(signal !== undefined && { signal }),
        });
        const checked = checkedSentences(sentences, turns);
        for (const [reason, count] of Object.entries(checked.dropped)) metrics.dropped.inc({ reason }, count);
        return checked;
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof Unusable) && !(error instanceof AppError)) throw error;
        const reason = error instanceof Unusable ? error.reason : reasonOf(error);
        logger.warn({ reason }, "rules answered what the model could not");
        const picked = await rules.answer(question, stretches, { orgId });
        return { ...picked, generatedBy: rules.name, notes: [notAnswered(name)] };
      }
    },
  };
}

const notAnswered = (name: string) =>
  `${name} did not answer, so that rules on this server have picked out what was said.`;

/** As many stretches as the model reads at once, best first; the first one in any case. */
function withinChars(stretches: readonly Stretch[], mostChars: number): Stretch[] {
  let chars = 0;
  return stretches.filter(({ turns }, place) => {
    chars += turns.reduce((sum, { text }) => sum + text.length + lineOverheadChars, 0);
    return place === 0 || chars <= mostChars;
  });
}

function isTooMuch(error: unknown): boolean {
  if (error instanceof Unusable) return error.reason === "cut";
  const { cause } = error as { cause?: unknown };
  return cause instanceof Error && isTooLong(cause.message);
}
