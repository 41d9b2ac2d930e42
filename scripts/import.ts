// `npm run import -- DIRECTORY [--database NAME] [--replace]`: loads what mongodump or `npm run export` wrote, compared afterwards.
import { join, resolve } from "node:path";
import { systemClock } from "../server/platform/clock.ts";
import { readConfig } from "../server/platform/config.ts";
import { readArguments } from "./arguments.ts";
import { copyDatabase } from "./store/copy.ts";
import { fillEmbedded, replaceData } from "./store/data-directory.ts";
import { dumpSource } from "./store/dump-directory.ts";
import { openMongo } from "./store/mongo.ts";
import { reportComparison } from "./store/outcome.ts";
import { progressOn, runTask, TaskError } from "./store/task.ts";

const usage = `Usage: npm run import -- DIRECTORY [--database NAME] [--replace]
  DIRECTORY   as npm run export or mongodump writes it
  --database  which of several in it
  --replace   the store in DATA_DIR is moved aside; a database in MONGODB_URI must be empty all the same`;

await runTask(async () => {
  const { values, positionals } = readArguments(usage, {
    allowPositionals: true,
    options: { database: { type: "string" }, replace: { type: "boolean", default: false } },
  });
  const [directory] = positionals;
  if (directory === undefined || positionals.length > 1) throw new TaskError(usage);
  const { dataDir, mongodbUri } = readConfig(process.env);
  const source = await dumpSource(resolve(directory), values.database);
  const progress = { copied: progressOn("imported"), compared: progressOn("checked") };
  if (mongodbUri !== null) {
    const target = await openMongo(mongodbUri);
    try {
      reportComparison(await copyDatabase(source, target, progress));
      console.log(`Imported ${source.title} into ${target.title}.`);
    } finally {
      await target.client.close();
    }
    return;
  }
  const { aside } = await replaceData(
    dataDir,
    { parts: ["store"], replace: values.replace, now: systemClock.now() },
    async (staging) =>
      reportComparison(
        await fillEmbedded(join(staging, "store"), (target) => copyDatabase(source, target, progress)),
      ),
  );
  if (aside !== null) console.log(`The data that was there before is in ${aside}.`);
  console.log(`Imported ${source.title}: \`npm start\` serves it.`);
});
