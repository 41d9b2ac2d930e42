// The runs for one posting, on its page: how each stands, and the way there.
import { Link } from "react-router";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import { useRequest } from "../../../api/use-request.ts";
import { Card } from "../../../ui/card.tsx";
import { Failure } from "../../../ui/notice.tsx";
import { formatShort } from "../../../ui/times.ts";
import { MockBadge, RunStatusBadge } from "./run-badges.tsx";
import { runAddress } from "./run-names.ts";
import styles from "./runs.module.css";
import { runStrings } from "./strings.ts";

const words = runStrings.ofPosting;
const newest = "5";

export function RunsOfPosting({ postingId }: { postingId: string }) {
  const read = useRequest(endpoints.listCareerRuns, { query: { jobId: postingId, limit: newest } });
  return (
    <Card title={words.title}>
      {read.status === "error" && <Failure error={read.error} onRetry={read.retry} />}
      {read.data !== null &&
        (read.data.items.length === 0 ? (
          <p className={styles["muted"]}>{words.none}</p>
        ) : (
          <ul className={styles["list"]}>
            {read.data.items.map((run) => (
              <li key={run.runId} className={styles["row"]}>
                <span className={styles["rowText"]}>
                  <Link to={runAddress(run.runId)}>{run.resumeName}</Link>
                  <span className={styles["muted"]}>{formatShort(new Date(run.createdAt))}</span>
                </span>
                <span className={styles["badges"]}>
                  <MockBadge run={run} />
                  <RunStatusBadge run={run} />
                </span>
              </li>
            ))}
          </ul>
        ))}
    </Card>
  );
}
