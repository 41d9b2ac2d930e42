// A small line over a few values, the newest marked; a value that is not known leaves a gap. A picture only, with its words beside it.
import styles from "./chart.module.css";

const width = 220;
const height = 48;
const inset = 5;

export function TrendLine({ label, values }: { label: string; values: readonly (number | null)[] }) {
  const known = values.filter((value) => value !== null);
  const most = Math.max(...known, 1e-9);
  const x = (index: number) =>
    values.length < 2 ? width / 2 : inset + (index / (values.length - 1)) * (width - 2 * inset);
  const y = (value: number) => height - inset - (value / most) * (height - 2 * inset);
  const points = values.flatMap((value, index) => (value === null ? [] : [{ index, value }]));
  const last = points.at(-1);
  return (
    <svg className={styles["trend"]} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <line className={styles["axis"]} x1={0} x2={width} y1={height - 0.5} y2={height - 0.5} />
      {points.map(({ index, value }, position) => {
        const before = points[position - 1];
        return before?.index === index - 1 ? (
          <line
            key={`line ${index}`}
            className={styles["line"]}
            x1={x(before.index)}
            y1={y(before.value)}
            x2={x(index)}
            y2={y(value)}
          />
        ) : null;
      })}
      {points.map((point) => (
        <circle
          key={point.index}
          className={styles["dot"]}
          cx={x(point.index)}
          cy={y(point.value)}
          r={point === last ? 4.5 : 2.5}
        />
      ))}
    </svg>
  );
}
