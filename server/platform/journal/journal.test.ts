// The journal's rules on durability, group commit, order and keys.
import { describe, expect, test } from "vitest";
import { author, codeOf, held, input, open, prepare, sequences, turn, within } from "./testing-world.ts";

describe("durability", () => {
  test("[JOURNAL-1] append resolves only after its entries are durable, and nothing shows them before", async () => {
    const { journal, process, disk } = await open();
    process.hold();
    let resolved = false;
    const appending = journal.append("notes/a", [input("one")]).then((result) => {
      resolved = true;
      return result;
    });
    await turn();
    expect(resolved).toBe(false);
    expect(await journal.tail("notes/a", 1)).toEqual([]);
    expect(await journal.lastSequence("notes/a")).toBe(0);
    process.release();
    const [appended] = await appending;
    expect(appended?.entry).toMatchObject({ sequence: 1, authorId: author, payload: { text: "one" } });
    expect([...disk.documents.values()].flatMap(({ entries }) => entries)).toHaveLength(1);
    expect(await journal.tail("notes/a", 1)).toHaveLength(1);
  });

  test("[JOURNAL-2] after a crash, a start brings back what was acknowledged under its sequence", async () => {
    const before = await open();
    await before.journal.append("notes/a", [input("one", "k1"), input("two", "k2")]);
    await before.journal.append("notes/b", [input("three", "k3")]);
    before.process.kill();
    const { journal, disk } = await open({ disk: before.disk });
    expect(disk.collection.get("notes/a")?.map(({ payload }) => payload)).toEqual([
      { text: "one" },
      { text: "two" },
    ]);
    expect(await journal.lastSequence("notes/b")).toBe(1);
    expect(sequences(await journal.append("notes/a", [input("next")]))).toEqual([3]);
  });

  test("[JOURNAL-2] a crash between materialising and trimming doubles nothing", async () => {
    const before = await open();
    await before.journal.append("notes/a", [input("one", "k1")]);
    await before.journal.materialise();
    expect(held(before.disk)).toBe(1);
    before.process.kill();
    const { disk } = await open({ disk: before.disk });
    expect(disk.collection.get("notes/a")).toHaveLength(1);
    expect(held(disk)).toBe(0);
  });

  test("[JOURNAL-3] stop makes durable what was accepted, materialises it and refuses later calls", async () => {
    const { journal, disk } = await open();
    const accepted = [1, 2, 3].map((number) => journal.append("notes/a", [input(String(number))]));
    await journal.stop();
    expect((await Promise.all(accepted)).flatMap(sequences)).toEqual([1, 2, 3]);
    expect(disk.collection.get("notes/a")).toHaveLength(3);
    expect(held(disk)).toBe(0);
    expect(disk.terms.size).toBe(0);
    expect(await codeOf(journal.append("notes/a", [input("late")]))).toBe("SHUTTING_DOWN");
  });

  test("[JOURNAL-3] stop ends in bounded time while the store is away, and loses nothing durable", async () => {
    const { journal, disk, clock } = await open();
    await journal.append("notes/a", [input("one")]);
    disk.fate = () => "never answers";
    const waiting = codeOf(journal.append("notes/a", [input("two")]));
    const startedMs = clock.monotonicMs();
    await within(clock, journal.stop());
    expect(clock.monotonicMs() - startedMs).toBeLessThan(15_000);
    expect(await waiting).toBe("UNAVAILABLE");
    disk.fate = () => "works";
    const next = await open({ disk });
    expect(await next.journal.lastSequence("notes/a")).toBe(1);
  });

  test("nothing is accepted before the start", async () => {
    const { journal } = prepare();
    expect(await codeOf(journal.append("notes/a", [input("early")]))).toBe("UNAVAILABLE");
  });
});

