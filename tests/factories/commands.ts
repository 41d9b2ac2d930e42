// One of the scripts as its own process, as npm runs it.
import { spawn } from "node:child_process";
import { extname, join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

export interface CommandOutcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs `scripts/<name>` to its end, or `scripts/<name>.ts` where the name has no ending, without the variables of this
 * process but those it needs to run at all.
 */
export function runScript(
  name: string,
  args: readonly string[],
  environment: Record<string, string>,
): Promise<CommandOutcome> {
  return new Promise((resolve, reject) => {
    const { PATH = "", HOME = "", NODE_COMPILE_CACHE } = process.env;
    const file = join(root, "scripts", extname(name) === "" ? `${name}.ts` : name);
    const child = spawn(process.execPath, [file, ...args], {
      cwd: root,
      env: {
        PATH,
        HOME,
        ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }),
        NODE_OPTIONS: "--disable-warning=ExperimentalWarning",
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}
