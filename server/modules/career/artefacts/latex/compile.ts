// LaTeX in a directory of its own, without a shell, without files of others, within bounds of time, memory and size.
import { spawn } from "node:child_process";
import { access, constants, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { PdfEngine } from "../index.ts";

export interface LatexProgram {
  engine: Exclude<PdfEngine, "typst">;
  path: string;
}

export interface LatexBounds {
  timeoutMs: number;
  memoryKilobytes: number;
  fileKilobytes: number;
  /** Ours are set in one; a document of one's own may count its pages. */
  passes: number;
}
const defaultBounds: LatexBounds = {
  timeoutMs: 60_000,
  memoryKilobytes: 1_500_000,
  fileKilobytes: 32_768,
  passes: 2,
};

/** The first is the one whose fonts come out best as text. */
const engines = ["pdflatex", "lualatex", "xelatex"] as const;

/** The first of the known programs on the path; null where LaTeX is not installed. */
export async function findLatex(path: string | undefined): Promise<LatexProgram | null> {
  for (const engine of engines)
    for (const directory of (path ?? "").split(delimiter)) {
      const program = join(directory, process.platform === "win32" ? `${engine}.exe` : engine);
      if (directory !== "" && (await isExecutable(program))) return { engine, path: program };
    }
  return null;
}

/**
 * The one command of pdfTeX's that puts any file's bytes into a PDF, whatever `openin_any` says; LaTeX has it under a second
 * name. In front of the first line, so that TeX's own numbers of lines stay right.
 */
const withoutForeignFiles =
  "\\let\\pdfobj\\undefined\\expandafter\\let\\csname tex_pdfobj:D\\endcsname\\undefined ";

/** What went wrong, in TeX's words: they may quote the résumé and belong to no log. */
export class LatexFailure extends Error {
  override name = "LatexFailure";
}

/** Throws LatexFailure where the source does not compile or exceeds a bound. */
export async function compileLatex(
  program: LatexProgram,
  source: string,
  bounds: Partial<LatexBounds> = {},
): Promise<Uint8Array> {
  const within = { ...defaultBounds, ...bounds };
  const directory = await mkdtemp(join(tmpdir(), "connvo-latex-"));
  try {
    await writeFile(join(directory, "page.tex"), `${withoutForeignFiles}${source}`);
    for (let pass = 0; pass < within.passes; pass += 1) await run(program, directory, within);
    const pdf = join(directory, "page.pdf");
    if ((await stat(pdf)).size > within.fileKilobytes * 1024) throw new LatexFailure("The PDF is too large.");
    return await readFile(pdf);
  } catch (error) {
    if (error instanceof LatexFailure) throw error;
    throw new LatexFailure("LaTeX made no PDF.", { cause: error });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function run(program: LatexProgram, directory: string, bounds: LatexBounds): Promise<void> {
  const args = [
    "-no-shell-escape",
    "-interaction=nonstopmode",
    "-halt-on-error",
    "-file-line-error",
    "page.tex",
  ];
  const [command, ...rest] = limited(program, bounds);
  const child = spawn(command ?? program.path, [...rest, ...args], {
    cwd: directory,
    // Nothing of the server's own environment, which holds its secrets.
    env: {
      PATH: dirname(program.path),
      HOME: directory,
      TEXMFOUTPUT: directory,
      // Reads and writes below this directory, and reads what TeX brings with it.
      openin_any: "p",
      openout_any: "p",
      shell_escape: "f",
      MKTEXPK: "0",
      MKTEXTFM: "0",
      SOURCE_DATE_EPOCH: "315532800",
      FORCE_SOURCE_DATE: "1",
    },
    stdio: ["ignore", "pipe", "ignore"],
    detached: process.platform !== "win32",
  });
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-20_000);
  });
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    end(child.pid);
  }, bounds.timeoutMs);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  }).finally(() => clearTimeout(timer));
  if (isOver) throw new LatexFailure("LaTeX took too long.");
  if (code !== 0) throw new LatexFailure(firstError(said) ?? "LaTeX has ended without a PDF.");
}

/** By the shell's own limits where there is a shell of that kind. */
function limited(
  { path }: LatexProgram,
  { timeoutMs, memoryKilobytes, fileKilobytes }: LatexBounds,
): string[] {
  if (process.platform === "win32") return [path];
  const seconds = Math.ceil(timeoutMs / 1000);
  // The size of files is counted in blocks of 512 bytes.
  const limits = `ulimit -t ${seconds} && ulimit -v ${memoryKilobytes} && ulimit -f ${fileKilobytes * 2}`;
  return ["/bin/sh", "-c", `${limits} && exec "$0" "$@"`, path];
}

function end(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It has ended by itself in between.
  }
}

function firstError(said: string): string | null {
  return /^(?:\.\/)?page\.tex:\d+: .*$/mu.exec(said)?.[0] ?? /^! .*$/mu.exec(said)?.[0] ?? null;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
