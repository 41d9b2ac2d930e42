// Brings the call and its notes together, as features do not know each other.
import { CallPage } from "../features/call/call-page.tsx";
import { NotesPanel } from "../features/notes/notes-panel.tsx";
import { ImpersonationBanner } from "./impersonation-banner.tsx";

export function CallRoute() {
  return (
    <>
      <ImpersonationBanner floating />
      <CallPage Notes={NotesPanel} />
    </>
  );
}
