// A track as a playing picture, without sound.
import { useEffect, useRef } from "react";

export interface VideoViewProps {
  track: MediaStreamTrack;
  label: string;
  className?: string | undefined;
}

export function VideoView({ track, label, className }: VideoViewProps) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (video === null) return;
    video.srcObject = new MediaStream([track]);
    // Muted video may always start; a play that is overtaken by the next source is no failure.
    video.play().catch(() => undefined);
    return () => {
      video.srcObject = null;
    };
  }, [track]);
  return <video ref={element} className={className} aria-label={label} muted playsInline autoPlay />;
}
