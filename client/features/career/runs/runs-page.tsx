// Runs: one's history, live while they are under way; starting one, comparing two, deleting and having back.
import { FlaskConical, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import type { RunSummary } from "../../../../shared/schemas/career/runs.ts";
import { call } from "../../../api/http.ts";
import { useLive } from "../../../api/live.ts";
import { Button, IconButton } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { Checkbox } from "../../../ui/field.tsx";
import { EmptyState, Failure } from "../../../ui/notice.tsx";
import { PageHeader } from "../../../ui/page-header.tsx";
import { Waiting } from "../../../ui/spinner.tsx";
import { formatShort } from "../../../ui/times.ts";
import { useToast } from "../../../ui/toast.tsx";
import { useAction } from "../../../ui/use-action.ts";
import { DeletedRuns } from "./deleted-runs.tsx";
import { MockBadge, RunStatusBadge } from "./run-badges.tsx";
import { runAddress, runName, writersOf } from "./run-names.ts";
import styles from "./runs.module.css";
import { StartRunDialog } from "./start-run-dialog.tsx";
import { runStrings as words } from "./strings.ts";
import { isOpen } from "./use-run.ts";

export function RunsPage() {
  const live = useLive("careerRuns", {});
  const [starting, setStarting] = useState(false);
  return (
    <>
      <PageHeader
        title={words.title}
        under={words.under}
        actions={
          <Button look="primary" icon={Plus} onClick={() => setStarting(true)}>
            {words.start}
          </Button>
        }
      />
      {live.status === "error" && <Failure error={live.error} onRetry={live.retry} />}
      {live.status === "loading" && <Waiting label={words.loading} />}
      {live.data !== null && <History newest={live.data.items} more={live.data.more} />}
      {starting && <StartRunDialog onClose={() => setStarting(false)} />}
    </>
  );
}

function History({ newest, more }: { newest: readonly RunSummary[]; more: boolean }) {
  const { busy, run: attempt } = useAction();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [older, setOlder] = useState<{ items: readonly RunSummary[]; cursor: string | null } | null>(null);
  const known = new Set(newest.map(({ runId }) => runId));
  const runs = [...newest, ...(older?.items ?? []).filter(({ runId }) => !known.has(runId))];
  const [first, second] = chosen.flatMap((id) => runs.find(({ runId }) => runId === id) ?? []);
  // The live list names no place to go on from: the pages behind it begin anew, and what is there twice is shown once.
  const hasMore = older === null ? more : older.cursor !== null;

  const showOlder = () =>
    attempt(async () => {
      const cursor = older?.cursor ?? undefined;
      const page = await call(endpoints.listCareerRuns, {
        query: { limit: "100", ...(cursor === undefined ? {} : { cursor }) },
      });
      setOlder({ items: [...(older?.items ?? []), ...page.items], cursor: page.nextCursor });
    });
  const gone = (runId: string) => {
    setChosen((ids) => ids.filter((id) => id !== runId));
    setOlder((kept) => kept && { ...kept, items: kept.items.filter((one) => one.runId !== runId) });
  };

  return (
    <>
      <Card title={words.history}>
        {runs.length === 0 ? (
          <EmptyState icon={FlaskConical} title={words.emptyTitle}>
            {words.empty}
          </EmptyState>
        ) : (
          <>
            {runs.length > 1 && <p className={styles["muted"]}>{words.compareHint}</p>}
            <ul className={styles["list"]}>
              {runs.map((run) => (
                <Row
                  key={run.runId}
                  run={run}
                  comparable={runs.length > 1}
                  chosen={chosen.includes(run.runId)}
                  onChoose={(isChosen) =>
                    // A third takes the place of the one that was chosen before the last.
                    setChosen((ids) =>
                      isChosen ? [...ids, run.runId].slice(-2) : ids.filter((id) => id !== run.runId),
                    )
                  }
                  onGone={() => gone(run.runId)}
                />
              ))}
            </ul>
            {hasMore && (
              <Button busy={busy} onClick={() => void showOlder()}>
                {words.showOlder}
              </Button>
            )}
          </>
        )}
      </Card>
      {first !== undefined && second !== undefined && (
        <div className={styles["bar"]} role="status">
          <span>{words.twoChosen}</span>
          <Button
            look="primary"
            onClick={() => void navigate(`${runAddress(first.runId)}/with/${second.runId}`)}
          >
            {words.compare}
          </Button>
        </div>
      )}
      <DeletedRuns changed={newest} />
    </>
  );
}

function Row({
  run,
  comparable,
  chosen,
  onChoose,
  onGone,
}: {
  run: RunSummary;
  comparable: boolean;
  chosen: boolean;
  onChoose: (chosen: boolean) => void;
  onGone: () => void;
}) {
  const toast = useToast();
  const { run: attempt } = useAction();
  const { runId, resumeName, createdAt, coverage, errorMessage, stage } = run;
  const name = runName(run);
  const restore = () => void attempt(() => call(endpoints.restoreCareerRun, { params: { runId } }));
  const remove = () =>
    void attempt(async () => {
      await call(endpoints.deleteCareerRun, { params: { runId } });
      onGone();
      toast({ text: words.removed, action: { label: words.undo, run: restore } });
    });
  return (
    <li className={styles["row"]}>
      {comparable && (
        <Checkbox
          label={<span className="visually-hidden">{words.chooseToCompare(name)}</span>}
          checked={chosen}
          onChange={(event) => onChoose(event.target.checked)}
        />
      )}
      <div className={styles["rowText"]}>
        <Link to={runAddress(runId)}>{name}</Link>
        <span className={styles["muted"]}>
          {[resumeName, formatShort(new Date(createdAt)), writersOf(run)].join(" · ")}
        </span>
        {isOpen(run) && <span className={styles["muted"]}>{words.stage[stage]}</span>}
        {coverage !== null && !isOpen(run) && (
          <span className={styles["muted"]}>
            {words.covered(coverage.mustCovered, coverage.mustTotal)},{" "}
            {words.coveredNice(coverage.niceCovered, coverage.niceTotal)}
          </span>
        )}
        {errorMessage !== null && <span className={styles["muted"]}>{errorMessage}</span>}
      </div>
      <div className={styles["badges"]}>
        <MockBadge run={run} />
        <RunStatusBadge run={run} />
        <IconButton icon={Trash2} size="small" label={words.removeLabel(name)} onClick={remove} />
      </div>
    </li>
  );
}
