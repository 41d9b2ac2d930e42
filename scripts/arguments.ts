// What stands behind a command's name, read one way by all of them: `--help` says how it is used, and so does a mistake.
import { parseArgs, type ParseArgsConfig } from "node:util";

/** How a command is used, and before it what was wrong where something was. */
export class UsageError extends Error {}

/**
 * `parseArgs` of what was typed, or of `config.args`. Where `--help` stands it prints the usage and ends the process with 0.
 * Throws UsageError for what the command does not know.
 */
export function readArguments<const Config extends ParseArgsConfig>(
  usage: string,
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  const args = config.args ?? process.argv.slice(2);
  const options = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  if (options.includes("--help")) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Node's second sentence is about a case that none of ours knows.
    const [problem = ""] = error.message.split(". ");
    throw new UsageError(`${problem.replace(/\.$/, "")}.\n${usage}`, { cause: error });
  }
}

/** Of an option that counts something. Throws UsageError. */
export function wholeNumber(usage: string, name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`--${name} must be a whole number above 0.\n${usage}`);
  return value;
}

/** Runs a command that answers its exit code; what it throws becomes its message and exit code 1. */
export async function runCommand(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
