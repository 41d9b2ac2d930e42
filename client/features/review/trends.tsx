// The newest calls beside each other: one small picture a figure, each with its words, and all of it as a table.
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { ReviewTrend } from "../../../shared/schemas/reviews.ts";
import { useRequest } from "../../api/use-request.ts";
import { Card } from "../../ui/card.tsx";
import { Failure } from "../../ui/notice.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { FoldedTable, type Column } from "../../ui/table.tsx";
import { formatShort } from "../../ui/times.ts";
import { TrendLine } from "../../ui/trend-line.tsx";
import { trendMeasures, type TrendMeasure } from "./figures.ts";
import styles from "./review.module.css";
import { reviewStrings } from "./strings.ts";

const words = reviewStrings.trends;
const measures = Object.keys(trendMeasures) as TrendMeasure[];

export function Trends() {
  const trends = useRequest(endpoints.reviewTrends, {});
  return (
    <Card title={words.heading} className={styles["wide"]}>
      {trends.status === "loading" && <Waiting label={words.loading} />}
      {trends.status === "error" && <Failure error={trends.error} onRetry={trends.retry} />}
      {trends.data !== null && (
        <>
          {trends.data.unready > 0 && <p className={styles["quiet"]}>{words.unready(trends.data.unready)}</p>}
          {trends.data.items.length < 2 ? (
            <p className={styles["quiet"]}>{words.one}</p>
          ) : (
            <Multiples calls={trends.data.items} />
          )}
        </>
      )}
    </Card>
  );
}

function Multiples({ calls }: { calls: readonly ReviewTrend[] }) {
  return (
    <>
      <p className={styles["quiet"]}>{words.note}</p>
      <div className={styles["multiples"]}>
        {measures.map((measure) => (
          <Multiple key={measure} measure={measure} calls={calls} />
        ))}
      </div>
      <FoldedTable
        summary={reviewStrings.table}
        label={words.heading}
        columns={[
          {
            head: words.call,
            cell: ({ title, startedAt }) => (
              <>
                <time dateTime={startedAt}>{formatShort(new Date(startedAt))}</time> {title}
              </>
            ),
          },
          ...measures.map((measure): Column<ReviewTrend> => ({
            head: words.measures[measure],
            look: "figure",
            cell: (call) => valueOf(measure, call) ?? words.unknown,
          })),
        ]}
        rows={calls.toReversed()}
        keyOf={({ meetingId }) => meetingId}
      />
    </>
  );
}

function Multiple({ measure, calls }: { measure: TrendMeasure; calls: readonly ReviewTrend[] }) {
  const name = words.measures[measure];
  const newest = calls.at(-1);
  const now = newest === undefined ? null : valueOf(measure, newest);
  const spoken = calls.map((call) => valueOf(measure, call) ?? words.unknown).join(", ");
  return (
    <div className={styles["multiple"]}>
      <h3 className={styles["name"]}>{name}</h3>
      <TrendLine label={words.picture(name, spoken)} values={calls.map(trendMeasures[measure].of)} />
      <p className={styles["quiet"]}>{now === null ? words.unknownNewest : words.now(now)}</p>
    </div>
  );
}

function valueOf(measure: TrendMeasure, call: ReviewTrend): string | null {
  const { of, format } = trendMeasures[measure];
  const value = of(call);
  return value === null ? null : format(value);
}
