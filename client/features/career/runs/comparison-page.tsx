// Two runs beside each other: which bullets each chose, which requirements each covers, what was configured otherwise.
import { ArrowLeft } from "lucide-react";
import { Link, useParams } from "react-router";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import { runIdSchema, type RunComparison, type RunSummary } from "../../../../shared/schemas/career/runs.ts";
import { useRequest } from "../../../api/use-request.ts";
import { Card } from "../../../ui/card.tsx";
import { Failure } from "../../../ui/notice.tsx";
import { PageHeader } from "../../../ui/page-header.tsx";
import { Waiting } from "../../../ui/spinner.tsx";
import { Table } from "../../../ui/table.tsx";
import { formatShort } from "../../../ui/times.ts";
import { MockBadge, RunStatusBadge } from "./run-badges.tsx";
import { runAddress, runName, writersOf } from "./run-names.ts";
import styles from "./runs.module.css";
import { runStrings as words } from "./strings.ts";

const nobodys = "00000000-0000-4000-8000-000000000000";

export function ComparisonPage() {
  const { runId, otherId } = useParams();
  const [first, second] = [runId, otherId].map((id) => runIdSchema.safeParse(id).data ?? nobodys);
  const found = useRequest(endpoints.compareCareerRuns, {
    params: { runId: first ?? nobodys },
    query: { with: second ?? nobodys },
  });
  return (
    <div className={styles["page"]}>
      <div>
        <Link to="/career/runs" className={styles["back"]}>
          <ArrowLeft size={16} aria-hidden />
          {words.back}
        </Link>
        <PageHeader title={words.comparison} />
      </div>
      {found.status === "loading" && <Waiting label={words.loading} />}
      {found.status === "error" && <Failure error={found.error} onRetry={found.retry} />}
      {found.data !== null && <Shown comparison={found.data} />}
    </div>
  );
}

function Shown({ comparison }: { comparison: RunComparison }) {
  const { first, second, bullets, requirements, words: count, config } = comparison;
  const groups = [
    [words.onlyFirst, bullets.filter(({ inFirst, inSecond }) => inFirst && !inSecond)],
    [words.onlySecond, bullets.filter(({ inFirst, inSecond }) => !inFirst && inSecond)],
    [words.inBoth, bullets.filter(({ inFirst, inSecond }) => inFirst && inSecond)],
  ] as const;
  return (
    <>
      <div className={styles["two"]}>
        <Side title={words.first} run={first} count={count.first} />
        <Side title={words.second} run={second} count={count.second} />
      </div>
      <Card title={words.tabPlan}>
        {groups.map(([title, own]) => (
          <section key={title} className={styles["section"]} aria-label={title}>
            <h3 className={styles["group"]}>
              {title} ({own.length})
            </h3>
            {own.length === 0 ? (
              <p className={styles["muted"]}>{words.nothing}</p>
            ) : (
              <ul className={styles["because"]}>
                {own.map(({ bulletId, text }) => (
                  <li key={bulletId}>{text}</li>
                ))}
              </ul>
            )}
          </section>
        ))}
      </Card>
      <Card title={words.coverage}>
        {requirements.length === 0 ? (
          <p>{words.nothingAsked}</p>
        ) : (
          <Table
            label={words.coverage}
            rows={requirements}
            keyOf={({ requirement, type }) => `${type} ${requirement}`}
            columns={[
              { head: words.requirement, cell: ({ requirement }) => requirement },
              { head: words.kind, cell: ({ type }) => words[type] },
              { head: words.first, cell: (row) => <Covered head={words.first} covered={row.first} /> },
              { head: words.second, cell: (row) => <Covered head={words.second} covered={row.second} /> },
            ]}
          />
        )}
      </Card>
      <Card title={words.configuration}>
        {config.length === 0 ? (
          <p>{words.sameConfiguration}</p>
        ) : (
          <Table
            label={words.configuration}
            rows={config}
            keyOf={({ path }) => path}
            columns={[
              { head: words.setting, cell: ({ path }) => words.settings[path] ?? path },
              {
                head: words.first,
                cell: (row) => <Named head={words.first}>{row.first}</Named>,
                look: "figure",
              },
              {
                head: words.second,
                cell: (row) => <Named head={words.second}>{row.second}</Named>,
                look: "figure",
              },
            ]}
          />
        )}
      </Card>
    </>
  );
}

function Side({ title, run, count }: { title: string; run: RunSummary; count: number }) {
  const { coverage } = run;
  return (
    <Card title={title}>
      <div>
        <Link to={runAddress(run.runId)} className={styles["name"]}>
          {runName(run)}
        </Link>
        <p className={styles["muted"]}>
          {[run.resumeName, formatShort(new Date(run.createdAt)), writersOf(run)].join(" · ")}
        </p>
      </div>
      <p className={styles["badges"]}>
        <RunStatusBadge run={run} />
        <MockBadge run={run} />
      </p>
      <p>
        {coverage === null
          ? words.notYet
          : [
              words.covered(coverage.mustCovered, coverage.mustTotal),
              words.coveredNice(coverage.niceCovered, coverage.niceTotal),
              words.wordsNow(count),
            ].join(", ")}
      </p>
    </Card>
  );
}

function Covered({ head, covered }: { head: string; covered: boolean | null }) {
  return <Named head={head}>{covered === null ? words.notAsked : covered ? words.yes : words.no}</Named>;
}

/** On a narrow screen, where the head of the table is not seen, its name stands before it. */
function Named({ head, children }: { head: string; children: string }) {
  return (
    <>
      <span className={styles["cellHead"]}>{head}</span>
      {children}
    </>
  );
}
