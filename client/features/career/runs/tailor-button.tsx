// Starting a run from where one is: a résumé's page, or a posting's.
import { WandSparkles } from "lucide-react";
import { useState } from "react";
import { Button } from "../../../ui/button.tsx";
import { StartRunDialog, type StartRunDialogProps } from "./start-run-dialog.tsx";
import { runStrings as words } from "./strings.ts";

export function TailorButton({ posting, resumeId }: Omit<StartRunDialogProps, "onClose">) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={WandSparkles} onClick={() => setOpen(true)}>
        {posting === undefined ? words.ofResume : words.ofPosting.start}
      </Button>
      {open && (
        <StartRunDialog
          onClose={() => setOpen(false)}
          {...(posting === undefined ? {} : { posting })}
          {...(resumeId === undefined ? {} : { resumeId })}
        />
      )}
    </>
  );
}
