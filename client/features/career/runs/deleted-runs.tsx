// Runs that were deleted and can still be had back.
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import type { RunSummary } from "../../../../shared/schemas/career/runs.ts";
import { call } from "../../../api/http.ts";
import { useRequest } from "../../../api/use-request.ts";
import { Button } from "../../../ui/button.tsx";
import { useAction } from "../../../ui/use-action.ts";
import { formatShort } from "../../../ui/times.ts";
import { runName } from "./run-names.ts";
import styles from "./runs.module.css";
import { runStrings as words } from "./strings.ts";

/** Read anew when `changed`, the runs that are there, gains or loses one. */
export function DeletedRuns({ changed }: { changed: readonly RunSummary[] }) {
  return <Read key={changed.map(({ runId }) => runId).join()} />;
}

function Read() {
  const read = useRequest(endpoints.listCareerRuns, { query: { deleted: "true" } });
  const { busy, run: attempt } = useAction();
  if (read.data === null || read.data.items.length === 0) return null;
  return (
    <details>
      <summary>{words.deleted}</summary>
      <ul className={styles["list"]}>
        {read.data.items.map((run) => (
          <li key={run.runId} className={styles["row"]}>
            <span className={styles["rowText"]}>
              <span>{runName(run)}</span>
              <span className={styles["muted"]}>
                {run.resumeName} · {formatShort(new Date(run.createdAt))}
              </span>
            </span>
            <Button
              size="small"
              busy={busy}
              aria-label={words.restoreLabel(runName(run))}
              onClick={() =>
                void attempt(async () => {
                  await call(endpoints.restoreCareerRun, { params: { runId: run.runId } });
                  read.retry();
                })
              }
            >
              {words.restore}
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}
