// Consent for one meeting, during it and after: changed here, felt at once.
import type { ConsentPurpose } from "../../shared/schemas/consents.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Failure } from "../ui/notice.tsx";
import { Waiting } from "../ui/spinner.tsx";
import { ConsentChoices } from "./consent-choices.tsx";
import { consentStrings } from "./strings.ts";
import type { UseMeetingConsents } from "./use-meeting-consents.ts";

export interface ConsentDialogProps {
  open: boolean;
  onClose: () => void;
  consents: UseMeetingConsents;
  purposes: readonly ConsentPurpose[];
  /** From when on the answers count. */
  why: string;
}

export function ConsentDialog({ open, onClose, consents, purposes, why }: ConsentDialogProps) {
  const { live } = consents;
  return (
    <Dialog open={open} title={consentStrings.dialogTitle} onClose={onClose}>
      <p>{why}</p>
      {live.status === "loading" && <Waiting label={consentStrings.loading} />}
      {live.status === "error" && <Failure message={live.error.message} onRetry={live.retry} />}
      {live.data !== null && (
        <ConsentChoices standings={live.data.mine} purposes={purposes} onDecide={consents.decide} />
      )}
    </Dialog>
  );
}
