// The speech port: a piece of somebody's sound as text. Whoever calls it goes through the gate (`gated.ts`).

export const audioFormats = ["flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "wav", "webm"] as const;
export type AudioFormat = (typeof audioFormats)[number];

export interface Recording {
  audio: Uint8Array;
  format: AudioFormat;
  /** For the budget, which is in seconds of sound for this port. */
  durationMs: number;
  /** As ISO 639-1, where it is known. */
  language?: string;
}

export interface SpokenText {
  text: string;
  /** As the service names it; null where it does not say. */
  language: string | null;
  /** In order of time; empty where the service tells none. */
  segments: SpokenSegment[];
}

export interface SpokenSegment {
  startMs: number;
  endMs: number;
  text: string;
  /** From 0 to 1, where the service tells how sure it is. */
  confidence?: number;
}

export interface SpeechProvider {
  name: string;
  /** Throws PAYLOAD_TOO_LARGE, VALIDATION_ERROR, VENDOR_ERROR or RATE_LIMITED. */
  transcribe(recording: Recording, context: SpeechContext): Promise<SpokenText>;
}

export interface SpeechContext {
  subject: { meetingId: string | null; orgId: string | null };
  signal?: AbortSignal;
  /** Asked before each try: where it rejects, nothing is sent any more. */
  goOn?: () => Promise<void>;
}

/** What keeps somebody's sound from a service: their answers, or a switch; see `refusals` in `gated.ts`. */
export type SpeechRefusal = "captions" | "wording" | "ai" | "switched-off";

/** Whose sound may be handed to a service. */
export interface SpeechGate {
  /** Null: it may. Read anew each time. */
  refusalOf(meetingId: string, speakerId: string): Promise<SpeechRefusal | null>;
}

/** The port as callers have it: it hands on nobody's sound who does not allow it. */
export interface GatedSpeech {
  /** The service, as it is named to people. */
  name: string;
  /** Throws CONSENT_MISSING or FORBIDDEN where this person's sound may not leave. */
  assertMayHear(meetingId: string, speakerId: string): Promise<void>;
  /** Asks the gate before each try, and again before it answers: what was heard meanwhile is then dropped. */
  transcribe(
    recording: Recording,
    context: { meetingId: string; orgId: string | null; speakerId: string; signal?: AbortSignal },
  ): Promise<SpokenText>;
}
