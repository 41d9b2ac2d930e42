// `npm run move -- --to URI` or `--from URI [--replace]`: moves between the embedded store and a MongoDB, compared afterwards.
import { join } from "node:path";
import { systemClock } from "../server/platform/clock.ts";
import { readConfig } from "../server/platform/config.ts";
import { parseMongodbUri } from "../server/platform/mongodb-uri.ts";
import { readArguments } from "./arguments.ts";
import { copyDatabase } from "./store/copy.ts";
import { fillEmbedded, holdStore, replaceData } from "./store/data-directory.ts";
import { openMongo } from "./store/mongo.ts";
import { reportComparison } from "./store/outcome.ts";
import { embeddedSource, mongoSource, type StoreSource } from "./store/source.ts";
import { progressOn, runTask, TaskError } from "./store/task.ts";

const usage = "Usage: npm run move -- --to MONGODB_URI, or npm run move -- --from MONGODB_URI [--replace]";
const progress = { copied: progressOn("moved"), compared: progressOn("checked") };

await runTask(async () => {
  const { values } = readArguments(usage, {
    options: {
      to: { type: "string" },
      from: { type: "string" },
      replace: { type: "boolean", default: false },
    },
  });
  // MONGODB_URI may be set already: what is moved is the embedded store in DATA_DIR in either case.
  const { dataDir } = readConfig(process.env);
  if (values.to !== undefined && values.from === undefined) await moveTo(values.to, dataDir);
  else if (values.from !== undefined && values.to === undefined)
    await moveFrom(values.from, dataDir, values.replace);
  else throw new TaskError(usage);
});

async function moveTo(uri: string, dataDir: string): Promise<void> {
  // Where there is no store, that is said before anything is made.
  await embeddedSource(dataDir).close();
  // Nobody may write into the store that is left.
  const held = await holdStore(dataDir);
  let source: StoreSource | null = null;
  try {
    source = embeddedSource(dataDir);
    const target = await openMongo(uri);
    try {
      reportComparison(await copyDatabase(source, target, progress));
    } finally {
      await target.client.close();
    }
  } finally {
    held.release();
    await source?.close();
  }
  console.log(
    `Moved. Set MONGODB_URI to the address you gave (${parseMongodbUri(uri)?.redacted ?? ""}) and start again.`,
  );
  console.log(
    `The embedded store stays in ${join(dataDir, "store")} as it was; DATA_DIR goes on holding the keys of local sign-in.`,
  );
}

async function moveFrom(uri: string, dataDir: string, replace: boolean): Promise<void> {
  const source = await mongoSource(uri);
  try {
    const { aside } = await replaceData(
      dataDir,
      { parts: ["store"], replace, now: systemClock.now() },
      async (staging) =>
        reportComparison(
          await fillEmbedded(join(staging, "store"), (target) => copyDatabase(source, target, progress)),
        ),
    );
    if (aside !== null) console.log(`The data that was there before is in ${aside}.`);
  } finally {
    await source.close();
  }
  console.log("Moved. Start again without MONGODB_URI: the embedded store serves it.");
}
