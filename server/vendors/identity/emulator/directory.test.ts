import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { StartError } from "../../../platform/config.ts";
import { openLocalDirectory, type LocalUser } from "./directory.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "connvo-directory-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const person = (name: string): LocalUser => ({
  id: `user_${name}`,
  email: `${name}@example.org`,
  name,
  createdAt: "2026-01-05T09:00:00.000Z",
  updatedAt: "2026-01-05T09:00:00.000Z",
  lastSignInAt: null,
});

test("[DIRECTORY-1] what was saved is there at the next opening, however many saves ran at once", async () => {
  const directory = await openLocalDirectory(folder);
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => {
      const user = person(`p${index}`);
      directory.users.set(user.id, user);
      return directory.save();
    }),
  );
  expect((await openLocalDirectory(folder)).users.size).toBe(50);
  expect(await readdir(folder)).toEqual(["directory.json"]);
});

test("[DIRECTORY-2] a save resolves only after its own change is on disk", async () => {
  const directory = await openLocalDirectory(folder);
  directory.users.set("user_a", person("a"));
  const first = directory.save();
  directory.users.set("user_b", person("b"));
  const second = directory.save();
  await Promise.all([
    first,
    second.then(async () => {
      expect(await readFile(join(folder, "directory.json"), "utf8")).toContain("user_b");
    }),
  ]);
});

test("[DIRECTORY-3] a half-written file beside the good one, as a crash leaves it, changes nothing", async () => {
  const directory = await openLocalDirectory(folder);
  directory.users.set("user_a", person("a"));
  await directory.save();
  await writeFile(join(folder, "directory.json.new"), '{"users":[{"id":"us');
  expect([...(await openLocalDirectory(folder)).users.keys()]).toEqual(["user_a"]);
});

test("[DIRECTORY-4] a damaged file stops the start with a sentence, and is not overwritten", async () => {
  const path = join(folder, "directory.json");
  await writeFile(path, '{"users": "all"}');
  await expect(openLocalDirectory(folder)).rejects.toThrow(StartError);
  expect(await readFile(path, "utf8")).toBe('{"users": "all"}');
});

test("[DIRECTORY-5] a save that failed is told, and the next one tries again", async () => {
  const directory = await openLocalDirectory(folder);
  directory.users.set("user_a", person("a"));
  await rm(folder, { recursive: true });
  await expect(directory.save()).rejects.toThrow(/ENOENT/);
  await mkdir(folder);
  await directory.save();
  expect((await openLocalDirectory(folder)).users.size).toBe(1);
});
