// Random operations on a collection whose documents are known.
import type { Operation } from "../model/collection.ts";
import type { KeyPath } from "../model/keys.ts";
import type { Random } from "../random.ts";
import { bool, int, list, obj, type Doc, type Field, type Val } from "../model/value.ts";
import { randomCondition, randomFilter, type FilterScope } from "./filters.ts";
import { randomReplacement, randomUpdate } from "./updates.ts";
import { innerNames, randomPath, topNames } from "./values.ts";

export function randomOperation(scope: FilterScope): Operation {
  const { random } = scope;
  return random.weighted<Operation>([
    [10, () => find(scope)],
    [2, () => ({ kind: "count", filter: randomFilter(scope) })],
    [
      2,
      () => ({
        kind: "distinct",
        filter: random.chance(0.5) ? [] : randomFilter(scope),
        path: randomPath(random),
      }),
    ],
    [12, () => update(scope)],
    [3, () => findAndModify(scope)],
    [0.7, () => ({ kind: "delete", filter: writeFilter(scope), multi: random.chance(0.3) })],
  ]);
}

function find(scope: FilterScope): Operation {
  const { random } = scope;
  return {
    kind: "find",
    filter: random.chance(0.1) ? [] : randomFilter(scope),
    ...(random.chance(0.4) ? { sort: randomSort(random) } : {}),
    ...(random.chance(0.15) ? { skip: random.integer(0, 3) } : {}),
    ...(random.chance(0.2) ? { limit: random.integer(1, 5) } : {}),
    ...(random.chance(0.25) ? { projection: randomProjection(scope) } : {}),
  };
}

export function randomSort(random: Random): KeyPath[] {
  const paths = random.times(1, 2, () =>
    random.chance(0.3)
      ? `${random.pick(topNames)}.${random.pick(innerNames)}`
      : random.pick([...topNames, "_id"]),
  );
  return [...new Set(paths)].map((path) => ({ path, descending: random.chance(0.5) }));
}

function update(scope: FilterScope): Operation {
  const { random } = scope;
  const upsert = random.chance(0.25);
  if (random.chance(0.08))
    return {
      kind: "update",
      filter: writeFilter(scope),
      update: randomReplacement(random),
      multi: false,
      upsert,
    };
  return {
    kind: "update",
    filter: writeFilter(scope),
    ...randomUpdate(scope),
    multi: random.chance(0.4),
    upsert,
  };
}

function findAndModify(scope: FilterScope): Operation {
  const { random } = scope;
  const common = {
    kind: "findAndModify" as const,
    filter: writeFilter(scope),
    ...(random.chance(0.5) ? { sort: randomSort(random) } : {}),
    ...(random.chance(0.3) ? { projection: plainProjection(scope, false) } : {}),
  };
  if (random.chance(0.15)) return common;
  const change = random.chance(0.15) ? { update: randomReplacement(random) } : randomUpdate(scope);
  return { ...common, ...change, returnNew: random.chance(0.5), upsert: random.chance(0.2) };
}

/** Mostly one document or all, so that updates meet something. */
function writeFilter(scope: FilterScope): Doc {
  const { random, documents } = scope;
  const some = documents.length === 0 ? undefined : random.pick(documents)[0];
  if (some !== undefined && some[1].t !== "generatedId" && random.chance(0.35)) return [some];
  return random.chance(0.15) ? [] : randomFilter(scope);
}

function randomProjection(scope: FilterScope): Doc {
  const { random } = scope;
  if (random.chance(0.12)) return [[random.pick(topNames), obj([["$elemMatch", elemMatch(scope)]])]];
  const projection = plainProjection(scope);
  const excludes = projection.every(
    ([, value]) => (value.t === "int" || value.t === "boolean") && Number(value.v) === 0,
  );
  if (!excludes || random.chance(0.7)) return projection;
  const name = random.pick(topNames);
  if (projection.some(([path]) => path.split(".")[0] === name)) return projection;
  const slice = random.pick<Val>([int(1), int(-2), list([int(1), int(1)]), list([int(-2), int(1)])]);
  return [...projection, [name, obj([["$slice", slice]])]];
}

function elemMatch(scope: FilterScope): Val {
  const condition = randomCondition({ ...scope, paths: innerNames }, 1);
  return condition.t === "object" && condition.v.length > 0 ? condition : obj([["$gt", int(0)]]);
}

/** Paths within each other are refused. */
function plainProjection({ random }: FilterScope, withCollisions = random.chance(0.1)): Doc {
  const shown = random.chance(0.5);
  const flag = (): Val => (random.chance(0.5) ? int(shown ? 1 : 0) : bool(shown));
  const paths = new Set(
    random.times(1, 3, () =>
      random.chance(0.5) ? random.pick(topNames) : `${random.pick(topNames)}.${random.pick(innerNames)}`,
    ),
  );
  const free = [...paths].filter(
    (path) => withCollisions || ![...paths].some((other) => path.startsWith(`${other}.`)),
  );
  const fields = free.map((path): Field => [path, flag()]);
  return random.chance(0.25) ? [["_id", int(random.integer(0, 1))], ...fields] : fields;
}
