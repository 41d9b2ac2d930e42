// The journal's rules on failure, materialising and trimming.
import { describe, expect, test } from "vitest";
import { codeOf, held, input, open, sequences, turn, within } from "./testing-world.ts";
import { documentId } from "./journal-store.ts";
import type { Fate } from "./testing.ts";

describe("failure", () => {
  test.for(["fails before", "fails after", "never answers"] as const)(
    "[JOURNAL-11] a write that %s is tried again as the same document and does not double",
    async (fate) => {
      const { journal, disk, clock } = await open();
      let failures = 2;
      disk.fate = (operation) => (operation === "insert" && failures-- > 0 ? fate : "works");
      expect(sequences(await within(clock, journal.append("notes/a", [input("one", "k")])))).toEqual([1]);
      expect(held(disk)).toBe(1);
      expect(sequences(await within(clock, journal.append("notes/a", [input("two")])))).toEqual([2]);
    },
  );

  test("[JOURNAL-12] [JOURNAL-13] a write that never lands is refused with all behind it, and leaves no gap", async () => {
    const { journal, disk, clock } = await open();
    await journal.append("notes/a", [input("before")]);
    disk.fate = () => "fails before";
    const failed = codeOf(journal.append("notes/a", [input("lost", "k1")]));
    await turn();
    const behind = codeOf(journal.append("notes/a", [input("behind")]));
    expect(await within(clock, failed)).toBe("UNAVAILABLE");
    expect(await within(clock, behind)).toBe("UNAVAILABLE");
    disk.fate = () => "works";
    const again = await within(clock, journal.append("notes/a", [input("lost", "k1"), input("behind")]));
    expect(again.map(({ entry, repeated }) => [entry.sequence, repeated])).toEqual([
      [2, false],
      [3, false],
    ]);
    const next = await open({ disk });
    expect(disk.collection.get("notes/a")?.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(await next.journal.lastSequence("notes/a")).toBe(3);
  });

  test("[JOURNAL-13] [JOURNAL-14] a write that landed although it was given up counts, and is new to who repeats it", async () => {
    const { journal, disk, clock } = await open();
    disk.fate = (operation) => (operation === "insert" ? "fails after" : "fails before");
    expect(await within(clock, codeOf(journal.append("notes/a", [input("one", "k")])))).toBe("UNAVAILABLE");
    disk.fate = () => "works";
    const again = () => within(clock, journal.append("notes/a", [input("one", "k")]));
    await within(clock, journal.append("notes/b", [input("other")]));
    expect(await again()).toMatchObject([{ repeated: false, entry: { sequence: 1 } }]);
    expect(await again()).toMatchObject([{ repeated: true, entry: { sequence: 1 } }]);
    expect(sequences(await within(clock, journal.append("notes/a", [input("two")])))).toEqual([2]);
  });

  test("[JOURNAL-13] a key that is repeated while the outcome is open waits for it, and is not written twice", async () => {
    const { journal, disk, clock } = await open();
    const fates: Record<string, Fate> = { insert: "fails after", settle: "fails before" };
    disk.fate = (operation) => fates[operation] ?? "works";
    expect(await within(clock, codeOf(journal.append("notes/a", [input("one", "k")])))).toBe("UNAVAILABLE");
    const during = journal.append("notes/a", [input("one", "k")]);
    await turn();
    disk.fate = () => "works";
    expect(await within(clock, during)).toMatchObject([{ repeated: false, entry: { sequence: 1 } }]);
    await journal.materialise();
    expect(disk.collection.get("notes/a")).toHaveLength(1);
  });

  test("[JOURNAL-13] a key that is repeated while the outcome is open is written after all where the write is void", async () => {
    const { journal, disk, clock } = await open();
    disk.fate = (operation) => (operation === "insert" || operation === "settle" ? "fails before" : "works");
    expect(await within(clock, codeOf(journal.append("notes/a", [input("one", "k")])))).toBe("UNAVAILABLE");
    const during = journal.append("notes/a", [input("one", "k")]);
    await turn();
    disk.fate = () => "works";
    expect(await within(clock, during)).toMatchObject([{ repeated: false, entry: { sequence: 1 } }]);
    // The opening one, the void one, and the one that counts.
    expect([...disk.documents.values()].map(({ entries }) => entries.length).sort()).toEqual([0, 0, 1]);
  });

  test("[JOURNAL-14] the durable part of a call that failed is new to who repeats the call, even after it has moved", async () => {
    const { journal, disk, clock } = await open({ limits: { flushMaxEntries: 2 } });
    const batch = ["k1", "k2", "k3"].map((key) => input(`of ${key}`, key));
    let inserts = 0;
    disk.fate = (operation) => {
      if (operation === "insert") inserts += 1;
      return operation === "insert" && inserts > 1 ? "fails before" : "works";
    };
    expect(await within(clock, codeOf(journal.append("notes/a", batch)))).toBe("UNAVAILABLE");
    disk.fate = () => "works";
    await journal.materialise();
    const again = () => within(clock, journal.append("notes/a", batch));
    expect((await again()).map(({ entry, repeated }) => [entry.sequence, repeated])).toEqual([
      [1, false],
      [2, false],
      [3, false],
    ]);
    expect((await again()).map(({ repeated }) => repeated)).toEqual([true, true, true]);
  });

  test("[JOURNAL-12] the store away for a minute: nothing acknowledged, nothing lost, back within seconds", async () => {
    const { journal, disk, clock } = await open();
    await journal.append("notes/a", [input("before", "k0")]);
    disk.fate = () => "never answers";
    const outcomes: Promise<string>[] = [];
    for (let second = 0; second < 60; second += 1) {
      outcomes.push(codeOf(journal.append("notes/a", [input("x", `k${second + 1}`)])));
      clock.advance(1_000);
      await turn();
    }
    expect(await journal.tail("notes/a", 1)).toHaveLength(1);
    disk.fate = () => "works";
    const backMs = clock.monotonicMs();
    const after = await within(clock, journal.append("notes/a", [input("after", "k61")]));
    expect(clock.monotonicMs() - backMs).toBeLessThanOrEqual(6_100);
    expect(after).toHaveLength(1);
    const acknowledged = (await within(clock, Promise.all(outcomes))).filter(
      (code) => code !== "UNAVAILABLE",
    );
    // Those that were still queued when the store came back may well have made it.
    expect(await journal.lastSequence("notes/a")).toBe(2 + acknowledged.length);
    expect(acknowledged.length).toBeLessThan(20);
  });
});

describe("materialising and trimming", () => {
  test("[JOURNAL-15] [JOURNAL-16] [JOURNAL-20] at the interval entries move, and all documents but the newest are trimmed", async () => {
    const { journal, disk, clock } = await open();
    for (const text of ["one", "two", "three"]) await journal.append("notes/a", [input(text)]);
    expect(held(disk)).toBe(3);
    clock.advance(2_000);
    await turn();
    expect(disk.collection.get("notes/a")).toHaveLength(3);
    expect([...disk.documents.values()].flatMap(({ entries }) => entries)).toMatchObject([{ sequence: 3 }]);
    expect(await journal.tail("notes/a", 1)).toEqual([]);
  });

  test("[JOURNAL-15] a stream with many entries does not wait for the interval", async () => {
    const { journal, disk } = await open({ limits: { materialiseAfterEntries: 10 } });
    await journal.append(
      "notes/a",
      Array.from({ length: 12 }, () => input("x")),
    );
    await turn();
    expect(disk.collection.get("notes/a")).toHaveLength(12);
  });

  test("[JOURNAL-16] [JOURNAL-17] a document stays while one stream of it cannot be moved; the others are moved", async () => {
    const { journal, disk, clock } = await open();
    await Promise.all([
      journal.append("notes/bad", [input("stuck")]),
      journal.append("notes/good", [input("moves")]),
    ]);
    disk.fate = (operation, subject) =>
      operation === "write" && subject === "notes/bad" ? "fails before" : "works";
    clock.advance(2_000);
    await turn();
    await journal.append("notes/good", [input("moves, too")]);
    expect(disk.collection.get("notes/good")).toHaveLength(1);
    expect(held(disk)).toBe(2);
    expect(await journal.tail("notes/bad", 1)).toHaveLength(1);
    disk.fate = () => "works";
    for (let second = 0; second < 6; second += 1) {
      clock.advance(1_000);
      await turn();
    }
    expect(disk.collection.get("notes/bad")).toHaveLength(1);
    expect(held(disk)).toBe(1);
  });

  test("[JOURNAL-17] a collection that never answers holds up neither other streams nor the trimming of theirs", async () => {
    const { journal, disk, clock } = await open({ limits: { moveTimeoutMs: 1_000 } });
    disk.fate = (operation, subject) =>
      operation === "write" && subject === "notes/bad" ? "never answers" : "works";
    await journal.append("notes/bad", [input("stuck")]);
    for (let round = 1; round <= 3; round += 1) {
      await journal.append("notes/good", [input("moves")]);
      for (let step = 0; step < 4; step += 1) {
        clock.advance(1_000);
        await turn();
      }
      expect(disk.collection.get("notes/good")).toHaveLength(round);
      expect(held(disk)).toBe(2);
    }
  });

  test("[JOURNAL-15] where many streams are busy, each has its turn within five intervals", async () => {
    const { journal, disk, clock } = await open({
      limits: { materialiseStreams: 2, materialiseTogether: 2 },
    });
    const streams = Array.from({ length: 30 }, (_, index) => `notes/${index}`);
    await within(clock, Promise.all(streams.map((stream) => journal.append(stream, [input("x")]))));
    clock.advance(2_000);
    await turn();
    expect(disk.collection.size).toBeGreaterThan(0);
    expect(disk.collection.size).toBeLessThan(15);
    for (let interval = 0; interval < 20; interval += 1) {
      clock.advance(2_000);
      await turn();
    }
    expect(disk.collection.size).toBe(30);
    expect(held(disk)).toBe(1);
  });

  test("[JOURNAL-28] after rollOver no entry is left, and the stream goes on where it was", async () => {
    const { journal, disk } = await open();
    await journal.append("notes/a", [input("one")]);
    await journal.rollOver();
    await journal.rollOver();
    expect(disk.collection.get("notes/a")).toHaveLength(1);
    expect([...disk.documents.values()].flatMap(({ entries }) => entries)).toEqual([]);
    expect(await journal.append("notes/a", [input("two")])).toMatchObject([{ entry: { sequence: 2 } }]);
    await journal.stop();
    const again = await open({ disk });
    await again.journal.append("notes/a", [input("three")]);
    expect(await again.journal.lastSequence("notes/a")).toBe(3);
  });

  test("[JOURNAL-28] rollOver comes to its end although writing does not", async () => {
    const { journal, disk } = await open();
    await journal.append("notes/a", [input("one")]);
    let writes = 0;
    disk.fate = (operation) => {
      // While one document is on its way, something for the next one comes.
      if (operation === "insert" && writes < 200) {
        writes += 1;
        void journal.append("notes/a", [input("more")]);
      }
      return "works";
    };
    await journal.rollOver();
    expect(writes).toBeLessThan(5);
    expect(JSON.stringify([...disk.documents.values()])).not.toContain("one");
  });

  test("[JOURNAL-16] what a newer version has written stays in the journal", async () => {
    const { disk } = await open();
    const entry = { stream: "later/a", sequence: 1, key: null, authorId: null, at: new Date(), payload: {} };
    const term = "f".repeat(24);
    const id = documentId(term, 0);
    disk.terms.add(term);
    disk.documents.set(id, { id, term, at: new Date(), entries: [entry] });
    const { journal } = await open({ disk });
    await journal.append("notes/a", [input("one")]);
    await journal.stop();
    expect(held(disk)).toBe(1);
    expect(disk.documents.has(id)).toBe(true);
    expect(disk.terms).toEqual(new Set([term]));
  });

  test("[JOURNAL-18] tail, then collection, shows every durable entry while both change", async () => {
    const { journal, disk, clock } = await open({ limits: { materialiseAfterEntries: 3 } });
    for (let count = 1; count <= 40; count += 1) {
      await journal.append("notes/a", [input(String(count))]);
      const tail = await journal.tail("notes/a", 1);
      if (count % 4 === 0) clock.advance(2_000);
      await turn();
      const stored = disk.collection.get("notes/a") ?? [];
      const last = stored.at(-1)?.sequence ?? 0;
      const seen = [...stored, ...tail.filter(({ sequence }) => sequence > last)];
      expect(seen.map(({ sequence }) => sequence)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
    }
  });

  test("[JOURNAL-27] where a stream ends that is not in memory is asked for once, until it is written to", async () => {
    const before = await open();
    await before.journal.append("notes/a", [input("one"), input("two")]);
    await before.journal.stop();
    const { disk, journal } = await open({ disk: before.disk });
    let asked = 0;
    disk.fate = (operation) => {
      if (operation === "lastSequence") asked += 1;
      return asked === 1 ? "fails before" : "works";
    };
    await expect(journal.lastSequence("notes/a")).rejects.toThrow("the store is away");
    const both = [journal.lastSequence("notes/a"), journal.lastSequence("notes/a")];
    expect(await Promise.all(both)).toEqual([2, 2]);
    expect(await journal.lastSequence("notes/a")).toBe(2);
    expect(asked).toBe(2);
    await journal.append("notes/a", [input("three")]);
    expect(await journal.lastSequence("notes/a")).toBe(3);
  });

  test("[JOURNAL-19] 10 000 idle streams are forgotten by memory and continue where they were", async () => {
    const { journal, disk, clock, metrics } = await open();
    const streams = Array.from({ length: 10_000 }, (_, index) => `notes/${index}`);
    await within(clock, Promise.all(streams.map((stream) => journal.append(stream, [input("x", "k")]))));
    const kept = async () =>
      (await metrics.registry.getSingleMetric("connvo_journal_streams")?.get())?.values[0]?.value;
    clock.advance(2_000);
    await turn();
    expect(await kept()).toBe(10_000);
    for (let second = 0; second < 70; second += 2) {
      clock.advance(2_000);
      await turn();
    }
    expect(await kept()).toBe(0);
    expect(held(disk)).toBe(1);
    expect(await journal.append("notes/7", [input("x", "k"), input("y", "k2")])).toMatchObject([
      { repeated: true, entry: { sequence: 1 } },
      { repeated: false, entry: { sequence: 2 } },
    ]);
  });
});
