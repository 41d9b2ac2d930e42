// Answers to questions: picked by rules, and behind the gate.
import { describe, expect, test } from "vitest";
import { createGatedLanguage } from "./gated.ts";
import type { LanguageGate, LanguageProvider, Stretch, Turn } from "./index.ts";
import { createRulesLanguage } from "./rules.ts";

const [coach, client] = ["c".repeat(24), "d".repeat(24)];

function turnsOf(...texts: string[]): Turn[] {
  return texts.map((text, index) => ({
    sequence: index + 1,
    speakerId: index % 2 === 0 ? coach : client,
    text,
    startMs: index * 5_000,
    endMs: index * 5_000 + 4_800,
  }));
}

/** A model that keeps every word it is given. */
function recordingModel(): LanguageProvider & { seen: Turn[] } {
  const seen: Turn[] = [];
  return {
    mode: "model",
    name: "recording-model",
    seen,
    read: () => Promise.reject(new Error("nothing is read here")),
    answer(_question, stretches) {
      seen.push(...stretches.flatMap(({ turns }) => turns));
      return Promise.resolve({ sentences: [] });
    },
  };
}

const inCall = (meetingId: string, from: number, ...texts: string[]): Stretch => ({
  subject: { meetingId, orgId: null },
  turns: turnsOf(...texts).map((turn) => ({ ...turn, sequence: turn.sequence + from })),
});

describe("by rules", () => {
  const { answer } = createRulesLanguage();
  const stretches = [
    inCall("a", 0, "How is the knee?", "It is much better since Monday.", "Good."),
    inCall("b", 10, "The weather was bad.", "The knee needs three weeks of rest. The garden is fine."),
  ];

  test("[LANGUAGE-17] sentences that say something of the question, as they were said, with where", async () => {
    const { sentences } = await answer("What about my knee?", stretches, { orgId: null });
    expect(sentences.map(({ text }) => text)).toEqual([
      "The knee needs three weeks of rest.",
      "It is much better since Monday.",
    ]);
    expect(sentences.map(({ evidence }) => evidence)).toEqual([
      [{ sequence: 12, quote: "The knee needs three weeks of rest." }],
      [{ sequence: 2, quote: "It is much better since Monday." }],
    ]);
  });

  test("[LANGUAGE-17] where nothing has to do with it, nothing is said", async () => {
    expect((await answer("Where is the submarine?", stretches, { orgId: null })).sentences).toEqual([]);
    expect((await answer("And what of that?", stretches, { orgId: null })).sentences).toEqual([]);
  });
});

describe("behind the gate", () => {
  const model = recordingModel();
  const gate = (uses: Record<string, "model" | "rules" | "off">, yes: readonly string[]): LanguageGate => ({
    mostIn: ({ meetingId }) => Promise.resolve(uses[meetingId] ?? "model"),
    readableAmong: (_subject, ids, mode) =>
      Promise.resolve(new Set(ids.filter((id) => mode === "rules" || yes.includes(id)))),
  });
  const ask = async (
    most: "rules" | "model",
    uses: Record<string, "model" | "rules" | "off">,
    yes: string[],
  ) => {
    model.seen.length = 0;
    const language = createGatedLanguage({
      provider: model,
      rules: createRulesLanguage(),
      gate: gate(uses, yes),
    });
    const stretches = [
      inCall("a", 0, "The secret of a garden about knees."),
      inCall("b", 10, "The secret of b and its doctor about knees."),
    ];
    const answered = await language.answer("knees", stretches, { most, orgId: null });
    return { ...answered, seen: model.seen.map(({ text }) => text).join() };
  };

  test("[LANGUAGE-18] a model is given lines of those calls and people alone that allow it", async () => {
    const answered = await ask("model", { b: "rules" }, [coach, client]);
    expect(answered).toMatchObject({ mode: "model", generatedBy: "recording-model" });
    expect(answered.seen).toContain("secret of a");
    expect(answered.seen).not.toContain("secret of b");
    expect((await ask("model", {}, [])).seen).toBe("");
  });

  test("[LANGUAGE-18] where the person or every call is for rules, rules answer, and nothing of a call that is off is read", async () => {
    const own = await ask("rules", {}, [coach, client]);
    expect(own).toMatchObject({ mode: "rules", generatedBy: "rules", seen: "" });
    expect(own.sentences).toHaveLength(2);
    const calls = await ask("model", { a: "rules", b: "off" }, [coach, client]);
    expect(calls).toMatchObject({ mode: "rules", seen: "" });
    expect(calls.sentences.map(({ text }) => text).join()).not.toContain("secret of b");
  });
});
