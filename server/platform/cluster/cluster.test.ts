// The cluster's rules: who lives, who owns what, calls on a meeting from anywhere, and takeover.
import { describe, expect, test } from "vitest";
import type { AppendedEntry, JournalEntry } from "../journal/index.ts";
import { codeOf, held, input, sequences, turn } from "../journal/testing-world.ts";
import { clusterLimits } from "./cluster-limits.ts";
import { TestWorld, type TestNode } from "./testing.ts";

const stream = "notes/m1/shared";
const append = (node: TestNode, text: string, key: string | null = text, to = stream) =>
  node.cluster.journal.append(to, [input(text, key)]);
const texts = (entries: JournalEntry[]) => entries.map(({ payload }) => (payload as { text: string }).text);
const stored = (world: TestWorld, of = stream) => texts(world.disk.collection.get(of) ?? []);

describe("ownership", () => {
  test("[CLUSTER-1] of two processes that claim one meeting at once one becomes the owner, and both see the same stream", async () => {
    for (let round = 0; round < 20; round += 1) {
      const world = new TestWorld();
      const [a, b] = [await world.start(), await world.start()];
      const both = await world.until(
        Promise.all([append(a, "one"), append(b, "two"), append(a, "three"), append(b, "four")]),
      );
      expect(both.flatMap(sequences).toSorted()).toEqual([1, 2, 3, 4]);
      expect([a, b].filter(({ cluster }) => cluster.owns("m1"))).toHaveLength(1);
      const [tailA, tailB] = await world.until(
        Promise.all([a, b].map(({ cluster }) => cluster.journal.tail(stream, 1))),
      );
      expect(tailA?.map(({ sequence, key }) => [sequence, key])).toEqual(
        tailB?.map(({ sequence, key }) => [sequence, key]),
      );
    }
  });

  test("[CLUSTER-2] the calls of one process on a meeting owned elsewhere keep their order", async () => {
    const world = new TestWorld();
    const [owner, other] = [await world.start(), await world.start()];
    await world.until(append(owner, "first"));
    const calls = Array.from({ length: 30 }, (_, index) => append(other, `${index}`));
    const appended = await world.until(Promise.all(calls));
    expect(appended.flatMap(sequences)).toEqual(Array.from({ length: 30 }, (_, index) => index + 2));
  });

  test("[CLUSTER-2] bytes, dates, authors, repeats and errors pass between processes as they are", async () => {
    const world = new TestWorld();
    const [owner, other] = [await world.start(), await world.start()];
    await world.until(append(owner, "first"));
    const bytes = Uint8Array.from([0, 1, 254, 255]);
    const at = new Date("2026-03-04T05:06:07.089Z");
    const inputs = [
      { key: "bytes", authorId: null, payload: bytes },
      { key: "object", authorId: null, payload: { at, text: "ü", none: null, list: [1.5, -2] } },
      { key: "first", authorId: null, payload: {} },
    ];
    const appended = await world.until(other.cluster.journal.append(stream, inputs));
    expect(appended.map(({ repeated }) => repeated)).toEqual([false, false, true]);
    expect(appended[0]?.entry.payload).toEqual(bytes);
    expect(appended[1]?.entry.payload).toEqual({ at, text: "ü", none: null, list: [1.5, -2] });
    expect(appended[2]?.entry).toMatchObject({ sequence: 1, payload: { text: "first" } });
    owner.process.hold();
    world.disk.fate = (operation) => (operation === "insert" ? "fails before" : "works");
    owner.process.release();
    expect(await world.until(codeOf(append(other, "lost")))).toBe("UNAVAILABLE");
  });

  test("[CLUSTER-2] lastSequence and materialise reach the owner", async () => {
    const world = new TestWorld();
    const [owner, other] = [await world.start(), await world.start()];
    await world.until(append(owner, "one"));
    expect(await world.until(other.cluster.journal.lastSequence(stream))).toBe(1);
    await world.until(other.cluster.journal.materialise(stream));
    expect(stored(world)).toEqual(["one"]);
    expect(await world.until(other.cluster.journal.tail(stream, 1))).toEqual([]);
  });
});

