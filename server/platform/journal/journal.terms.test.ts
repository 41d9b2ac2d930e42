// The journal's rules on terms: chains, fences, and bringing home what an ended term has left.
import { describe, expect, test } from "vitest";
import { formerTerm } from "./journal-store.ts";
import { author, codeOf, held, input, open, prepare, sequences, turn, within } from "./testing-world.ts";

describe("terms", () => {
  test("[JOURNAL-20] documents are numbered without gaps, and number 0 is empty", async () => {
    const { journal, disk, clock } = await open();
    for (const text of ["one", "two"]) await journal.append("notes/a", [input(text)]);
    let failures = 2;
    disk.fate = (operation) => (operation === "insert" && failures-- > 0 ? "fails after" : "works");
    await within(clock, journal.append("notes/a", [input("three")]));
    expect([...disk.documents].map(([id, { entries }]) => [id, entries.length])).toEqual([
      [`${journal.term}/000000000000`, 0],
      [`${journal.term}/000000000001`, 1],
      [`${journal.term}/000000000002`, 1],
      [`${journal.term}/000000000003`, 1],
    ]);
  });

  test("[JOURNAL-21] [JOURNAL-22] a fenced writer's late document is refused, and its waiters are told UNAVAILABLE", async () => {
    const before = await open();
    await before.journal.append("notes/a", [input("one", "k1")]);
    before.process.hold();
    const late = codeOf(before.journal.append("notes/a", [input("late", "k2")]));
    await turn();
    const queued = codeOf(before.journal.append("notes/b", [input("queued")]));
    const { journal, disk } = await open({ disk: before.disk });
    before.process.release();
    expect(await late).toBe("UNAVAILABLE");
    expect(await queued).toBe("UNAVAILABLE");
    await before.journal.fenced.promise;
    expect(await codeOf(before.journal.append("notes/a", [input("after")]))).toBe("UNAVAILABLE");
    // The successor holds exactly what was durable, and goes on behind it.
    expect(disk.collection.get("notes/a")).toMatchObject([{ sequence: 1, key: "k1" }]);
    expect(disk.collection.has("notes/b")).toBe(false);
    expect(sequences(await journal.append("notes/a", [input("late", "k2")]))).toEqual([2]);
  });

  test("[JOURNAL-21] a write that lands before the fence counts, and is known to who repeats it", async () => {
    const before = await open();
    before.disk.fate = (operation) => (operation === "insert" ? "fails after" : "works");
    const unanswered = codeOf(before.journal.append("notes/a", [input("one", "k1")]));
    await turn();
    before.disk.fate = () => "works";
    const { journal } = await open({ disk: before.disk });
    const again = await journal.append("notes/a", [input("one", "k1"), input("two", "k2")]);
    expect(again).toMatchObject([
      { repeated: true, entry: { sequence: 1 } },
      { repeated: false, entry: { sequence: 2 } },
    ]);
    before.clock.advance(1_000);
    // It had landed: whether its own sender hears of it or not, it is there once.
    expect(["UNAVAILABLE", "not an AppError: null"]).toContain(await within(before.clock, unanswered));
    await journal.materialise();
    expect(before.disk.collection.get("notes/a")?.map(({ key }) => key)).toEqual(["k1", "k2"]);
  });

  test("[JOURNAL-22] a writer that settles a failed write meets the fence, too", async () => {
    const before = await open();
    before.disk.fate = (operation) =>
      operation === "insert" || operation === "settle" ? "fails before" : "works";
    expect(await within(before.clock, codeOf(before.journal.append("notes/a", [input("one", "k")])))).toBe(
      "UNAVAILABLE",
    );
    const repeated = codeOf(before.journal.append("notes/a", [input("one", "k")]));
    before.disk.fate = () => "works";
    const { journal } = await open({ disk: before.disk });
    expect(await within(before.clock, repeated)).toBe("UNAVAILABLE");
    expect(await journal.lastSequence("notes/a")).toBe(0);
  });

  test("[JOURNAL-23] two processes recover the same term at once, and nothing doubles", async () => {
    const before = await open();
    for (let count = 0; count < 20; count += 1)
      await before.journal.append(`notes/${count % 3}`, [input(`${count}`, `k${count}`)]);
    before.process.kill();
    const both = [prepare({ disk: before.disk }), prepare({ disk: before.disk })];
    await Promise.all(both.map(({ journal }) => journal.start()));
    const found = [...before.disk.collection.values()].flat().map(({ key }) => key);
    expect(found.toSorted()).toEqual(Array.from({ length: 20 }, (_, count) => `k${count}`).toSorted());
    expect(held(before.disk)).toBe(0);
  });

  test("[JOURNAL-23] a stream that cannot be filed holds up no other, and is filed at the next try", async () => {
    const before = await open();
    await before.journal.append("notes/bad", [input("stuck")]);
    await before.journal.append("notes/good", [input("moves")]);
    before.process.kill();
    before.disk.fate = (operation, subject) =>
      operation === "write" && subject === "notes/bad" ? "fails before" : "works";
    await open({ disk: before.disk });
    expect(before.disk.collection.get("notes/good")).toHaveLength(1);
    expect(before.disk.terms.has(before.journal.term)).toBe(true);
    before.disk.fate = () => "works";
    await open({ disk: before.disk });
    expect(before.disk.collection.get("notes/bad")).toHaveLength(1);
    expect(before.disk.terms.has(before.journal.term)).toBe(false);
  });

  test("[JOURNAL-24] documents of before there were terms are filed at a start", async () => {
    const { disk, journal } = prepare();
    const entry = (sequence: number) => ({
      stream: "notes/a",
      sequence,
      key: `k${sequence}`,
      authorId: author,
      at: new Date(),
      payload: { text: `${sequence}` },
    });
    for (const [id, sequence] of [
      ["6".repeat(24), 1],
      ["7".repeat(24), 2],
    ] as const)
      disk.documents.set(id, { id, term: formerTerm, at: new Date(), entries: [entry(sequence)] });
    await journal.start();
    expect(disk.collection.get("notes/a")?.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(held(disk)).toBe(0);
    expect(sequences(await journal.append("notes/a", [input("next")]))).toEqual([3]);
  });

  test("[JOURNAL-25] who stops ends its own term and leaves nothing but the fence, or all of what could not be filed", async () => {
    const { journal, disk } = await open();
    await journal.append("notes/a", [input("one"), input("two")]);
    await journal.stop();
    expect(disk.collection.get("notes/a")).toHaveLength(2);
    expect([...disk.documents.keys()]).toEqual([...disk.fences]);
    expect([disk.fences.size, disk.terms.size]).toEqual([1, 0]);

    const other = await open();
    await other.journal.append("notes/a", [input("one")]);
    other.disk.fate = (operation) => (operation === "write" ? "fails before" : "works");
    await within(other.clock, other.journal.stop());
    expect([held(other.disk), other.disk.terms.size]).toEqual([1, 1]);
  });

  test("[JOURNAL-9] a key that moves into its collection while calls line up is not written twice", async () => {
    // However the steps of the move and of the call meet: each round begins the move one step later.
    for (let steps = 0; steps < 40; steps += 1) {
      const earlier = await open();
      await earlier.journal.append("notes/a", [input("old", "old")]);
      await earlier.journal.stop();
      const { journal, disk } = await open({ disk: earlier.disk, listsKeys: false });
      await journal.append("notes/a", [input("of k", "k")]);
      const first = journal.append("notes/a", [input("other", "other")]);
      const again = journal.append("notes/a", [input("of k", "k")]);
      for (let step = 0; step < steps; step += 1) await Promise.resolve();
      await Promise.all([journal.materialise("notes/a"), first, again]);
      await journal.materialise();
      const keys = disk.collection.get("notes/a")?.map(({ key }) => key);
      expect(keys, `after ${steps} steps`).toEqual(["old", "k", "other"]);
    }
  });
});
