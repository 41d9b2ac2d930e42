// A bar that moves with one's own voice: the quickest proof that the microphone works.
import { useEffect, useRef } from "react";
import styles from "./level-meter.module.css";
import { watchLevel } from "./sound-level.ts";
import { mediaStrings } from "./strings.ts";

export function LevelMeter({ track }: { track: MediaStreamTrack | null }) {
  const bar = useRef<HTMLDivElement>(null);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const show = (level: number) => {
      // Ten times a second: past React, straight to the two elements.
      if (bar.current !== null) bar.current.style.transform = `scaleX(${level.toFixed(3)})`;
      root.current?.setAttribute("aria-valuenow", String(Math.round(level * 100)));
    };
    show(0);
    return track === null ? undefined : watchLevel(track, show);
  }, [track]);
  return (
    <div
      ref={root}
      className={styles["meter"]}
      role="meter"
      aria-label={mediaStrings.level}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={0}
    >
      <div ref={bar} className={styles["bar"]} />
    </div>
  );
}
