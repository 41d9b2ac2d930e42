// Brings the recap and the history of its notes together, as features do not know each other.
import { NotesHistoryButton } from "../features/notes/history-button.tsx";
import { RecapPage } from "../features/recap/recap-page.tsx";

export function RecapRoute() {
  return <RecapPage NotesHistory={NotesHistoryButton} />;
}
