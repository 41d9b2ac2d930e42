// The run whose page an application is made with, on the application's page: its files, and the way to it.
import { ArrowRight } from "lucide-react";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import { useRequest } from "../../../api/use-request.ts";
import { ButtonLink } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { Failure } from "../../../ui/notice.tsx";
import { Waiting } from "../../../ui/spinner.tsx";
import { Downloads } from "./page-panel.tsx";
import { runAddress, writerOfFile } from "./run-names.ts";
import styles from "./runs.module.css";
import { runStrings } from "./strings.ts";

const words = runStrings.ofApplication;

export function RunOfApplication({ runId }: { runId: string }) {
  const read = useRequest(endpoints.getCareerRun, { params: { runId } });
  const run = read.data;
  return (
    <Card
      title={words.title}
      aside={
        run !== null && (
          <ButtonLink size="small" icon={ArrowRight} to={runAddress(runId)}>
            {words.open}
          </ButtonLink>
        )
      }
    >
      {read.status === "loading" && <Waiting label={runStrings.loading} />}
      {read.status === "error" &&
        (read.error.code === "NOT_FOUND" ? (
          <p className={styles["muted"]}>{words.deleted}</p>
        ) : (
          <Failure error={read.error} onRetry={read.retry} />
        ))}
      {run !== null && (
        <>
          <p className={styles["muted"]}>{words.from(run.resumeName)}</p>
          <Downloads
            runId={runId}
            files={run.files.filter(({ modelKey }) => modelKey === run.primaryModelKey)}
            writerOf={(file) => writerOfFile(file, run.tailored)}
          />
        </>
      )}
    </Card>
  );
}
