// Random updates of every operator, with positional paths, mostly accepted ones.
import type { Random } from "../random.ts";
import { bool, double, int, list, long, obj, text, type Doc, type Field, type Val } from "../model/value.ts";
import { randomCondition, randomFilter, type FilterScope } from "./filters.ts";
import {
  innerNames,
  metPaths,
  metValue,
  randomDocument,
  randomNumber,
  randomPath,
  randomScalar,
  topNames,
} from "./values.ts";

export interface GeneratedUpdate {
  update: Doc;
  arrayFilters?: Doc[];
}

export function randomReplacement(random: Random): Doc {
  const document = randomDocument(random, int(0)).slice(1);
  return random.chance(0.1) ? [["_id", int(random.integer(0, 12))], ...document] : document;
}

export function randomUpdate(scope: FilterScope): GeneratedUpdate {
  const { random } = scope;
  const names = new Set(random.times(1, random.chance(0.4) ? 3 : 1, () => randomOperatorName(random)));
  const update = [...names].map((name): Field => [name, obj(operands(scope, name))]);
  const used = new Set(
    update.flatMap(([, fields]) =>
      fields.t === "object"
        ? fields.v.flatMap(([path]) => [...path.matchAll(/\$\[([a-z]+)\]/g)].map(([, name]) => name ?? ""))
        : [],
    ),
  );
  if (used.size === 0) return { update };
  return { update, arrayFilters: [...used].map((name) => randomArrayFilter(scope, name)) };
}

function randomArrayFilter(scope: FilterScope, name: string): Doc {
  const { random } = scope;
  if (random.chance(0.5)) return [[name, randomCondition(scope, 1)]];
  return [[`${name}.${random.pick(innerNames)}`, randomCondition(scope, 1)]];
}

const operators = [
  "$set",
  "$set",
  "$set",
  "$unset",
  "$unset",
  "$setOnInsert",
  "$inc",
  "$inc",
  "$mul",
  "$min",
  "$max",
  "$rename",
  "$bit",
  "$currentDate",
  "$push",
  "$push",
  "$push",
  "$addToSet",
  "$addToSet",
  "$pull",
  "$pull",
  "$pullAll",
  "$pop",
] as const;

function randomOperatorName(random: Random): string {
  return random.chance(0.003) ? "$unknown" : random.pick(operators);
}

function operands(scope: FilterScope, name: string): Doc {
  const { random } = scope;
  const fields = random.times(1, random.chance(0.3) ? 2 : 1, (): Field => [
    random.chance(0.5) ? (suitablePath(scope, name) ?? updatePath(random)) : updatePath(random),
    operandOf(scope, name),
  ]);
  return fields.filter(([path], index) => fields.findIndex(([other]) => other === path) === index);
}

function updatePath(random: Random): string {
  return random.weighted([
    [10, () => randomPath(random)],
    [6, () => random.pick(topNames)],
    [1, () => `${random.pick(topNames)}.$`],
    [1, () => `${random.pick(topNames)}.$.${random.pick(innerNames)}`],
    [1, () => `${random.pick(topNames)}.$[]`],
    [1, () => `${random.pick(topNames)}.$[].${random.pick(innerNames)}`],
    [1, () => `${random.pick(topNames)}.$[${random.pick(["i", "j"])}]`],
    [1, () => `${random.pick(topNames)}.$[i].${random.pick(innerNames)}`],
    [0.3, () => random.pick(["_id", "_id.x", "a..x", "a.$[].$[]"])],
  ]);
}

function operandOf(scope: FilterScope, name: string): Val {
  const { random, documents } = scope;
  const value = () => metValue(random, documents);
  switch (name) {
    case "$inc":
    case "$mul":
      return random.chance(0.03) ? value() : harmless(random);
    case "$unset":
      return text("");
    case "$rename":
      return random.chance(0.02)
        ? int(1)
        : text(random.chance(0.5) ? random.pick(topNames) : randomPath(random));
    case "$bit":
      return random.chance(0.03)
        ? random.pick([int(1), obj([]), obj([["nand", int(1)]]), obj([["and", double(1)]])])
        : obj(
            random
              .shuffled(["and", "or", "xor"])
              .slice(0, random.integer(1, 2))
              .map((bit) => [bit, random.pick([int(1), int(6), long(5n), int(-1)])]),
          );
    case "$currentDate":
      return random.pick([
        bool(true),
        obj([["$type", text("date")]]),
        obj([["$type", text("timestamp")]]),
        bool(false),
      ]);
    case "$push":
      return random.chance(0.4) ? value() : randomPush(random, value);
    case "$addToSet":
      return random.chance(0.6)
        ? value()
        : obj([["$each", random.chance(0.03) ? int(1) : list(random.times(0, 3, value))]]);
    case "$pull":
      return random.weighted<Val>([
        [3, value],
        [3, () => randomCondition(scope, 1)],
        [2, () => obj(randomFilter({ ...scope, paths: innerNames }, 2))],
      ]);
    case "$pullAll":
      return random.chance(0.03) ? int(1) : list(random.times(0, 3, value));
    case "$pop":
      return random.chance(0.03)
        ? random.pick([int(2), text("1"), double(1.5)])
        : random.pick([int(1), int(-1), double(1), long(-1n)]);
    default:
      return value();
  }
}

/** Numbers whose sums and products stay where the model computes exactly. */
function harmless(random: Random): Val {
  return random.chance(0.7)
    ? random.pick([int(1), int(2), int(-1), int(2_000_000_000), long(3n), double(0.5), double(1)])
    : randomNumber(random);
}

function randomPush(random: Random, value: () => Val): Val {
  const modifiers: Field[] = [["$each", list(random.times(0, 3, value))]];
  if (random.chance(0.4))
    modifiers.push(["$slice", random.pick([int(0), int(1), int(2), int(-1), int(-2), double(3), long(-3n)])]);
  if (random.chance(0.4))
    modifiers.push(["$position", random.pick([int(0), int(1), int(-1), int(-2), int(5), int(-9)])]);
  if (random.chance(0.4))
    modifiers.push([
      "$sort",
      random.pick([
        int(1),
        int(-1),
        obj([["x", int(1)]]),
        obj([
          ["x", int(-1)],
          ["y", int(1)],
        ]),
        obj([["x.y", int(1)]]),
      ]),
    ]);
  if (random.chance(0.02)) modifiers.push(["$wrong", randomScalar(random)]);
  return obj(random.shuffled(modifiers));
}

/** A path that some document has, of a type the operator works on. */
function suitablePath({ random, documents }: FilterScope, name: string): string | undefined {
  if (documents.length === 0) return undefined;
  const arrays = ["$push", "$addToSet", "$pull", "$pullAll", "$pop"].includes(name);
  const numbers = ["$inc", "$mul", "$bit"].includes(name);
  const suitable = metPaths(random.pick(documents)).filter(
    ({ path, value }) =>
      path !== "_id" &&
      (!arrays || value.t === "array") &&
      (!numbers || ["int", "long", ...(name === "$bit" ? [] : ["double", "decimal"])].includes(value.t)),
  );
  return suitable.length === 0 ? undefined : random.pick(suitable).path;
}
