// Random values from a small world, so that filters meet what documents hold.
import type { Random } from "../random.ts";
import { decimal } from "../model/number.ts";
import {
  bool,
  double,
  int,
  list,
  long,
  nothing,
  obj,
  text,
  type Doc,
  type Field,
  type Val,
} from "../model/value.ts";

const numbers: readonly Val[] = [
  int(-1),
  int(0),
  int(1),
  int(2),
  int(3),
  int(7),
  double(-1),
  double(-0),
  double(0),
  double(0.1),
  double(1),
  double(1.5),
  double(2),
  double(2 ** 53),
  double(NaN),
  double(Infinity),
  double(-Infinity),
  long(-1n),
  long(1n),
  long(2n),
  long(2n ** 53n + 1n),
  long(2n ** 63n - 1n),
  long(-(2n ** 63n)),
  decimal("0"),
  decimal("-0"),
  decimal("0.1"),
  decimal("1"),
  decimal("1.50"),
  decimal("2.0"),
  decimal("9007199254740993"),
  decimal("NaN"),
  decimal("Infinity"),
];

const texts = ["", "a", "b", "ab", "abc", "B", "é", "a b"];

const others: readonly Val[] = [
  bool(true),
  bool(false),
  { t: "date", v: 0n },
  { t: "date", v: -1n },
  { t: "date", v: 1_700_000_000_000n },
  { t: "objectId", v: "0123456789abcdef01234567" },
  { t: "objectId", v: "ffffffffffffffffffffffff" },
  { t: "binary", subtype: 0, v: Buffer.from([1, 2]) },
  { t: "binary", subtype: 4, v: Buffer.alloc(16, 7) },
  { t: "binary", subtype: 128, v: Buffer.from([1, 2]) },
  { t: "binary", subtype: 0, v: Buffer.alloc(0) },
  { t: "timestamp", v: 5n },
  { t: "timestamp", v: 2n ** 63n + 1n },
  { t: "regex", pattern: "^a", flags: "" },
  { t: "regex", pattern: "b", flags: "i" },
  { t: "code", v: "a" },
  { t: "symbol", v: "a" },
  { t: "codeWithScope", code: "a", scope: [["x", int(1)]] },
  { t: "minKey" },
  { t: "maxKey" },
];

export const innerNames = ["x", "y", "b"] as const;

export function randomNumber(random: Random): Val {
  return random.pick(numbers);
}

export function randomScalar(random: Random): Val {
  return random.weighted<Val>([
    [5, () => random.pick(numbers.slice(0, 6))],
    [4, () => random.pick(numbers)],
    [4, () => text(random.pick(texts))],
    [2, () => nothing],
    [3, () => random.pick(others)],
  ]);
}

export function randomValue(random: Random, depth = 0): Val {
  if (depth >= 3) return randomScalar(random);
  return random.weighted<Val>([
    [6, () => randomScalar(random)],
    [2, () => obj(randomFields(random, depth + 1))],
    [2, () => list(random.times(0, 3, () => randomScalar(random)))],
    [1, () => list(random.times(0, 3, () => obj(randomFields(random, depth + 1))))],
    [1, () => list(random.times(0, 3, () => randomValue(random, depth + 1)))],
  ]);
}

function randomFields(random: Random, depth: number): Doc {
  const names = random.shuffled([...innerNames, ...(random.chance(0.1) ? ["0"] : [])]);
  return names.slice(0, random.integer(0, 2)).map((name): Field => [name, randomValue(random, depth)]);
}

export const topNames = ["a", "b", "c", "d"] as const;

export function randomDocument(random: Random, id: Val): Doc {
  const names = random.shuffled(topNames).slice(0, random.integer(0, topNames.length));
  return [["_id", id], ...names.map((name): Field => [name, randomValue(random)])];
}

export function randomPath(random: Random): string {
  const parts: string[] = [random.pick(topNames)];
  while (parts.length < 4 && random.chance(0.35))
    parts.push(random.chance(0.25) ? random.pick(["0", "1", "2"]) : random.pick(innerNames));
  return parts.join(".");
}

/** A value some document holds, at any depth, or a fresh one. */
export function metValue(random: Random, documents: readonly Doc[]): Val {
  if (documents.length === 0 || random.chance(0.3)) return randomValue(random, 1);
  let value: Val = obj(random.pick(documents));
  do {
    const children: Val[] =
      value.t === "object" ? value.v.map(([, child]) => child) : value.t === "array" ? value.v : [];
    if (children.length === 0) break;
    value = random.pick(children);
  } while (random.chance(0.55) || value.t === "generatedId" || value.t === "now");
  return value.t === "generatedId" || value.t === "now" ? nothing : value;
}

export interface MetPath {
  path: string;
  value: Val;
}

/** Every path that leads to a value in a document, through arrays by position and past them. */
export function metPaths(document: Doc): MetPath[] {
  return document.flatMap(([name, value]) => below(name, value));
}

function below(path: string, value: Val): MetPath[] {
  const own = { path, value };
  if (value.t === "object")
    return [own, ...value.v.flatMap(([name, child]) => below(`${path}.${name}`, child))];
  if (value.t !== "array") return [own];
  return [
    own,
    ...value.v.flatMap((item, index) => [
      ...below(`${path}.${index}`, item),
      ...(item.t === "object" ? item.v.flatMap(([name, child]) => below(`${path}.${name}`, child)) : []),
    ]),
  ];
}
