// Signs of a run: how it stands, and that it was a trial.
import { CircleAlert, CircleCheck, CircleDashed, FlaskConical, LoaderCircle } from "lucide-react";
import type { RunSummary } from "../../../../shared/schemas/career/runs.ts";
import { Badge } from "../../../ui/badge.tsx";
import { runStrings as words } from "./strings.ts";

const looks = {
  pending: { tone: "neutral", icon: CircleDashed },
  running: { tone: "accent", icon: LoaderCircle },
  success: { tone: "success", icon: CircleCheck },
  error: { tone: "danger", icon: CircleAlert },
} as const;

export function RunStatusBadge({ run }: { run: Pick<RunSummary, "status" | "cancelled"> }) {
  const { tone, icon } = looks[run.status];
  return (
    <Badge tone={run.cancelled ? "neutral" : tone} icon={icon}>
      {run.cancelled ? words.cancelled : words.status[run.status]}
    </Badge>
  );
}

export function MockBadge({ run }: { run: Pick<RunSummary, "mockMode"> }) {
  if (!run.mockMode) return null;
  return (
    <Badge tone="warm" icon={FlaskConical} title={words.mockTitle}>
      {words.mockBadge}
    </Badge>
  );
}
