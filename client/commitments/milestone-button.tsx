// One's own commitment becomes a step of one's plan; afterwards the way there.
import { Flag } from "lucide-react";
import { useState } from "react";
import { endpoints } from "../../shared/contract/endpoints.ts";
import type { ActionItemId, MeetingId } from "../../shared/ids.ts";
import { call } from "../api/http.ts";
import { Button, ButtonLink } from "../ui/button.tsx";
import { useToast } from "../ui/toast.tsx";
import { useAction } from "../ui/use-action.ts";
import { commitmentStrings as words } from "./strings.ts";

export interface MilestoneButtonProps {
  meetingId: MeetingId;
  actionId: ActionItemId;
  text: string;
  /** As the server last said. */
  made: boolean;
}

export function MilestoneButton({ meetingId, actionId, text, made }: MilestoneButtonProps) {
  const toast = useToast();
  const { busy, run } = useAction();
  const [here, setHere] = useState(false);
  if (made || here)
    return (
      <ButtonLink to="/plan" look="quiet" size="small" icon={Flag}>
        {words.inPlan}
      </ButtonLink>
    );
  async function make() {
    const done = await run(() => call(endpoints.makeMilestone, { params: { id: meetingId, actionId } }));
    if (!done) return;
    setHere(true);
    toast({ text: words.made });
  }
  return (
    <Button
      look="quiet"
      size="small"
      icon={Flag}
      busy={busy}
      aria-label={words.milestoneOf(text)}
      onClick={() => void make()}
    >
      {words.milestone}
    </Button>
  );
}
