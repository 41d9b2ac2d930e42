// `npm run store:check [-- DIRECTORY]`: reads everything in the embedded store of DATA_DIR, also while the server runs.
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { checkStore } from "../server/embedded-mongo/check.ts";
import { readConfig } from "../server/platform/config.ts";
import { runTask } from "./store/task.ts";

await runTask(() => {
  const { positionals } = parseArgs({ allowPositionals: true, options: {} });
  const directory = resolve(positionals[0] ?? join(readConfig(process.env).dataDir, "store"));
  const { collections, documents, entries } = checkStore(directory, (count) =>
    console.error(`checked ${count} documents so far`),
  );
  console.log(
    `${directory} is sound: ${collections} collections, ${documents} documents, ${entries} index entries.`,
  );
  return Promise.resolve();
});
