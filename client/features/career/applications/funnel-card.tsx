// How many applications got how far, as a picture and as a table.
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import type { Funnel } from "../../../../shared/schemas/career/applications.ts";
import { useRequest } from "../../../api/use-request.ts";
import { Card } from "../../../ui/card.tsx";
import { Failure } from "../../../ui/notice.tsx";
import { Waiting } from "../../../ui/spinner.tsx";
import { Table } from "../../../ui/table.tsx";
import styles from "./applications.module.css";
import { applicationStrings as words } from "./strings.ts";

const width = 640;
const rowHeight = 44;
const barHeight = 28;

export function FunnelCard() {
  const read = useRequest(endpoints.applicationFunnel, {});
  return (
    <Card title={words.funnel}>
      {read.status === "loading" && <Waiting label={words.loading} />}
      {read.status === "error" && <Failure error={read.error} onRetry={read.retry} />}
      {read.data !== null && <Figures steps={read.data.steps} />}
    </Card>
  );
}

function Figures({ steps }: { steps: Funnel["steps"] }) {
  const all = steps[0]?.count ?? 0;
  if (all === 0) return <p>{words.nothingTracked}</p>;
  const share = (count: number) => `${Math.round((count / all) * 100)}%`;
  return (
    <>
      <svg
        className={styles["funnel"]}
        viewBox={`0 0 ${width} ${steps.length * rowHeight}`}
        role="img"
        aria-label={words.chart}
      >
        {steps.map(({ step, count }, row) => {
          const bar = Math.max(2, (count / all) * width);
          return (
            <rect
              key={step}
              x={(width - bar) / 2}
              y={row * rowHeight + (rowHeight - barHeight) / 2}
              width={bar}
              height={barHeight}
              rx={6}
            />
          );
        })}
      </svg>
      <Table
        label={words.figures}
        rows={steps}
        keyOf={({ step }) => step}
        columns={[
          { head: words.step, cell: ({ step }) => words.steps[step] },
          { head: words.count, cell: ({ count }) => count, look: "figure" },
          { head: words.share, cell: ({ count }) => share(count), look: "figure" },
        ]}
      />
    </>
  );
}
