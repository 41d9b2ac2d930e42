// Random indexes over the paths that random documents have.
import type { Random } from "../random.ts";
import { randomSort } from "./operations.ts";
import { innerNames, topNames } from "./values.ts";

export interface GeneratedIndex {
  name: string;
  key: Map<string, 1 | -1>;
  unique?: boolean;
  sparse?: boolean;
  partialFilterExpression?: object;
}

export function randomIndexes(random: Random): GeneratedIndex[] {
  return random
    .times(1, 4, () => randomIndex(random))
    .map((index, number) => ({ ...index, name: `index${number}` }));
}

function randomIndex(random: Random): Omit<GeneratedIndex, "name"> {
  const fields = random.chance(0.5) ? randomSort(random) : randomSort(random).slice(0, 1);
  const named = fields.filter(({ path }) => path !== "_id");
  const key = new Map(named.map(({ path, descending }) => [path, descending ? -1 : 1] as const));
  if (key.size === 0) key.set(random.pick(topNames), 1);
  if (random.chance(0.1)) key.set(`${random.pick(topNames)}.0`, 1);
  const kind = random.weighted<Omit<GeneratedIndex, "name" | "key">>([
    [6, () => ({})],
    [2, () => ({ sparse: true })],
    [2, () => ({ partialFilterExpression: randomPartial(random) })],
    [1, () => ({ unique: true })],
    [1, () => ({ unique: true, sparse: true })],
  ]);
  return { key, ...kind };
}

function randomPartial(random: Random): object {
  const path = random.chance(0.7)
    ? random.pick(topNames)
    : `${random.pick(topNames)}.${random.pick(innerNames)}`;
  return {
    [path]: random.pick<object | number | string>([
      { $exists: true },
      { $gt: 1 },
      { $gte: 0 },
      { $lt: 2 },
      { $type: "string" },
      { $type: "number" },
      { $gte: "a" },
      1,
      "a",
    ]),
  };
}
