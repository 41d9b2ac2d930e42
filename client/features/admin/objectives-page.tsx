// How the service keeps what it promises: a verdict, a picture over time and the same as a table, an objective a card.
import { ChartColumn } from "lucide-react";
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { Objective, Objectives } from "../../../shared/schemas/objectives.ts";
import { useRequest } from "../../api/use-request.ts";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { Select } from "../../ui/field.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { FoldedTable } from "../../ui/table.tsx";
import { formatShort } from "../../ui/times.ts";
import { barsOf, budgetLeft, percent } from "./objectives-figures.ts";
import { objectivesStrings as words } from "./objectives-strings.ts";
import styles from "./figures.module.css";

const width = 600;
const height = 60;

export function ObjectivesPage() {
  const [hours, setHours] = useState(24);
  const report = useRequest(endpoints.adminObjectives, { query: { hours } });
  return (
    <>
      <PageHeader title={words.title} under={words.under} />
      <Select
        label={words.period}
        className={styles["period"]}
        value={hours}
        onChange={(event) => setHours(Number(event.target.value))}
      >
        {Object.entries(words.periods).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
      {report.status === "loading" && <Waiting label={words.loading} />}
      {report.status === "error" && <Failure error={report.error} onRetry={report.retry} />}
      {report.data !== null && (
        <div className={styles["cards"]}>
          {report.data.objectives.map((objective) => (
            <ObjectiveCard key={objective.name} objective={objective} report={report.data} />
          ))}
        </div>
      )}
    </>
  );
}

function ObjectiveCard({ objective, report }: { objective: Objective; report: Objectives }) {
  const { title, promise } = words.objectives[objective.name];
  const { good, total, target } = objective;
  const left = budgetLeft(objective);
  const kept = total > 0 && good / total >= target;
  return (
    <Card
      title={title}
      aside={
        left !== null && <Badge tone={kept ? "success" : "danger"}>{kept ? words.kept : words.missed}</Badge>
      }
    >
      <p className={styles["quiet"]}>{promise(percent(target))}</p>
      {left === null ? (
        <EmptyState icon={ChartColumn} title={words.nothing}>
          {words.nothingWhy}
        </EmptyState>
      ) : (
        <>
          <p className={styles["figure"]}>
            {words.share(percent(good / total), good.toLocaleString(), total.toLocaleString())}
          </p>
          <p className={styles["quiet"]}>{left > 0 ? words.budget(percent(left)) : words.overspent}</p>
          <Chart objective={objective} report={report} />
          <Table objective={objective} />
        </>
      )}
    </Card>
  );
}

/** Each bar is a step of time; its dark part is the share that was good, drawn from the lowest one up so that misses show. */
function Chart({ objective, report }: { objective: Objective; report: Objectives }) {
  const [from, to] = [new Date(report.from), new Date(report.to)];
  const bars = barsOf(objective, from, to);
  const steps = (to.getTime() - from.getTime()) / (report.stepMinutes * 60_000);
  const barWidth = Math.max(2, width / steps - 1);
  // From half of the room for failures below the target: otherwise all bars would look full.
  const floor = Math.min(...bars.map(({ share }) => share), 1 - 2 * (1 - objective.target));
  const y = (share: number) => height - 4 - ((share - floor) / (1 - floor)) * (height - 8);
  return (
    <svg
      className={styles["chart"]}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={words.chart(words.objectives[objective.name].title)}
    >
      {bars.map(({ at, share, kept }) => (
        <rect
          key={at}
          className={kept ? styles["kept"] : styles["missed"]}
          x={at * (width - barWidth)}
          width={barWidth}
          y={y(share)}
          height={height - y(share)}
        />
      ))}
      <line
        className={styles["target"]}
        x1={0}
        x2={width}
        y1={y(objective.target)}
        y2={y(objective.target)}
      />
    </svg>
  );
}

function Table({ objective }: { objective: Objective }) {
  return (
    <FoldedTable
      summary={words.table}
      columns={[
        {
          head: words.time,
          cell: ({ at }) => <time dateTime={at}>{formatShort(new Date(at))}</time>,
        },
        { head: words.good, look: "figure", cell: ({ good }) => good.toLocaleString() },
        { head: words.total, look: "figure", cell: ({ total }) => total.toLocaleString() },
      ]}
      rows={objective.steps.toReversed()}
      keyOf={({ at }) => at}
    />
  );
}
