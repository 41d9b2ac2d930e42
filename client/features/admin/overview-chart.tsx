// Bars over time, each in its parts from the bottom up; a period that is not shown leaves a gap.
import { together, type Segment } from "./overview-figures.ts";
import { overviewStrings as words } from "./overview-strings.ts";
import styles from "./overview.module.css";

const width = 600;
const height = 96;

export interface OverviewBar {
  from: string;
  segments: readonly Segment[];
}

export function OverviewChart({
  title,
  order,
  bars,
}: {
  title: string;
  order: readonly string[];
  bars: readonly OverviewBar[];
}) {
  const most = Math.max(1, ...bars.map(({ segments }) => segments.at(-1)?.to ?? 0));
  const step = width / Math.max(1, bars.length);
  const barWidth = Math.max(2, step * 0.7);
  const y = (count: number) => height - (count / most) * (height - 4);
  return (
    <svg
      className={styles["chart"]}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={words.chart(title)}
    >
      {bars.flatMap(({ from, segments }, index) =>
        segments.map(({ part, from: bottom, to: top }) => (
          <rect
            key={`${from} ${part}`}
            data-part={part === together ? together : order.indexOf(part)}
            x={index * step + (step - barWidth) / 2}
            width={barWidth}
            y={y(top)}
            height={y(bottom) - y(top)}
          />
        )),
      )}
    </svg>
  );
}
