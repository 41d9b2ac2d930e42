// Which other run to see beside this one; nothing where there is no other.
import { Columns2 } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { RunView } from "../../../../shared/schemas/career/runs.ts";
import { useLive } from "../../../api/live.ts";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { Select } from "../../../ui/field.tsx";
import { formatShort } from "../../../ui/times.ts";
import { runAddress, runName } from "./run-names.ts";
import styles from "./runs.module.css";
import { runStrings as words } from "./strings.ts";

export function CompareWith({ run }: { run: RunView }) {
  const navigate = useNavigate();
  const live = useLive("careerRuns", {});
  const [chosen, setChosen] = useState("");
  const others = (live.data?.items ?? [])
    .filter(({ runId, coverage }) => runId !== run.runId && coverage !== null)
    // The same posting or résumé first: what differs between them is the choice.
    .sort((a, b) => kinship(b, run) - kinship(a, run));
  const first = others[0];
  if (first === undefined || run.plan === null) return null;
  const other = others.some(({ runId }) => runId === chosen) ? chosen : first.runId;
  return (
    <Card title={words.comparison}>
      <div className={styles["compare"]}>
        <Select label={words.compareWith} value={other} onChange={(event) => setChosen(event.target.value)}>
          {others.map((one) => (
            <option key={one.runId} value={one.runId}>
              {[runName(one), one.resumeName, formatShort(new Date(one.createdAt))].join(" · ")}
            </option>
          ))}
        </Select>
        <Button icon={Columns2} onClick={() => void navigate(`${runAddress(run.runId)}/with/${other}`)}>
          {words.compare}
        </Button>
      </div>
    </Card>
  );
}

type Sources = Pick<RunView, "jobId" | "masterResumeId">;
function kinship(one: Sources, other: Sources): number {
  return (one.jobId === other.jobId ? 2 : 0) + (one.masterResumeId === other.masterResumeId ? 1 : 0);
}
