// What may be done with what one says: asked before the call, never assumed.
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import { useStatus } from "../../api/session.tsx";
import { ConsentChoices } from "../../consent/consent-choices.tsx";
import { callPurposes } from "../../consent/purposes.ts";
import { consentStrings } from "../../consent/strings.ts";
import type { UseMeetingConsents } from "../../consent/use-meeting-consents.ts";
import { recognitionSupported } from "../../media/recognition-support.ts";
import { Card } from "../../ui/card.tsx";
import { Failure, Notice } from "../../ui/notice.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import styles from "./lobby.module.css";
import { lobbyStrings } from "./strings.ts";

export function Consent({ meeting, consents }: { meeting: Meeting; consents: UseMeetingConsents }) {
  const status = useStatus();
  const { live } = consents;
  const observers = meeting.participants.filter(({ role }) => role === "observer").length;
  const purposes = callPurposes(status.video);
  return (
    <Card title={lobbyStrings.consent}>
      {live.status === "loading" && <Waiting label={consentStrings.loading} />}
      {live.status === "error" && <Failure message={live.error.message} onRetry={live.retry} />}
      {live.data !== null && (
        <>
          {observers > 0 && live.data.observersWaitFor > 0 && (
            <Notice tone="accent">
              <p>{lobbyStrings.observersWait(observers)}</p>
            </Notice>
          )}
          <ConsentChoices standings={live.data.mine} purposes={purposes} onDecide={consents.decide} />
        </>
      )}
      {!recognitionSupported() && <p className={styles["quiet"]}>{lobbyStrings.transcribeTyped}</p>}
      {!purposes.includes("recording") && <p className={styles["quiet"]}>{lobbyStrings.noRecording}</p>}
    </Card>
  );
}
