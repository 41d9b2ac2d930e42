// What AI adapters need of the rest of the program, in memory: ledger, cache, turns.
import { systemClock, type Clock } from "../../server/platform/clock.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { createOutboundMetrics } from "../../server/platform/outbound/index.ts";
import type { Ledger, PlannedCall, SettledCall } from "../../server/platform/outbound/ledger.ts";
import type {
  IdeaWriter,
  LanguageProvider,
  ResponseCache,
  Turn,
} from "../../server/vendors/language/index.ts";
import { createLanguageMetrics } from "../../server/vendors/language/model.ts";
import {
  createOpenAiLanguage,
  type OpenAiLanguageOptions,
} from "../../server/vendors/language/openai-compatible.ts";
import { createRulesLanguage } from "../../server/vendors/language/rules.ts";

export const subject = { meetingId: "a".repeat(24), orgId: "org_1" };

export interface KeptLedger extends Ledger {
  entries: (PlannedCall & SettledCall)[];
}

export function ledgerInMemory(refusal: Error | null = null): KeptLedger {
  const entries: KeptLedger["entries"] = [];
  return {
    entries,
    reserve: async (planned) => {
      if (refusal !== null) throw refusal;
      return { settle: async (settled) => void entries.push({ ...planned, ...settled }) };
    },
  };
}

export function cacheInMemory(): ResponseCache & { size(): number } {
  const kept = new Map<string, string>();
  return {
    size: () => kept.size,
    get: async (key) => kept.get(key) ?? null,
    put: async (key, _subject, text) => void kept.set(key, text),
  };
}

/** A provider over the endpoint at `url`, with short waits. */
export function openLanguage(url: string, options: Partial<OpenAiLanguageOptions> = {}) {
  const metrics = createMetrics({ processMetrics: false });
  const ledger = ledgerInMemory();
  const cache = cacheInMemory();
  const { provider, rewriterOf, ideaWriter, outbound } = createOpenAiLanguage({
    endpoint: { baseUrl: url, apiKey: "key-of-the-test", model: "test-model" },
    prices: { input: 1, output: 2 },
    timeoutMs: 20_000,
    atOnce: 2,
    contextTokens: 8_000,
    rules: createRulesLanguage(),
    ledger,
    cache,
    clock: systemClock,
    logger: silentLogger,
    outboundMetrics: createOutboundMetrics(metrics),
    metrics: createLanguageMetrics(metrics),
    firstWaitMs: 1,
    ...options,
  });
  return { provider, rewriterOf, ideaWriter, outbound, ledger, cache, metrics };
}

/** The system's clock, on which waits of this length end only when `runOut` is called, all at once. */
export function clockWithout(delayMs: number): { clock: Clock; runOut: () => void } {
  const held = new Set<() => void>();
  return {
    clock: {
      ...systemClock,
      schedule(ms, run) {
        if (ms !== delayMs) return systemClock.schedule(ms, run);
        held.add(run);
        return () => void held.delete(run);
      },
    },
    runOut() {
      for (const run of held) run();
    },
  };
}

export const coach = "c".repeat(24);
export const client = "d".repeat(24);

/** Lines of the coach and the client in turn, five seconds each, numbered from 1. */
export function turnsOf(...texts: string[]): Turn[] {
  return texts.map((text, index) => ({
    sequence: index + 1,
    speakerId: index % 2 === 0 ? coach : client,
    text,
    startMs: index * 5_000,
    endMs: index * 5_000 + 4_800,
  }));
}

export const kneeTalk = () =>
  turnsOf(
    "What would you like to work on today?",
    "My knee keeps hurting after running, and I keep skipping the exercises for the knee.",
    "So the knee exercises are the first thing to drop when work gets busy.",
    "Yes. I'll call the physiotherapist by Friday.",
    "Great, I'll send you the training plan tomorrow.",
    "And we decided to keep running only on the weekend until the knee is better.",
  );

/** A provider that keeps every word it is given. */
export function recordingProvider(mode: LanguageProvider["mode"]): LanguageProvider & { seen: Turn[] } {
  const seen: Turn[] = [];
  return {
    mode,
    name: mode === "model" ? "recording-model" : "rules",
    seen,
    async read(turns) {
      seen.push(...turns);
      return { outcome: null, summary: [], decisions: [], actions: [], suggestions: [], topics: [] };
    },
    async answer(_question, stretches) {
      const turns = stretches.flatMap((one) => one.turns);
      seen.push(...turns);
      return {
        sentences: turns.slice(0, 1).map(({ sequence, text }) => ({
          text,
          evidence: [{ sequence, quote: text }],
        })),
      };
    },
  };
}

/** Keeps every line that it is given, and cites the first one. */
export function recordingIdeas(): IdeaWriter & { seen: string[] } {
  const seen: string[] = [];
  const cite = (lines: readonly { line: number; text: string }[]) => {
    seen.push(...lines.map(({ text }) => text));
    return Promise.resolve({
      ideas: lines.slice(0, 1).map(({ line, text }) => ({
        text,
        relevance: 0.9,
        evidence: [{ sequence: line, quote: text }],
      })),
      dropped: {},
    });
  };
  return {
    name: "recording-model",
    seen,
    forBrief: cite,
    forPrompt: ({ lines }) => cite(lines.map(({ sequence: line, text }) => ({ line, text }))),
  };
}
