// Files in a directory: each complete when it has its name, and on disk when it is said to be. For one process alone.
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../../../shared/errors.ts";
import type { FileId } from "../../../shared/ids.ts";
import { syncDirectory } from "../../platform/durable-file.ts";
import type { FileStore } from "./index.ts";

const incoming = "incoming";
const pieceBytes = 256 * 1024;

/** Makes the directory; what a process that died has left half written goes. */
export async function createDirectoryFiles(directory: string): Promise<FileStore> {
  const incomingDirectory = join(directory, incoming);
  await mkdir(incomingDirectory, { recursive: true, mode: 0o700 });
  for (const name of await readdir(incomingDirectory)) await rm(join(incomingDirectory, name));
  // All at once: a folder that is made with its first file would need a sync of its own.
  for (let number = 0; number < 256; number += 1)
    await mkdir(join(directory, number.toString(16).padStart(2, "0")), { recursive: true, mode: 0o700 });
  await syncDirectory(directory);

  // Ids rise with time: their last digits spread them evenly.
  const pathOf = (id: FileId) => join(directory, assertId(id).slice(-2), id);

  async function sizeOf(id: FileId): Promise<number | null> {
    try {
      return (await stat(pathOf(id))).size;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  // One after the other for a file: what is judged by its age must not be replaced before it is removed.
  const turns = new Map<FileId, Promise<unknown>>();
  function inTurn<Result>(id: FileId, work: () => Promise<Result>): Promise<Result> {
    const done = (turns.get(id) ?? Promise.resolve()).then(work);
    const settled = done.then(
      () => undefined,
      () => undefined,
    );
    turns.set(id, settled);
    void settled.then(() => {
      if (turns.get(id) === settled) turns.delete(id);
    });
    return done;
  }

  async function foldersFrom(first: string): Promise<string[]> {
    const folders = await readdir(directory);
    return folders.filter((name) => isFolder(name) && name >= first).sort();
  }

  return {
    mode: "directory",

    async put(id, content) {
      const path = pathOf(id);
      const temporary = join(incomingDirectory, `${id}.${randomUUID()}`);
      const hash = createHash("sha256");
      let bytes = 0;
      try {
        const handle = await open(temporary, "wx", 0o600);
        try {
          for await (const piece of content) {
            hash.update(piece);
            bytes += piece.byteLength;
            await handle.writeFile(piece);
          }
          await handle.sync();
        } finally {
          await handle.close();
        }
        await inTurn(id, () => rename(temporary, path));
        await syncDirectory(dirname(path));
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      return { bytes, sha256: hash.digest("hex") };
    },

    async stat(id) {
      const bytes = await sizeOf(id);
      return bytes === null ? null : { bytes };
    },

    async *read(id, range) {
      const bytes = await sizeOf(id);
      if (bytes === null) throw new AppError("NOT_FOUND", "This file does not exist any more.");
      const { start, end } = range ?? { start: 0, end: bytes - 1 };
      if (start >= bytes || end < start) return;
      const stream = createReadStream(pathOf(id), { start, end, highWaterMark: pieceBytes });
      // Whoever stops reading closes the stream by that.
      for await (const piece of stream) yield piece as Uint8Array;
    },

    async *ids() {
      for (const folder of await readdir(directory)) {
        if (folder === incoming) continue;
        for (const name of await readdir(join(directory, folder))) if (isId(name)) yield name as FileId;
      }
    },

    async page(after, limit) {
      const found: FileId[] = [];
      const first = after === null ? "" : assertId(after).slice(-2);
      for (const folder of await foldersFrom(first)) {
        const names = (await readdir(join(directory, folder))).filter(
          (name) => isId(name) && (after === null || folder !== first || name > after),
        );
        found.push(...(names.sort().slice(0, limit - found.length) as FileId[]));
        if (found.length === limit) break;
      }
      return found;
    },

    async removeOlder(id, before) {
      const path = pathOf(id);
      return await inTurn(id, async () => {
        try {
          if ((await stat(path)).mtime >= before) return false;
          await rm(path);
        } catch (error) {
          if (isMissing(error)) return false;
          throw error;
        }
        await syncDirectory(dirname(path));
        return true;
      });
    },

    async remove(id) {
      const path = pathOf(id);
      try {
        await rm(path);
      } catch (error) {
        if (isMissing(error)) return;
        throw error;
      }
      await syncDirectory(dirname(path));
    },
  };
}

const isId = (name: string): boolean => /^[0-9a-f]{24}$/.test(name);

const isFolder = (name: string): boolean => /^[0-9a-f]{2}$/.test(name);

/** It becomes a part of a path: what is no id must not get there, whoever calls. */
function assertId(id: FileId): FileId {
  if (!isId(id)) throw new Error("a file is named by something that is no id");
  return id;
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}
