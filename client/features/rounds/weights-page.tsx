// The weights of matching: what holds, what was learned and whether it is better, and every version there was.
import { useEffect, useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { ApplyWeights, WeightsHistory } from "../../../shared/schemas/matching-rounds.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useRequest } from "../../api/use-request.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { Table } from "../../ui/table.tsx";
import { formatShort } from "../../ui/times.ts";
import { useToast } from "../../ui/toast.tsx";
import { LearningFigures } from "./learning-figures.tsx";
import styles from "./rounds.module.css";
import { roundsStrings, weightsStrings as words } from "./strings.ts";

const lookAgainMs = 1_500;

export function WeightsPage() {
  const read = useRequest(endpoints.adminMatchingWeights, {});
  const [shown, setShown] = useState<WeightsHistory | null>(null);
  const [seen, setSeen] = useState<WeightsHistory | null>(null);
  if (read.data !== null && read.data !== seen) {
    setSeen(read.data);
    setShown(read.data);
  }
  const { retry } = read;
  const running = shown?.learning.state === "running";
  useEffect(() => {
    if (!running || read.status === "loading") return;
    const timer = setTimeout(retry, lookAgainMs);
    return () => clearTimeout(timer);
  }, [running, read.status, retry, shown]);
  return (
    <>
      <PageHeader
        title={words.title}
        under={words.under}
        actions={<ButtonLink to="/admin/matching">{roundsStrings.back}</ButtonLink>}
      />
      {read.status === "loading" && shown === null && <Waiting label={words.loading} />}
      {read.status === "error" && <Failure error={read.error} onRetry={retry} />}
      {shown !== null && <Weights history={shown} onChanged={setShown} />}
    </>
  );
}

function Weights({
  history,
  onChanged,
}: {
  history: WeightsHistory;
  onChanged: (history: WeightsHistory) => void;
}) {
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const { current, learning, versions } = history;

  async function change(made: Promise<WeightsHistory>, told: string | null) {
    setBusy(true);
    try {
      onChanged(await made);
      if (told !== null) toast({ text: told });
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
    } finally {
      setBusy(false);
    }
  }
  const apply = (body: ApplyWeights) =>
    void change(call(endpoints.applyMatchingWeights, { body }), words.applied);

  const stale = learning.state === "done" && learning.against !== current.version;
  const learned = learning.report !== null && learning.report.verdict !== "too-few";
  return (
    <div className={styles["page"]}>
      <Card
        title={words.learning}
        aside={
          learning.report !== null && (
            <Badge tone={learning.report.verdict === "better" ? "success" : "neutral"}>
              {words.verdicts[learning.report.verdict]}
            </Badge>
          )
        }
      >
        <p className={styles["quiet"]}>{words.learnHint}</p>
        {learning.state === "running" && <Waiting label={words.running} />}
        {learning.state === "failed" && <p className={styles["problem"]}>{words.failed}</p>}
        {learning.state === "none" && <p>{words.never}</p>}
        {learning.report !== null && <LearningFigures report={learning.report} />}
        {learned && stale && <p className={styles["quiet"]}>{words.stale}</p>}
        <div className={styles["buttons"]}>
          <Button
            busy={busy || learning.state === "running"}
            onClick={() => void change(call(endpoints.learnMatchingWeights, {}), null)}
          >
            {words.learn}
          </Button>
          {learned && !stale && learning.id !== null && (
            <Button
              look={learning.report?.verdict === "better" ? "primary" : "quiet"}
              disabled={busy}
              onClick={() => apply({ version: current.version, learning: learning.id ?? "" })}
            >
              {words.apply}
            </Button>
          )}
        </div>
      </Card>
      <Card title={words.history} aside={<Badge tone="accent">{words.current(current.version)}</Badge>}>
        <Table
          label={words.history}
          rows={versions}
          keyOf={({ weights }) => String(weights.version)}
          columns={[
            { head: words.version, cell: ({ weights }) => words.versionNumber(weights.version) },
            {
              head: words.origin,
              cell: ({ source, revertedTo }) =>
                revertedTo === null ? words.source[source] : words.revertedTo(revertedTo),
            },
            {
              head: words.by,
              cell: ({ appliedBy, source }) => (source === "product" ? "" : (appliedBy ?? words.somebody)),
            },
            {
              head: words.at,
              cell: ({ appliedAt }) => (appliedAt === null ? "" : formatShort(new Date(appliedAt))),
            },
            {
              head: <span className="visually-hidden">{words.apply}</span>,
              look: "act",
              cell: ({ weights }) =>
                weights.version === current.version ? (
                  <Badge tone="success">{words.holds}</Badge>
                ) : (
                  <Button
                    size="small"
                    disabled={busy}
                    onClick={() => apply({ version: current.version, revertTo: weights.version })}
                  >
                    {words.revert(weights.version)}
                  </Button>
                ),
            },
          ]}
        />
      </Card>
    </div>
  );
}
