// Whether somebody speaks right now, from their sound.
import { useEffect, useState } from "react";
import { SpeakingDetector, watchLevel } from "../../../media/sound-level.ts";

export function useSpeaking(track: MediaStreamTrack | null, listening: boolean): boolean {
  const [speaking, setSpeaking] = useState(false);
  useEffect(() => {
    if (track === null || !listening) return;
    const detector = new SpeakingDetector();
    const stop = watchLevel(track, (level) => setSpeaking(detector.next(level)));
    return () => {
      stop();
      setSpeaking(false);
    };
  }, [track, listening]);
  return speaking && listening;
}
