// The port for rewriting a résumé's lines, and its adapter over an OpenAI-compatible endpoint: held to a schema, within the budget.
import type { z } from "zod";
import type { ChatEndpoint } from "./chat-endpoint.ts";
import type { Message } from "./reading-prompt.ts";
import { askToRepair } from "./reading-prompt.ts";
import {
  askToRepairLine,
  askToRewrite,
  repairAnswerSchema,
  rewritingAnswerSchema,
  type AskedToRewrite,
} from "./rewriting-prompt.ts";
import { parseAnswer } from "./structured.ts";

export interface BulletToRewrite {
  bulletId: string;
  text: string;
  intent: "light" | "medium" | "heavy";
  /** What of `wanted` it speaks for. */
  speaksFor: readonly string[];
}

export interface RewriteRepair {
  original: string;
  rewritten: string;
  /** As they stand in the rewritten line. */
  faults: readonly string[];
}

export interface RewriteContext {
  /** Whose budget it is taken from. */
  orgId: string | null;
  signal?: AbortSignal;
}

/** What it writes is to be checked by whoever asks: nothing here keeps a model from inventing. */
export interface Rewriter {
  /** The model's name. */
  name: string;
  promptVersion: string;
  promptHash: string;
  /** Under whatever ids the model names. Throws VENDOR_ERROR, or RATE_LIMITED where the budget does not hold it. */
  rewrite(
    question: { bullets: readonly BulletToRewrite[]; wanted: readonly string[]; maxWords: number },
    context: RewriteContext,
  ): Promise<{ bulletId: string; text: string }[]>;
  /** Null where the model gives no answer that can be read. Throws as `rewrite` does. */
  repair(question: RewriteRepair, context: RewriteContext): Promise<string | null>;
}

const linesAtOnce = 12;
const answerTokensALine = 120;
const answerTokensBase = 200;

export function createRewriter(options: { name: string; endpoint: ChatEndpoint }): Rewriter {
  const { name, endpoint } = options;

  async function answer<Schema extends z.ZodType>(
    { version, hash, messages }: AskedToRewrite,
    schema: Schema,
    { orgId, signal, answerTokens }: RewriteContext & { answerTokens: number },
  ): Promise<z.output<Schema> | null> {
    const ask = (toSend: readonly Message[]) =>
      endpoint.ask({
        messages: toSend,
        schema,
        schemaName: version.replace(/\W/g, "_"),
        promptVersion: version,
        promptHash: hash,
        answerTokens,
        subject: { meetingId: null, orgId },
        signal,
      });
    const first = await ask(messages);
    const parsed = parseAnswer(first.text, schema);
    if (parsed.ok) return parsed.value;
    const again = await ask(askToRepair(messages, first.text, parsed.problem));
    const second = parseAnswer(again.text, schema);
    return second.ok ? second.value : null;
  }

  const { version: promptVersion, hash: promptHash } = askToRewrite({ bullets: [], wanted: [], maxWords: 0 });
  return {
    name,
    promptVersion,
    promptHash,
    async rewrite({ bullets, wanted, maxWords }, context) {
      const found: { bulletId: string; text: string }[] = [];
      for (let start = 0; start < bullets.length; start += linesAtOnce) {
        const some = bullets.slice(start, start + linesAtOnce);
        const answerTokens = answerTokensBase + answerTokensALine * some.length;
        const said = await answer(askToRewrite({ bullets: some, wanted, maxWords }), rewritingAnswerSchema, {
          ...context,
          answerTokens,
        });
        found.push(...(said?.bullets ?? []));
      }
      return found;
    },
    async repair(question, context) {
      const answerTokens = answerTokensBase + answerTokensALine;
      const said = await answer(askToRepairLine(question), repairAnswerSchema, { ...context, answerTokens });
      return said?.text ?? null;
    },
  };
}
