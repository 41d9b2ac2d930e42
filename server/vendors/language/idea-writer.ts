// Ideas and prompts by a model over an OpenAI-compatible endpoint: held to a schema, and each checked against what it cites.
import type { z } from "zod";
import { AppError } from "../../../shared/errors.ts";
import { reasonOf, type ChatEndpoint } from "./chat-endpoint.ts";
import type { IdeaContext, IdeaWriter, WrittenIdea, WrittenIdeas } from "./ideas.ts";
import { askForBrief, askForPrompt, ideasAnswerSchema } from "./ideas-prompt.ts";
import type { DropReason } from "./index.ts";
import type { LanguageMetrics } from "./model.ts";
import { askToRepair, type Asked } from "./reading-prompt.ts";
import { parseAnswer } from "./structured.ts";
import { createVerifier, withoutContradicted } from "./verify.ts";

const briefIdeasMost = 6;
const promptIdeasMost = 3;
const briefCharsMost = 300;
/** A card is read between two sentences of the talk. */
const promptCharsMost = 160;
const answerTokens = 900;

interface Checking {
  /** Lines around a cited one that count as close by. */
  closeBy: number;
  ideasMost: number;
  charsMost: number;
}

export function createIdeaWriter(options: {
  name: string;
  endpoint: ChatEndpoint;
  metrics: LanguageMetrics;
}): IdeaWriter {
  const { name, endpoint, metrics } = options;

  async function ask(kind: string, question: Asked, { subject, signal }: IdeaContext) {
    const { version, hash, messages } = question;
    const send = (toSend: typeof messages) =>
      endpoint.ask({
        messages: toSend,
        schema: ideasAnswerSchema,
        schemaName: version.replace(/\W/g, "_"),
        promptVersion: version,
        promptHash: hash,
        answerTokens,
        subject,
        signal,
      });
    try {
      const first = await send(messages);
      let parsed = first.cut
        ? { ok: false as const, problem: "it was cut off: be shorter" }
        : parseAnswer(first.text, ideasAnswerSchema);
      if (!parsed.ok) {
        const again = await send(askToRepair(messages, first.text, parsed.problem));
        parsed = again.cut ? parsed : parseAnswer(again.text, ideasAnswerSchema);
        metrics.repaired.inc({ outcome: parsed.ok ? "read" : "refused" });
      }
      if (!parsed.ok)
        throw new AppError("VENDOR_ERROR", "The model's answer could not be read.", {
          details: { reason: "unreadable" },
          retryable: false,
        });
      metrics.ideas.inc({ kind, outcome: "answered" });
      return parsed.value;
    } catch (error) {
      metrics.ideas.inc({ kind, outcome: reasonOf(error) });
      throw error;
    }
  }

  function checked(
    { ideas }: z.output<typeof ideasAnswerSchema>,
    lines: readonly { sequence: number; text: string }[],
    { closeBy, ideasMost, charsMost }: Checking,
  ): WrittenIdeas {
    const verifier = createVerifier(lines, { closeBy });
    const dropped: WrittenIdeas["dropped"] = {};
    const drop = (reason: DropReason, count = 1) => {
      if (count > 0) dropped[reason] = (dropped[reason] ?? 0) + count;
    };
    const stands = ideas.flatMap(({ text, relevance, evidence }): WrittenIdea[] => {
      const one = verifier.check({ kind: "idea", text, evidence });
      if (typeof one === "string") drop(one);
      else if (one.text.length > charsMost) drop("too-long");
      // Labels are for the model alone: whoever reads an idea does not know them.
      else if (/\bS\d+\b/.test(one.text)) drop("unsupported");
      else return [{ ...one, relevance: Math.min(1, Math.max(0, relevance)) }];
      return [];
    });
    const { kept, dropped: contradicted } = withoutContradicted(stands);
    drop("contradicts", contradicted);
    for (const [reason, count] of Object.entries(dropped)) metrics.dropped.inc({ reason }, count);
    return {
      ideas: kept.sort((one, other) => other.relevance - one.relevance).slice(0, ideasMost),
      dropped,
    };
  }

  return {
    name,

    async forBrief(lines, context) {
      const answer = await ask("brief", askForBrief(lines, context), context);
      const handed = lines.map(({ line, text }) => ({ sequence: line, text }));
      return checked(answer, handed, {
        closeBy: 0,
        ideasMost: briefIdeasMost,
        charsMost: briefCharsMost,
      });
    },

    async forPrompt(question, context) {
      const answer = await ask("prompt", askForPrompt(question), context);
      return checked(answer, question.lines, {
        closeBy: 2,
        ideasMost: promptIdeasMost,
        charsMost: promptCharsMost,
      });
    },
  };
}
