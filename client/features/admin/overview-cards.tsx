// The overview's cards: each a figure, a picture of it over time, and the same as a table.
import type { OverviewBlock, OverviewWeek } from "../../../shared/schemas/overview.ts";
import { ratingParts } from "../../../shared/schemas/overview.ts";
import { Card } from "../../ui/card.tsx";
import { FoldedTable, type Column } from "../../ui/table.tsx";
import { OverviewChart } from "./overview-chart.tsx";
import { weekDay } from "./overview-days.ts";
import {
  latestRatings,
  segmentsOf,
  shareOf,
  together,
  wholePercent,
  type PeriodSplit,
} from "./overview-figures.ts";
import { overviewStrings as words } from "./overview-strings.ts";
import styles from "./overview.module.css";

interface PartWords<Part extends string> {
  title: string;
  note: string;
  parts: Record<Part, string>;
}

export interface SplitCardProps<Part extends string> {
  words: PartWords<Part>;
  /** From the bottom up; the first one is what is hoped for, and the figure. */
  order: readonly [Part, ...Part[]];
  periods: readonly PeriodSplit<Part>[];
  head?: string;
}

export function SplitCard<Part extends string>({
  words: own,
  order,
  periods,
  head = words.week,
}: SplitCardProps<Part>) {
  const [first] = order;
  const share = shareOf(periods, first);
  return (
    <Card title={own.title}>
      <p className={styles["quiet"]}>{own.note}</p>
      <p className={share === null ? styles["quiet"] : styles["figure"]}>
        {share === null
          ? words.noShare
          : words.share(
              own.parts[first],
              share.some.toLocaleString(),
              share.all.toLocaleString(),
              wholePercent(share.some / share.all),
            )}
      </p>
      <OverviewChart
        title={own.title}
        order={order}
        bars={periods.map(({ from, split }) => ({
          from,
          segments: split === null ? [] : segmentsOf(split, order),
        }))}
      />
      <Legend order={order} names={own.parts} />
      <SplitTable own={own} order={order} periods={periods} head={head} />
    </Card>
  );
}

function Legend<Part extends string>({
  order,
  names,
}: {
  order: readonly Part[];
  names: Record<Part, string>;
}) {
  return (
    <ul className={styles["legend"]}>
      {order.map((part, index) => (
        <li key={part}>
          <span className={styles["key"]} data-part={index} aria-hidden />
          {names[part]}
        </li>
      ))}
      <li>
        <span className={styles["key"]} data-part={together} aria-hidden />
        {words.together}
      </li>
    </ul>
  );
}

function SplitTable<Part extends string>({
  own,
  order,
  periods,
  head,
}: {
  own: PartWords<Part>;
  order: readonly Part[];
  periods: readonly PeriodSplit<Part>[];
  head: string;
}) {
  const columns: Column<PeriodSplit<Part>>[] = [
    dayColumn(head),
    {
      head: words.total,
      look: "figure",
      cell: (row) => row.split?.total.toLocaleString() ?? unshown(row.state),
    },
    ...order.map((part): Column<PeriodSplit<Part>> => ({
      head: own.parts[part],
      look: "figure",
      cell: ({ split }) => (split === null ? "" : (split.parts[part]?.toLocaleString() ?? words.notApart)),
    })),
    { head: words.together, look: "figure", cell: ({ split }) => split?.together.toLocaleString() ?? "" },
  ];
  return (
    <FoldedTable
      summary={words.table}
      label={own.title}
      columns={columns}
      rows={periods.toReversed()}
      keyOf={({ from }) => from}
    />
  );
}

export function LengthCard({ weeks }: { weeks: readonly OverviewWeek[] }) {
  const own = words.length;
  const told = weeks.flatMap(({ averageMinutes }) => averageMinutes ?? []);
  const latest = told.at(-1);
  return (
    <Card title={own.title}>
      <p className={styles["quiet"]}>{own.note}</p>
      <p className={latest === undefined ? styles["quiet"] : styles["figure"]}>
        {latest === undefined
          ? words.noShare
          : own.figure(Math.round(told.reduce((sum, one) => sum + one, 0) / told.length).toLocaleString())}
      </p>
      <OverviewChart
        title={own.title}
        order={["minutes"]}
        bars={weeks.map(({ from, averageMinutes }) => ({
          from,
          segments: averageMinutes === null ? [] : [{ part: "minutes", from: 0, to: averageMinutes }],
        }))}
      />
      <FoldedTable
        summary={words.table}
        label={own.title}
        columns={[
          dayColumn<OverviewWeek>(words.week),
          {
            head: own.minutes,
            look: "figure",
            cell: ({ averageMinutes, state }) => averageMinutes?.toLocaleString() ?? unshown(state),
          },
        ]}
        rows={weeks.toReversed()}
        keyOf={({ from }) => from}
      />
    </Card>
  );
}

export function RatingsCard({ blocks }: { blocks: readonly OverviewBlock[] }) {
  const own = words.ratings;
  const latest = latestRatings(blocks);
  const averageOf = ({ ratings }: OverviewBlock) =>
    ratings === null ? null : `${own.about[ratings.bound]} ${ratings.average.toLocaleString()}`;
  return (
    <Card title={own.title}>
      <p className={styles["quiet"]}>{own.note}</p>
      <p className={latest === null ? styles["quiet"] : styles["figure"]}>
        {latest === null
          ? words.noShare
          : own.latest(
              averageOf(latest) ?? "",
              own.people((latest.ratings?.people.total ?? 0).toLocaleString()),
              weekDay(latest.from),
            )}
      </p>
      <div className={styles["scale"]}>
        <OverviewChart
          title={own.title}
          order={ratingParts}
          bars={blocks.map(({ from, ratings }) => ({
            from,
            segments: ratings === null ? [] : segmentsOf(ratings.people, ratingParts),
          }))}
        />
        <Legend order={ratingParts} names={own.parts} />
      </div>
      <FoldedTable
        summary={words.table}
        label={own.title}
        columns={[
          dayColumn<OverviewBlock>(words.block),
          { head: own.average, look: "figure", cell: (row) => averageOf(row) ?? unshown(row.ratingsState) },
          {
            head: words.total,
            look: "figure",
            cell: ({ ratings }) => ratings?.people.total.toLocaleString() ?? "",
          },
          ...ratingParts.map((part): Column<OverviewBlock> => ({
            head: own.parts[part],
            look: "figure",
            cell: ({ ratings }) =>
              ratings === null ? "" : (ratings.people.parts[part]?.toLocaleString() ?? words.notApart),
          })),
          {
            head: words.together,
            look: "figure",
            cell: ({ ratings }) => ratings?.people.together.toLocaleString() ?? "",
          },
        ]}
        rows={blocks.toReversed()}
        keyOf={({ from }) => from}
      />
    </Card>
  );
}

function dayColumn<Row extends { from: string }>(head: string): Column<Row> {
  return { head, cell: ({ from }) => <time dateTime={from}>{weekDay(from)}</time> };
}

function unshown(state: PeriodSplit["state"]): string {
  return state === "none" ? words.nothing : words.tooFew;
}
