// A process that serves the live queue: people enter, answer and leave by chance, as fast as they may; a line an act.
import mongoose from "mongoose";
import type { Actor } from "../../shared/actor.ts";
import { AppError } from "../../shared/errors.ts";
import { randomNumbers } from "../../server/platform/testing-random.ts";
import { createTestQueue } from "../factories/matching-queue.ts";

const [uri = "", dbName = "", seed = "1"] = process.argv.slice(2);
const random = randomNumbers(Number(seed));
const connection = await mongoose.createConnection(uri, { dbName }).asPromise();
const { queue: service, people } = await createTestQueue(connection);

async function act(actor: Actor): Promise<string> {
  const view = await service.view(actor);
  const now = new Date().getTime();
  if (view.status !== "waiting") {
    await service.enter(actor, {
      availableFrom: new Date(now),
      availableTo: new Date(now + 60 * 60_000),
      roles: ["peer"],
      wishes: { interests: [], roles: [], organization: "any" },
    });
    return "enter";
  }
  const chance = random();
  const proposal = view.proposals[Math.floor(random() * view.proposals.length)];
  if (chance < 0.05) await service.leave(actor);
  else if (proposal === undefined || chance < 0.1) await service.tick();
  else if (chance < 0.2) await service.decline(actor, proposal.id);
  else await service.accept(actor, proposal.id);
  return "act";
}

async function serve(): Promise<never> {
  for (;;) {
    const actor = people[Math.floor(random() * people.length)];
    if (actor === undefined) continue;
    try {
      process.stdout.write(`${await act(actor)}\n`);
    } catch (error) {
      // Another process was quicker.
      if (!(error instanceof AppError && error.code === "CONFLICT")) throw error;
    }
  }
}

// Several at once: acts of one process meet each other as those of two do.
await Promise.all(Array.from({ length: 4 }, serve));
