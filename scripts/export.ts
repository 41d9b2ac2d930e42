// `npm run export -- --to DIRECTORY`: the documents as mongodump writes them, for mongorestore and other tools.
import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { readConfig } from "../server/platform/config.ts";
import { syncDirectory } from "../server/platform/durable-file.ts";
import { readArguments } from "./arguments.ts";
import { makePrivateDirectory, syncTree } from "./store/durable-files.ts";
import { writeDump } from "./store/dump-directory.ts";
import { configuredSource } from "./store/source.ts";
import { progressOn, runTask, tableOf, TaskError } from "./store/task.ts";

const usage = `Usage: npm run export -- --to DIRECTORY
  --to  a directory that does not exist yet`;

await runTask(async () => {
  const { values } = readArguments(usage, { options: { to: { type: "string" } } });
  if (values.to === undefined) throw new TaskError(usage);
  const to = resolve(values.to);
  if (existsSync(to)) throw new TaskError(`${to} exists already: choose another name.`);
  const temporary = join(dirname(to), `.${basename(to)}.${process.pid}.incomplete`);
  const source = await configuredSource(readConfig(process.env));
  try {
    await makePrivateDirectory(temporary);
    const written = await writeDump(temporary, source, progressOn("exported"));
    await syncTree(temporary);
    await rename(temporary, to);
    await syncDirectory(dirname(to));
    const rows = [...written].map(([name, { documents, bytes, hash }]) => [
      name,
      documents,
      bytes,
      hash.slice(0, 16),
    ]);
    console.log(tableOf(["collection", "documents", "bytes", "hash"], rows));
    console.log(`Exported ${source.title}. Load it with: mongorestore --uri MONGODB_URI ${to}`);
  } finally {
    await rm(temporary, { recursive: true, force: true });
    await source.close();
  }
});
