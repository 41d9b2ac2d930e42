// Replaces what lies in DATA_DIR: built beside it, put in place by renames that a crash cannot leave half done.
import { randomBytes } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import { lockDirectory } from "../../server/embedded-mongo/storage/directory-lock.ts";
import { dataFileName } from "../../server/embedded-mongo/storage/sqlite-storage.ts";
import { defaultDatabaseName, replacementFile } from "../../server/platform/database.ts";
import { syncDirectory } from "../../server/platform/durable-file.ts";
import { makePrivateDirectory, syncTree, writeNewFile } from "./durable-files.ts";
import { openMongo } from "./mongo.ts";
import type { Target } from "./copy.ts";
import { TaskError } from "./task.ts";

const replacementSchema = z.object({
  staging: z.string(),
  aside: z.string(),
  parts: z.array(z.string()),
});
type Replacement = z.infer<typeof replacementSchema>;

/** Names in DATA_DIR that are no data of the product's. */
export function isHousekeeping(name: string): boolean {
  return (
    name === replacementFile ||
    name === "backups" ||
    name.startsWith("restoring-") ||
    name.startsWith("replaced-") ||
    name.startsWith(".write-test-")
  );
}

export interface Replaced<Result> {
  result: Result;
  /** Where the data is that was there before; null where there was none. */
  aside: string | null;
}

/**
 * Lets `build` fill an empty directory with `parts` and then puts them into the data directory's place. Until then nothing
 * is changed, and no server can start on the directory. What was there is moved aside, never deleted.
 * Throws TaskError: a server runs on it, or it holds data and `replace` is not set.
 */
export async function replaceData<Result>(
  dataDir: string,
  { parts, replace, now }: { parts: readonly string[]; replace: boolean; now: Date },
  build: (staging: string) => Promise<Result>,
): Promise<Replaced<Result>> {
  await makePrivateDirectory(dataDir);
  if (existsSync(join(dataDir, replacementFile)))
    throw new TaskError("A restore was interrupted: run `npm run restore` without a file to finish it.");
  const held = await holdStore(dataDir);
  const suffix = `${now.toISOString().replaceAll(":", "-")}-${randomBytes(3).toString("hex")}`;
  const staging = `restoring-${suffix}`;
  try {
    const present = parts.filter((part) =>
      part === "store" ? held.hasData : existsSync(join(dataDir, part)),
    );
    if (present.length > 0 && !replace)
      throw new TaskError(
        `${dataDir} holds data already (${present.join(", ")}): add --replace to move it aside, or set DATA_DIR to another directory.`,
      );
    await makePrivateDirectory(join(dataDir, staging));
    const result = await build(join(dataDir, staging));
    const replacement: Replacement = { staging, aside: `replaced-${suffix}`, parts: [...parts] };
    await syncTree(join(dataDir, staging));
    await writeNewFile(join(dataDir, `${staging}.json`), JSON.stringify(replacement));
    await rename(join(dataDir, `${staging}.json`), join(dataDir, replacementFile));
    await syncDirectory(dataDir);
    // From here on a server refuses to start, so that the lock, whose file moves too, is needed no more.
    held.release();
    await finishReplacement(dataDir);
    return { result, aside: present.length > 0 ? join(dataDir, replacement.aside) : null };
  } finally {
    held.release();
    if (!existsSync(join(dataDir, replacementFile)))
      await rm(join(dataDir, staging), { recursive: true, force: true });
  }
}

/** Takes up a replacement that a crash interrupted; false where there is none. */
export async function finishReplacement(dataDir: string): Promise<boolean> {
  const file = join(dataDir, replacementFile);
  if (!existsSync(file)) return false;
  const { staging, aside, parts } = replacementSchema.parse(JSON.parse(await readFile(file, "utf8")));
  for (const part of parts) {
    const fresh = join(dataDir, staging, part);
    // Each part is in one of three states, and each leads on: still both, moved aside, in place.
    if (!existsSync(fresh)) continue;
    if (existsSync(join(dataDir, part))) {
      await makePrivateDirectory(join(dataDir, aside));
      await rename(join(dataDir, part), join(dataDir, aside, part));
      await syncDirectory(join(dataDir, aside));
    }
    await rename(fresh, join(dataDir, part));
    await syncDirectory(dataDir);
  }
  await rm(join(dataDir, staging), { recursive: true, force: true });
  await rm(file);
  await syncDirectory(dataDir);
  return true;
}

/** Keeps servers off the data directory's store until it is released. Throws TaskError where one runs. */
export async function holdStore(dataDir: string): Promise<{ hasData: boolean; release(): void }> {
  const directory = join(dataDir, "store");
  const existed = existsSync(directory);
  await makePrivateDirectory(directory);
  const names = await readdir(directory);
  let lock: { release(): void } | null;
  try {
    lock = lockDirectory(directory);
  } catch (error) {
    throw new TaskError(
      `Connvo runs on ${dataDir}, or the directory cannot be written to: stop the server first. (${error instanceof Error ? error.message : String(error)})`,
      { cause: error },
    );
  }
  return {
    hasData: existed && names.some((name) => name.startsWith(dataFileName)),
    release() {
      if (lock === null) return;
      lock.release();
      lock = null;
      // A directory that was made for the lock alone would look like a store.
      if (!existed && !existsSync(join(directory, dataFileName)))
        rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Runs an embedded store on an empty directory while `fill` writes into it, and ends it with everything durable. */
export async function fillEmbedded<Result>(
  directory: string,
  fill: (target: Target) => Promise<Result>,
): Promise<Result> {
  await makePrivateDirectory(directory);
  const store = await startEmbeddedMongo({ dataDir: directory });
  try {
    const { client } = await openMongo(store.uri);
    try {
      return await fill({ client, database: defaultDatabaseName, title: "the new embedded store" });
    } finally {
      await client.close();
    }
  } finally {
    await store.stop();
  }
}
