// The speech port: a recording as text. Nothing is recorded yet, so that nothing calls it.

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
  segments: { startMs: number; endMs: number; text: string }[];
}

export interface SpeechProvider {
  name: string;
  /** Throws PAYLOAD_TOO_LARGE, VALIDATION_ERROR, VENDOR_ERROR or RATE_LIMITED. */
  transcribe(
    recording: Recording,
    context: { subject: { meetingId: string | null; orgId: string | null }; signal?: AbortSignal },
  ): Promise<SpokenText>;
}
