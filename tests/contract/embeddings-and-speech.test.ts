// Embeddings and speech over the real openai client, against a local server that speaks the API.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../server/platform/clock.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { createOutboundMetrics } from "../../server/platform/outbound/index.ts";
import { createOpenAiEmbeddings } from "../../server/vendors/embeddings/openai-compatible.ts";
import { createGatedSpeech } from "../../server/vendors/speech/gated.ts";
import type { SpeechRefusal } from "../../server/vendors/speech/index.ts";
import { createOpenAiSpeech } from "../../server/vendors/speech/openai-compatible.ts";
import type { AppError } from "../../shared/errors.ts";
import { ledgerInMemory, subject } from "../factories/ai.ts";
import { embeddingsAnswer, startOpenAiEmulator, type OpenAiEmulator } from "../factories/openai-emulator.ts";

let emulator: OpenAiEmulator;
beforeEach(async () => {
  emulator = await startOpenAiEmulator();
});
afterEach(() => emulator.close());

const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => "nothing",
    (error: AppError) => (error.details as { reason?: string } | undefined)?.reason ?? error.code,
  );

function common() {
  const ledger = ledgerInMemory();
  const metrics = createMetrics({ processMetrics: false });
  return {
    ledger,
    endpoint: { baseUrl: emulator.url, apiKey: "key-of-the-test", model: "test-embeddings" },
    prices: { input: 1, output: 0 },
    timeoutMs: 20_000,
    atOnce: 2,
    clock: systemClock,
    outboundMetrics: createOutboundMetrics(metrics),
    firstWaitMs: 1,
  };
}

describe("embeddings", () => {
  const open = (dimensions: number | null = null) => {
    const parts = common();
    return { ...createOpenAiEmbeddings({ ...parts, dimensions }), ledger: parts.ledger };
  };
  type Asked = { input: string[]; encoding_format?: string; dimensions?: number };
  const asked = () => emulator.received.map(({ body }) => body as Asked);

  test("[EMBED-3] floats are asked for in bounded batches, and vectors come in order", async () => {
    const { provider, ledger } = open();
    const texts = Array.from({ length: 150 }, (_, n) => "x".repeat(n + 1));
    const vectors = await provider.embed(texts, { subject });
    expect(vectors).toHaveLength(150);
    expect(asked().map(({ input }) => input.length)).toEqual([64, 64, 22]);
    expect(asked().every(({ encoding_format: format }) => format === "float")).toBe(true);
    expect(provider.dimensions).toBe(8);
    // The emulator's vector of a text of n letters is n + 0.5, n + 1.5, …
    const [first, second] = vectors[149] ?? [];
    expect((second ?? 0) / (first ?? 1)).toBeCloseTo(151.5 / 150.5, 5);
    const length = Math.hypot(...(vectors[0] ?? []));
    expect(length).toBeCloseTo(1, 5);
    expect(ledger.entries).toHaveLength(3);
    expect(ledger.entries[0]).toMatchObject({ kind: "embeddings", inputTokens: 640, outcome: "ok" });
  });

  test("[EMBED-4] another number of dimensions than before, or than was set, refuses the answer", async () => {
    const { provider, ledger } = open();
    await provider.embed(["one"], { subject });
    emulator.answerEmbeddings(({ input }) => embeddingsAnswer(input, { dimensions: 2 }));
    expect(await reasonOf(provider.embed(["two"], { subject }))).toBe("dimensions");
    expect(ledger.entries.at(-1)).toMatchObject({ outcome: "refused" });
    const set = open(4);
    expect(await reasonOf(set.provider.embed(["three"], { subject }))).toBe("dimensions");
    expect(asked().at(-1)?.dimensions).toBe(4);
  });

  test("[EMBED-4] base64 that nobody asked for, a missing and a misplaced vector refuse the answer", async () => {
    const { provider } = open();
    emulator.answerEmbeddings(({ input }) => embeddingsAnswer(input, { dimensions: 8, base64: true }));
    expect(await reasonOf(provider.embed(["one"], { subject }))).toBe("no-floats");
    emulator.answerEmbeddings(({ input }) => embeddingsAnswer(input.slice(1), { dimensions: 8 }));
    expect(await reasonOf(provider.embed(["one", "two"], { subject }))).toBe("missing");
    emulator.answerEmbeddings(({ input }) => embeddingsAnswer([...input, "more"], { dimensions: 8 }));
    expect(await reasonOf(provider.embed(["one"], { subject }))).toBe("misplaced");
  });

  test("[EMBED-5] 500s are tried again, and a vendor that stays away is an error with a code", async () => {
    const { provider } = open();
    emulator.next({ kind: "status", status: 503 });
    expect(await provider.embed(["one"], { subject })).toHaveLength(1);
    for (let n = 0; n < 3; n += 1) emulator.next({ kind: "hang-up" });
    expect(await reasonOf(provider.embed(["one"], { subject }))).toBe("network");
  });
});

