// A program for fiu-run: commits to the embedded store's files while their syncs fail by lot, and looks after each refusal
// at what a start would find after `kill -9`. The store itself cannot be had at a log that begins anew this often.
import { randomBytes } from "node:crypto";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import mongoose from "mongoose";
import { StoreError } from "../../server/embedded-mongo/errors.ts";
import { logOf } from "../../server/embedded-mongo/storage/acknowledged.ts";
import { dataFileName, openSqliteStorage } from "../../server/embedded-mongo/storage/sqlite-storage.ts";

export interface CommitCounts {
  kept: number;
  refused: number;
  /** Refused, and committed all the same for who starts after `kill -9`. */
  returned: number;
  /** Of the kept ones: those at the front of the log. */
  begunAnew: number;
}

const [directory = "", rounds = "0"] = process.argv.slice(2);
const storage = openSqliteStorage(directory);
storage.begin();
const { id } = storage.writer.createCollection("disk", "lines", randomBytes(16));
storage.commit();
const file = join(directory, dataFileName);
mkdirSync(join(directory, "after"));
const copy = join(directory, "after", dataFileName);

/** As many documents as the next start would find. */
function documentsAfterKill(): number {
  copyFileSync(file, copy);
  copyFileSync(logOf(file), logOf(copy));
  const database = new DatabaseSync(copy);
  try {
    return Number(database.prepare("SELECT count(*) AS n FROM documents").get()?.["n"]);
  } finally {
    database.close();
  }
}

function run(): CommitCounts {
  const counts: CommitCounts = { kept: 0, refused: 0, returned: 0, begunAnew: 0 };
  for (let round = 0; round < Number(rounds); round += 1) {
    storage.begin();
    storage.writer.insertDocument(
      id,
      Buffer.from(mongoose.mongo.BSON.serialize({ _id: round, text: "x".repeat(9_000) })),
    );
    const before = storage.logFrames;
    try {
      storage.commit();
      counts.kept += 1;
      if (storage.logFrames <= before) counts.begunAnew += 1;
    } catch (error) {
      // Nothing but syncs fails: the outcome is never open.
      if (error instanceof StoreError) throw error;
      counts.refused += 1;
      if (documentsAfterKill() !== counts.kept) counts.returned += 1;
    }
    storage.checkpoint();
  }
  return counts;
}

const commands = createInterface(process.stdin);
commands.once("line", () => {
  process.stdout.write(`${JSON.stringify(run())}\n`);
  process.exit(0);
});
process.stdout.write("open\n");
