// A worker's journal beside terms that have ended with something left.
import { expect, test } from "vitest";
import { TestWorld, type TestNode } from "./testing.ts";

const [stuck, fine] = ["notes/m1/shared", "notes/m2/shared"];
const append = (node: TestNode, text: string, to: string) =>
  node.cluster.journal.append(to, [{ key: text, authorId: null, payload: { text } }]);

test("[CLUSTER-17] a term that has ended with a stream that cannot be filed holds up nothing else", async () => {
  const world = new TestWorld();
  const [owner, other] = [await world.start(), await world.start()];
  const worker = await world.start({ takesPart: false });
  await world.until(append(owner, "one", stuck));
  world.disk.fate = (operation, subject) =>
    operation === "write" && subject === stuck ? "fails before" : "works";
  owner.kill();
  const living = [other, worker];
  await world.pass(60_000, living);
  await world.until(append(worker, "two", fine), living);
  await world.until(worker.cluster.journal.rollOver(), living);
  expect(world.disk.collection.get(fine)).toHaveLength(1);
  expect(world.disk.collection.get(stuck)).toBeUndefined();
});
