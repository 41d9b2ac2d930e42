// Where a microphone's sound is cut: at pauses, by its levels alone. Pure; what is recorded is somebody else's matter.

export interface CutterSettings {
  /** A voice begins above the first, and has ended below the second; in between it stays what it is. */
  speaksAbove: number;
  quietBelow: number;
  /** So much of a voice makes a piece; less is a cough or a key. */
  voiceLeastMs: number;
  pauseMs: number;
  /** From `longMs` on a breath is enough. */
  breathMs: number;
  pieceLeastMs: number;
  longMs: number;
  /** Below what the server takes, as measures may come late on a hidden page. */
  pieceMostMs: number;
  /** What is recorded before a voice begins, at most: it holds the beginning of the first word. */
  leadMostMs: number;
}

/** Levels as of `levelOf` in sound-level.ts: 0.35 is −39 dB, 0.27 is −44 dB. */
export const cutterSettings: CutterSettings = {
  speaksAbove: 0.35,
  quietBelow: 0.27,
  voiceLeastMs: 300,
  pauseMs: 700,
  breathMs: 200,
  pieceLeastMs: 1_500,
  longMs: 10_000,
  pieceMostMs: 13_800,
  leadMostMs: 1_500,
};

/** What is recorded now, since when. */
export interface CutterState {
  startedMs: number;
  /** The last measure. */
  atMs: number;
  speaking: boolean;
  /** How much of a voice there was in it. */
  voiceMs: number;
  /** Since when it has been quiet; null while somebody speaks. */
  quietSinceMs: number | null;
}

/** `drop`: nothing was said, recording begins anew; `send`: the recording so far is a piece, and another one begins. */
export type CutterVerdict = "record" | "drop" | "send";

export function beginCut(atMs: number): CutterState {
  return { startedMs: atMs, atMs, speaking: false, voiceMs: 0, quietSinceMs: null };
}

/** After `drop` and `send` the state is that of a recording which begins now. */
export function cutAt(
  state: CutterState,
  { level, atMs }: { level: number; atMs: number },
  settings: CutterSettings = cutterSettings,
): { state: CutterState; verdict: CutterVerdict } {
  const speaking = level >= settings.speaksAbove || (state.speaking && level >= settings.quietBelow);
  const quietSinceMs = speaking ? null : (state.quietSinceMs ?? atMs);
  const next: CutterState = {
    startedMs: state.startedMs,
    atMs,
    speaking,
    // A page that was asleep has not heard a voice all that time.
    voiceMs: state.voiceMs + (speaking ? Math.min(atMs - state.atMs, settings.voiceLeastMs) : 0),
    quietSinceMs,
  };
  const verdict = verdictOf(next, settings);
  return { state: verdict === "record" ? next : { ...beginCut(atMs), speaking }, verdict };
}

/** What becomes of a recording that ends now, whatever comes. */
export function endCut(state: CutterState, settings: CutterSettings = cutterSettings): "drop" | "send" {
  return state.voiceMs >= settings.voiceLeastMs ? "send" : "drop";
}

function verdictOf(state: CutterState, settings: CutterSettings): CutterVerdict {
  const lengthMs = state.atMs - state.startedMs;
  const quietMs = state.quietSinceMs === null ? 0 : state.atMs - state.quietSinceMs;
  if (lengthMs >= settings.pieceMostMs) return endCut(state, settings);
  if (state.voiceMs < settings.voiceLeastMs) {
    // Whoever has just begun to speak is not cut off.
    const quiet = !state.speaking && (state.voiceMs === 0 || quietMs >= settings.pauseMs);
    return quiet && lengthMs >= settings.leadMostMs ? "drop" : "record";
  }
  const pauseMs = lengthMs >= settings.longMs ? settings.breathMs : settings.pauseMs;
  return quietMs >= pauseMs && lengthMs >= settings.pieceLeastMs ? "send" : "record";
}
