// Which microphone, camera and speaker to use.
import { Select } from "../ui/field.tsx";
import { rememberCallPreferences, useCallPreferences } from "./call-preferences.ts";
import styles from "./device-pickers.module.css";
import type { DeviceChoice } from "./local-media.ts";
import { mediaStrings } from "./strings.ts";
import type { UseLocalMedia } from "./use-local-media.ts";

export function DevicePickers({ local }: { local: UseLocalMedia }) {
  const preferences = useCallPreferences();
  const { media } = local;
  return (
    <div className={styles["pickers"]}>
      <Picker
        label={mediaStrings.microphone}
        choices={media.microphones}
        chosen={media.audioTrack?.getSettings().deviceId ?? preferences.microphoneId}
        onChoose={local.chooseMicrophone}
      />
      <Picker
        label={mediaStrings.camera}
        choices={media.cameras}
        chosen={media.videoTrack?.getSettings().deviceId ?? preferences.cameraId}
        onChoose={local.chooseCamera}
      />
      {media.speakers.length > 0 && (
        <Picker
          label={mediaStrings.speaker}
          choices={media.speakers}
          chosen={preferences.speakerId}
          onChoose={(speakerId) => rememberCallPreferences({ speakerId })}
        />
      )}
    </div>
  );
}

interface PickerProps {
  label: string;
  choices: readonly DeviceChoice[];
  chosen: string | null;
  onChoose: (id: string) => void;
}

function Picker({ label, choices, chosen, onChoose }: PickerProps) {
  const value = choices.some((choice) => choice.id === chosen) ? (chosen ?? "") : (choices[0]?.id ?? "");
  return (
    <Select
      label={label}
      value={value}
      disabled={choices.length === 0}
      onChange={(event) => onChoose(event.target.value)}
    >
      {choices.length === 0 && <option value="">{mediaStrings.noDevice}</option>}
      {choices.map((choice, index) => (
        <option key={choice.id} value={choice.id}>
          {choice.label === "" ? mediaStrings.unnamed(label, index + 1) : choice.label}
        </option>
      ))}
    </Select>
  );
}
