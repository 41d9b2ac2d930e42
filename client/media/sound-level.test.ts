import { describe, expect, test } from "vitest";
import { levelOf, SpeakingDetector } from "./sound-level.ts";

describe("sound levels", () => {
  test("silence is 0, full scale is 1, and louder is more", () => {
    const tone = (amplitude: number) => Float32Array.from({ length: 512 }, (_, at) => amplitude * (-1) ** at);
    expect(levelOf(new Float32Array(512))).toBe(0);
    expect(levelOf(tone(1))).toBe(1);
    expect(levelOf(tone(0.1))).toBeGreaterThan(levelOf(tone(0.01)));
  });

  test("speaking begins at once and outlasts a pause between words, but not a silence", () => {
    const detector = new SpeakingDetector();
    expect(detector.next(0)).toBe(false);
    expect(detector.next(0.8)).toBe(true);
    expect([0, 0, 0].map((level) => detector.next(level))).toEqual([true, true, true]);
    expect(Array.from({ length: 6 }, () => detector.next(0)).at(-1)).toBe(false);
  });
});
