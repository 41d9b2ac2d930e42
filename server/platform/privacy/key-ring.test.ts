import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  conflictOf,
  createKeyFile,
  keyFileName,
  keyNameOf,
  newKey,
  parseKey,
  readKeyFile,
} from "./key-ring.ts";

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "connvo-keys-"));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));
const now = new Date("2026-02-01T09:00:00Z");

test("[CRYPT-30] a key is a name and 32 random bytes", () => {
  expect(parseKey(newKey("2026-a"))).toMatchObject({ id: "2026-a" });
  expect(parseKey(newKey(keyNameOf(now)))?.id).toBe("k20260201t090000");
  const bytes = (count: number, fill: number) => Buffer.alloc(count, fill).toString("base64");
  const some = newKey("x").slice(2);
  for (const bad of ["", "k1", `:${some}`, `k 1:${some}`, `k:1:${some}`, "k1:c2hvcnQ=", `k1:${some}AAAA`])
    expect(parseKey(bad)).toBeNull();
  expect(parseKey(`${"n".repeat(33)}:${some}`)).toBeNull();
  // Left over from an example.
  expect(parseKey(`k1:${bytes(32, 0)}`)).toBeNull();
});

test("[CRYPT-30] one name twice and one key under two names are refused", () => {
  const keys = [newKey("a"), newKey("b")].map(parseKey).filter((key) => key !== null);
  expect(conflictOf(keys)).toBeNull();
  expect(conflictOf([...keys, ...keys.slice(0, 1)])).toBe("names the key a twice");
  expect(conflictOf([...keys, ...keys.slice(0, 1).map((key) => ({ ...key, id: "c" }))])).toMatch(/two names/);
});

test("[CRYPT-31] of ten starts at once one makes the key file, and all have the same key; only its user may read it", async () => {
  expect(await readKeyFile(dataDir)).toBeNull();
  await Promise.all(Array.from({ length: 10 }, () => createKeyFile(dataDir, now)));
  expect(await readdir(dataDir)).toEqual([keyFileName]);
  const file = await readKeyFile(dataDir);
  expect(file).toMatchObject({ keys: [{ id: "k20260201t090000" }], exposed: false });
  expect((await stat(join(dataDir, keyFileName))).mode & 0o777).toBe(0o600);
  const content = await readFile(join(dataDir, keyFileName), "utf8");
  await createKeyFile(dataDir, now);
  expect(await readFile(join(dataDir, keyFileName), "utf8")).toBe(content);
});

test("[CRYPT-31] a key file that others can read is reported, and a damaged one is not replaced", async () => {
  const path = join(dataDir, keyFileName);
  await chmod(path, 0o644);
  expect((await readKeyFile(dataDir))?.exposed).toBe(true);
  for (const damaged of [
    "",
    "# nothing\n",
    "k1:short\n",
    `${newKey("a")}\nhalf`,
    `${newKey("a")}\n${newKey("a")}\n`,
  ]) {
    await writeFile(path, damaged);
    await expect(readKeyFile(dataDir)).rejects.toThrow(/must have a line for each key/);
    expect(await readFile(path, "utf8")).toBe(damaged);
  }
});
