// Reads what tests have measured (tests/factories/figures.ts) and holds it against the limits of a property.
import { readFile } from "node:fs/promises";
import { round } from "../statistics.ts";

export interface Limit {
  /** Name under which a test records its samples. */
  figure: string;
  /** What is judged of them. */
  of: "max" | "p99";
  below: number;
  unit: "ms" | "MB" | "%";
}

export interface Judged {
  met: boolean;
  /** For a reader: what was measured, of how many samples. */
  text: string;
}

interface Figure {
  name: string;
  samples: number[];
}

/** Empty where nothing was recorded. */
export async function readFigures(file: string): Promise<Map<string, number[]>> {
  const text = await readFile(file, "utf8").catch(() => "");
  const figures = new Map<string, number[]>();
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const { name, samples } = JSON.parse(line) as Figure;
    figures.set(name, [...(figures.get(name) ?? []), ...samples]);
  }
  return figures;
}

/** A limit of which nothing was measured is not met. */
export function judge({ figure, of, below, unit }: Limit, figures: ReadonlyMap<string, number[]>): Judged {
  const sorted = [...(figures.get(figure) ?? [])].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  const judged = at(of === "max" ? 1 : 0.99);
  if (judged === undefined) return { met: false, text: `${figure} was not measured` };
  const text = `${figure}: ${of} ${round(judged)} ${unit} of ${sorted.length} (p50 ${round(at(0.5) ?? 0)})`;
  return { met: judged < below, text };
}

export function describeLimit({ figure, of, below, unit }: Limit): string {
  return `${figure} ${of} < ${below} ${unit}`;
}