describe("a process that takes no part", () => {
  test("[CLUSTER-17] it appends, reads and files by whichever member answers, and owns nothing", async () => {
    const world = new TestWorld();
    const [owner, other] = [await world.start(), await world.start()];
    const worker = await world.start({ takesPart: false });
    await world.until(append(owner, "one"));
    const twoOthers = [input("two", "two"), input("one", "one")];
    const appended = await world.until(worker.cluster.journal.append(stream, twoOthers));
    expect(appended.map(({ repeated }) => repeated)).toEqual([false, true]);
    expect(texts(await world.until(worker.cluster.journal.tail(stream, 1)))).toEqual(["one", "two"]);
    expect(await world.until(worker.cluster.journal.lastSequence(stream))).toBe(2);
    await world.until(worker.cluster.journal.materialise(stream));
    expect(stored(world)).toEqual(["one", "two"]);
    expect(other.cluster.others()).toEqual([owner.cluster.term()]);
    owner.kill();
    expect(sequences(await world.until(append(worker, "three"), [other, worker]))).toEqual([3]);
  });

  test("[CLUSTER-17] every member begins a new document of its journal for it", async () => {
    const world = new TestWorld();
    const [one, two] = [await world.start(), await world.start()];
    const worker = await world.start({ takesPart: false });
    await world.until(append(one, "here"));
    await world.until(append(two, "there", "there", "notes/m2/shared"));
    await world.until(worker.cluster.journal.rollOver());
    const left = [...world.disk.documents.values()].flatMap(({ entries }) => entries);
    expect(left).toEqual([]);
    expect([stored(world), stored(world, "notes/m2/shared")]).toEqual([["here"], ["there"]]);
  });

  test("[CLUSTER-17] a member that stops answers nothing for the others", async () => {
    const world = new TestWorld();
    const [leaving, owner] = [await world.start(), await world.start()];
    const worker = await world.start({ takesPart: false });
    await world.until(append(owner, "one"));
    world.disk.fate = (operation) => (operation === "fence" ? "never answers" : "works");
    void leaving.cluster.journal.stop();
    await world.until(worker.cluster.journal.materialise(stream));
    expect(stored(world)).toEqual(["one"]);
  });

  test("[CLUSTER-17] without members it reads what is filed, and appends nothing", async () => {
    const world = new TestWorld();
    const owner = await world.start();
    const worker = await world.start({ takesPart: false });
    await world.until(append(owner, "one"));
    await world.until(owner.cluster.journal.stop());
    expect(await world.until(worker.cluster.journal.lastSequence(stream))).toBe(1);
    expect(await world.until(worker.cluster.journal.tail(stream, 1))).toEqual([]);
    await world.until(worker.cluster.journal.materialise(stream));
    await world.until(worker.cluster.journal.rollOver());
    expect(await world.until(codeOf(append(worker, "two")))).toBe("UNAVAILABLE");
  });
});

