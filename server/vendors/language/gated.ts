// The gate at the language port: whatever is configured, a provider sees only what people, meeting and organisation allow.
import { AppError } from "../../../shared/errors.ts";
import type { Language, LanguageGate, LanguageProvider, ReadingMode, Stretch, Subject } from "./index.ts";

export function createGatedLanguage(options: {
  /** What is configured: the rules themselves, or a model. */
  provider: LanguageProvider;
  rules: LanguageProvider;
  gate: LanguageGate;
}): Language {
  const { provider, rules, gate } = options;

  async function modeIn(subject: Subject): Promise<ReadingMode> {
    const most = await gate.mostIn(subject);
    return most === "model" ? provider.mode : most;
  }

  return {
    mode: provider.mode,
    name: provider.name,
    modeIn,

    async read(turns, context) {
      const { subject } = context;
      const mode = await modeIn(subject);
      if (mode === "off")
        return {
          mode,
          generatedBy: rules.name,
          outcome: null,
          summary: [],
          decisions: [],
          actions: [],
          suggestions: [],
          topics: [],
        };
      const reader = mode === provider.mode ? provider : rules;
      const speakers = [...new Set(turns.map(({ speakerId }) => speakerId))];
      const readable = await gate.readableAmong(subject, speakers, mode);
      const reading = await reader.read(
        turns.filter(({ speakerId }) => readable.has(speakerId)),
        {
          ...context,
          goOn: async () => {
            const still = await gate.readableAmong(subject, [...readable], mode);
            if (still.size < readable.size || (await modeIn(subject)) !== mode)
              throw new AppError("UNAVAILABLE", "What machines may read has changed: it is read anew.");
          },
        },
      );
      return { ...reading, mode, generatedBy: reading.generatedBy ?? reader.name };
    },

    async answer(question, stretches, { most, ...context }) {
      const mode = most === "rules" ? "rules" : provider.mode;
      const readable = await readableOf(stretches, mode);
      // What a model may not see can still be picked out here.
      const reader = mode === "model" && readable.length > 0 ? provider : rules;
      const handed = reader.mode === mode ? readable : await readableOf(stretches, reader.mode);
      const answered = await reader.answer(question, handed, context);
      return { ...answered, mode: reader.mode, generatedBy: answered.generatedBy ?? reader.name };
    },
  };

  /** As the gate says now. */
  async function readableOf(
    stretches: readonly Stretch[],
    mode: LanguageProvider["mode"],
  ): Promise<Stretch[]> {
    const found: Stretch[] = [];
    for (const { subject, turns } of stretches) {
      const inCall = await modeIn(subject);
      if (inCall === "off" || (mode === "model" && inCall !== "model")) continue;
      const speakers = [...new Set(turns.map(({ speakerId }) => speakerId))];
      const allowed = await gate.readableAmong(subject, speakers, mode);
      const left = turns.filter(({ speakerId }) => allowed.has(speakerId));
      if (left.length > 0) found.push({ subject, turns: left });
    }
    return found;
  }
}
