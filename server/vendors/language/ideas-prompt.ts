// What a model is told when it writes ideas for a brief or words for a prompt, and what it must answer.
import { z } from "zod";
import type { BriefLine, PromptQuestion } from "./ideas.ts";
import { asked, asData, labelsOf, type Asked } from "./reading-prompt.ts";

export const briefPromptVersion = "brief/1";
export const promptPromptVersion = "prompt/1";

/** Without bounds: not every service takes them in a schema. */
export const ideasAnswerSchema = z.object({
  ideas: z.array(
    z.object({
      text: z.string(),
      relevance: z.number(),
      evidence: z.array(z.object({ line: z.number(), quote: z.string() })),
    }),
  ),
});

const evidence = `"evidence": one or more of {"line", "quote"}, where "quote" is copied letter by letter from that line and carries the idea. Leave out whatever you have no quote for. Do not guess, and add no names, numbers, dates, addresses or links that are not in what you quote.`;

const briefInstructions = `You prepare one person for a coaching call. ${asData}

The first entry has "reader": "coach" or "coachee".
Every other entry has "line" (its number), "kind", "who" (a label; the reader is marked) and "text". "commitment": what somebody has promised and not done yet. "outcome": where an earlier call ended. "topic": what an earlier call was about.
Answer with one JSON object: "ideas": up to 6 ways for the reader to open or to steer the call, most useful first. For a coach these are questions to ask or things to listen for, for a coachee things to say or to think through.
Every idea has "text" (one or two short sentences to the reader, at most 30 words, without labels), "relevance" (0 to 1) and ${evidence}`;

const promptInstructions = `You help a coach in a running call with one question that they could ask next. ${asData}

The first entry has "trigger" (what calls for it now), "wording" (what would be shown without you, or null) and "shown" (what the coach has seen already in this call).
Every other entry is one of the newest lines of the call: "line" (its number), "who" (a label; the coach is marked) and "text".
Answer with one JSON object: "ideas": up to 3 short open questions to the coachee, best first, that fit the trigger and take up the coachee's own words; an empty list where none would be better than "wording". None that is in "shown".
Every idea has "text" (one question of at most 20 words, without labels), "relevance" (0 to 1) and ${evidence}`;

/** `whoId` becomes a label: nobody's name or id is told. */
export function askForBrief(
  lines: readonly BriefLine[],
  { readerId, coaches }: { readerId: string; coaches: boolean },
): Asked {
  const labels = new Map<string, string>();
  for (const { whoId } of lines)
    if (whoId !== null && !labels.has(whoId))
      labels.set(whoId, `S${labels.size + 1}${whoId === readerId ? " (reader)" : ""}`);
  return asked(briefPromptVersion, briefInstructions, [
    { reader: coaches ? "coach" : "coachee" },
    ...lines.map(({ line, kind, whoId, text }) => ({
      line,
      kind,
      who: whoId === null ? null : (labels.get(whoId) ?? null),
      text,
    })),
  ]);
}

export function askForPrompt({ trigger, wording, lines, hostIds, shown }: PromptQuestion): Asked {
  const labels = labelsOf(lines, hostIds);
  return asked(promptPromptVersion, promptInstructions, [
    { trigger, wording, shown },
    ...lines.map(({ sequence, speakerId, text }) => ({
      line: sequence,
      who: labels.get(speakerId) ?? "?",
      text,
    })),
  ]);
}
