// Brings the recap and its notes together, as features do not know each other.
import { NotesHistoryButton } from "../features/notes/history-button.tsx";
import { KeptNotes } from "../features/notes/kept-notes.tsx";
import { RecapPage } from "../features/recap/recap-page.tsx";

export function RecapRoute() {
  return <RecapPage NotesHistory={NotesHistoryButton} KeptNotes={KeptNotes} />;
}
