import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDurably, removeLeftovers, replaceDurably } from "./durable-file.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "connvo-durable-"));
  path = join(folder, "kept.json");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The number of a process that has ended. */
const dead = () => spawnSync(process.execPath, ["-e", ""]).pid;

test("[DURABLE-1] a file is replaced whole, and created once by whoever is first, with nothing left beside it", async () => {
  await Promise.all(["a", "b", "c"].map((content) => createDurably(path, content)));
  expect(["a", "b", "c"]).toContain(await readFile(path, "utf8"));
  await Promise.all(["d", "e"].map((content) => replaceDurably(path, content)));
  expect(["d", "e"]).toContain(await readFile(path, "utf8"));
  expect(await readdir(folder)).toEqual(["kept.json"]);
});

test("[DURABLE-2] what a killed writer has left goes, also one that had this process's number; a living one's and other files stay", async () => {
  const stays = [
    `kept.json.${process.ppid}-0123abcd-1.new`,
    "kept.json.backup",
    "kept.json.new",
    `kept.json.other.${dead()}-0123abcd-1.new`,
    `kept.json.0-0123abcd-1.new`,
  ];
  const goes = [`kept.json.${dead()}-0123abcd-1.new`, `kept.json.${process.pid}-0123abcd-12.new`];
  for (const name of [...stays, ...goes]) await writeFile(join(folder, name), "words");
  await removeLeftovers(path);
  expect((await readdir(folder)).sort()).toEqual([...stays].sort());
});
