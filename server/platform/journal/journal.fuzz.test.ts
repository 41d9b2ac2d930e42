// Random appends, faults and crashes: nothing acknowledged is lost or doubled, and order holds, for every seed.
import { expect, test } from "vitest";
import type { AppendedEntry, JournalInput } from "./index.ts";
import { randomNumbers } from "../testing-random.ts";
import { author, open, turn, within, type World } from "./testing-world.ts";
import type { Fate, MemoryDisk } from "./testing.ts";

/** FUZZ_SEEDS for more; the store's and the notes' histories go by the same. */
const seeds = Number(process.env["FUZZ_SEEDS"] ?? 200);
const steps = 60;
const streams = ["notes/a", "notes/b", "notes/c"];

/** What somebody was told, to be found again at the end. */
interface Promised {
  stream: string;
  sequence: number;
  key: string | null;
  text: string;
}

interface Counts {
  acknowledged: number;
  refused: number;
  crashes: number;
  repeated: number;
  voids: number;
  takeovers: number;
  fencedOff: number;
  landedLate: number;
}

test(
  `[JOURNAL-2] [JOURNAL-7] [JOURNAL-9] [JOURNAL-13] [JOURNAL-21] ${seeds} random histories of faults, crashes and takeovers`,
  async () => {
    const counts: Counts = {
      acknowledged: 0,
      refused: 0,
      crashes: 0,
      repeated: 0,
      voids: 0,
      takeovers: 0,
      fencedOff: 0,
      landedLate: 0,
    };
    for (let seed = 1; seed <= seeds; seed += 1) await history(seed, counts);
    // The histories were not empty ones.
    expect(counts.acknowledged).toBeGreaterThan(seeds * 10);
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(seeds / 20);
  },
  120_000 + seeds * 1_000,
);

async function history(seed: number, counts: Counts): Promise<void> {
  const random = randomNumbers(seed);
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  };
  const promised: Promised[] = [];
  let waiting = new Set<Promise<void>>();
  /** Processes that were taken over from while they lived, with those who still wait for them. */
  const former: { world: World; waiting: Set<Promise<void>> }[] = [];
  let texts = 0;
  let faultiness = 0;
  const fates: Fate[] = ["fails before", "fails after", "never answers"];
  const limits = {
    windowMs: 10,
    flushMaxEntries: 5,
    giveUpAfterMs: 2_000,
    attemptTimeoutMs: 500,
    readTimeoutMs: 500,
    moveTimeoutMs: 800,
    stopMoveMs: 1_000,
    evictIdleMs: 3_000,
    seenKeysMax: 12,
    materialiseConcurrency: 2 + (seed % 3),
  };
  const start = async (disk?: MemoryDisk): Promise<World> => {
    const world = await open({ ...(disk && { disk }), limits, listsKeys: random() < 0.5 });
    world.disk.fate = (operation) => {
      const fate: Fate = random() < faultiness ? pick(fates) : "works";
      if (operation === "settle" && fate !== "works") return "fails before";
      return fate;
    };
    return world;
  };
  let world = await start();

  const append = () => {
    const stream = pick(streams);
    const inputs = Array.from({ length: 1 + Math.floor(random() * 3) }, (): JournalInput => {
      texts += 1;
      const key = random() < 0.7 ? `k${Math.floor(random() * 25)}` : null;
      return { key, authorId: author, payload: { text: key === null ? `text ${texts}` : `of ${key}` } };
    });
    const remember = (appended: AppendedEntry[]) => {
      for (const { entry, repeated } of appended) {
        const { text } = entry.payload as { text: string };
        promised.push({ stream, sequence: entry.sequence, key: entry.key, text });
        counts.acknowledged += 1;
        if (repeated) counts.repeated += 1;
      }
    };
    const mine = waiting;
    const call: Promise<void> = world.journal
      .append(stream, inputs)
      .then(remember, () => void (counts.refused += 1))
      .finally(() => mine.delete(call));
    mine.add(call);
  };

  for (let step = 0; step < steps; step += 1) {
    const dice = random();
    if (dice < 0.55) append();
    else if (dice < 0.62) faultiness = random() < 0.5 ? 0 : random();
    else if (dice < 0.66) {
      // Whoever waits for a dead process is never answered.
      world.process.kill();
      waiting = new Set();
      counts.crashes += 1;
      faultiness = 0;
      world = await start(world.disk);
    } else if (dice < 0.7) {
      former.push({ world, waiting });
      void world.journal.fenced.promise.then(() => (counts.fencedOff += 1));
      waiting = new Set();
      counts.takeovers += 1;
      faultiness = 0;
      world = await start(world.disk);
    } else {
      const byMs = random() < 0.5 ? 20 : random() * 4_000;
      for (const { clock } of [world, ...former.map((one) => one.world)]) clock.advance(byMs);
      await turn();
    }
    check(seed, world.disk, promised, false);
  }

  faultiness = 0;
  for (const one of [...former, { world, waiting }]) await within(one.world.clock, Promise.all(one.waiting));
  counts.voids += world.disk.voids;
  if (random() < 0.5) await within(world.clock, world.journal.stop());
  else world.process.kill();
  const last = await start(world.disk);
  await last.journal.materialise();
  check(seed, last.disk, promised, true);
  const told = new Set(promised.map(({ stream, sequence }) => `${stream} ${sequence}`));
  for (const entries of last.disk.collection.values()) {
    counts.landedLate += entries.filter(({ stream, sequence }) => !told.has(`${stream} ${sequence}`)).length;
  }
  // What a former process wrote again after its term was read is contained as well, and is swept with the term's fence.
  expect([...last.disk.terms], `seed ${seed}: a term is not filed completely`).toEqual([last.journal.term]);
}

/** The collection is gapless at any time, holds no key twice, and in the end all that anybody was told. */
function check(seed: number, disk: MemoryDisk, promised: Promised[], final: boolean): void {
  for (const [stream, entries] of disk.collection) {
    const sequences = entries.map(({ sequence }) => sequence);
    expect(sequences, `seed ${seed}: gap in ${stream}`).toEqual(sequences.map((_, index) => index + 1));
    const keys = entries.flatMap(({ key }) => (key === null ? [] : [key]));
    expect(new Set(keys).size, `seed ${seed}: doubled key in ${stream}`).toBe(keys.length);
  }
  if (!final) return;
  for (const { stream, sequence, key, text } of promised) {
    const entry = disk.collection.get(stream)?.[sequence - 1];
    expect(entry, `seed ${seed}: ${stream} lost ${sequence}`).toMatchObject({
      sequence,
      key,
      payload: { text },
    });
  }
}
