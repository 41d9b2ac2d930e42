// The directory of local sign-in between processes that really are several, and really die.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLocalDirectory } from "../../server/vendors/identity/emulator/directory.ts";

const module = new URL("../../server/vendors/identity/emulator/directory.ts", import.meta.url).href;
const children: ChildProcess[] = [];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "connvo-local-directory-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

/** Adds people, some at once, and writes down whom it has been told to be saved. */
const writer = `
const [, directoryModule, folder, name, rounds] = process.argv;
const { openLocalDirectory } = await import(directoryModule);
const directory = await openLocalDirectory(folder);
const at = "2026-01-05T09:00:00.000Z";
const add = async (id) => {
  directory.users.set(id, { id, email: id + "@example.org", name: null, createdAt: at, updatedAt: at, lastSignInAt: null });
  await directory.save();
  console.log(id);
};
for (let round = 0; round < Number(rounds); round += 1)
  await Promise.all([1, 2, 3].map((one) => add(name + "-" + round + "-" + one)));
`;

/** Resolves with whom it has acknowledged, when it has ended or has been killed after so many. */
async function runWriter(name: string, rounds: number, killedAfter = Infinity): Promise<string[]> {
  const args = ["--input-type=module-typescript", "-e", writer, module, folder, name, String(rounds)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const acknowledged: string[] = [];
  createInterface(child.stdout).on("line", (line) => {
    acknowledged.push(line);
    if (acknowledged.length === killedAfter) child.kill("SIGKILL");
  });
  await once(child, "close");
  return acknowledged;
}

test("[DIRECTORY-7] of people who sign in at four processes at the same time none is lost", async () => {
  const each = await Promise.all(["a", "b", "c", "d"].map((name) => runWriter(name, 15)));
  expect(each.map((all) => all.length)).toEqual([45, 45, 45, 45]);
  const { users } = await openLocalDirectory(folder);
  expect([...users.keys()].sort()).toEqual(each.flat().sort());
}, 60_000);

test("[DIRECTORY-8] processes that are killed as they write hold nobody up, and lose nothing that was acknowledged", async () => {
  const surviving = runWriter("survivor", 30);
  const killed = await Promise.all(
    [1, 2, 4, 7, 11, 16].map((count) => runWriter(`killed${count}`, 1_000, count)),
  );
  const acknowledged = [...(await surviving), ...killed.flat()];
  expect(await surviving).toHaveLength(90);
  const { users } = await openLocalDirectory(folder);
  expect(acknowledged.filter((id) => !users.has(id))).toEqual([]);
  expect((await readdir(folder)).sort()).toEqual(["directory.json", "directory.lock"]);
}, 60_000);
