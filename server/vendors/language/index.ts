// The language port: what insights and prompts ask of a machine, whether rules or a model.
export type {
  BriefLine,
  GatedIdeas,
  IdeaWriter,
  PromptQuestion,
  WrittenIdea,
  WrittenIdeas,
} from "./ideas.ts";
export type { BulletToRewrite, Rewriter, RewriteContext, RewriteRepair } from "./rewriting.ts";

export interface Turn {
  sequence: number;
  speakerId: string;
  text: string;
  startMs: number;
  endMs: number;
}

/** Words that were said, verbatim: `quote` is a part of the text of the turn with this sequence. */
export interface Evidence {
  sequence: number;
  quote: string;
}

/** A statement and what it rests on; never without evidence. Whoever shows it checks the evidence first. */
export interface Grounded {
  text: string;
  evidence: Evidence[];
}

export interface GroundedAction extends Grounded {
  /** Who took it on; null where that was not said. */
  ownerId: string | null;
  /** The words that named a date; null where none were said. */
  dueText: string | null;
}

/**
 * What the talk leaves for afterwards: an aim nobody named a step for, a question that stayed without an answer, what
 * was put off to another call (all three told by their own words), or, by a model, a suggestion in its words.
 */
export const suggestionKinds = ["goal-without-step", "open-question", "put-off", "suggestion"] as const;
export type SuggestionKind = (typeof suggestionKinds)[number];

export interface GroundedSuggestion extends Grounded {
  kind: SuggestionKind;
  /** Whose it is to follow; null for everybody in the call. */
  forId: string | null;
}

export interface ConversationReading {
  outcome: Grounded | null;
  summary: Grounded[];
  decisions: Grounded[];
  actions: GroundedAction[];
  suggestions: GroundedSuggestion[];
  topics: string[];
  /** Who made it, where that is not the provider that was asked: `rules` in the place of a model. */
  generatedBy?: string;
  /** Statements that the provider made and the talk does not carry, by reason: left out already. */
  dropped?: Partial<Record<DropReason, number>>;
  /** Statements that were left out to keep it short. */
  leftOver?: number;
  /** In words, for the page: what a reader must know of how it was made. */
  notes?: string[];
}

/**
 * Why a statement is left out: its quote was not said, its words have little to do with what it cites, it says the
 * opposite, it names an address that nobody said, or it follows an instruction to the machine in what was said.
 */
export const dropReasons = [
  "not-said",
  "unsupported",
  "contradicts",
  "address",
  "instruction",
  "too-long",
] as const;
export type DropReason = (typeof dropReasons)[number];

/** Whose talk it is: for the budget, for what is kept of answers, and for the gate. */
export interface Subject {
  meetingId: string;
  orgId: string | null;
}

export interface ReadingContext {
  hostIds: readonly string[];
  subject?: Subject;
  signal?: AbortSignal;
  /** Throws where what it is given may not be read any more; a model that reads in parts asks before each. */
  goOn?: () => Promise<void>;
}

/** Stretches of calls that may answer a question, best first. */
export interface Stretch {
  subject: Subject;
  /** Sequences number the lines of all stretches of a question together, so that evidence names one of them. */
  turns: Turn[];
}

export interface AnswerReading {
  /** Best first; empty where what was handed over does not answer it. */
  sentences: Grounded[];
  generatedBy?: string;
  dropped?: Partial<Record<DropReason, number>>;
  notes?: string[];
}

export interface AnswerContext {
  /** Whose budget a model's answer is taken from. */
  orgId: string | null;
  signal?: AbortSignal;
}

export interface LanguageProvider {
  mode: "rules" | "model";
  /** `rules` or the model's name: shown beside everything it wrote. */
  name: string;
  /** Turns in order of sequence. Pure for the rules; may throw VENDOR_ERROR for a model. */
  read(turns: Turn[], context: ReadingContext): Promise<ConversationReading>;
  /** From these stretches alone; a model falls back on the rules where it does not answer, and says so. */
  answer(question: string, stretches: readonly Stretch[], context: AnswerContext): Promise<AnswerReading>;
}

/** `off`: no machine reads anything of the meeting. */
export type ReadingMode = LanguageProvider["mode"] | "off";

/** What is allowed in a meeting and to whom: asked at the port, at the moment of each reading. */
export interface LanguageGate {
  /** The most that organisation and meeting allow. */
  mostIn(subject: Subject): Promise<ReadingMode>;
  /** Who of these people has allowed that a machine of this mode reads their words. */
  readableAmong(
    subject: Subject,
    speakerIds: readonly string[],
    mode: LanguageProvider["mode"],
  ): Promise<ReadonlySet<string>>;
}

/** What modules use: providers behind the gate. */
export interface Language {
  /** What is configured. */
  readonly mode: LanguageProvider["mode"];
  readonly name: string;
  /** What would read the words of this meeting now. */
  modeIn(subject: Subject): Promise<ReadingMode>;
  /** Hands over the turns of those alone who allow it now; where it is off, none, and the reading is empty. */
  read(
    turns: readonly Turn[],
    context: ReadingContext & { subject: Subject },
  ): Promise<ConversationReading & { mode: ReadingMode; generatedBy: string }>;
  /**
   * Hands over the lines of those alone who allow it now, each in its own call; a model none of a call that is for
   * rules, and no question of somebody who does not want it to (`most`).
   */
  answer(
    question: string,
    stretches: readonly Stretch[],
    context: AnswerContext & { most: LanguageProvider["mode"] },
  ): Promise<AnswerReading & { mode: LanguageProvider["mode"]; generatedBy: string }>;
}

/** Answers of a model that are kept for whoever asks the same again. */
export interface ResponseCache {
  get(key: string, subject: Subject): Promise<string | null>;
  put(key: string, subject: Subject, text: string): Promise<void>;
}
