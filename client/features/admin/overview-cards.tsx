// The overview's cards: each a figure, a picture of it over time, and the same as a table.
import type { OverviewBlock, OverviewWeek } from "../../../shared/schemas/overview.ts";
import { ratingParts } from "../../../shared/schemas/overview.ts";
import { Card } from "../../ui/card.tsx";
import { Legend, StackedBars } from "../../ui/stacked-bars.tsx";
import { FoldedTable, type Column } from "../../ui/table.tsx";
import { weekDay } from "./overview-days.ts";
import { latestRatings, sizesOf, shareOf, wholePercent, type PeriodSplit } from "./overview-figures.ts";
import { overviewStrings as words } from "./overview-strings.ts";
import styles from "./figures.module.css";

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
      <StackedBars
        label={words.chart(own.title)}
        look="outcome"
        restLast
        bars={periods.map(({ split }) => (split === null ? [] : sizesOf(split, order)))}
      />
      <Legend look="outcome" names={order.map((part) => own.parts[part])} rest={words.together} />
      <SplitTable own={own} order={order} periods={periods} head={head} />
    </Card>
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
      <StackedBars
        label={words.chart(own.title)}
        bars={weeks.map(({ averageMinutes }) => (averageMinutes === null ? [] : [averageMinutes]))}
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
      <StackedBars
        label={words.chart(own.title)}
        look="scale"
        restLast
        bars={blocks.map(({ ratings }) => (ratings === null ? [] : sizesOf(ratings.people, ratingParts)))}
      />
      <Legend look="scale" names={ratingParts.map((part) => own.parts[part])} rest={words.together} />
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
