// Runs the tests of a Mongoose checkout against a store of their own and gives back mocha's reports.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import { mochaReport, type MochaReport } from "./mongoose-compare.ts";

const testTimeoutMs = 30_000;
/** As Mongoose's own setup has it: its tests of expiry wait for seconds, not for a minute. */
const ttlIntervalMs = 1000;
const manifest = z.object({ name: z.string(), version: z.string() });
const mochaManifest = z.object({ bin: z.object({ mocha: z.string() }) });

export interface Suite {
  path: string;
  version: string;
  /** Of the driver that the checkout uses. */
  driverVersion: string;
  mocha: string;
}

/** Throws one sentence for people where the folder is no checkout that is ready to run. */
export async function openSuite(path: string): Promise<Suite> {
  const { name, version } = manifest.parse(await readJson(join(path, "package.json"), path));
  if (name !== "mongoose") throw new Error(`${path} holds "${name}", not Mongoose.`);
  const modules = join(path, "node_modules");
  const { bin } = mochaManifest.parse(await readJson(join(modules, "mocha", "package.json"), path));
  const driver = manifest.parse(await readJson(join(modules, "mongodb", "package.json"), path));
  return { path, version, driverVersion: driver.version, mocha: join(modules, "mocha", bin.mocha) };
}

async function readJson(file: string, path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new Error(`${path} is no checkout of Mongoose with its packages installed.`, { cause });
  }
  return JSON.parse(text);
}

/**
 * All tests but those of `alone` in one process, one after the other as Mongoose runs them; then those of `alone`.
 * Each process gets a new store.
 */
export async function runSuite(suite: Suite, alone: readonly string[]): Promise<MochaReport[]> {
  if (alone.length === 0) return [await runMocha(suite, [])];
  const pattern = `^(${alone.map(escaped).join("|")})$`;
  return [await runMocha(suite, ["--grep", pattern, "--invert"]), await runMocha(suite, ["--grep", pattern])];
}

function escaped(title: string): string {
  return title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

async function runMocha(suite: Suite, selection: readonly string[]): Promise<MochaReport> {
  const directory = await mkdtemp(join(tmpdir(), "conformance-mongoose-"));
  try {
    const store = await startEmbeddedMongo({ dataDir: join(directory, "data"), ttlIntervalMs });
    try {
      const output = join(directory, "report.json");
      const said = await mochaProcess(suite, { uri: store.uri, output, selection });
      const text = await readFile(output, "utf8").catch((cause: unknown) => {
        throw new Error(`mocha ended without a report. Its last words:\n${said}`, { cause });
      });
      return mochaReport.parse(JSON.parse(text));
    } finally {
      await store.stop();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Ends when mocha ends, whatever its code: the report says what failed. Gives the end of what it printed. */
async function mochaProcess(
  { path, mocha }: Suite,
  { uri, output, selection }: { uri: string; output: string; selection: readonly string[] },
): Promise<string> {
  const flags = ["--exit", "--timeout", String(testTimeoutMs), "--reporter", "json"];
  const { START_REPLICA_SET: _start, MONGOOSE_REPLSET_URI: _replicas, ...environment } = process.env;
  const child = spawn(
    process.execPath,
    [
      mocha,
      ...flags,
      "--reporter-option",
      `output=${output}`,
      "--ignore",
      "test/encryption/**/*.test.js",
      ...selection,
      "test/**/*.test.js",
    ],
    { cwd: path, stdio: ["ignore", "pipe", "pipe"], env: { ...environment, MONGOOSE_TEST_URI: uri } },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve());
  });
  return said;
}
