// `npm run store:check [-- DIRECTORY]`: reads everything in the embedded store of DATA_DIR, also while the server runs.
import { join, resolve } from "node:path";
import { checkStore } from "../server/embedded-mongo/check.ts";
import { readConfig } from "../server/platform/config.ts";
import { readArguments } from "./arguments.ts";
import { runTask } from "./store/task.ts";

const usage = `Usage: npm run store:check [-- DIRECTORY]
  DIRECTORY  an embedded store; that of DATA_DIR without it`;

await runTask(() => {
  const { positionals } = readArguments(usage, { allowPositionals: true, options: {} });
  const directory = resolve(positionals[0] ?? join(readConfig(process.env).dataDir, "store"));
  const { collections, documents, entries } = checkStore(directory, (count) =>
    console.error(`checked ${count} documents so far`),
  );
  console.log(
    `${directory} is sound: ${collections} collections, ${documents} documents, ${entries} index entries.`,
  );
  return Promise.resolve();
});
