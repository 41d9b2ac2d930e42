// Records a microphone piece by piece: where it is cut says the cutter; each piece can be played by itself.
import { watchLevel } from "../../../media/sound-level.ts";
import { beginCut, cutAt, endCut } from "./piece-cutter.ts";

export interface RecordedPiece {
  sound: Blob;
  startedMs: number;
  durationMs: number;
}

export interface PieceRecorderOptions {
  track: MediaStreamTrack;
  nowMs: () => number;
  onPiece: (piece: RecordedPiece) => void;
  onVoice: (speaking: boolean) => void;
}

/** As the server takes them, best first. */
const types = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
/** Plenty for speech; 15 seconds are 60 kB. */
const bitsPerSecond = 32_000;

/** Null where this browser records no sound in a form that the server takes. */
export function recordingType(): string | null {
  if (typeof MediaRecorder === "undefined") return null;
  return types.find((type) => MediaRecorder.isTypeSupported(type)) ?? null;
}

/** Records until the returned function is called; what was said up to then is still a piece. */
export function recordPieces(mimeType: string, options: PieceRecorderOptions): () => void {
  const { track, nowMs, onPiece, onVoice } = options;
  const stream = new MediaStream([track]);
  let state = beginCut(nowMs());
  let running = record();
  let speaking = false;

  function record(): (endedMs: number, verdict: "drop" | "send") => void {
    const startedMs = nowMs();
    const parts: Blob[] = [];
    const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: bitsPerSecond });
    recorder.ondataavailable = ({ data }) => void parts.push(data);
    recorder.start();
    return (endedMs, verdict) => {
      recorder.onstop = () => {
        // The parameter would be another type to whoever compares.
        const [type] = mimeType.split(";");
        const sound = new Blob(parts, type === undefined ? {} : { type });
        if (verdict === "send" && sound.size > 0)
          onPiece({ sound, startedMs, durationMs: Math.max(1, Math.round(endedMs - startedMs)) });
      };
      // It has ended by itself where the device is gone, and is then done.
      if (recorder.state === "inactive") recorder.onstop(new Event("stop"));
      else recorder.stop();
    };
  }

  const stopWatching = watchLevel(track, (level) => {
    const next = cutAt(state, { level, atMs: nowMs() });
    ({ state } = next);
    if (next.verdict !== "record") {
      const finish = running;
      // The next one first: between two pieces nothing goes missing.
      running = record();
      finish(state.startedMs, next.verdict);
    }
    if (state.speaking !== speaking) onVoice((speaking = state.speaking));
  });

  return () => {
    stopWatching();
    running(nowMs(), endCut(state));
  };
}
