// Stops waiting; the page learns of it by its live query.
import { LogOut } from "lucide-react";
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { Button } from "../../ui/button.tsx";
import { useToast } from "../../ui/toast.tsx";
import { matchingStrings } from "./strings.ts";

export function LeaveButton({ label = matchingStrings.waiting.leave }: { label?: string }) {
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  async function leave() {
    setBusy(true);
    try {
      await call(endpoints.leaveMatching, {});
      toast({ text: matchingStrings.waiting.left });
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
    } finally {
      setBusy(false);
    }
  }
  return (
    <Button icon={LogOut} busy={busy} onClick={() => void leave()}>
      {label}
    </Button>
  );
}
