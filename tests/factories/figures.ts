// What a test measured, for whoever judges it: no test fails because something was slow.
import { appendFileSync } from "node:fs";

/** One line of the file: samples under a name with its unit, such as `takeoverMs`. */
export interface Figure {
  name: string;
  samples: number[];
}

/** Into the file that CONNVO_FIGURES names, else to the test's output. */
export function recordFigure(name: string, samples: readonly number[] | number): void {
  const figure: Figure = { name, samples: typeof samples === "number" ? [samples] : [...samples] };
  const file = process.env["CONNVO_FIGURES"] ?? "";
  if (file !== "") return appendFileSync(file, `${JSON.stringify(figure)}\n`);
  const { length } = figure.samples;
  const shown = length > 20 ? summaryOf(figure.samples) : figure.samples.join(", ");
  console.info(`figures: ${name}: ${shown}`);
}

function summaryOf(samples: readonly number[]): string {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  return `${sorted.length} samples, p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, max ${at(1)}`;
}

/** A number of rounds, clients or seconds that the full size raises. */
export function sizeOf(variable: string, usual: number): number {
  const given = process.env[variable] ?? "";
  return given === "" ? usual : Number(given);
}