describe("takeover", () => {
  test("[CLUSTER-3] [CLUSTER-4] a dead owner's meetings go to who needs them, with all that was acknowledged, within 10 s", async () => {
    const world = new TestWorld();
    const [owner, other] = [await world.start(), await world.start()];
    await world.until(append(owner, "one"));
    await world.until(append(other, "two"));
    owner.kill();
    const startedMs = other.clock.monotonicMs();
    expect(sequences(await world.until(append(other, "three"), [other]))).toEqual([3]);
    expect(other.clock.monotonicMs() - startedMs).toBeLessThan(10_000);
    await world.until(other.cluster.journal.materialise(stream), [other]);
    expect(stored(world)).toEqual(["one", "two", "three"]);
  });

  test("[CLUSTER-4] every process hears of every end, also of one that another has filed, or that was in order", async () => {
    const world = new TestWorld();
    const nodes = [await world.start(), await world.start(), await world.start(), await world.start()];
    const [first, second, dead, stopped] = nodes as [TestNode, TestNode, TestNode, TestNode];
    const [deadTerm, stoppedTerm] = [dead.cluster.term(), stopped.cluster.term()];
    const heard = [first, second].map(({ cluster }) => {
      const terms = new Set<string>();
      cluster.onEnded((term) => terms.add(term));
      return terms;
    });
    await world.pass(1_500);
    dead.kill();
    await world.until(stopped.cluster.journal.stop());
    await world.pass(12_000, [first, second]);
    const both = new Set([deadTerm, stoppedTerm]);
    expect(heard).toEqual([both, both]);
    expect([first, second].map(({ cluster }) => cluster.others().length)).toEqual([1, 1]);
  });

  test("[CLUSTER-3] on the same machine a process that is gone is taken over from at once", async () => {
    const world = new TestWorld();
    const [owner, other] = [await world.start({ host: "h" }), await world.start({ host: "h" })];
    await world.until(append(owner, "one"));
    owner.kill();
    const startedMs = other.clock.monotonicMs();
    await world.until(append(other, "two"), [other]);
    expect(other.clock.monotonicMs() - startedMs).toBeLessThan(1_000);
  });

  test("[CLUSTER-5] an owner that slept finds its writes refused, begins anew, and serves again", async () => {
    const world = new TestWorld();
    const [sleeper, other] = [await world.start(), await world.start()];
    await world.until(append(sleeper, "one"));
    const term = sleeper.cluster.term();
    // Its last write is on its way when it falls asleep.
    sleeper.process.hold();
    const late = codeOf(append(sleeper, "late"));
    await turn();
    const appended = await world.until(append(other, "two"), [other]);
    expect(sequences(appended)).toEqual([2]);
    sleeper.process.release();
    expect(await world.until(late)).toBe("UNAVAILABLE");
    expect(sequences(await world.until(append(sleeper, "late")))).toEqual([3]);
    expect(sleeper.cluster.term()).not.toBe(term);
    expect(sleeper.cluster.owns("m1")).toBe(false);
    await world.until(other.cluster.journal.materialise(stream));
    expect(stored(world)).toEqual(["one", "two", "late"]);
  });

  test("[CLUSTER-5] one that slept as it started, after its term began, begins anew and serves", async () => {
    const world = new TestWorld();
    const [other, old] = [await world.start(), await world.start()];
    await world.until(old.cluster.journal.stop());
    const sleeper = world.prepare();
    sleeper.clock.advance(clusterLimits.closedKeptMs + 60_000);
    // It forgets the old term last of all, and falls asleep over it.
    world.disk.fate = (operation) => (operation === "forget" ? "never answers" : "works");
    const starting = sleeper.cluster.journal.start();
    await world.pass(8_000, [other]);
    const term = sleeper.cluster.term();
    expect(world.store.nodes.get(term)?.closedAt).not.toBeNull();
    await world.until(starting);
    expect(sequences(await world.until(append(sleeper, "one")))).toEqual([1]);
    expect(sleeper.cluster.term()).not.toBe(term);
  });

  test("[CLUSTER-5] an owner that slept answers nothing from its memory before it has found out what happened", async () => {
    const world = new TestWorld();
    const [sleeper, other] = [await world.start(), await world.start()];
    await world.until(append(sleeper, "one"));
    await world.until(append(other, "two"));
    await world.pass(8_000, [other]);
    await world.until(append(other, "three"), [other]);
    // Its clock moves at once by what it has slept, before any of its timers has had an effect.
    sleeper.clock.advance(9_000);
    const tail = sleeper.cluster.journal.tail(stream, 1);
    const known = await world.until(tail);
    const all = [...stored(world), ...texts(known)];
    expect(all).toContain("three");
    expect(await world.until(sleeper.cluster.journal.lastSequence(stream))).toBe(3);
  });

  test("[CLUSTER-15] who was there before knows at once of who starts", async () => {
    const world = new TestWorld();
    const before = await world.start();
    const started = await world.start();
    for (let round = 0; round < 20; round += 1) await turn();
    expect(before.cluster.others()).toEqual([started.cluster.term()]);
  });

  test("[CLUSTER-6] who stops leaves at once: others go on without waiting for its heartbeats to stop", async () => {
    const world = new TestWorld();
    const [owner, other] = [await world.start(), await world.start()];
    await world.until(append(owner, "one"));
    const during = world.until(
      Promise.all(Array.from({ length: 5 }, (_, index) => append(other, `during ${index}`))),
    );
    await world.until(owner.cluster.journal.stop());
    const startedMs = other.clock.monotonicMs();
    expect((await during).flatMap(sequences)).toEqual([2, 3, 4, 5, 6]);
    expect(sequences(await world.until(append(other, "after")))).toEqual([7]);
    expect(other.clock.monotonicMs() - startedMs).toBeLessThan(2_000);
  });

  test("[CLUSTER-6] the others hear of who left at once, and a call that it did not answer is made again then", async () => {
    const world = new TestWorld();
    const [owner, other] = [await world.start(), await world.start()];
    await world.until(append(owner, "one"));
    await world.pass(1_500);
    const ended: string[] = [];
    other.cluster.onEnded((term) => ended.push(term));
    const term = owner.cluster.term();
    await world.until(owner.cluster.journal.stop(), [owner]);
    // The clock of the other one has not moved: no heartbeat of its own has told it.
    await turn();
    await turn();
    expect(ended).toContain(term);
  });

  test("[CLUSTER-7] a meeting of which something cannot be filed is refused to all until it can; others are not held up", async () => {
    const world = new TestWorld();
    const [owner, other] = [await world.start({ host: "h" }), await world.start({ host: "h" })];
    await world.until(Promise.all([append(owner, "stuck"), append(owner, "moves", "k", "notes/m2/shared")]));
    world.disk.fate = (operation, subject) =>
      operation === "write" && subject === stream ? "fails before" : "works";
    owner.kill();
    expect(sequences(await world.until(append(other, "next", "n", "notes/m2/shared"), [other]))).toEqual([2]);
    expect(await world.until(codeOf(append(other, "too early")), [other])).toBe("UNAVAILABLE");
    world.disk.fate = () => "works";
    expect(sequences(await world.until(append(other, "at last"), [other]))).toEqual([2]);
    expect(stored(world)).toEqual(["stuck"]);
  });
});

