// One's own picture and sound, tried out before anybody sees or hears them.
import { Mic, MicOff, Video, VideoOff } from "lucide-react";
import { useMe } from "../../api/session.tsx";
import { DevicePickers } from "../../media/device-pickers.tsx";
import { LevelMeter } from "../../media/level-meter.tsx";
import { mediaStrings } from "../../media/strings.ts";
import type { UseLocalMedia } from "../../media/use-local-media.ts";
import { VideoView } from "../../media/video-view.tsx";
import { Avatar } from "../../ui/avatar.tsx";
import { IconButton } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import styles from "./lobby.module.css";
import { lobbyStrings } from "./strings.ts";

export function Preview({ local }: { local: UseLocalMedia }) {
  const me = useMe();
  const { media } = local;
  const microphoneOn = media.microphone.kind === "on";
  const cameraOn = media.videoTrack !== null;
  return (
    <Card title={lobbyStrings.preview}>
      <div className={styles["preview"]}>
        {media.videoTrack === null ? (
          <div className={styles["noPicture"]}>
            <Avatar id={me.id} name={me.displayName} photo={me.photo} size="large" />
            <p>{media.camera.kind === "starting" ? mediaStrings.starting : mediaStrings.cameraOff}</p>
          </div>
        ) : (
          <VideoView track={media.videoTrack} label={mediaStrings.preview} className={styles["picture"]} />
        )}
        <div className={styles["toggles"]}>
          <IconButton
            icon={microphoneOn ? Mic : MicOff}
            label={microphoneOn ? lobbyStrings.micMute : lobbyStrings.micUnmute}
            look={microphoneOn ? "secondary" : "danger"}
            onClick={() => local.setMicrophone(!microphoneOn)}
          />
          <IconButton
            icon={cameraOn ? Video : VideoOff}
            label={cameraOn ? lobbyStrings.cameraStop : lobbyStrings.cameraStart}
            look={cameraOn ? "secondary" : "danger"}
            onClick={() => local.setCamera(!cameraOn)}
          />
        </div>
      </div>
      <LevelMeter track={media.audioTrack} />
      {(["microphone", "camera"] as const).map((device) => {
        const state = media[device];
        return state.kind === "failed" ? (
          <Notice key={device} tone="warm" live>
            <p>{mediaStrings.problems[device][state.problem]}</p>
          </Notice>
        ) : null;
      })}
      <DevicePickers local={local} />
    </Card>
  );
}
