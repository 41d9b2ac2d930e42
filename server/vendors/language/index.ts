// The language port: what insights and prompts ask of a machine, whether rules or a model.

export interface Turn {
  sequence: number;
  speakerId: string;
  text: string;
  startMs: number;
  endMs: number;
}

/** A statement and the turns it rests on, by sequence; never empty. */
export interface Grounded {
  text: string;
  sequences: number[];
}

export interface ConversationReading {
  outcome: Grounded | null;
  summary: Grounded[];
  decisions: Grounded[];
  actions: (Grounded & { ownerId: string | null; dueText: string | null })[];
  topics: string[];
}

export interface LanguageProvider {
  mode: "rules" | "model";
  /** `rules` or the model's name: shown beside everything it wrote. */
  name: string;
  /** Turns in order of sequence. Pure for the rules; may throw VENDOR_ERROR for a model. */
  read(turns: Turn[], context: { hostIds: string[] }): Promise<ConversationReading>;
}
