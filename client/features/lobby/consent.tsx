// What may be done with what one says: asked before the call, never assumed.
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import { useStatus } from "../../api/session.tsx";
import { useRequest } from "../../api/use-request.ts";
import { SourceChoice } from "../../captions/source-choice.tsx";
import { ConsentChoices } from "../../consent/consent-choices.tsx";
import { callPurposes } from "../../consent/purposes.ts";
import { consentStrings } from "../../consent/strings.ts";
import type { UseMeetingConsents } from "../../consent/use-meeting-consents.ts";
import { Card } from "../../ui/card.tsx";
import { Failure, Notice } from "../../ui/notice.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import styles from "./lobby.module.css";
import { lobbyStrings } from "./strings.ts";

export function Consent({ meeting, consents }: { meeting: Meeting; consents: UseMeetingConsents }) {
  const status = useStatus();
  const { live } = consents;
  const machines = useRequest(endpoints.meetingAi, { params: { id: meeting.id } });
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
      {/* While it is not known whether there is a service, nothing is said of it. */}
      {machines.status !== "loading" && (
        <div className={styles["quiet"]}>
          <SourceChoice speech={machines.data?.speech ?? null} needs />
        </div>
      )}
      {!purposes.includes("recording") && <p className={styles["quiet"]}>{lobbyStrings.noRecording}</p>}
    </Card>
  );
}
