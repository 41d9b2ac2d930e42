// The call's dialogs: devices, shortcuts, and how to leave.
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { rememberCallPreferences, useCallPreferences } from "../../media/call-preferences.ts";
import { DevicePickers } from "../../media/device-pickers.tsx";
import { LevelMeter } from "../../media/level-meter.tsx";
import type { UseLocalMedia } from "../../media/use-local-media.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Checkbox } from "../../ui/field.tsx";
import { Failure } from "../../ui/notice.tsx";
import styles from "./call-screen.module.css";
import { callStrings } from "./strings.ts";

export function SettingsDialog(props: {
  open: boolean;
  onClose: () => void;
  local: UseLocalMedia;
  /** Hosts may see themselves in a mirror. */
  hosting: boolean;
}) {
  const { mirror } = useCallPreferences();
  return (
    <Dialog open={props.open} title={callStrings.settingsTitle} onClose={props.onClose}>
      <DevicePickers local={props.local} />
      <LevelMeter track={props.local.media.audioTrack} />
      {props.hosting && (
        <Checkbox
          label={callStrings.mirrorChoice}
          hint={callStrings.mirrorHint}
          checked={mirror}
          onChange={(event) => rememberCallPreferences({ mirror: event.target.checked, mirrorFolded: false })}
        />
      )}
    </Dialog>
  );
}

export function HelpDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { singleKeys } = useCallPreferences();
  return (
    <Dialog open={open} title={callStrings.helpTitle} onClose={onClose}>
      <table className={styles["keys"]}>
        <thead className="visually-hidden">
          <tr>
            <th>{callStrings.helpKeys}</th>
            <th>{callStrings.helpAction}</th>
          </tr>
        </thead>
        <tbody>
          {callStrings.shortcuts.map(([keys, action]) => (
            <tr key={keys}>
              <td>
                <kbd>{keys}</kbd>
              </td>
              <td>{action}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Checkbox
        label={callStrings.singleKeys}
        hint={callStrings.singleKeysHint}
        checked={singleKeys}
        onChange={(event) => rememberCallPreferences({ singleKeys: event.target.checked })}
      />
    </Dialog>
  );
}

export interface LeaveDialogProps {
  open: boolean;
  meetingId: MeetingId;
  onStay: () => void;
  onLeave: () => void;
  /** The server has ended the meeting. */
  onEnded: (meeting: Meeting) => void;
}

/** For hosts, who can leave or end. */
export function LeaveDialog({ open, meetingId, onStay, onLeave, onEnded }: LeaveDialogProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const end = () => {
    setBusy(true);
    setProblem(null);
    call(endpoints.endMeeting, { params: { id: meetingId } })
      .then(onEnded)
      .catch((thrown: unknown) => setProblem(toApiError(thrown).message))
      .finally(() => setBusy(false));
  };
  return (
    <Dialog
      open={open}
      title={callStrings.leaveTitle}
      onClose={onStay}
      actions={
        <>
          <Button look="quiet" onClick={onStay}>
            {callStrings.stay}
          </Button>
          <Button onClick={onLeave}>{callStrings.leaveOnly}</Button>
          <Button look="danger" busy={busy} onClick={end}>
            {callStrings.endForAll}
          </Button>
        </>
      }
    >
      <p>{callStrings.leaveWhy}</p>
      {problem !== null && <Failure message={`${callStrings.endFailed} ${problem}`} />}
    </Dialog>
  );
}
