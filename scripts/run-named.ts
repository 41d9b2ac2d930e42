// What `npm run bench` and `npm run evaluate` have in common: a name, options, a table, JSON, and a report where it is wanted.
import { writeFile } from "node:fs/promises";
import { readArguments, runCommand, UsageError } from "./arguments.ts";
import type { Benchmark, Values } from "./bench/benchmark.ts";
import { writeReport } from "./report.ts";

export interface NamedCommands {
  /** As in `npm run bench`; its reports are named after it. */
  script: string;
  /** Each with its own options; --json FILE and --report belong to all. */
  commands: Readonly<Record<string, Benchmark>>;
}

/** Ends the process with 1 where something failed. */
export async function runNamed(named: NamedCommands, args: string[]): Promise<void> {
  await runCommand(() => run(named, args));
}

async function run({ script, commands }: NamedCommands, args: string[]): Promise<number> {
  const [name = "", ...rest] = args;
  if (name === "--help") {
    console.log(usage({ script, commands }));
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new UsageError(usage({ script, commands }));
  const own = `Usage: npm run ${script} -- ${name} ${command.help}\n${sharedOptions(script, name)}`;
  const { values } = readArguments(own, {
    args: rest,
    options: { ...command.options, json: { type: "string" }, report: { type: "boolean", default: false } },
  });
  const { text, result, failed } = await command.run(values as Values, (line) => console.error(line));
  console.log(text);
  if (values["report"] === true)
    await writeReport(`${script}-${name}`, { command: `npm run ${script} -- ${withoutPaths(args)}`, text });
  const json = JSON.stringify(result, null, 2);
  if (typeof values["json"] === "string") await writeFile(values["json"], `${json}\n`);
  else console.log(json);
  return failed ? 1 : 0;
}

/** A report says which command made it, not where its files lay. */
function withoutPaths(args: readonly string[]): string {
  return args.map((arg) => (arg.includes("/") ? "PATH" : arg)).join(" ");
}

function usage({ script, commands }: NamedCommands): string {
  const each = Object.entries(commands).map(([name, { help }]) => `\nnpm run ${script} -- ${name} ${help}`);
  return `Usage:${each.join("\n")}\n\n${sharedOptions(script, "NAME")}`;
}

function sharedOptions(script: string, name: string): string {
  return `  --json FILE  write the figures there instead of printing them
  --report     write the table to docs/reports/${script}-${name}.md`;
}
