// Files that are complete when they have their name: private, synced, and renamed into place.
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, open, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncDirectory } from "../../server/platform/durable-file.ts";

/** A file of this user alone that is on disk when this resolves. Throws where it exists. */
export async function writeNewFile(path: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(path, "wx", 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function makePrivateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
}

/** The directory, everything in it and its own name. */
export async function syncTree(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true }))
    if (entry.isDirectory()) await syncTree(join(path, entry.name));
  await syncDirectory(path);
  await syncDirectory(dirname(path));
}

/** Paths of all files below, relative and with `/`, sorted. Nothing where the directory is missing. */
export async function filesBelow(directory: string): Promise<string[]> {
  if (!existsSync(directory)) return [];
  const found: string[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isFile()) found.push(entry.name);
    if (entry.isDirectory())
      for (const below of await filesBelow(join(directory, entry.name))) found.push(`${entry.name}/${below}`);
  }
  return found.sort();
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