describe("a process that runs alone", () => {
  test("[CLUSTER-8] starts at once where its predecessor on the same machine is gone", async () => {
    const world = new TestWorld();
    const before = await world.start({ alone: true, host: "h" });
    await append(before, "one");
    before.kill();
    const next = world.prepare({ alone: true, host: "h" });
    await next.cluster.journal.start();
    expect(sequences(await append(next, "two"))).toEqual([2]);
  });

  test("[CLUSTER-8] on a store of its own it starts at once whatever was there", async () => {
    const world = new TestWorld();
    const before = await world.start({ alone: true, exclusive: true });
    await append(before, "one");
    const next = world.prepare({ alone: true, exclusive: true });
    await next.cluster.journal.start();
    expect(sequences(await append(next, "two"))).toEqual([2]);
    expect(await codeOf(append(before, "late"))).toBe("UNAVAILABLE");
  });

  test.for([
    ["alone", true, true],
    ["one of many beside one alone", true, false],
    ["alone beside one of many", false, true],
  ] as const)("[CLUSTER-9] %s is refused while another one lives", async ([, first, second]) => {
    const world = new TestWorld();
    const running = await world.start({ alone: first });
    await world.until(append(running, "one"));
    const refused = world.prepare({ alone: second });
    const error = await world.until(
      refused.cluster.journal.start().then(
        () => "",
        (reason: unknown) => String(reason),
      ),
    );
    expect(error).toMatch(/Another Connvo server .* already runs on this MongoDB.*REDIS_URL/);
    expect(sequences(await world.until(append(running, "two")))).toEqual([2]);
  });

  test("[CLUSTER-9] one that was taken over from must not go on", async () => {
    const world = new TestWorld();
    const before = await world.start({ alone: true });
    await append(before, "one");
    const next = world.prepare({ alone: true });
    await world.until(next.cluster.journal.start(), [next]);
    await append(next, "two");
    await world.pass(2_000, [before]);
    expect(await before.cluster.failed).toMatch(/taken over/);
  });

  test("[CLUSTER-10] what it owned without saying so is filed before members of a cluster claim anything", async () => {
    const world = new TestWorld();
    const before = await world.start({ alone: true });
    await append(before, "one");
    before.kill();
    const next = await world.start();
    expect(sequences(await world.until(append(next, "two")))).toEqual([2]);
    await world.until(next.cluster.journal.stop());
    expect(stored(world)).toEqual(["one", "two"]);
    expect(held(world.disk)).toBe(0);
  });
});

