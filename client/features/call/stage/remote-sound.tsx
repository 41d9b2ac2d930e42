// Everybody's sound, apart from their pictures, on the chosen speaker.
import { Volume2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useCallPreferences } from "../../../media/call-preferences.ts";
import { Button } from "../../../ui/button.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { callStrings } from "../strings.ts";

export interface RemoteSoundProps {
  tracks: readonly { peerId: string; audio: MediaStreamTrack }[];
}

export function RemoteSound({ tracks }: RemoteSoundProps) {
  const [blocked, setBlocked] = useState(false);
  const [attempt, setAttempt] = useState(0);
  return (
    <>
      {tracks.map(({ peerId, audio }) => (
        <Sound key={peerId} track={audio} attempt={attempt} onBlocked={() => setBlocked(true)} />
      ))}
      {blocked && (
        <Notice
          tone="warm"
          live
          actions={
            <Button
              look="primary"
              size="small"
              icon={Volume2}
              onClick={() => {
                setBlocked(false);
                setAttempt((count) => count + 1);
              }}
            >
              {callStrings.soundAllow}
            </Button>
          }
        >
          <p>{callStrings.soundBlocked}</p>
        </Notice>
      )}
    </>
  );
}

interface SoundProps {
  track: MediaStreamTrack;
  /** Rises when the person allowed sound: playing is tried again. */
  attempt: number;
  onBlocked: () => void;
}

function Sound({ track, attempt, onBlocked }: SoundProps) {
  const element = useRef<HTMLAudioElement>(null);
  const blocked = useRef(onBlocked);
  const { speakerId } = useCallPreferences();
  useEffect(() => {
    blocked.current = onBlocked;
  }, [onBlocked]);

  useEffect(() => {
    const audio = element.current;
    if (audio === null) return;
    audio.srcObject = new MediaStream([track]);
    audio.play().catch((error: unknown) => {
      if (error instanceof Error && error.name === "NotAllowedError") blocked.current();
    });
    return () => {
      audio.srcObject = null;
    };
  }, [track, attempt]);

  useEffect(() => {
    // A speaker that is gone gives way to the system's choice.
    void element.current?.setSinkId?.(speakerId ?? "").catch(() => undefined);
  }, [speakerId]);

  return <audio ref={element} autoPlay />;
}