describe("speech", () => {
  const open = () => {
    const parts = common();
    const endpoint = { ...parts.endpoint, model: "test-speech" };
    return { ...createOpenAiSpeech({ ...parts, endpoint }), ledger: parts.ledger };
  };
  const recording = { audio: Buffer.from("RIFF-sound"), format: "wav" as const, durationMs: 3_500 };

  test("[SPEECH-1] a recording becomes text with segments in milliseconds", async () => {
    const { provider, ledger } = open();
    expect(await provider.transcribe(recording, { subject })).toEqual({
      text: "Good morning. How are you?",
      language: "english",
      segments: [
        { startMs: 0, endMs: 1_200, text: "Good morning.", confidence: 0.82 },
        { startMs: 1_400, endMs: 3_500, text: "How are you?", confidence: 0.9 },
      ],
    });
    const sent = emulator.received[0]?.text ?? "";
    expect(sent).toContain('filename="recording.wav"');
    expect(sent).toContain("RIFF-sound");
    expect(sent).toContain("verbose_json");
    expect(ledger.entries[0]).toMatchObject({ kind: "speech", cost: 0.000004, outcome: "ok" });
  });

  test("[SPEECH-2] a service without segments is asked for text alone, from then on at once", async () => {
    const { provider } = open();
    emulator.next(
      { kind: "status", status: 400, body: { error: { message: "response_format is not supported" } } },
      { kind: "raw", body: '{"text":" Hello "}' },
      { kind: "raw", body: '{"text":"Again"}' },
    );
    expect(await provider.transcribe(recording, { subject })).toEqual({
      text: "Hello",
      language: null,
      segments: [],
    });
    expect(await provider.transcribe(recording, { subject })).toMatchObject({ text: "Again" });
    expect(emulator.received).toHaveLength(3);
  });

  test("[SPEECH-3] what is too big or no sound is refused before anything is sent", async () => {
    const { provider } = open();
    const big = { ...recording, audio: new Uint8Array(25 * 1024 * 1024 + 1) };
    expect(await reasonOf(provider.transcribe(big, { subject }))).toBe("PAYLOAD_TOO_LARGE");
    const none = { ...recording, audio: new Uint8Array(0) };
    expect(await reasonOf(provider.transcribe(none, { subject }))).toBe("VALIDATION_ERROR");
    expect(emulator.received).toHaveLength(0);
  });

  test("[SPEECH-4] an answer that is none is an error, and times that are none are left out", async () => {
    const { provider, ledger } = open();
    emulator.next(
      { kind: "raw", body: '{"words":[]}' },
      { kind: "raw", body: '{"text":"A","segments":[{"start":3,"end":1,"text":"A"}]}' },
    );
    expect(await reasonOf(provider.transcribe(recording, { subject }))).toBe("unreadable");
    expect(ledger.entries[0]).toMatchObject({ outcome: "refused" });
    expect(await provider.transcribe(recording, { subject })).toMatchObject({ text: "A", segments: [] });
  });

  test("[SPEECH-4] what passes is tried again; a service that stays away or cuts its answers is an error with a code", async () => {
    const { provider, ledger } = open();
    emulator.next({ kind: "status", status: 429, headers: { "retry-after": "0" } });
    expect(await provider.transcribe(recording, { subject })).toMatchObject({ language: "english" });
    for (let n = 0; n < 3; n += 1) emulator.next({ kind: "status", status: 500 });
    expect(await reasonOf(provider.transcribe(recording, { subject }))).toBe("http-500");
    expect(ledger.entries.at(-1)).toMatchObject({ outcome: "failed", cost: 0 });
    for (let n = 0; n < 3; n += 1) emulator.next({ kind: "hang-up" });
    expect(await reasonOf(open().provider.transcribe(recording, { subject }))).toBe("network");
  });

  test("[SPEECH-5] what a service takes for silence is no text, and neither is an empty answer", async () => {
    const { provider } = open();
    const segment = (text: string, silence: number, certainty: number) => ({
      ...{ start: 0, end: 1, text },
      ...{ no_speech_prob: silence, avg_logprob: certainty },
    });
    const answer = (segments: object[]) => ({
      kind: "raw" as const,
      body: JSON.stringify({ text: "Thank you for watching!", segments }),
    });
    emulator.next(
      answer([segment("Thank you for watching!", 0.9, -1.4)]),
      answer([segment("Thank you for watching!", 0.9, -0.2), segment("Bye", 0.9, -2), segment(" ", 0, -0.1)]),
      { kind: "raw", body: '{"text":"","segments":[]}' },
    );
    expect(await provider.transcribe(recording, { subject })).toMatchObject({ text: "", segments: [] });
    const sure = await provider.transcribe(recording, { subject });
    expect(sure.segments.map(({ text }) => text)).toEqual(["Thank you for watching!"]);
    expect(await provider.transcribe(recording, { subject })).toMatchObject({ text: "", segments: [] });
  });

  test("[SPEECH-6] the gate is asked before each try and after the last: what was heard meanwhile is dropped", async () => {
    const { provider, ledger } = open();
    let refusal: SpeechRefusal | null = null;
    const gated = createGatedSpeech({ provider, gate: { refusalOf: () => Promise.resolve(refusal) } });
    const place = { meetingId: subject.meetingId, orgId: null, speakerId: "b".repeat(24) };
    const hear = () => reasonOf(gated.transcribe(recording, place));
    expect(await hear()).toBe("nothing");
    // Between the first try and the second.
    emulator.answerSpeech(() => {
      refusal = "ai";
      return { kind: "status", status: 503 };
    });
    const before = emulator.received.length;
    expect(await hear()).toBe("ai");
    expect(emulator.received).toHaveLength(before + 1);
    expect(ledger.entries.at(-1)).toMatchObject({ outcome: "failed", cost: 0 });
    // While the service answers.
    refusal = null;
    emulator.answerSpeech(() => {
      refusal = "switched-off";
      return "Said too late";
    });
    expect(await hear()).toBe("switched-off");
    expect(await hear()).toBe("switched-off");
    expect(emulator.received).toHaveLength(before + 2);
  });
});
