// Searching a meeting's transcript in journal and pages on a real document store.
import { afterAll, beforeAll, expect, test } from "vitest";
import { actor, chunks, codeOf, house, meeting, numbers } from "../factories/live-modules.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

test("[TRANSCRIPT-34] a search reads this meeting alone, its corrections included, and tells places and neighbours", async () => {
  const { transcripts, journal } = await house(store);
  const [host, observer, stranger] = [actor(), actor(), actor()];
  const id = meeting([
    [host, "host"],
    [observer, "observer"],
  ]);
  const elsewhere = meeting([[host, "host"]]);
  const say = (text: string, key: string, where = id) =>
    transcripts.append(host, where, chunks(1, key, { text }));
  await say("We planned the budget.", "a");
  await say("Something else.", "b");
  await journal.materialise();
  await say("The badger again.", "c");
  await say("Secret budget", "d", elsewhere);
  const search = (q: string) => transcripts.search(observer, id, { q, limit: 20 });
  expect(await search("budget")).toEqual({
    items: [
      {
        sequence: 1,
        speakerId: host.userId,
        startMs: 0,
        text: "We planned the budget.",
        places: [{ start: 15, end: 21 }],
        before: null,
        after: { sequence: 2, text: "Something else." },
      },
    ],
    total: 1,
    nextCursor: null,
  });
  await transcripts.edit(host, id, 3, { clientKey: "e", text: "The budget again." });
  expect((await search("budget")).items.map(({ sequence }) => sequence)).toEqual([1, 3]);
  expect((await search("badger")).total).toBe(0);
  expect(await codeOf(search("..."))).toBe("VALIDATION_ERROR");
  expect(await codeOf(transcripts.search(stranger, id, { q: "budget", limit: 20 }))).toBe("NOT_FOUND");
  await journal.stop();
});

test("[TRANSCRIPT-34] a long answer comes in parts that neither repeat nor leave out a line", async () => {
  const { transcripts, journal } = await house(store);
  const host = actor();
  const id = meeting([[host, "host"]]);
  for (let batch = 0; batch < 4; batch += 1) {
    await transcripts.append(host, id, chunks(500, `b${batch}`, { text: `budget ${batch}` }));
    if (batch === 2) await journal.materialise();
  }
  const found: number[] = [];
  let cursor: string | undefined;
  do {
    const part = await transcripts.search(host, id, {
      q: "budget",
      limit: 50,
      ...(cursor === undefined ? {} : { cursor }),
    });
    expect(part.total).toBe(2_000);
    expect(part.items.length).toBeLessThanOrEqual(50);
    found.push(...part.items.map(({ sequence }) => sequence));
    cursor = part.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(found).toEqual(numbers(1, 2_000));
  expect(await codeOf(transcripts.search(host, id, { q: "budget", limit: 5, cursor: "x" }))).toBe(
    "VALIDATION_ERROR",
  );
  await journal.stop();
});
