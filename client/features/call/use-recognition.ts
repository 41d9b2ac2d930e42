// Speech recognition as a hook: runs while it may, and says how it goes.
import { useEffect, useMemo, useRef, useState } from "react";
import { findRecogniser } from "../../media/recognition-support.ts";
import { type RecognisedLine, Recognition, type RecognitionState } from "./recognition.ts";

export interface UseRecognition {
  supported: boolean;
  state: RecognitionState;
  retry: () => void;
}

export function useRecognition(options: {
  /** The person wants it, the microphone is on, and the meeting runs. */
  running: boolean;
  language: string;
  nowMs: () => number;
  onLine: (line: RecognisedLine) => void;
}): UseRecognition {
  const { running, language, nowMs, onLine } = options;
  const recogniser = useMemo(() => findRecogniser(), []);
  const [state, setState] = useState<RecognitionState>({ kind: "off" });
  const [attempt, setAttempt] = useState(0);
  const latestLine = useRef(onLine);
  useEffect(() => {
    latestLine.current = onLine;
  }, [onLine]);

  useEffect(() => {
    if (!running || recogniser === null) return;
    const recognition = new Recognition({
      create: () => new recogniser(),
      language,
      nowMs,
      schedule(delayMs, run) {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
      onLine: (line) => latestLine.current(line),
      onState: setState,
    });
    recognition.start();
    return () => recognition.stop();
  }, [running, recogniser, language, nowMs, attempt]);

  return { supported: recogniser !== null, state, retry: () => setAttempt((count) => count + 1) };
}
