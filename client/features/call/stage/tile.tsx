// One person in the call: picture or initials, name, and the state of their devices in words and signs.
import { Hand, MicOff, MonitorUp } from "lucide-react";
import { VideoView } from "../../../media/video-view.tsx";
import type { MediaState } from "../../../../shared/protocol/socket-events.ts";
import { Avatar } from "../../../ui/avatar.tsx";
import { classNames } from "../../../ui/class-names.ts";
import { callStrings } from "../strings.ts";
import type { LinkState } from "../video/call-connection.ts";
import styles from "./stage.module.css";
import { useSpeaking } from "./use-speaking.ts";

export interface TileProps {
  userId: string;
  name: string;
  mine: boolean;
  media: MediaState;
  camera: MediaStreamTrack | null;
  audio: MediaStreamTrack | null;
  link: LinkState;
}

export function Tile({ userId, name, mine, media, camera, audio, link }: TileProps) {
  const speaking = useSpeaking(audio, media.microphone);
  const shown = mine ? callStrings.youNamed(name) : name;
  return (
    <li className={classNames(styles["tile"], speaking && styles["speaking"])}>
      {camera !== null && media.camera ? (
        <VideoView
          track={camera}
          label={callStrings.video(shown)}
          className={classNames(styles["picture"], mine && styles["mirrored"])}
        />
      ) : (
        <Avatar id={userId} name={name} size="large" />
      )}
      {link !== "connected" && <p className={styles["link"]}>{callStrings.link[link]}</p>}
      <div className={styles["plate"]}>
        {media.hand && <Sign icon={Hand} words={callStrings.handRaised} raised />}
        {media.screen && <Sign icon={MonitorUp} words={callStrings.presenting} />}
        {!media.microphone && <Sign icon={MicOff} words={callStrings.microphoneOff} />}
        <span className={styles["name"]}>{shown}</span>
        {speaking && <span className="visually-hidden">{callStrings.speaking}</span>}
      </div>
    </li>
  );
}

function Sign({ icon: Icon, words, raised = false }: { icon: typeof Hand; words: string; raised?: boolean }) {
  return (
    <span className={classNames(styles["sign"], raised && styles["raised"])} title={words}>
      <Icon size={16} aria-hidden />
      <span className="visually-hidden">{words}</span>
    </span>
  );
}
