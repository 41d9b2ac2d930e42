// Small files that are whole or not there: written beside their place, synced, and put there in one step.
import { randomBytes } from "node:crypto";
import { link, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** After a crash the file is the old one or the new one, never half of one; on disk when it resolves. For this user alone. */
export async function replaceDurably(path: string, content: string): Promise<void> {
  const temporary = temporaryOf(path);
  await writeSynced(temporary, content);
  await rename(temporary, path);
  await syncDirectory(dirname(path));
}

/** Where another process was first, its file stays. */
export async function createDurably(path: string, content: string): Promise<void> {
  await removeLeftovers(path);
  const temporary = temporaryOf(path);
  await writeSynced(temporary, content);
  try {
    // A link to a finished file either succeeds whole or finds that somebody else was first.
    await link(temporary, path);
  } catch (error) {
    // Some file systems have no hard links; there, the later of two first starts wins.
    if (["EPERM", "ENOTSUP", "ENOSYS"].includes(codeOf(error) ?? "")) await rename(temporary, path);
    else if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(dirname(path));
}

/** What writers of this file have left that were killed midway: it may hold what was deleted since. */
export async function removeLeftovers(path: string): Promise<void> {
  const directory = dirname(path);
  const start = `${basename(path)}.`;
  for (const name of await readdir(directory)) {
    if (!name.startsWith(start)) continue;
    const [, writer, pid] = /^(([1-9]\d{0,9})-[0-9a-f]{8})-\d+\.new$/.exec(name.slice(start.length)) ?? [];
    if (writer === undefined || writer === self) continue;
    if (Number(pid) === process.pid || !isAlive(Number(pid)))
      await rm(join(directory, name), { force: true });
  }
}

/** What was created, renamed or removed in a directory is on disk when this resolves. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open a directory; its rename is durable by itself.
  if (process.platform === "win32") return;
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

// Another process on the same files may be writing, too: neither may take the other's away. In a container every start has the same number.
const self = `${process.pid}-${randomBytes(4).toString("hex")}`;
let written = 0;
const temporaryOf = (path: string) => `${path}.${self}-${(written += 1)}.new`;

async function writeSynced(path: string, content: string): Promise<void> {
  const handle = await open(path, "w", 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives and is another user's.
    return codeOf(error) === "EPERM";
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;
