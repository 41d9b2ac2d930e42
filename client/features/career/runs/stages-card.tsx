// Where a run is, said in words and shown as steps; what stopped it, and how it goes on.
import { RotateCw, X } from "lucide-react";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import type { RunView } from "../../../../shared/schemas/career/runs.ts";
import { call } from "../../../api/http.ts";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { useAction } from "../../../ui/use-action.ts";
import { stepsOf } from "./run-progress.ts";
import styles from "./runs.module.css";
import { runStrings as words } from "./strings.ts";
import { isOpen } from "./use-run.ts";

export function StagesCard({ run, again }: { run: RunView; again: () => void }) {
  const { busy, run: attempt } = useAction();
  const params = { runId: run.runId };
  const act = (work: () => Promise<unknown>) => void attempt(work).then(again);
  const { totalMs } = run.timing;
  return (
    <Card
      title={words.stages}
      aside={
        isOpen(run) && (
          <Button
            size="small"
            icon={X}
            busy={busy}
            onClick={() => act(() => call(endpoints.cancelCareerRun, { params }))}
          >
            {words.cancel}
          </Button>
        )
      }
    >
      {/* One sentence is read out as it goes on; the steps below are there to be looked at. */}
      <p role="status" className={styles["now"]}>
        {run.status === "success"
          ? words.doneIn(totalMs === undefined ? null : words.seconds(totalMs))
          : run.status === "error"
            ? words.retryTitle
            : words.nowAt(words.stage[run.stage])}
      </p>
      <ol className={styles["steps"]}>
        {stepsOf(run).map(({ stage, state, ms }) => (
          <li key={stage} className={styles["step"]} data-state={state}>
            <span>{words.stage[stage]}</span>
            <span className={styles["muted"]}>
              {ms === null ? words.stageStates[state] : words.seconds(ms)}
            </span>
          </li>
        ))}
      </ol>
      {run.status === "error" && (
        <Notice
          tone={run.cancelled ? "neutral" : "danger"}
          actions={
            <Button
              size="small"
              icon={RotateCw}
              busy={busy}
              onClick={() => act(() => call(endpoints.retryCareerRun, { params }))}
            >
              {words.retry}
            </Button>
          }
        >
          <p>{run.errorMessage ?? words.retryTitle}</p>
        </Notice>
      )}
    </Card>
  );
}
