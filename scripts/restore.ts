// `npm run restore -- DIRECTORY [--replace]`: puts a checked backup in the place of DATA_DIR's data, or into an empty MONGODB_URI.
import { join, resolve } from "node:path";
import { systemClock } from "../server/platform/clock.ts";
import { readConfig } from "../server/platform/config.ts";
import { keyFileName } from "../server/platform/privacy/key-ring.ts";
import { configuredKeys } from "../server/platform/privacy/open-cipher.ts";
import { readArguments } from "./arguments.ts";
import { checkBackup, copyParts, openBackup, partsOf } from "./store/backup-directory.ts";
import { registeredKeys } from "./store/cipher.ts";
import { copyDatabase } from "./store/copy.ts";
import { fillEmbedded, finishReplacement, replaceData } from "./store/data-directory.ts";
import { openMongo } from "./store/mongo.ts";
import { reportComparison } from "./store/outcome.ts";
import { progressOn, runTask, TaskError } from "./store/task.ts";

const usage = `Usage: npm run restore -- DIRECTORY [--replace]
  DIRECTORY  a backup
  --replace  what is in DATA_DIR is moved aside; a database in MONGODB_URI must be empty all the same`;

await runTask(async () => {
  const { values, positionals } = readArguments(usage, {
    allowPositionals: true,
    options: { replace: { type: "boolean", default: false } },
  });
  const config = readConfig(process.env);
  const { dataDir, mongodbUri } = config;
  if (await finishReplacement(dataDir)) {
    console.log("The restore that was interrupted is finished: `npm start` serves it.");
    return;
  }
  const [given] = positionals;
  if (given === undefined || positionals.length > 1) throw new TaskError(usage);
  const directory = resolve(given);
  const progress = { copied: progressOn("restored"), compared: progressOn("checked") };
  const manifest = await checkBackup(directory, progress.compared);
  const source = await openBackup(directory, manifest);
  const others = partsOf(manifest);
  const needed = await registeredKeys(source);
  const { aside } = await replaceData(
    dataDir,
    {
      parts: mongodbUri === null ? ["store", ...others] : others,
      replace: values.replace,
      now: systemClock.now(),
    },
    async (staging) => {
      await copyParts(directory, manifest, staging);
      if (mongodbUri === null) {
        reportComparison(
          await fillEmbedded(join(staging, "store"), (target) => copyDatabase(source, target, progress)),
        );
        return;
      }
      const target = await openMongo(mongodbUri);
      try {
        reportComparison(await copyDatabase(source, target, progress));
      } finally {
        await target.client.close();
      }
    },
  );
  if (aside !== null) console.log(`The data that was there before is in ${aside}.`);
  const { keys } = await configuredKeys(config);
  const missing = needed.filter(
    ({ id, retiredAt }) => retiredAt === null && !keys.some((key) => key.id === id),
  );
  if (missing.length === 0) {
    console.log(`Restored the backup of ${manifest.createdAt}: \`npm start\` serves it.`);
    return;
  }
  console.log(
    `Restored the backup of ${manifest.createdAt}. Its personal data is encrypted with ${missing.map(({ id }) => id).join(" and ")}, ` +
      `which no backup holds: put the key into ENCRYPTION_KEYS, or the file it was in to ${join(dataDir, keyFileName)}. Until then the server does not start.`,
  );
});
