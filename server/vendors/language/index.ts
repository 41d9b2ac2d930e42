// The language port: what insights and prompts ask of a machine, whether rules or a model.

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

export interface ConversationReading {
  outcome: Grounded | null;
  summary: Grounded[];
  decisions: Grounded[];
  actions: GroundedAction[];
  topics: string[];
}

export interface LanguageProvider {
  mode: "rules" | "model";
  /** `rules` or the model's name: shown beside everything it wrote. */
  name: string;
  /** Turns in order of sequence. Pure for the rules; may throw VENDOR_ERROR for a model. */
  read(turns: Turn[], context: { hostIds: string[] }): Promise<ConversationReading>;
}
