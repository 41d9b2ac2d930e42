// The server under test as a process of its own, and what it and its store cost, read from /proc.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };

const root = join(import.meta.dirname, "..", "..");
/** What `npm start` gives Node; servers to compare with get the same. */
const startFlags = (manifest.scripts.start.match(/--\S+/g) ?? []) as string[];
const readyWithinMs = 60_000;
const clockTicksPerSecond = 100;

export interface ServerProcess {
  url: string;
  dataDir: string;
  pid: number;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  environment?: Readonly<Record<string, string>>;
  /** Where to leave a processor profile of the server (not of its store) when it stops. */
  profileDir?: string | undefined;
}

export async function startServerProcess(options: ServerOptions = {}): Promise<ServerProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), "connvo-bench-"));
  try {
    return await startProgram(join(root, "server", "main.ts"), {
      dataDir,
      ready: /Connvo is ready at (\S+)/,
      environment: {
        PORT: "0",
        DATA_DIR: dataDir,
        RATE_LIMITS: "off",
        LOG_LEVEL: "error",
        ...options.environment,
      },
      nodeFlags:
        options.profileDir === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${options.profileDir}`],
    });
  } catch (error) {
    await removeDirectory(dataDir);
    throw error;
  }
}

export interface ProgramOptions {
  dataDir: string;
  /** Matches a line of its output; the first group is its address. */
  ready: RegExp;
  args?: string[];
  environment?: Readonly<Record<string, string>>;
  nodeFlags?: string[];
}

/** Another program in the server's place, e.g. one to compare with. */
export async function startProgram(file: string, options: ProgramOptions): Promise<ServerProcess> {
  const { dataDir, ready, args = [], environment = {}, nodeFlags = [] } = options;
  const child = spawn(process.execPath, [...startFlags, ...nodeFlags, file, ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const url = await readyUrl(child, ready);
    if (child.pid === undefined) throw new Error("The server has no process id.");
    return { url, dataDir, pid: child.pid, stop: () => stop(child, dataDir) };
  } catch (error) {
    await stop(child, dataDir);
    throw error;
  }
}

function readyUrl(child: ChildProcess, ready: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    const timer = setTimeout(() => reject(new Error("The server was not ready in time.")), readyWithinMs);
    child.stdout?.on("data", (data: Buffer) => {
      output += data.toString();
      const url = ready.exec(output)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
    child.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`The server exited with ${code} before it was ready.`));
    });
  });
}

async function stop(child: ChildProcess, dataDir: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await exited;
  }
  await removeDirectory(dataDir);
}

function removeDirectory(directory: string): Promise<void> {
  return rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

export interface Cost {
  cpuSeconds: number;
  residentBytes: number;
}

/** What a process has cost so far; null where the system has no /proc. */
export async function costOf(pid: number): Promise<Cost | null> {
  try {
    const [stat, status] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile(`/proc/${pid}/status`, "utf8"),
    ]);
    // The name in brackets may hold spaces: fields are counted behind it; utime and stime are the 14th and 15th.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    const residentKilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
    return { cpuSeconds: ticks / clockTicksPerSecond, residentBytes: residentKilobytes * 1024 };
  } catch {
    return null;
  }
}

/** Direct children, e.g. the embedded store. */
export async function childrenOf(pid: number): Promise<number[]> {
  const entries = await readdir("/proc").catch(() => []);
  const pids = entries.filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(
    pids.map(async (child) => {
      const stat = await readFile(`/proc/${child}/stat`, "utf8").catch(() => "");
      return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    }),
  );
  return pids.filter((_child, index) => parents[index] === pid);
}

/** The difference of two costs, memory as it is at the second. */
export function costBetween(before: Cost | null, after: Cost | null): Cost | null {
  if (before === null || after === null) return null;
  return {
    cpuSeconds: Number((after.cpuSeconds - before.cpuSeconds).toFixed(2)),
    residentBytes: after.residentBytes,
  };
}
