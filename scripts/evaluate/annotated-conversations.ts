// Conversations with experts' labels per utterance, in the columns of AnnoMI (Wu et al., ICASSP 2022).
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { csvRecords } from "../../shared/transcript-import/csv.ts";

export type CoachBehaviour = "question" | "reflection" | "therapist_input" | "other";
export type QuestionKind = "open" | "closed";
export type TalkType = "change" | "neutral" | "sustain";

export interface AnnotatedTurn {
  isCoach: boolean;
  text: string;
  /** Of the coach's turns; by the majority of the experts, the first named where they are divided. */
  behaviour: CoachBehaviour | null;
  /** Null where no question was seen. */
  question: QuestionKind | null;
  /** Of the coachee's turns. */
  talk: TalkType | null;
}

export interface AnnotatedConversation {
  /** Of its words: the same conversation is known again in another file. */
  id: string;
  turns: AnnotatedTurn[];
}

const row = z.object({
  transcript_id: z.string(),
  utterance_id: z.coerce.number(),
  interlocutor: z.enum(["therapist", "client"]),
  utterance_text: z.string(),
  main_therapist_behaviour: z.enum(["question", "reflection", "therapist_input", "other", "n/a", ""]),
  question_subtype: z.enum(["open", "closed", "n/a", ""]),
  client_talk_type: z.enum(["change", "neutral", "sustain", "n/a", ""]),
});

type Row = z.infer<typeof row>;

/** Throws with the line's number where a row is not of this form. */
export async function readAnnotatedConversations(file: string): Promise<AnnotatedConversation[]> {
  const rows: Row[] = [];
  for (const { record, line } of csvRecords(await readFile(file, "utf8"))) {
    const parsed = row.safeParse(record);
    if (!parsed.success) throw new Error(`${file}, line ${line}: ${z.prettifyError(parsed.error)}`);
    rows.push(parsed.data);
  }
  return [...Map.groupBy(rows, ({ transcript_id }) => transcript_id).values()].map(conversationOf);
}

function conversationOf(rows: Row[]): AnnotatedConversation {
  const turns = [...Map.groupBy(rows, ({ utterance_id }) => utterance_id)]
    .sort(([a], [b]) => a - b)
    .flatMap(([, opinions]) => {
      const [first] = opinions;
      return first === undefined ? [] : [turnOf(first, opinions)];
    });
  const words = turns.map(({ text }) => text).join("\n");
  return { id: createHash("sha256").update(words).digest("hex").slice(0, 16), turns };
}

function turnOf(first: Row, opinions: readonly Row[]): AnnotatedTurn {
  const isCoach = first.interlocutor === "therapist";
  return {
    isCoach,
    text: first.utterance_text,
    behaviour: isCoach ? majority(opinions.map((one) => one.main_therapist_behaviour)) : null,
    question: isCoach ? majority(opinions.map((one) => one.question_subtype)) : null,
    talk: isCoach ? null : majority(opinions.map((one) => one.client_talk_type)),
  };
}

/** Null where most of them saw nothing. */
function majority<Label extends string>(opinions: readonly Label[]): Exclude<Label, "n/a" | ""> | null {
  const counts = new Map<Label, number>();
  for (const opinion of opinions) counts.set(opinion, (counts.get(opinion) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  const label = most?.[0];
  return label === undefined || label === "n/a" || label === ""
    ? null
    : (label as Exclude<Label, "n/a" | "">);
}
