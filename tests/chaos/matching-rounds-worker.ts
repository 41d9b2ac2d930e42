// A process that publishes rounds of pairing; told to, it kills itself before or after the n-th of its commands to the store.
import mongoose from "mongoose";
import { AppError } from "../../shared/errors.ts";
import { createTestRounds } from "../factories/matching-rounds.ts";
import { fastClock } from "./fast-clock.ts";
import { peopleCount, type Told } from "./matching-rounds.ts";

const [uri = "", dbName = ""] = process.argv.slice(2);
const connection = await mongoose.createConnection(uri, { dbName, monitorCommands: true }).asPromise();
const { pairing, jobs, admin } = await createTestRounds(connection, { clock: fastClock, peopleCount });

/** Beginnings and ends of commands, since it was told to publish. */
let moments = 0;
let lastMoment = Number.POSITIVE_INFINITY;
function moment(): void {
  moments += 1;
  if (moments === lastMoment) process.kill(process.pid, "SIGKILL");
}
const client = connection.getClient();
client.on("commandStarted", moment);
client.on("commandSucceeded", moment);

await pairing.start();
jobs.start();
process.on("message", (told: Told) => {
  if (told === "moments") {
    process.send?.({ moments });
    return;
  }
  moments = 0;
  lastMoment = told.killAt ?? Number.POSITIVE_INFINITY;
  void publish(told.roundId);
});

/** As an administrator's page does: look, then publish what was seen. */
async function publish(roundId: string): Promise<void> {
  try {
    const { fingerprint } = await pairing.round(admin, roundId);
    await pairing.publish(admin, roundId, fingerprint ?? "");
  } catch (error) {
    // What was seen has changed meanwhile: who publishes looks again.
    if (!(error instanceof AppError && error.code === "CONFLICT")) throw error;
  }
  process.send?.({ answered: roundId });
}
process.send?.("ready");
