// Random filters of every operator, mostly accepted ones.
import type { Random } from "../random.ts";
import {
  bool,
  double,
  int,
  list,
  nothing,
  obj,
  text,
  type Doc,
  type Field,
  type Val,
} from "../model/value.ts";
import { decimal } from "../model/number.ts";
import { innerNames, metPaths, metValue, randomPath } from "./values.ts";

export interface FilterScope {
  random: Random;
  documents: readonly Doc[];
  /** Where conditions go; any path if left out. */
  paths?: readonly string[];
}

export function randomFilter(scope: FilterScope, depth = 0): Doc {
  const { random } = scope;
  const fields = random.times(depth === 0 && random.chance(0.06) ? 0 : 1, random.chance(0.3) ? 2 : 1, () =>
    randomClause(scope, depth),
  );
  // A name can stand only once in a document as drivers write them.
  return fields.filter(([name], index) => fields.findIndex(([other]) => other === name) === index);
}

function randomClause(scope: FilterScope, depth: number): Field {
  const { random } = scope;
  if (depth < 2 && random.chance(0.15)) {
    const children = random.times(random.chance(0.02) ? 0 : 1, 3, () => obj(randomFilter(scope, depth + 1)));
    return [random.pick(["$and", "$or", "$or", "$nor"]), list(children)];
  }
  const met = random.chance(0.5) ? metCondition(scope, depth) : undefined;
  return met ?? [pathOf(scope), randomCondition(scope, depth)];
}

/** A condition on a path that some document has, about what it has there. */
function metCondition(scope: FilterScope, depth: number): Field | undefined {
  const { random, documents, paths } = scope;
  if (documents.length === 0) return undefined;
  const met = metPaths(random.pick(documents)).filter(
    ({ path, value }) =>
      (paths === undefined || paths.includes(path)) && value.t !== "generatedId" && value.t !== "now",
  );
  if (met.length === 0) return undefined;
  const { path, value } = random.pick(met);
  return [path, randomCondition({ ...scope, documents: [[["v", value]]] }, depth)];
}

function pathOf({ random, paths }: FilterScope): string {
  if (paths !== undefined) return random.pick(paths);
  return random.chance(0.04) ? "_id" : randomPath(random);
}

/** What stands behind a path: a value, a regular expression, or operators. */
export function randomCondition(scope: FilterScope, depth = 0): Val {
  const { random, documents } = scope;
  if (random.chance(0.25)) return metValue(random, documents);
  if (random.chance(0.05)) return randomRegex(random);
  const count = random.chance(0.25) ? 2 : 1;
  const operators = Array.from({ length: count }, () => randomOperators(scope, depth)).flat();
  return obj(operators.filter(([name], index) => operators.findIndex(([other]) => other === name) === index));
}

function randomRegex(random: Random): Val {
  const pattern = random.pick(["^a", "b", "^ab", "a|b", "^$", "c$", "^é", "^A"]);
  return { t: "regex", pattern, flags: random.pick(["", "", "", "i", "s"]) };
}

const types = [
  "double",
  "string",
  "object",
  "array",
  "binData",
  "objectId",
  "bool",
  "date",
  "null",
  "regex",
  "javascript",
];
const moreTypes = [
  "symbol",
  "javascriptWithScope",
  "int",
  "timestamp",
  "long",
  "decimal",
  "minKey",
  "maxKey",
  "number",
];

function randomType(random: Random): Val {
  return random.weighted<Val>([
    [4, () => text(random.pick([...types, ...moreTypes]))],
    [2, () => int(random.pick([-1, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 13, 16, 17, 18, 19, 127]))],
    [0.1, () => random.pick([text("nonsense"), int(99), bool(true)])],
  ]);
}

function randomOperators(scope: FilterScope, depth: number): Field[] {
  const { random, documents } = scope;
  const value = () => metValue(random, documents);
  const member = () => (random.chance(0.1) ? randomRegex(random) : value());
  return random.weighted<Field[]>([
    [2, () => [["$eq", value()]]],
    [2, () => [["$ne", value()]]],
    [8, () => [[random.pick(["$gt", "$gte", "$lt", "$lte"]), value()]]],
    [3, () => [["$in", list(random.times(0, 3, member))]]],
    [2, () => [["$nin", list(random.times(0, 3, member))]]],
    [2, () => [["$exists", random.pick([bool(true), bool(false), int(1), int(0), nothing])]]],
    [
      2,
      () => [
        [
          "$type",
          random.chance(0.3) ? list(random.times(1, 2, () => randomType(random))) : randomType(random),
        ],
      ],
    ],
    [
      2,
      () => [
        [
          "$size",
          random.pick([
            int(0),
            int(1),
            int(2),
            double(1),
            decimal("2"),
            ...(random.chance(0.1) ? [int(-1), double(1.5), text("1")] : []),
          ]),
        ],
      ],
    ],
    [2, () => [["$all", list(randomAll(scope, depth))]]],
    [3, () => [["$elemMatch", randomElemMatch(scope, depth)]]],
    [2, () => [["$mod", randomMod(random)]]],
    [1, () => regexOperators(random)],
    [
      depth < 2 ? 3 : 0,
      () => [["$not", random.chance(0.1) ? randomRegex(random) : operatorsOnly(scope, depth + 1)]],
    ],
    [0.2, () => refusedOperators(random)],
  ]);
}

function operatorsOnly(scope: FilterScope, depth: number): Val {
  return obj(randomOperators(scope, depth));
}

function randomAll(scope: FilterScope, depth: number): Val[] {
  const { random, documents } = scope;
  if (depth < 2 && random.chance(0.15))
    return random.times(1, 2, () => obj([["$elemMatch", randomElemMatch(scope, depth + 1)]]));
  return random.times(0, 2, () => metValue(random, documents));
}

function randomElemMatch(scope: FilterScope, depth: number): Val {
  if (depth >= 2 || scope.random.chance(0.5)) return operatorsOnly(scope, depth + 1);
  const inner = { ...scope, paths: [...innerNames, "x.y", "y.0"] };
  return obj(randomFilter(inner, depth + 1));
}

function randomMod(random: Random): Val {
  if (random.chance(0.05))
    return random.pick([list([]), list([int(2)]), list([int(0), int(0)]), list([text("x"), int(1)]), int(3)]);
  return list([
    random.pick([int(2), int(3), int(-2), double(2.5), decimal("2")]),
    random.pick([int(0), int(1), int(-1), double(1.5)]),
  ]);
}

function regexOperators(random: Random): Field[] {
  const fields: Field[] = [["$regex", text(random.pick(["^a", "B", "^.$"]))]];
  return random.chance(0.4) ? [...fields, ["$options", text(random.pick(["i", "", "s"]))]] : fields;
}

function refusedOperators(random: Random): Field[] {
  return random.pick<Field[]>([
    [["$unknown", int(1)]],
    [["$in", int(1)]],
    [["$in", list([obj([["$gt", int(1)]])])]],
    [["$gt", { t: "regex", pattern: "a", flags: "" }]],
    [["$ne", { t: "regex", pattern: "a", flags: "" }]],
    [["$not", int(1)]],
    [["$not", obj([])]],
    [["$all", int(1)]],
    [["$elemMatch", int(1)]],
    [["$options", text("i")]],
    [["$type", list([])]],
  ]);
}
