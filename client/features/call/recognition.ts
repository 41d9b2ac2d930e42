// The browser's own speech recognition for one's own microphone: final results with their times, nothing invented.
import type { SpeechEvent, SpeechRecogniser } from "../../media/recognition-support.ts";

export interface RecognisedLine {
  text: string;
  confidence: number;
  startedMs: number;
  endedMs: number;
}

export type RecognitionState =
  | { kind: "off" }
  | { kind: "listening"; interim: string }
  /** The browser gave up; a person can still type. */
  | { kind: "failed"; problem: "unsupported" | "denied" | "no-service" | "unknown" };

export interface RecognitionOptions {
  create: () => SpeechRecogniser;
  language: string;
  nowMs: () => number;
  /** Runs once after a while; returns the cancellation. */
  schedule: (delayMs: number, run: () => void) => () => void;
  onLine: (line: RecognisedLine) => void;
  onState: (state: RecognitionState) => void;
}

/** Ends of this many sessions in a row without a word, each within a moment, mean that it does not work here. */
const fruitlessMax = 4;
const quickEndMs = 1_500;
const restartAfterMs = 250;

export class Recognition {
  readonly #options: RecognitionOptions;
  #recogniser: SpeechRecogniser | null = null;
  #wanted = false;
  #fruitless = 0;
  #startedMs = 0;
  /** When the first words of each result of this session were heard. */
  #heardMs = new Map<number, number>();
  #taken = new Set<number>();
  #cancelRestart = () => {};

  constructor(options: RecognitionOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#fruitless = 0;
    this.#listen();
  }

  /** Words that were not final are dropped: they were never shown as said. */
  stop(): void {
    if (!this.#wanted) return;
    this.#wanted = false;
    this.#end();
    this.#options.onState({ kind: "off" });
  }

  #listen(): void {
    const recogniser = this.#options.create();
    this.#recogniser = recogniser;
    this.#heardMs.clear();
    this.#taken.clear();
    this.#startedMs = this.#options.nowMs();
    recogniser.lang = this.#options.language;
    recogniser.continuous = true;
    recogniser.interimResults = true;
    recogniser.onresult = (event) => this.#take(event);
    recogniser.onerror = (event) => this.#failed(event.error);
    recogniser.onend = () => this.#ended();
    try {
      recogniser.start();
      this.#options.onState({ kind: "listening", interim: "" });
    } catch {
      this.#giveUp("unknown");
    }
  }

  #take(event: SpeechEvent): void {
    let interim = "";
    for (let index = event.resultIndex; index < event.results.length; index += 1) {
      const result = event.results[index];
      const best = result?.[0];
      if (result === undefined || best === undefined) continue;
      const heardMs = this.#heardMs.get(index) ?? this.#options.nowMs();
      this.#heardMs.set(index, heardMs);
      if (!result.isFinal) interim += best.transcript;
      else if (!this.#taken.has(index)) {
        this.#taken.add(index);
        this.#finish(best.transcript.trim(), best.confidence, heardMs);
      }
    }
    this.#options.onState({ kind: "listening", interim: interim.trim() });
  }

  #finish(text: string, confidence: number, startedMs: number): void {
    if (text === "") return;
    this.#fruitless = 0;
    this.#options.onLine({
      text,
      // Some engines report 0 for "not known".
      confidence: confidence > 0 && confidence <= 1 ? confidence : 0.5,
      startedMs,
      endedMs: Math.max(startedMs, this.#options.nowMs()),
    });
  }

  #failed(error: string): void {
    // Silence and being stopped are no failures; the session ends and starts again.
    if (error === "no-speech" || error === "aborted") return;
    if (error === "not-allowed" || error === "audio-capture") this.#giveUp("denied");
    else if (error === "service-not-allowed" || error === "language-not-supported")
      this.#giveUp("no-service");
    else if (error === "network") this.#fruitless += 1;
  }

  // Browsers end a session after silence or about a minute.
  #ended(): void {
    this.#recogniser = null;
    if (!this.#wanted) return;
    const quick = this.#options.nowMs() - this.#startedMs < quickEndMs;
    if (quick) this.#fruitless += 1;
    if (this.#fruitless >= fruitlessMax) return this.#giveUp("no-service");
    this.#cancelRestart = this.#options.schedule(restartAfterMs * 2 ** this.#fruitless, () => {
      if (this.#wanted) this.#listen();
    });
  }

  #giveUp(problem: "denied" | "no-service" | "unknown"): void {
    if (!this.#wanted) return;
    this.#wanted = false;
    this.#end();
    this.#options.onState({ kind: "failed", problem });
  }

  #end(): void {
    this.#cancelRestart();
    const recogniser = this.#recogniser;
    this.#recogniser = null;
    if (recogniser === null) return;
    recogniser.onresult = null;
    recogniser.onerror = null;
    recogniser.onend = null;
    recogniser.abort();
  }
}
