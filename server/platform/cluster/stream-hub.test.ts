// Followers of a stream over a network that loses messages and lets them overtake each other.
import { expect, test } from "vitest";
import type { AppendedEntry } from "../journal/index.ts";
import { input, turn } from "../journal/testing-world.ts";
import { randomNumbers } from "../testing-random.ts";
import { TestWorld } from "./testing.ts";

const stream = "notes/m1/shared";
const seeds = 100;
const entries = 40;

test(`[CLUSTER-11] [CLUSTER-13] messages that get lost and overtake each other open no gap, in ${seeds} seeded runs`, async () => {
  let repaired = 0;
  for (let seed = 1; seed <= seeds; seed += 1) {
    const world = new TestWorld();
    const [owner, other] = [await world.start(), await world.start()];
    const random = randomNumbers(seed);
    const append = (text: string) => owner.cluster.journal.append(stream, [input(text, text)]);
    await world.until(append("0"));
    const seen: number[] = [];
    const deliver = (some: readonly { sequence: number }[]) =>
      seen.push(...some.map(({ sequence }) => sequence));
    other.cluster.streams.follow(stream, { afterSequence: 0, deliver });
    await world.pass(1_000);
    world.network.turnsLate = () => Math.floor(random() * 12);
    world.network.loses = () => random() < 0.1;
    const calls: Promise<AppendedEntry[] | void>[] = [];
    for (let count = 1; count < entries; count += 1) {
      calls.push(append(`${count}`));
      if (random() < 0.5) await turn();
      if (count % 13 === 0) calls.push(owner.cluster.journal.materialise(stream));
    }
    await world.until(Promise.all(calls));
    world.network.loses = () => false;
    await world.pass(6_000);
    expect(seen, `seed ${seed}`).toEqual(Array.from({ length: entries }, (_, index) => index + 1));
    repaired += await repairedIn(other.metrics.registry);
  }
  expect(repaired).toBeGreaterThan(0);
});

async function repairedIn(registry: { metrics(): Promise<string> }): Promise<number> {
  const line = /^connvo_cluster_repaired_entries_total (\d+)/m.exec(await registry.metrics());
  return Number(line?.[1] ?? 0);
}
