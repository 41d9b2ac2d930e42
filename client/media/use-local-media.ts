// One's own devices as a hook: opened as remembered, let go when the page is left.
import { useMemo } from "react";
import { useResource, useResourceState } from "../ui/use-resource.ts";
import { callPreferences, rememberCallPreferences } from "./call-preferences.ts";
import { LocalMedia, type LocalMediaState } from "./local-media.ts";

export interface UseLocalMedia {
  media: LocalMediaState;
  setMicrophone(on: boolean): void;
  /** For a moment, e.g. while a key is held: not remembered. */
  setMicrophoneBriefly(on: boolean): void;
  setCamera(on: boolean): void;
  chooseMicrophone(id: string): void;
  chooseCamera(id: string): void;
  toggleScreen(): void;
}

const off = { kind: "off" } as const;
const nothing: LocalMediaState = {
  microphone: off,
  camera: off,
  screen: off,
  audioTrack: null,
  videoTrack: null,
  screenTrack: null,
  microphones: [],
  cameras: [],
  speakers: [],
};

/** `enabled` false: devices are neither asked for nor held. */
export function useLocalMedia(enabled: boolean): UseLocalMedia {
  const local = useResource(enabled ? openLocalMedia : null, closeLocalMedia);
  const media = useResourceState(local, nothing);
  const controls = useMemo(
    () => ({
      setMicrophone(on: boolean) {
        rememberCallPreferences({ microphoneOn: on });
        void local?.setMicrophone(on);
      },
      setMicrophoneBriefly(on: boolean) {
        void local?.setMicrophone(on);
      },
      setCamera(on: boolean) {
        rememberCallPreferences({ cameraOn: on });
        void local?.setCamera(on);
      },
      chooseMicrophone(id: string) {
        rememberCallPreferences({ microphoneId: id });
        void local?.chooseMicrophone(id);
      },
      chooseCamera(id: string) {
        rememberCallPreferences({ cameraId: id });
        void local?.chooseCamera(id);
      },
      toggleScreen() {
        if (local === null) return;
        if (local.getState().screenTrack === null) void local.startScreen();
        else local.stopScreen();
      },
    }),
    [local],
  );
  return { media, ...controls };
}

function openLocalMedia(): LocalMedia {
  const { microphoneId, cameraId, microphoneOn, cameraOn } = callPreferences();
  const local = new LocalMedia({ microphoneId, cameraId });
  void local.start({ microphone: microphoneOn, camera: cameraOn });
  return local;
}

function closeLocalMedia(local: LocalMedia): void {
  local.close();
}
