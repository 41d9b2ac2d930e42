// `npm run backup [-- --to DIRECTORY]`: a checked backup of everything in DATA_DIR or MONGODB_URI, also while the server runs.
import { join, resolve } from "node:path";
import { systemClock } from "../server/platform/clock.ts";
import { readConfig } from "../server/platform/config.ts";
import { readArguments } from "./arguments.ts";
import { writeBackup } from "./store/backup-directory.ts";
import { configuredSource } from "./store/source.ts";
import { progressOn, runTask, tableOf } from "./store/task.ts";

const usage = `Usage: npm run backup [-- --to DIRECTORY]
  --to  where to; a new directory under backups/ without it`;

await runTask(async () => {
  const { values } = readArguments(usage, { options: { to: { type: "string" } } });
  const now = systemClock.now();
  const named = `connvo-${now.toISOString().replaceAll(":", "-")}`;
  const to = resolve(values.to ?? join("backups", named));
  const config = readConfig(process.env);
  const source = await configuredSource(config);
  try {
    const { collections, files } = await writeBackup(
      to,
      { source, dataDir: config.dataDir, now },
      { copied: progressOn("saved"), compared: progressOn("checked") },
    );
    const rows = collections.map(({ name, documents, bytes, hash }) => [
      name,
      documents,
      bytes,
      hash.slice(0, 16),
    ]);
    console.log(tableOf(["collection", "documents", "bytes", "hash"], rows));
    const others = files.filter(({ path }) => path.startsWith("files/")).length;
    console.log(`Backup of ${source.title}, with ${others} other files, written and checked: ${to}`);
    console.log("It holds what people said and the keys of sessions: keep it as safe as the data itself.");
  } finally {
    await source.close();
  }
});
