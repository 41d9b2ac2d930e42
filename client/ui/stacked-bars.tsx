// Bars over time, each in its parts from the bottom up. A picture only: the same figures stand beside it as a table.
import styles from "./chart.module.css";

const width = 600;
const height = 96;

export interface StackedBarsProps {
  /** What the picture shows, and where its figures stand. */
  label: string;
  /** For each bar the parts' sizes, in the order of the legend. */
  bars: readonly (readonly number[])[];
  /** The size of a full bar; without it the highest bar is full. */
  full?: number;
  look?: PartsLook;
  /** The last size of each bar is of what is not told apart. */
  restLast?: boolean;
}

/** `outcome`: what is hoped for, what is middling, what is not hoped for; `scale`: from low to high. */
export type PartsLook = "kinds" | "outcome" | "scale";

export function StackedBars({ label, bars, full, look = "kinds", restLast = false }: StackedBarsProps) {
  const sums = bars.map((parts) => parts.reduce((sum, part) => sum + part, 0));
  const most = Math.max(full ?? 0, ...sums, 1e-9);
  const step = width / Math.max(1, bars.length);
  const barWidth = Math.max(2, step * 0.76);
  return (
    <svg
      className={styles["chart"]}
      data-look={look}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {bars.flatMap((parts, index) => {
        let below = 0;
        return parts.map((size, part) => {
          const top = below + size;
          const bar = (
            <rect
              key={`${index} ${part}`}
              data-part={restLast && part === parts.length - 1 ? "rest" : part}
              x={index * step + (step - barWidth) / 2}
              width={barWidth}
              y={height - (top / most) * (height - 4)}
              height={(size / most) * (height - 4)}
            />
          );
          below = top;
          return bar;
        });
      })}
    </svg>
  );
}

/** What the parts' colours stand for; `rest` names what is not told apart. */
export function Legend({
  names,
  rest,
  look = "kinds",
}: {
  names: readonly string[];
  rest?: string;
  look?: PartsLook;
}) {
  const keys = names.map((name, part) => ({ name, part: String(part) }));
  return (
    <ul className={styles["legend"]} data-look={look}>
      {[...keys, ...(rest === undefined ? [] : [{ name: rest, part: "rest" }])].map(({ name, part }) => (
        <li key={part}>
          <span className={styles["key"]} data-part={part} aria-hidden />
          {name}
        </li>
      ))}
    </ul>
  );
}
