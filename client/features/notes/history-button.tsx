// Opens the history of a layer of notes.
import { History } from "lucide-react";
import { useState } from "react";
import type { MeetingId } from "../../../shared/ids.ts";
import { Button } from "../../ui/button.tsx";
import { HistoryDialog } from "./history-dialog.tsx";
import { notesStrings } from "./strings.ts";

export function NotesHistoryButton({ meetingId, layer }: { meetingId: MeetingId; layer: "shared" | "mine" }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="small" look="quiet" icon={History} onClick={() => setOpen(true)}>
        {notesStrings.history.open}
      </Button>
      <HistoryDialog open={open} meetingId={meetingId} layer={layer} onClose={() => setOpen(false)} />
    </>
  );
}
