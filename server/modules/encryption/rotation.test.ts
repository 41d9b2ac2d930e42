import { expect, test } from "vitest";
import { testCipher, testKey, testSearchSecret } from "../../../tests/factories/cipher.ts";
import { FakeClock } from "../../platform/clock.ts";
import { silentLogger } from "../../platform/logger.ts";
import { createFieldCipher } from "../../platform/privacy/field-cipher.ts";
import { changeTo, keysIn, sealedValues, type Stored } from "./rotation.ts";
import type { Progress, RotationRepository, StoredId } from "./rotation.repository.mongo.ts";
import { begunWalk, takeStep } from "./rotation.walk.ts";

const after = createFieldCipher({ keys: [testKey("next"), testKey("test")], searchSecret: testSearchSecret });
const clock = new FakeClock();

/** A store in memory; `before` runs between a page's reading and its writing. */
function fakeStore(documents: Record<string, Map<string, Stored>>, before: (collection: string) => void) {
  let kept: Progress | null = null;
  const repository: RotationRepository = {
    progress: () => Promise.resolve(kept === null ? null : structuredClone(kept)),
    write(progress, from) {
      if ((kept?.step ?? null) !== (from?.step ?? null)) return Promise.resolve(false);
      kept = structuredClone(progress);
      return Promise.resolve(true);
    },
    page: (collection, { after: last, limit }) =>
      Promise.resolve(
        [...(documents[collection] ?? [])]
          .filter(([id]) => last === null || id > String(last))
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .slice(0, limit)
          .map(([_id, document]) => ({ _id: _id as StoredId, document: structuredClone(document) })),
      ),
    apply(collection, changes) {
      before(collection);
      const matched = changes.filter(({ _id, change }) => {
        const document = documents[collection]?.get(String(_id)) ?? {};
        if (!Object.entries(change.from).every(([path, value]) => document[path] === value)) return false;
        Object.assign(document, change.to);
        return true;
      });
      return Promise.resolve(matched.length);
    },
    size: () => Promise.resolve(0),
  };
  return repository;
}

const begun = begunWalk({ target: "next", total: 0, startedBy: null }, null, clock.now());
const parts = { cipher: after, clock, logger: silentLogger };
const idOf = (n: number) => String(n).padStart(24, "0");
const sealedBy = (cipher: typeof after, n: number, email: string): Stored => ({
  email: cipher.of("users").seal(idOf(n), "email", email),
});
const emailIn = (document: Stored | undefined, n: number) =>
  after.of("users").open(idOf(n), "email", String(document?.["email"]));

async function toTheEnd(repository: RotationRepository): Promise<Progress> {
  let progress = await repository.progress();
  while (progress !== null && progress.state !== "finished")
    progress = await takeStep(progress, { repository, ...parts });
  if (progress === null) throw new Error("somebody else works on it");
  return progress;
}

test("[CRYPT-40] values are found inside of lists, with the names that the inventory has for them", () => {
  const document = {
    toEmail: "a",
    toName: null,
    attachments: [{ filename: "f", content: "c" }, { filename: "g" }],
  };
  expect(sealedValues(document, ["toEmail", "toName", "attachments.filename", "onForPeople"])).toEqual([
    { path: "toEmail", field: "toEmail", value: "a" },
    { path: "attachments.0.filename", field: "attachments.filename", value: "f" },
    { path: "attachments.1.filename", field: "attachments.filename", value: "g" },
  ]);
  expect(sealedValues({ onForPeople: ["x"] }, ["onForPeople"])).toEqual([
    { path: "onForPeople.0", field: "onForPeople", value: "x" },
  ]);
});

test("[CRYPT-46] what was kept with a form of its own ends as its JSON under the key; texts in a list each for themselves", () => {
  const selected = { workExperience: [{ bulletId: "b", originalText: "Kept 12 hives." }] };
  const document = { selected, coverage: [{ reason: "none" }], selectionNotes: [] };
  const own = { id: "run/1", cipher: after.of("selectionPlans") };
  const values = sealedValues(document, ["selected", "coverage", "selectionNotes"]);
  const change = changeTo("next", values, own);
  expect(change?.from).toEqual({ selected, coverage: document.coverage });
  expect(JSON.parse(own.cipher.open(own.id, "selected", String(change?.to["selected"])))).toEqual(selected);
  expect(JSON.stringify(change?.to)).not.toContain("hives");
  expect(changeTo("next", sealedValues({ ...change?.to }, ["selected", "coverage"]), own)).toBeNull();
});

