// Words by a model for a prompt that may come up: asked for before its time, so that a prompt never waits for a model.
import { AppError } from "../../../shared/errors.ts";
import type { GatedIdeas } from "../../vendors/language/index.ts";
import type { LullFinding } from "./lull-detector.ts";
import type { WrittenPrompt } from "./prompt-writer.ts";
import type { WatchedMeeting } from "./watched-meeting.ts";

/** What will call for a prompt if nothing happens until then. */
export interface ComingUp {
  /** The same as long as it is about the same thing. */
  about: string;
  trigger: string;
  wording: string | null;
}

/** So long before its time a prompt's words are asked for. */
export const aheadMs = 6_000;
/** Of one meeting, between two questions: most silences end by themselves. */
const restMs = 15_000;
const linesHanded = 14;

/** A silence is about the last line before it. */
export function lullWords(lastSequence: number): string {
  return `lull/${lastSequence}`;
}

interface Words {
  about: string;
  ideas: { content: string; relevance: number; generatedBy: string }[];
  /** Whose words it rests on: all that the model was handed. */
  speakerIds: string[];
}

/** One meeting's: of the newest question alone. */
export class WordsAhead {
  #words: Words | null = null;
  #asked: { about: string; atMs: number } | null = null;
  #asking = false;
  /** Rises when what was written may not be used any more. */
  #edition = 0;

  /** False where it was asked already, or another question is too fresh. */
  mayAsk(about: string, nowMs: number): boolean {
    if (this.#asking || this.#asked?.about === about) return false;
    return this.#asked === null || nowMs - this.#asked.atMs >= restMs;
  }

  /** What takes the answer; an answer that comes after `forget` is left. */
  ask(about: string, nowMs: number): (words: Words | null) => void {
    this.#asked = { about, atMs: nowMs };
    this.#asking = true;
    const edition = this.#edition;
    return (words) => {
      this.#asking = false;
      if (edition === this.#edition && words !== null) this.#words = words;
    };
  }

  of(about: string): Words | null {
    return this.#words?.about === about ? this.#words : null;
  }

  forget(): void {
    this.#words = null;
    this.#edition += 1;
  }
}

export interface WordsAsker {
  /** What is under way where something is asked; null where nothing is. Its failures are counted at the port. */
  askAhead(meeting: WatchedMeeting, nowMs: number): Promise<void> | null;
  /** What is there by now and may still be shown; it never waits for the model. */
  wordsFor(meeting: WatchedMeeting, about: string, lull: LullFinding | null): Promise<WrittenPrompt[]>;
  stop(): void;
}

export function createWordsAsker(ideas: GatedIdeas): WordsAsker {
  const stopped = new AbortController();
  const subjectOf = (meeting: WatchedMeeting) => ({ meetingId: meeting.id, orgId: meeting.orgId });

  async function ask(
    meeting: WatchedMeeting,
    { trigger, wording, about }: ComingUp,
    done: (words: Words | null) => void,
  ): Promise<void> {
    const lines = meeting.lastLines(linesHanded);
    const { hostIds } = meeting;
    try {
      const written =
        lines.length === 0
          ? null
          : await ideas.forPrompt(
              { trigger, wording, lines, hostIds, shown: meeting.shownContents() },
              { subject: subjectOf(meeting), signal: stopped.signal },
            );
      const found = (written?.ideas ?? []).map(({ text, relevance }) => ({
        content: text,
        relevance,
        generatedBy: ideas.name,
      }));
      done({ about, ideas: found, speakerIds: [...new Set(lines.map(({ speakerId }) => speakerId))] });
    } catch (error) {
      done(null);
      if (!stopped.signal.aborted && !(error instanceof AppError)) throw error;
    }
  }

  return {
    askAhead(meeting, nowMs) {
      const due = meeting.comingUp(nowMs + aheadMs);
      if (due === null || !meeting.words.mayAsk(due.about, nowMs)) return null;
      return ask(meeting, due, meeting.words.ask(due.about, nowMs));
    },

    async wordsFor(meeting, about, lull) {
      const words = meeting.words.of(about);
      if (words === null || words.ideas.length === 0) return [];
      if (!(await ideas.mayStill(subjectOf(meeting), words.speakerIds))) return [];
      const shown = new Set(meeting.shownContents());
      const quiet = lull === null ? "" : `Quiet for ${Math.round(lull.durationMs / 1_000)} seconds. `;
      return words.ideas
        .filter(({ content }) => !shown.has(content))
        .map(({ content, relevance, generatedBy }) => ({
          content,
          reason: `${quiet}It takes up what was said.`,
          tags: ["model"],
          relevance: proposedRelevance(relevance),
          generatedBy,
        }));
    },

    stop: () => stopped.abort(),
  };
}

/** From 0.65 to 0.85, where the rules' own lie between 0.4 and 0.8: a question in the coachee's words leads where the model is sure of it. */
function proposedRelevance(relevance: number): number {
  return Math.round((0.65 + 0.2 * relevance) * 100) / 100;
}
