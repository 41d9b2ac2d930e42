import { describe, expect, test } from "vitest";
import type { SpeechRecogniser, SpeechResult } from "../../media/recognition-support.ts";
import { Recognition, type RecognisedLine, type RecognitionState } from "./recognition.ts";

/** The browser's recogniser as its specification describes it, driven by the test. */
class ScriptedRecogniser implements SpeechRecogniser {
  lang = "";
  continuous = false;
  interimResults = false;
  onresult: SpeechRecogniser["onresult"] = null;
  onerror: SpeechRecogniser["onerror"] = null;
  onend: SpeechRecogniser["onend"] = null;
  running = false;

  start() {
    this.running = true;
  }

  abort() {
    this.running = false;
    this.onend?.();
  }

  say(index: number, transcript: string, isFinal: boolean, confidence = 0.9) {
    const results: { length: number; [index: number]: SpeechResult | undefined } = { length: index + 1 };
    results[index] = { isFinal, 0: { transcript, confidence } };
    this.onresult?.(Object.assign(new Event("result"), { resultIndex: index, results }));
  }

  fail(error: string) {
    this.onerror?.(Object.assign(new Event("error"), { error }));
  }

  end() {
    this.running = false;
    this.onend?.();
  }
}

function harness() {
  const recognisers: ScriptedRecogniser[] = [];
  const lines: RecognisedLine[] = [];
  const states: RecognitionState[] = [];
  const waiting: (() => void)[] = [];
  const clock = { nowMs: 1_000 };
  const recognition = new Recognition({
    create() {
      const created = new ScriptedRecogniser();
      recognisers.push(created);
      return created;
    },
    language: "en-GB",
    nowMs: () => clock.nowMs,
    schedule(_delayMs, run) {
      waiting.push(run);
      return () => waiting.splice(waiting.indexOf(run), 1);
    },
    onLine: (line) => lines.push(line),
    onState: (state) => states.push(state),
  });
  recognition.start();
  const current = () => {
    const last = recognisers.at(-1);
    if (last === undefined) throw new Error("nothing was created");
    return last;
  };
  return { recognition, recognisers, current, lines, states, waiting, clock };
}

describe("speech recognition", () => {
  test("[TRANSCRIPT-6] only final words become a line, from when they were first heard to when they were final", () => {
    const { current, lines, states, clock } = harness();
    current().say(0, "hello", false);
    expect(lines).toEqual([]);
    expect(states.at(-1)).toEqual({ kind: "listening", interim: "hello" });
    clock.nowMs = 3_000;
    current().say(0, " hello there ", true);
    expect(lines).toEqual([{ text: "hello there", confidence: 0.9, startedMs: 1_000, endedMs: 3_000 }]);
  });

  test("a result that is reported final twice is one line", () => {
    const { current, lines } = harness();
    current().say(0, "once", true);
    current().say(0, "once", true);
    expect(lines).toHaveLength(1);
  });

  test("silence makes no line", () => {
    const { current, lines } = harness();
    current().say(0, "   ", true);
    expect(lines).toEqual([]);
  });

  test("a session that the browser ends starts again", () => {
    const { current, recognisers, waiting, clock } = harness();
    clock.nowMs += 60_000;
    current().end();
    waiting.shift()?.();
    expect(recognisers).toHaveLength(2);
    expect(current().running).toBe(true);
  });

  test("a service that never answers is given up in words instead of being asked for ever", () => {
    const { current, states, waiting } = harness();
    for (let attempt = 0; attempt < 10; attempt += 1) {
      current().fail("network");
      current().end();
      waiting.shift()?.();
    }
    expect(states.at(-1)).toEqual({ kind: "failed", problem: "no-service" });
    expect(waiting).toEqual([]);
  });

  test("a refused microphone ends it at once", () => {
    const { current, states } = harness();
    current().fail("not-allowed");
    expect(states.at(-1)).toEqual({ kind: "failed", problem: "denied" });
  });

  test("stopped, it takes no further words and does not start again", () => {
    const { recognition, current, recognisers, lines, states, waiting } = harness();
    const running = current();
    recognition.stop();
    running.say(0, "after the end", true);
    expect(running.running).toBe(false);
    expect(lines).toEqual([]);
    expect(waiting).toEqual([]);
    expect(recognisers).toHaveLength(1);
    expect(states.at(-1)).toEqual({ kind: "off" });
  });
});
