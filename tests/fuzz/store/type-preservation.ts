// Every BSON type through every update operator: what an update does not touch keeps its bytes.
import { Random } from "./random.ts";
import { decimal } from "./model/number.ts";
import {
  bool,
  double,
  encodeDocument,
  elementsOf,
  int,
  list,
  long,
  nothing,
  obj,
  text,
  type Doc,
  type Field,
  type Val,
} from "./model/value.ts";
import { command, insertAll, rawBatch, type FuzzStore } from "./store.ts";
import type { Tally } from "./tally.ts";

const operationsPerRound = 40;
const maxDateMs = 8_640_000_000_000_000n;

const exotic: readonly ((random: Random) => Val)[] = [
  (random) => int(random.pick([0, 1, -1, 2 ** 31 - 1, -(2 ** 31)])),
  (random) =>
    double(
      random.pick([0, -0, 1, -1, NaN, Infinity, -Infinity, 5e-324, 1.7976931348623157e308, 0.1, 2 ** 53]),
    ),
  (random) => long(random.pick([0n, 1n, -1n, 2n ** 31n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)])),
  (random) =>
    decimal(
      random.pick([
        "0",
        "-0",
        "0E+3",
        "-0E+3",
        "0E-6176",
        "0E+6111",
        "1",
        "1.0",
        "1.00",
        "1E+6111",
        "1E-6176",
        "NaN",
        "Infinity",
        "-Infinity",
        "9999999999999999999999999999999999E+6111",
      ]),
    ),
  // A signalling NaN, a NaN with a payload, and a coefficient in the long form.
  (random) => ({
    t: "decimal",
    v: Buffer.from(
      random.pick([
        "0000000000000000000000000000007e",
        "0100000000000000000000000000007c",
        "0100000000000000000000000000006c",
      ]),
      "hex",
    ),
  }),
  (random) => ({
    t: "binary",
    subtype: random.pick([0, 1, 2, 3, 5, 6, 7, 8, 128, 200, 255]),
    v: Buffer.from(random.times(0, 9, () => random.integer(0, 255))),
  }),
  (random) => ({
    t: "binary",
    subtype: 4,
    v: Buffer.from(Array.from({ length: 16 }, () => random.integer(0, 255))),
  }),
  // Vectors: the driver sends well-formed ones only.
  () => ({ t: "binary", subtype: 9, v: Buffer.from([3, 0, 255, 1]) }),
  (random) => ({ t: "date", v: random.pick([0n, -1n, maxDateMs, -maxDateMs, 1_700_000_000_000n]) }),
  (random) => ({ t: "timestamp", v: random.pick([1n, 2n ** 32n, 2n ** 63n, 2n ** 64n - 1n]) }),
  (random) => ({
    t: "regex",
    pattern: random.pick(["", "^a.b$", "é/x", "["]),
    flags: random.pick(["", "i", "im", "imsux", "s"]),
  }),
  (random) => ({ t: "code", v: random.pick(["", "function () {}", "é"]) }),
  () => ({
    t: "codeWithScope",
    code: "x",
    scope: [
      ["x", long(1n)],
      ["2", double(1)],
      ["1", nothing],
    ],
  }),
  (random) => ({ t: "symbol", v: random.pick(["", "s", "é"]) }),
  () => ({ t: "minKey" }),
  () => ({ t: "maxKey" }),
  () => nothing,
  (random) => bool(random.chance(0.5)),
  (random) => text(random.pick(["", "a\0b", "naïve", "😀", "\ufeff"])),
  () => ({ t: "objectId", v: "00ff00ff00ff00ff00ff00ff" }),
];

function exoticValue(random: Random, depth = 0): Val {
  if (depth < 4 && random.chance(0.25))
    return random.chance(0.5)
      ? obj(
          ["10", "2", "", "a b", "é"]
            .slice(0, random.integer(0, 5))
            .map((name): Field => [name, exoticValue(random, depth + 1)]),
        )
      : list(random.times(0, 4, () => exoticValue(random, depth + 1)));
  return random.pick(exotic)(random);
}

/** Fields `kept…` no update names; beside what updates change lie values that they must leave. */
function typedDocument(random: Random, id: number): Doc {
  const keep = () => exoticValue(random);
  const kept = random.times(4, 10, keep).map((value, index): Field => [`kept${index}`, value]);
  const targets: Doc = [
    ["n", random.pick([int(1), long(1n), double(1), decimal("1.0")])],
    ["bits", random.pick([int(6), long(6n)])],
    ["list", list([int(1), int(2)])],
    [
      "pairs",
      list(
        [1, 2, 3].map((k) =>
          obj([
            ["kept", keep()],
            ["k", int(k)],
            ["kept2", keep()],
          ]),
        ),
      ),
    ],
    [
      "deep",
      obj([
        ["kept", keep()],
        [
          "er",
          obj([
            ["n", int(1)],
            ["kept", keep()],
          ]),
        ],
        ["kept2", keep()],
      ]),
    ],
    ["name", text("x")],
  ];
  return [["_id", int(id)], ...random.shuffled([...kept, ...targets])];
}

