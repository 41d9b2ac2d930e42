// The port for what a model may write for a coach: ideas before a call, and words for a prompt in it. Rules write both without it.
import type { DropReason, Grounded, LanguageGate, Subject, Turn } from "./index.ts";

/** One thing that a brief may rest on, and whose words it is. */
export interface BriefLine {
  line: number;
  kind: "commitment" | "outcome" | "topic";
  text: string;
  /** The call it was said in; for a profile, the call to come. */
  subject: Subject;
  /** All of them must allow a model for it to see the line. */
  speakerIds: readonly string[];
  /** Whose commitment or profile it is. */
  whoId: string | null;
}

export interface PromptQuestion {
  /** What calls for a prompt, such as `lull`, and in words. */
  trigger: string;
  /** What rules would show; null where they choose from many. */
  wording: string | null;
  /** The newest lines of the call, in order. */
  lines: readonly Turn[];
  hostIds: readonly string[];
  /** What the coach was shown in this call. */
  shown: readonly string[];
}

/** Cites a line of what was handed over, in the words that stand there. */
export interface WrittenIdea extends Grounded {
  /** As the model sees it; 0 to 1. */
  relevance: number;
}

export interface WrittenIdeas {
  /** Best first. */
  ideas: WrittenIdea[];
  /** What does not rest on what was handed over, by reason: left out already. */
  dropped: Partial<Record<DropReason, number>>;
}

export interface IdeaContext {
  /** Whose budget it is taken from. */
  subject: Subject;
  signal?: AbortSignal;
}

/** A model's; both throw VENDOR_ERROR, or RATE_LIMITED where the budget does not hold the question. */
export interface IdeaWriter {
  name: string;
  forBrief(
    lines: readonly BriefLine[],
    context: IdeaContext & { readerId: string; coaches: boolean },
  ): Promise<WrittenIdeas>;
  forPrompt(question: PromptQuestion, context: IdeaContext): Promise<WrittenIdeas>;
}

/** What modules use: the writer behind the gate. */
export interface GatedIdeas {
  name: string;
  /** Those that a model may see for this reader now; none where the reader does not want a model, or the call is not for one. */
  readable(
    lines: readonly BriefLine[],
    context: { subject: Subject; readerId: string },
  ): Promise<BriefLine[]>;
  /** Asks the gate again. Null where there is nothing that the model may see. */
  forBrief(...question: Parameters<IdeaWriter["forBrief"]>): Promise<WrittenIdeas | null>;
  /** The same for the lines of a running call. */
  forPrompt(...question: Parameters<IdeaWriter["forPrompt"]>): Promise<WrittenIdeas | null>;
  /** Whether what rests on these people's words may still be shown. */
  mayStill(subject: Subject, speakerIds: readonly string[]): Promise<boolean>;
}

export function createGatedIdeas({ writer, gate }: { writer: IdeaWriter; gate: LanguageGate }): GatedIdeas {
  async function allow(subject: Subject, speakerIds: readonly string[]): Promise<ReadonlySet<string>> {
    if ((await gate.mostIn(subject)) !== "model") return new Set();
    return await gate.readableAmong(subject, [...new Set(speakerIds)], "model");
  }

  const gated: GatedIdeas = {
    name: writer.name,

    async readable(lines, { subject, readerId }) {
      if (!(await allow(subject, [readerId])).has(readerId)) return [];
      const bySubject = new Map<string, BriefLine[]>();
      for (const line of lines)
        bySubject.set(line.subject.meetingId, [...(bySubject.get(line.subject.meetingId) ?? []), line]);
      const found = new Set<BriefLine>();
      for (const ofCall of bySubject.values()) {
        const [first] = ofCall;
        if (first === undefined) continue;
        const allowed = await allow(
          first.subject,
          ofCall.flatMap(({ speakerIds }) => speakerIds),
        );
        for (const line of ofCall)
          if (line.speakerIds.length > 0 && line.speakerIds.every((id) => allowed.has(id))) found.add(line);
      }
      return lines.filter((line) => found.has(line));
    },

    async forBrief(lines, context) {
      const handed = await gated.readable(lines, context);
      return handed.length === 0 ? null : await writer.forBrief(handed, context);
    },

    async forPrompt(question, context) {
      const allowed = await allow(
        context.subject,
        question.lines.map(({ speakerId }) => speakerId),
      );
      const lines = question.lines.filter(({ speakerId }) => allowed.has(speakerId));
      return lines.length === 0 ? null : await writer.forPrompt({ ...question, lines }, context);
    },

    async mayStill(subject, speakerIds) {
      const allowed = await allow(subject, speakerIds);
      return speakerIds.every((id) => allowed.has(id));
    },
  };
  return gated;
}
