// One at a time under a file, in one process and between several.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withFileLock } from "./file-lock.ts";

const module = new URL("./file-lock.ts", import.meta.url).href;
const children: ChildProcess[] = [];
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "connvo-lock-"));
  path = join(folder, "some.lock");
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

/** Another process that holds the lock when this resolves, for as long as it lives. */
async function holder(): Promise<ChildProcess> {
  const program = `import { withFileLock } from ${JSON.stringify(module)};
await withFileLock(${JSON.stringify(path)}, async () => { console.log("held"); await new Promise((end) => setTimeout(end, 600_000)); });`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  if (child.stdout !== null) await once(child.stdout, "data");
  return child;
}

test("of many in one process one runs at a time, and one that fails lets the next one in", async () => {
  let inside = 0;
  const seen: number[] = [];
  const work = async () => {
    seen.push((inside += 1));
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
    if (seen.length === 3) throw new Error("failed");
  };
  const all = await Promise.allSettled(Array.from({ length: 10 }, () => withFileLock(path, work)));
  expect(seen).toEqual(Array.from({ length: 10 }, () => 1));
  expect(all.filter(({ status }) => status === "rejected")).toHaveLength(1);
});

test("who waits for another process is told after a time, and gets in at once when that one is killed", async () => {
  const other = await holder();
  const brief = withFileLock(path, () => Promise.resolve("in"), { timeoutMs: 50 });
  await expect(brief).rejects.toThrow(/locked by another process/);
  const waiting = withFileLock(path, () => Promise.resolve("in"), { timeoutMs: 60_000 });
  other.kill("SIGKILL");
  expect(await waiting).toBe("in");
});

test("where the file cannot be made the work meets the fault itself", async () => {
  await rm(folder, { recursive: true });
  expect(await withFileLock(path, () => Promise.resolve("tried"))).toBe("tried");
});