type Change = { u: object; arrayFilters?: object[]; q?: object };

const changes: readonly Change[] = [
  { u: { $set: { n: 5, "deep.er.n": 7 } } },
  { u: { $set: { "pairs.1.k": 9, "list.4": 1 } } },
  { u: { $set: { added: { a: 1 } } } },
  { u: { $unset: { added: "", "deep.er.n": "" } } },
  { u: { $inc: { n: 1, "deep.er.n": 1 } } },
  { u: { $mul: { n: 3 } } },
  { u: { $min: { n: -5 } } },
  { u: { $max: { "deep.er.n": 50 } } },
  { u: { $rename: { name: "renamed" } } },
  { u: { $rename: { renamed: "name" } } },
  { u: { $bit: { bits: { xor: 5 } } } },
  { u: { $currentDate: { at: true, "deep.er.at": { $type: "timestamp" } } } },
  { u: { $push: { list: { $each: [3, 1], $sort: 1, $slice: -5 } } } },
  { u: { $push: { list: { $each: [0], $position: 0 } } } },
  { u: { $addToSet: { list: { $each: [2, 8] } } } },
  { u: { $pull: { list: { $gte: 8 } } } },
  { u: { $pullAll: { list: [1] } } },
  { u: { $pop: { list: 1 } } },
  { u: { $inc: { "pairs.$[].k": 1 } } },
  { u: { $set: { "pairs.$[p].k": 4 } }, arrayFilters: [{ "p.k": { $gte: 2 } }] },
  { u: { $set: { "pairs.$.k": 3 } }, q: { "pairs.k": { $gt: 0 } } },
  { u: { $setOnInsert: { n: 0 }, $set: { m: 1 } } },
  { u: [{ $set: { n: { $literal: 1 }, m: "$bits" } }, { $unset: "m" }] as object },
];

export async function runTypeRound(
  store: FuzzStore,
  seed: number,
  budget: number,
  tally: Tally,
): Promise<number> {
  const random = new Random(seed);
  const collection = `types-${seed}`;
  const documents = Array.from({ length: 4 }, (_, id) => typedDocument(random, id));
  await insertAll(store, collection, documents);
  const before = documents.map((document) => keptParts(encodeDocument(document)));
  const stored = await readRaw(store, collection);
  const sent = documents.map(encodeDocument);
  tally.count("types insert", "changed");
  if (!stored.every((raw, index) => sent[index]?.equals(raw)))
    tally.fail({ title: `types seed ${seed}`, details: ["documents come back as other bytes"] });
  const count = Math.min(operationsPerRound, budget);
  for (let done = 1; done < count; done += 1) {
    const { u, arrayFilters, q } = random.pick(changes);
    const reply = await command(store, {
      update: collection,
      updates: [{ q: q ?? {}, u, multi: true, ...(arrayFilters === undefined ? {} : { arrayFilters }) }],
    });
    const name = Array.isArray(u) ? "pipeline" : (Object.keys(u)[0] ?? "");
    tally.count(
      `types ${name}`,
      "refused" in reply ? "refused" : Number(reply["nModified"]) > 0 ? "changed" : "matched",
    );
    const after = await readRaw(store, collection);
    const lost = after.flatMap((raw, index) => changedParts(before[index] ?? new Map(), keptParts(raw)));
    if (after.length !== documents.length || lost.length > 0)
      tally.fail({
        title: `types seed ${seed}`,
        details: [JSON.stringify(u), `changed bytes: ${lost.join("; ")}`],
      });
  }
  await store.db.dropCollection(collection);
  return count;
}

async function readRaw(store: FuzzStore, collection: string): Promise<Buffer[]> {
  return rawBatch(await command(store, { find: collection, hint: { $natural: 1 }, batchSize: 100 }));
}

/** The bytes of everything under a name that begins with "kept", by path, type included. */
function keptParts(document: Buffer, prefix = ""): Map<string, string> {
  const parts = new Map<string, string>();
  for (const { name, type, start, end } of elementsOf(document)) {
    const path = `${prefix}${name}`;
    const bytes = document.subarray(start, end);
    if (name.startsWith("kept") || name === "_id") parts.set(path, `${type}:${bytes.toString("hex")}`);
    else if (type === 3 || type === 4)
      for (const [inner, value] of keptParts(bytes, `${path}.`)) parts.set(inner, value);
  }
  return parts;
}

function changedParts(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const lost = [...before].filter(([path, bytes]) => after.get(path) !== bytes);
  return [
    ...lost.map(([path, bytes]) => `${path}: ${bytes} -> ${String(after.get(path))}`),
    ...[...after.keys()].filter((path) => !before.has(path)),
  ];
}
