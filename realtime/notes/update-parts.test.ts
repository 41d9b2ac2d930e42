// The bytes of updates against Yjs itself, which makes all their structs or a document.
import { expect, test } from "vitest";
import * as Y from "yjs";
import { extended, isWhole, mergedUpdates, missingFrom, readParts, stateVectorOf } from "./update-parts.ts";
import { contentOf, documentOf, randomHistory, seededRandom, shuffled } from "./testing-histories.ts";

const seeds = Array.from({ length: 40 }, (_, seed) => seed);

test.each(seeds)("[NOTES-4] seed %i: damaged bytes are found where Yjs would find them", (seed) => {
  const random = seededRandom(seed);
  const { people, updates } = randomHistory(random, 60, { formats: true });
  const states = people.map((doc) => Y.encodeStateAsUpdate(doc));
  let damages = 0;
  for (const update of [...states, ...shuffled(updates, random).slice(0, 20)]) {
    expect(readable(update)).toEqual([true, true]);
    for (let time = 0; time < 20; time += 1) {
      const damaged = update.slice(0, random() < 0.3 ? Math.floor(random() * update.byteLength) : undefined);
      const at = Math.floor(random() * damaged.byteLength);
      if (damaged.byteLength > 0) damaged[at] = Math.floor(random() * 256);
      const [byParts, byYjs] = readable(damaged);
      expect(byParts, Buffer.from(damaged).toString("hex")).toBe(byYjs);
      if (!byYjs) damages += 1;
    }
  }
  expect(damages).toBeGreaterThan(20);
});

test.each(seeds)("[NOTES-10] seed %i: the parts of an update are those that Yjs reads", (seed) => {
  const random = seededRandom(seed);
  const { updates } = randomHistory(random, 80, { formats: true });
  const some = shuffled(updates, random).filter(() => random() < 0.7);
  for (const update of [...updates, mergedUpdates(some)]) {
    const parts = readParts(update);
    const { structs, ds } = Y.decodeUpdate(update);
    for (const { client, clock, end, count } of parts.sections) {
      const own = structs.filter(({ id }) => id.client === client);
      expect(own.length).toBe(count);
      expect(own[0]?.id.clock).toBe(clock);
      const last = own.at(-1);
      expect((last?.id.clock ?? 0) + (last?.length ?? 0)).toBe(end);
    }
    expect(parts.sections.reduce((sum, { count }) => sum + count, 0)).toBe(structs.length);
    expect(stateVectorOf(parts)).toEqual(Y.decodeStateVector(Y.encodeStateVectorFromUpdate(update)));
    expect(Y.decodeUpdate(Buffer.concat([new Uint8Array([0]), parts.deletions])).ds).toEqual(ds);
  }
});

test.each(seeds)(
  "[NOTES-10] seed %i: a state with later updates behind it is what a document says",
  (seed) => {
    const random = seededRandom(seed);
    const { updates } = randomHistory(random, 120);
    const cut = Math.floor(random() * updates.length);
    const base = readParts(Y.encodeStateAsUpdate(documentOf(updates.slice(0, cut))));
    expect(isWhole(base)).toBe(true);
    // Some that the state holds already are among them.
    const later = updates.slice(Math.max(0, cut - Math.floor(random() * 10)));
    const longer = extended(base, mergedUpdates([...later, new Uint8Array([0, 0])]));
    if (longer === null) throw new Error("nothing is missing, so nothing is in the way");
    expect(longer).toEqual(readParts(longer.update));
    expect(contentOf(documentOf([longer.update]))).toEqual(contentOf(documentOf(updates)));
    const behind = documentOf(updates.slice(0, Math.floor(random() * updates.length)));
    Y.applyUpdate(behind, missingFrom(longer, Y.encodeStateVector(behind)));
    expect(contentOf(behind)).toEqual(contentOf(documentOf(updates)));
  },
);

test("[NOTES-10] an update that leaves a gap is not put behind a state", () => {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  for (const letter of "abc") doc.getText("text").insert(0, letter);
  const [first, second, third] = updates as [Uint8Array, Uint8Array, Uint8Array];
  expect(extended(readParts(first), third)).toBeNull();
  expect(extended(readParts(new Uint8Array([0, 0])), second)).toBeNull();
  expect(extended(readParts(first), second)?.sections).toMatchObject([
    { clock: 0, gap: 2, end: 2, count: 2 },
  ]);
});

function readable(update: Uint8Array): [boolean, boolean] {
  return [succeeds(() => readParts(update)), succeeds(() => Y.decodeUpdate(update))];
}

function succeeds(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}
