// Whether this browser has speech recognition of its own.

/** As much of the Web Speech API as is used; TypeScript's DOM library does not carry it. */
export interface SpeechResult {
  isFinal: boolean;
  0?: { transcript: string; confidence: number };
}
export interface SpeechEvent extends Event {
  resultIndex: number;
  results: { length: number; [index: number]: SpeechResult | undefined };
}
export interface SpeechErrorEvent extends Event {
  error: string;
}
export interface SpeechRecogniser {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  onresult: ((event: SpeechEvent) => void) | null;
  onerror: ((event: SpeechErrorEvent) => void) | null;
  onend: (() => void) | null;
  start(): void;
  abort(): void;
}

/** The browser's constructor, where it has one. */
export function findRecogniser(scope: object = globalThis): (new () => SpeechRecogniser) | null {
  const found = scope as Record<string, unknown>;
  const constructor = found["SpeechRecognition"] ?? found["webkitSpeechRecognition"];
  return typeof constructor === "function" ? (constructor as new () => SpeechRecogniser) : null;
}

export function recognitionSupported(): boolean {
  return findRecogniser() !== null;
}