test("[CRYPT-41] a change names what it replaces, and leaves alone what is under the key already", () => {
  const own = { id: idOf(1), cipher: after.of("users") };
  const values = (document: Stored) => sealedValues(document, ["email"]);
  const old = sealedBy(testCipher, 1, "ann@example.org");
  const change = changeTo("next", values(old), own);
  expect(change?.from).toEqual(old);
  expect(emailIn(change?.to, 1)).toBe("ann@example.org");
  expect([...keysIn(values(change?.to ?? {}))]).toEqual(["next"]);
  expect(changeTo("next", values(sealedBy(after, 1, "ann@example.org")), own)).toBeNull();
});

test("[CRYPT-42] plain and older values end under the first key, in a round more than there was something to do", async () => {
  const users = new Map<string, Stored>();
  for (let n = 0; n < 250; n += 1)
    users.set(
      idOf(n),
      n % 2 === 0 ? sealedBy(testCipher, n, `p${n}@example.org`) : { email: `p${n}@example.org` },
    );
  const repository = fakeStore({ users }, () => undefined);
  await repository.write(begun, null);
  const end = await toTheEnd(repository);
  expect(end).toMatchObject({ pass: 2, changed: 250, unreadable: 0 });
  expect(end.lastCounts?.counts).toEqual([{ keyId: "next", documents: 250 }]);
  for (let n = 0; n < 250; n += 1) expect(emailIn(users.get(idOf(n)), n)).toBe(`p${n}@example.org`);
});

test("[CRYPT-41] a write between reading and replacing stays, whichever key it was made with", async () => {
  const users = new Map([
    [idOf(0), sealedBy(testCipher, 0, "old0@example.org")],
    [idOf(1), sealedBy(testCipher, 1, "old1@example.org")],
  ]);
  let writes = 2;
  const repository = fakeStore({ users }, (collection) => {
    if (collection !== "users" || writes === 0) return;
    writes -= 1;
    users.set(idOf(writes), sealedBy(writes === 0 ? testCipher : after, writes, `new${writes}@example.org`));
  });
  await repository.write(begun, null);
  const end = await toTheEnd(repository);
  expect(users.size).toBe(2);
  for (const n of [0, 1]) expect(emailIn(users.get(idOf(n)), n)).toBe(`new${n}@example.org`);
  expect(end.lastCounts?.counts).toEqual([{ keyId: "next", documents: 2 }]);
});

test("[CRYPT-40] of two that work on it one stops, and it goes on from where it was kept", async () => {
  const users = new Map([[idOf(0), sealedBy(testCipher, 0, "ann@example.org")]]);
  const repository = fakeStore({ users }, () => undefined);
  await repository.write(begun, null);
  const [one, two] = await Promise.all([
    takeStep(begun, { repository, ...parts }),
    takeStep(begun, { repository, ...parts }),
  ]);
  expect([one, two].filter((progress) => progress === null)).toHaveLength(1);
  expect(await toTheEnd(repository)).toMatchObject({ state: "finished" });
});

test("[CRYPT-42] what no key opens is left as it is, counted, and keeps its key", async () => {
  const moved = sealedBy(testCipher, 7, "moved@example.org");
  const users = new Map([
    [idOf(0), { ...moved }],
    [idOf(1), sealedBy(testCipher, 1, "ann@example.org")],
  ]);
  const repository = fakeStore({ users }, () => undefined);
  await repository.write(begun, null);
  const end = await toTheEnd(repository);
  expect(users.get(idOf(0))).toEqual(moved);
  expect(emailIn(users.get(idOf(1)), 1)).toBe("ann@example.org");
  expect(end.lastCounts).toMatchObject({ unreadable: 1 });
  expect(end.lastCounts?.counts).toContainEqual({ keyId: "test", documents: 1 });
});