describe("group commit", () => {
  test("[JOURNAL-4] an idle journal writes at once, without the clock moving", async () => {
    const { journal, disk } = await open();
    await journal.append("notes/a", [input("one")]);
    expect(disk.inserts).toBe(1);
  });

  test("[JOURNAL-4] what arrives while a document is on its way shares the next one, across streams", async () => {
    const { journal, disk, process, clock } = await open({ limits: { windowMs: 10 } });
    process.hold();
    const first = journal.append("notes/a", [input("first")]);
    await turn();
    const rest = ["notes/a", "notes/b", "notes/c"].map((stream) => journal.append(stream, [input("more")]));
    await turn();
    process.release();
    await first;
    await turn();
    expect(disk.inserts).toBe(1);
    clock.advance(11);
    await Promise.all(rest);
    expect(disk.inserts).toBe(2);
    expect([...disk.documents.values()].at(-1)?.entries).toHaveLength(3);
  });

  test("[JOURNAL-4] the next document begins a window after the last one at the soonest", async () => {
    const { journal, disk, clock } = await open({ limits: { windowMs: 10 } });
    await journal.append("notes/a", [input("first")]);
    const next = journal.append("notes/a", [input("next")]);
    await turn();
    clock.advance(9);
    await turn();
    expect(disk.inserts).toBe(1);
    clock.advance(1);
    await next;
    expect(disk.inserts).toBe(2);
  });

  test("[JOURNAL-4] a full document does not wait for the window", async () => {
    const { journal, disk } = await open({ limits: { flushMaxEntries: 3, windowMs: 1_000_000 } });
    await journal.append("notes/a", [input("first")]);
    await Promise.all(["x", "y", "z"].map((text) => journal.append("notes/a", [input(text)])));
    expect(disk.inserts).toBe(2);
  });

  test("[JOURNAL-5] documents keep to their bounds in entries and bytes", async () => {
    const { journal, disk, clock } = await open({ limits: { flushMaxEntries: 4, flushMaxBytes: 1_000 } });
    const inputs = Array.from({ length: 10 }, (_, index) => input("x".repeat(index < 5 ? 1 : 400)));
    await within(clock, journal.append("notes/a", inputs));
    const counts = [...disk.documents.values()].flatMap(({ entries }) => entries.length || []);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(10);
    expect(Math.max(...counts)).toBeLessThanOrEqual(4);
    expect(counts.length).toBeGreaterThan(4);
  });

  test("[JOURNAL-5] an entry that no document can hold is refused", async () => {
    const { journal, disk } = await open({ limits: { flushMaxBytes: 1_000 } });
    expect(await codeOf(journal.append("notes/a", [input("x".repeat(2_000))]))).toBe("PAYLOAD_TOO_LARGE");
    expect(disk.inserts).toBe(0);
  });

  test("[JOURNAL-6] beyond the buffer append rejects with UNAVAILABLE at once, and recovers by itself", async () => {
    const { journal, process } = await open({ limits: { bufferMaxEntries: 2 } });
    process.hold();
    const accepted = [journal.append("notes/a", [input("1")]), journal.append("notes/b", [input("2")])];
    const refused = await codeOf(journal.append("notes/c", [input("3")]));
    expect(refused).toBe("UNAVAILABLE");
    process.release();
    await Promise.all(accepted);
    expect(sequences(await journal.append("notes/c", [input("4")]))).toEqual([1]);
  });

  test("[JOURNAL-6] a tail that cannot be moved refuses its own stream first", async () => {
    const { journal, disk } = await open({ limits: { streamTailMaxBytes: 500 } });
    disk.fate = (operation, subject) =>
      operation === "write" && subject === "notes/a" ? "fails before" : "works";
    await journal.append("notes/a", [input("x".repeat(600))]);
    expect(await codeOf(journal.append("notes/a", [input("more")]))).toBe("UNAVAILABLE");
    expect(sequences(await journal.append("notes/b", [input("other")]))).toEqual([1]);
    disk.fate = () => "works";
    await journal.materialise("notes/a");
    expect(sequences(await journal.append("notes/a", [input("more")]))).toEqual([2]);
  });
});

