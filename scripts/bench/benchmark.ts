// What `npm run bench` knows of a benchmark, and how options are read.

export type Values = Readonly<Record<string, string | boolean | undefined>>;

export interface Benchmark {
  /** Its options and what they mean, behind the name. */
  help: string;
  options: Readonly<
    Record<string, { type: "string"; default?: string } | { type: "boolean"; default?: boolean }>
  >;
  run(
    values: Values,
    progress: (line: string) => void,
  ): Promise<{
    text: string;
    result: object;
    /** Something was lost, or a target missed. */ failed: boolean;
  }>;
}

export function textOption(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

/** Throws where the option is no positive number. */
export function positiveOption(values: Values, name: string): number {
  const value = Number(values[name]);
  if (!(value > 0)) throw new Error(`--${name} must be a positive number.`);
  return value;
}