describe("followers", () => {
  const follow = (node: TestNode, afterSequence = 0) => {
    const seen: number[] = [];
    const following = node.cluster.streams.follow(stream, {
      afterSequence,
      deliver: (entries) => seen.push(...entries.map(({ sequence }) => sequence)),
    });
    return { seen, following };
  };
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  test("[CLUSTER-11] on one process new entries are delivered before append resolves, older ones as soon as they are read", async () => {
    const world = new TestWorld();
    const node = await world.start({ alone: true, exclusive: true });
    await append(node, "one");
    await node.cluster.journal.materialise();
    await append(node, "two");
    const { seen, following } = follow(node);
    expect(seen).toEqual([]);
    await turn();
    expect(seen).toEqual([1, 2]);
    let atResolve: number[] = [];
    await append(node, "three").then(() => (atResolve = [...seen]));
    expect(atResolve).toEqual([1, 2, 3]);
    following.close();
    await append(node, "four");
    expect(seen).toEqual([1, 2, 3]);
    expect(following.sequence).toBe(3);
  });

  test("[CLUSTER-11] an entry's origin reaches followers everywhere, and is not stored", async () => {
    const world = new TestWorld();
    const [owner, other] = [await world.start(), await world.start()];
    const origins: (string | undefined)[][] = [[], []];
    for (const [index, { cluster }] of [owner, other].entries())
      cluster.streams.follow(stream, {
        afterSequence: 0,
        deliver: (entries) => origins[index]?.push(...entries.map(({ origin }) => origin)),
      });
    await world.pass(500);
    await world.until(other.cluster.journal.append(stream, [{ ...input("one"), origin: "socket-1" }]));
    await world.pass(500);
    expect(origins).toEqual([["socket-1"], ["socket-1"]]);
  });

  test("[CLUSTER-12] followers in every process see every entry once and in order, whoever appended it", async () => {
    const world = new TestWorld();
    const nodes = [await world.start(), await world.start(), await world.start()];
    const all = nodes.map((node) => follow(node));
    await world.pass(1_000);
    const calls: Promise<AppendedEntry[]>[] = [];
    for (let count = 0; count < 30; count += 1) {
      calls.push(append(nodes[count % 3] as TestNode, `${count}`));
      await turn();
    }
    await world.until(Promise.all(calls));
    await world.pass(300);
    for (const { seen } of all) expect(seen).toEqual(numbers(30));
  });

  test("[CLUSTER-13] what gets lost between processes is found and asked for, the last entry too", async () => {
    const world = new TestWorld();
    const [owner, other] = [await world.start(), await world.start()];
    await world.until(append(owner, "0"));
    const { seen } = follow(other);
    await world.pass(1_000);
    let sent = 0;
    world.network.loses = (to) => to === other.cluster.term() && (sent += 1) % 3 === 0;
    for (let count = 1; count < 40; count += 1) {
      await world.until(append(owner, `${count}`));
      if (count % 10 === 0) await world.until(owner.cluster.journal.materialise(stream));
    }
    world.network.loses = (to) => to === other.cluster.term();
    await world.until(append(owner, "last"));
    await world.pass(500);
    world.network.loses = () => false;
    await world.pass(8_000);
    expect(seen).toEqual(numbers(41));
  });

  test("[CLUSTER-14] followers go on across a takeover, without gap or double", async () => {
    const world = new TestWorld();
    const [owner, heir, third] = [await world.start(), await world.start(), await world.start()];
    const alive = [heir, third];
    await world.until(append(owner, "0"));
    const all = alive.map((node) => follow(node));
    await world.pass(1_000);
    for (let count = 1; count < 10; count += 1) await world.until(append(owner, `${count}`));
    owner.kill();
    for (let count = 10; count < 20; count += 1) await world.until(append(heir, `${count}`), alive);
    await world.pass(3_000, alive);
    for (const { seen } of all) expect(seen).toEqual(numbers(20));
  });
});