describe("order and keys", () => {
  test("[JOURNAL-26] who is taken is told before it is durable, in order and once; where it fails, so does what came behind it", async () => {
    const { journal, process, disk, clock } = await open();
    await journal.append("notes/a", [input("opens the stream")]);
    const taken: string[] = [];
    const append = (text: string, key: string | null = null) =>
      journal.append("notes/a", [{ ...input(text, key), taken: () => taken.push(text) }]);
    process.hold();
    const [first, second, repeated] = [append("first"), append("second", "k"), append("again", "k")];
    expect(taken).toEqual(["first", "second"]);
    expect(await journal.lastSequence("notes/a")).toBe(1);
    process.release();
    expect((await Promise.all([first, second, repeated])).flatMap(sequences)).toEqual([2, 3, 3]);
    expect(taken).toEqual(["first", "second"]);
    disk.fate = () => "fails before";
    const failing = [append("lost"), append("behind it")].map(codeOf);
    expect(taken.slice(2)).toEqual(["lost", "behind it"]);
    expect(await within(clock, Promise.all(failing))).toEqual(["UNAVAILABLE", "UNAVAILABLE"]);
    disk.fate = () => "works";
    expect(sequences(await within(clock, append("next")))).toEqual([4]);
  });

  test("[JOURNAL-7] [JOURNAL-8] sequences follow the calls without gaps, and promises resolve in their order", async () => {
    // Without key lists, streams that are known from before need look-ups: calls then line up instead of overtaking.
    const earlier = await open();
    await earlier.journal.append("notes/a", [input("before", "old")]);
    await earlier.journal.stop();
    const { journal, clock } = await open({ disk: earlier.disk, listsKeys: false });
    const resolved: number[] = [];
    const calls = Array.from({ length: 30 }, (_, index) =>
      journal
        .append("notes/a", [input(`${index}`, index % 3 === 0 ? `key-${index}` : null)])
        .then((result) => resolved.push(...sequences(result))),
    );
    await within(clock, Promise.all(calls));
    expect(resolved).toEqual(Array.from({ length: 30 }, (_, index) => index + 2));
    const tail = (await journal.tail("notes/a", 2)).map(({ payload }) => payload);
    expect(tail).toEqual(Array.from({ length: 30 }, (_, index) => ({ text: `${index}` })));
  });

  test("[JOURNAL-9] a key repeated within one call is written once", async () => {
    const { journal } = await open();
    const appended = await journal.append("notes/a", [input("one", "k"), input("again", "k"), input("two")]);
    expect(appended.map(({ entry, repeated }) => [entry.sequence, repeated])).toEqual([
      [1, false],
      [1, true],
      [2, false],
    ]);
  });

  test("[JOURNAL-9] a key repeated while its entry is on its way waits for it and answers it", async () => {
    const { journal, process } = await open();
    process.hold();
    const first = journal.append("notes/a", [input("one", "k")]);
    await turn();
    let answered = false;
    const second = journal.append("notes/a", [input("again", "k")]).finally(() => (answered = true));
    await turn();
    expect(answered).toBe(false);
    process.release();
    await first;
    expect(await second).toMatchObject([
      { repeated: true, entry: { sequence: 1, payload: { text: "one" } } },
    ]);
    expect(await journal.tail("notes/a", 1)).toHaveLength(1);
  });

  test.for([true, false])(
    "[JOURNAL-9] a key repeated after materialising, and after a restart, answers the first entry (key list: %s)",
    async (listsKeys) => {
      const before = await open({ listsKeys });
      await before.journal.append("notes/a", [input("one", "k")]);
      await before.journal.materialise();
      const again = await before.journal.append("notes/a", [input("again", "k")]);
      expect(again).toMatchObject([{ repeated: true, entry: { sequence: 1, payload: { text: "one" } } }]);
      await before.journal.stop();
      const { journal } = await open({ disk: before.disk, listsKeys });
      const later = await journal.append("notes/a", [input("again", "k"), input("new", "k2")]);
      expect(later).toMatchObject([
        { repeated: true, entry: { sequence: 1 } },
        { repeated: false, entry: { sequence: 2 } },
      ]);
    },
  );

  test("[JOURNAL-9] more keys than memory holds are looked up", async () => {
    const { journal } = await open({ limits: { seenKeysMax: 10 } });
    for (let index = 0; index < 20; index += 1) await journal.append("notes/a", [input("x", `k${index}`)]);
    await journal.materialise();
    expect(await journal.append("notes/a", [input("x", "k0"), input("x", "new")])).toMatchObject([
      { repeated: true, entry: { sequence: 1 } },
      { repeated: false, entry: { sequence: 21 } },
    ]);
  });

  test("[JOURNAL-9] new keys of a stream that began in this process cost no look-up", async () => {
    const { journal, disk } = await open({ limits: { windowMs: 0 } });
    for (let index = 0; index < 20; index += 1) await journal.append("notes/a", [input("x", `k${index}`)]);
    expect(disk.lookUps).toBe(0);
  });

  test("[JOURNAL-10] the same key in another stream is another key", async () => {
    const { journal } = await open();
    const both = await Promise.all([
      journal.append("notes/a", [input("one", "k")]),
      journal.append("notes/b", [input("two", "k")]),
    ]);
    expect(both.flat().map(({ repeated }) => repeated)).toEqual([false, false]);
  });
});
