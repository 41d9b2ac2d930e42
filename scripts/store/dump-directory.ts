// The directory that mongodump writes and mongorestore reads: DATABASE/COLLECTION.bson and .metadata.json.
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { open, readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import mongoose from "mongoose";
import { z } from "zod";
import { writeNewFile, makePrivateDirectory } from "./durable-files.ts";
import { Fingerprinter, type Fingerprint } from "./fingerprint.ts";
import type { Document, SourceCollection, StoreSource } from "./source.ts";
import { TaskError, type Progress } from "./task.ts";

const { EJSON } = mongoose.mongo.BSON;
const dataEnd = ".bson";
const metadataEnd = ".metadata.json";
const maxDocumentBytes = 16 * 1024 * 1024 + 16 * 1024;
/** Longer names are cut and told apart by a hash; the whole name stands in the metadata. */
const maxNameBytes = 238;
const cutNameBytes = 208;

/** Writes one database below `directory`; what it wrote of each collection. The caller syncs the directories. */
export async function writeDump(
  directory: string,
  source: StoreSource,
  progress: Progress,
): Promise<Map<string, Fingerprint>> {
  const below = join(directory, source.database);
  await makePrivateDirectory(below);
  const written = new Map<string, Fingerprint>();
  for (const collection of source.collections) {
    const base = join(below, fileNameOf(collection.name));
    await writeNewFile(`${base}${metadataEnd}`, metadataOf(collection));
    const handle = await open(`${base}${dataEnd}`, "wx", 0o600);
    try {
      const fingerprinter = new Fingerprinter();
      for await (const page of source.pages(collection)) {
        for (const document of page) fingerprinter.add(document);
        const bytes = Buffer.concat(page);
        await handle.writeFile(bytes);
        progress.moved(collection.name, page.length, bytes.length);
      }
      await handle.sync();
      written.set(collection.name, fingerprinter.result());
    } finally {
      await handle.close();
    }
  }
  return written;
}

/**
 * One database of a dump. `directory` is the dump, or the folder of one database in it; `database` chooses where the
 * dump holds several. Throws TaskError.
 */
export async function dumpSource(directory: string, database?: string): Promise<StoreSource> {
  const { folder, name } = await findDatabase(directory, database);
  const collections: (SourceCollection & { file: string })[] = [];
  const names = await readdir(folder);
  if (names.some((file) => file.endsWith(".gz")))
    throw new TaskError(`${folder} holds compressed files: unpack them first (gunzip -r ${folder}).`);
  for (const file of names.filter((each) => each.endsWith(metadataEnd)).sort()) {
    const base = join(folder, file.slice(0, -metadataEnd.length));
    const collection = await readMetadata(join(folder, file), nameOfFile(basename(base)));
    if (collection.name.startsWith("system.")) continue;
    if (!existsSync(`${base}${dataEnd}`))
      throw new TaskError(`${base}${dataEnd} is missing: the dump is not complete.`);
    collections.push({ ...collection, file: `${base}${dataEnd}` });
  }
  const alone = names.filter(
    (file) =>
      file.endsWith(dataEnd) &&
      !file.startsWith("system.") &&
      !names.includes(`${file.slice(0, -dataEnd.length)}${metadataEnd}`),
  );
  if (alone[0] !== undefined)
    throw new TaskError(
      `${join(folder, alone[0])} has no ${metadataEnd} beside it: the dump is not complete.`,
    );
  return {
    title: `the dump in ${folder}`,
    database: name,
    collections,
    pages(collection) {
      const own = collections.find((each) => each.name === collection.name);
      if (own === undefined) throw new Error("the collection is not of this dump");
      return documentsOf(own.file);
    },
    close: () => Promise.resolve(),
  };
}

async function findDatabase(directory: string, wanted?: string): Promise<{ folder: string; name: string }> {
  if (!existsSync(directory)) throw new TaskError(`${directory} does not exist.`);
  const entries = await readdir(directory, { withFileTypes: true });
  if (entries.some(({ name }) => name.endsWith(metadataEnd)))
    return { folder: directory, name: basename(directory) };
  const folders = entries
    .filter((entry) => entry.isDirectory() && !["admin", "config", "local"].includes(entry.name))
    .map(({ name }) => name);
  const [only] = folders;
  if (wanted !== undefined && folders.includes(wanted))
    return { folder: join(directory, wanted), name: wanted };
  if (wanted === undefined && only !== undefined && folders.length === 1)
    return { folder: join(directory, only), name: only };
  throw new TaskError(
    only === undefined
      ? `${directory} is no dump: it holds no folder of a database.`
      : `${directory} holds ${folders.join(", ")}: choose one with --database NAME.`,
  );
}

function metadataOf({ name, uuid, options, indexes }: SourceCollection): string {
  return EJSON.stringify(
    { options, indexes, ...(uuid === null ? {} : { uuid }), collectionName: name, type: "collection" },
    { relaxed: false },
  );
}

const metadataSchema = z.object({
  options: z.record(z.string(), z.unknown()).optional(),
  indexes: z.array(z.record(z.string(), z.unknown())),
  uuid: z.string().optional(),
  collectionName: z.string().optional(),
  type: z.string().optional(),
});

async function readMetadata(path: string, nameInFile: string): Promise<SourceCollection> {
  let parsed: z.infer<typeof metadataSchema>;
  try {
    parsed = metadataSchema.parse(EJSON.parse(await readFile(path, "utf8"), { relaxed: false }));
  } catch (error) {
    throw new TaskError(`${path} cannot be read: it is damaged or of another format.`, { cause: error });
  }
  const name = parsed.collectionName ?? nameInFile;
  if (parsed.type !== undefined && parsed.type !== "collection")
    throw new TaskError(`${name} is a ${parsed.type}, which cannot be copied.`);
  return {
    name,
    uuid: parsed.uuid ?? null,
    options: parsed.options ?? {},
    indexes: parsed.indexes.map(({ ns: _namespace, ...index }): Document => index),
  };
}

/** Documents one after another; throws TaskError where the file ends inside one or holds something else. */
async function* documentsOf(path: string): AsyncIterable<Buffer[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 4 * 1024 * 1024 })) {
    let bytes: Buffer = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    const page: Buffer[] = [];
    while (bytes.length >= 4) {
      const length = bytes.readInt32LE(0);
      if (length < 5 || length > maxDocumentBytes)
        throw new TaskError(`${path} is damaged: what is there is no document.`);
      if (bytes.length < length) break;
      const document = bytes.subarray(0, length);
      if (document.at(-1) !== 0) throw new TaskError(`${path} is damaged: what is there is no document.`);
      page.push(document);
      bytes = bytes.subarray(length);
    }
    rest = bytes;
    if (page.length > 0) yield page;
  }
  if (rest.length > 0) throw new TaskError(`${path} ends in the middle of a document: it is cut off.`);
}

/** As Go's url.QueryEscape writes it: collection names may hold what file names may not. */
export function fileNameOf(collection: string): string {
  const escaped = encodeURIComponent(collection)
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
  if (escaped.length <= maxNameBytes) return escaped;
  const hash = createHash("sha1").update(collection).digest("base64url");
  return `${escaped.slice(0, cutNameBytes)}%24${hash}`;
}

function nameOfFile(name: string): string {
  return decodeURIComponent(name.replaceAll("+", " "));
}
