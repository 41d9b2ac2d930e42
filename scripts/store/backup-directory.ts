// A backup: a manifest, a dump of the database, and the other files of DATA_DIR, complete when it has its name.
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { syncDirectory } from "../../server/platform/durable-file.ts";
import { keyFileName } from "../../server/platform/privacy/key-ring.ts";
import { filesBelow, makePrivateDirectory, sha256Of, syncTree, writeNewFile } from "./durable-files.ts";
import { isHousekeeping } from "./data-directory.ts";
import { dumpSource, writeDump } from "./dump-directory.ts";
import { differencesOf } from "./copy.ts";
import { fingerprintsOf } from "./fingerprint.ts";
import type { StoreSource } from "./source.ts";
import { TaskError, type Progress } from "./task.ts";

const formatName = "connvo-backup";
const formatVersion = 1;
const manifestFile = "manifest.json";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().min(0);
const manifestSchema = z.object({
  format: z.literal(formatName),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  database: z.string(),
  collections: z.array(
    z.object({ name: z.string(), documents: count, bytes: count, hash: sha256, indexes: count }),
  ),
  /** Everything but the manifest and the documents, whose hashes stand above; paths with `/`. */
  files: z.array(z.object({ path: z.string(), bytes: count, sha256 })),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Of the data directory, what is not the document store. */
async function otherFiles(dataDir: string): Promise<string[]> {
  const all = await filesBelow(dataDir);
  return all.filter((path) => {
    const [top = ""] = path.split("/");
    // Unfinished files of the sign-in keys and directory carry a suffix; they are nothing yet.
    const unfinished = /^identity\/.*\.json\./.test(path);
    // They bear witness to what this directory's store has held, whatever is restored into it; a copy that is newer than
    // the dump beside it would speak of entries that are not there.
    const witness = path.startsWith("audit-head");
    // Whoever finds a backup must not find what opens it.
    const key = path.startsWith(keyFileName);
    // What is still being written is nothing yet.
    const arriving = path.startsWith("files/incoming/");
    return (
      !key &&
      !arriving &&
      top !== "store" &&
      top !== "mongod" &&
      !isHousekeeping(top) &&
      !unfinished &&
      !witness
    );
  });
}

/** Writes, checks what was written, and only then gives it its name. Throws TaskError where the name is taken. */
export async function writeBackup(
  to: string,
  { source, dataDir, now }: { source: StoreSource; dataDir: string; now: Date },
  progress: { copied: Progress; compared: Progress },
): Promise<Manifest> {
  if (existsSync(to)) throw new TaskError(`${to} exists already: choose another name.`);
  const temporary = join(dirname(to), `.${basename(to)}.${process.pid}.incomplete`);
  await mkdir(dirname(to), { recursive: true });
  await makePrivateDirectory(temporary);
  try {
    const written = await writeDump(join(temporary, "dump"), source, progress.copied);
    // After the documents: who signed in meanwhile is then in these files and not yet in the store, never the other way.
    for (const path of await otherFiles(dataDir)) {
      const content = await contentOf(join(dataDir, path));
      if (content === null) continue;
      await makePrivateDirectory(dirname(join(temporary, "files", path)));
      await writeNewFile(join(temporary, "files", path), content);
    }
    const paths = (await filesBelow(temporary)).filter((path) => !path.endsWith(".bson"));
    const manifest: Manifest = {
      format: formatName,
      version: formatVersion,
      createdAt: now.toISOString(),
      database: source.database,
      collections: source.collections.map(({ name, indexes }) => ({
        name,
        ...(written.get(name) ?? { documents: 0, bytes: 0, hash: "0".repeat(64) }),
        indexes: indexes.length,
      })),
      files: await Promise.all(
        paths.map(async (path) => ({
          path,
          bytes: (await stat(join(temporary, path))).size,
          sha256: await sha256Of(join(temporary, path)),
        })),
      ),
    };
    await writeNewFile(join(temporary, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
    await syncTree(temporary);
    await checkBackup(temporary, progress.compared);
    await rename(temporary, to);
    await syncDirectory(dirname(to));
    return manifest;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Null where it was removed meanwhile: whoever deleted it did not want it kept. */
async function contentOf(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Reads all of it and compares it with its manifest. Throws TaskError that says what is wrong. */
export async function checkBackup(directory: string, progress: Progress): Promise<Manifest> {
  const manifest = await readManifest(directory);
  for (const { path, bytes, sha256: expected } of manifest.files) {
    const file = join(directory, path);
    if (path.split("/").includes("..")) throw damaged(directory, "its manifest names files outside of it");
    if (!existsSync(file)) throw damaged(directory, `${path} is missing`);
    if ((await stat(file)).size !== bytes || (await sha256Of(file)) !== expected)
      throw damaged(directory, `${path} is not what was written`);
  }
  const source = await openBackup(directory, manifest);
  const found = await fingerprintsOf(source, progress);
  for (const { name, ...expected } of manifest.collections) {
    const [difference] = differencesOf(expected, found.get(name) ?? null);
    if (difference !== undefined) throw damaged(directory, `${name} ${difference}`);
  }
  if (found.size !== manifest.collections.length)
    throw damaged(directory, "it holds collections of something else");
  return manifest;
}

async function readManifest(directory: string): Promise<Manifest> {
  let text: string;
  try {
    text = await readFile(join(directory, manifestFile), "utf8");
  } catch (error) {
    throw new TaskError(`${directory} is no complete backup: it has no ${manifestFile}.`, { cause: error });
  }
  let manifest: Manifest;
  try {
    manifest = manifestSchema.parse(JSON.parse(text));
  } catch (error) {
    throw damaged(directory, `${manifestFile} cannot be read`, error);
  }
  if (manifest.version !== formatVersion)
    throw new TaskError(
      `${directory} has format ${manifest.version} and this program reads format ${formatVersion}: use the version that wrote it.`,
    );
  return manifest;
}

function damaged(directory: string, what: string, cause?: unknown): TaskError {
  return new TaskError(
    `The backup ${directory} is damaged: ${what}. Nothing was changed; use another backup.`,
    { cause },
  );
}

/** The documents of a backup. */
export function openBackup(directory: string, { database, collections }: Manifest): Promise<StoreSource> {
  if (collections.length > 0) return dumpSource(join(directory, "dump"), database);
  return Promise.resolve({
    title: `the empty dump in ${directory}`,
    database,
    collections: [],

    async *pages() {
      yield* [];
    },
    close: () => Promise.resolve(),
  });
}

/** What of DATA_DIR, besides the store, a backup brings: names right below it. */
export function partsOf({ files }: Manifest): string[] {
  const below = files.map(({ path }) => path.split("/")).filter(([top]) => top === "files");
  return [...new Set(below.map(([, part]) => part ?? ""))];
}

export async function copyParts(directory: string, { files }: Manifest, to: string): Promise<void> {
  for (const { path } of files) {
    if (!path.startsWith("files/")) continue;
    const target = join(to, path.slice("files/".length));
    await makePrivateDirectory(dirname(target));
    await copyFile(join(directory, path), target);
  }
}
