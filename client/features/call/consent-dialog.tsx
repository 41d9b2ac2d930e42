// Consent during the call: changed here, felt at once.
import { useStatus } from "../../api/session.tsx";
import { ConsentChoices } from "../../consent/consent-choices.tsx";
import { callPurposes } from "../../consent/purposes.ts";
import { consentStrings } from "../../consent/strings.ts";
import type { UseMeetingConsents } from "../../consent/use-meeting-consents.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Failure } from "../../ui/notice.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { callStrings } from "./strings.ts";

export interface ConsentDialogProps {
  open: boolean;
  onClose: () => void;
  consents: UseMeetingConsents;
}

export function ConsentDialog({ open, onClose, consents }: ConsentDialogProps) {
  const status = useStatus();
  const { live } = consents;
  return (
    <Dialog open={open} title={callStrings.consentTitle} onClose={onClose}>
      <p>{callStrings.consentWhy}</p>
      {live.status === "loading" && <Waiting label={consentStrings.loading} />}
      {live.status === "error" && <Failure message={live.error.message} onRetry={live.retry} />}
      {live.data !== null && (
        <ConsentChoices
          standings={live.data.mine}
          purposes={callPurposes(status.video)}
          onDecide={consents.decide}
        />
      )}
    </Dialog>
  );
}
