// Consent for a call that is over: taken back here, the recap is made anew.
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import type { MeetingId } from "../../../shared/ids.ts";
import { ConsentDialog } from "../../consent/consent-dialog.tsx";
import { recapPurposes } from "../../consent/purposes.ts";
import { useMeetingConsents } from "../../consent/use-meeting-consents.ts";
import { Button } from "../../ui/button.tsx";
import { recapStrings } from "./strings.ts";

export function RecapConsent({ meetingId }: { meetingId: MeetingId }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={ShieldCheck} onClick={() => setOpen(true)}>
        {recapStrings.consent.button}
      </Button>
      {open && <Opened meetingId={meetingId} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Asks for the answers only when somebody wants to see them. */
function Opened({ meetingId, onClose }: { meetingId: MeetingId; onClose: () => void }) {
  const consents = useMeetingConsents(meetingId);
  return (
    <ConsentDialog
      open
      onClose={onClose}
      consents={consents}
      purposes={recapPurposes}
      why={recapStrings.consent.why}
    />
  );
}
