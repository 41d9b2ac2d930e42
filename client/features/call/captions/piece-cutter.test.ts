// Where sound is cut, over made-up levels.
import { describe, expect, test } from "vitest";
import { beginCut, cutAt, cutterSettings, endCut, type CutterVerdict } from "./piece-cutter.ts";

const stepMs = 100;
const [loud, soft, quiet] = [0.6, 0.3, 0.1];

interface Cut {
  verdict: CutterVerdict;
  fromMs: number;
  toMs: number;
}

/** Levels with how long each lasts; what was cut, and what is recorded at the end. */
function cuts(parts: readonly (readonly [level: number, ms: number])[], eachMs = stepMs) {
  let state = beginCut(0);
  let atMs = 0;
  const found: Cut[] = [];
  for (const [level, ms] of parts) {
    for (let passed = 0; passed < ms; passed += eachMs) {
      atMs += eachMs;
      const fromMs = state.startedMs;
      const next = cutAt(state, { level, atMs });
      if (next.verdict !== "record") found.push({ verdict: next.verdict, fromMs, toMs: atMs });
      state = next.state;
    }
  }
  return { found, sent: found.filter(({ verdict }) => verdict === "send"), state };
}

describe("[CAPTIONS-20] a piece", () => {
  test("ends at a pause, and holds what came just before the voice", () => {
    const { sent } = cuts([
      [quiet, 5_000],
      [loud, 3_000],
      [quiet, 1_000],
    ]);
    expect(sent).toHaveLength(1);
    const [piece] = sent;
    expect(piece?.fromMs).toBeLessThanOrEqual(5_000);
    expect(piece?.fromMs).toBeGreaterThanOrEqual(5_000 - cutterSettings.leadMostMs);
    expect(piece?.toMs).toBeGreaterThanOrEqual(8_000 + cutterSettings.pauseMs);
  });

  test("goes over the pauses between words, and over a voice that grows softer", () => {
    const words = Array.from({ length: 6 }, () => [[loud, 500] as const, [quiet, 400] as const]).flat();
    expect(cuts(words).found).toEqual([]);
    const fading = cuts([
      [loud, 1_000],
      [soft, 2_000],
      [loud, 1_000],
    ]);
    expect(fading.found).toEqual([]);
  });

  test("that begins softly is none: soft sound goes on as a voice, and does not begin one", () => {
    expect(cuts([[soft, 20_000]]).sent).toEqual([]);
  });

  test("is no shorter than 1.5 s, however short the word", () => {
    const { sent } = cuts([
      [loud, 400],
      [quiet, 3_000],
    ]);
    expect(sent).toEqual([{ verdict: "send", fromMs: 0, toMs: cutterSettings.pieceLeastMs }]);
  });

  test("is no longer than the server takes, also where measures come once a second, and nothing is lost between two", () => {
    for (const eachMs of [100, 1_000]) {
      const { sent } = cuts([[loud, 60_000]], eachMs);
      expect(sent.length).toBeGreaterThanOrEqual(4);
      for (const [index, { fromMs, toMs }] of sent.entries()) {
        expect(toMs - fromMs).toBeLessThanOrEqual(15_000);
        expect(fromMs).toBe(sent[index - 1]?.toMs ?? 0);
      }
    }
  });

  test("that is long already ends at a breath", () => {
    const { sent } = cuts([
      [loud, 10_500],
      [quiet, 300],
      [loud, 2_000],
    ]);
    expect(sent[0]?.toMs).toBeLessThanOrEqual(10_900);
    expect(sent).toHaveLength(1);
  });
});

describe("[CAPTIONS-20] no piece", () => {
  test("is made of silence: it is dropped again and again, and never grows long", () => {
    const { found, state } = cuts([[quiet, 60_000]]);
    expect(found.every(({ verdict }) => verdict === "drop")).toBe(true);
    expect(found.length).toBeGreaterThan(30);
    expect(state.atMs - state.startedMs).toBeLessThanOrEqual(cutterSettings.leadMostMs);
  });

  test("is made of a cough", () => {
    const { found } = cuts([
      [quiet, 3_000],
      [loud, 200],
      [quiet, 5_000],
    ]);
    expect(found.every(({ verdict }) => verdict === "drop")).toBe(true);
  });

  test("is left of what is ended before anything was said; a word that was is one", () => {
    expect(endCut(cuts([[quiet, 1_000]]).state)).toBe("drop");
    expect(endCut(cuts([[loud, 600]]).state)).toBe("send");
  });
});

test("[CAPTIONS-20] whoever speaks is in a piece, whatever the levels: a thousand made-up talks", () => {
  let seed = 1;
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  for (let talk = 0; talk < 1_000; talk += 1) {
    const parts = Array.from(
      { length: 20 },
      () => [random(), 100 + Math.floor(random() * 40) * 100] as const,
    );
    const { found, state } = cuts(parts);
    let lastMs = 0;
    for (const { fromMs, toMs, verdict } of found) {
      expect(fromMs).toBe(lastMs);
      lastMs = toMs;
      expect(toMs - fromMs).toBeLessThanOrEqual(15_000);
      if (verdict === "send") expect(toMs - fromMs).toBeGreaterThanOrEqual(1_500);
    }
    expect(state.startedMs).toBe(lastMs);
  }
});
