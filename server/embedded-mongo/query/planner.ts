// Chooses how to find the documents of a query. A plan may read too much but never misses a document: the whole filter
// is evaluated again on every document it reads.
import { isPosition } from "../bson/document.ts";
import type { IndexDefinition } from "../index/definition.ts";
import { idIndexName } from "../index/definition.ts";
import type { KeyRange } from "../storage/storage.ts";
import {
  afterPrefix,
  allValues,
  boundsOf,
  intersect,
  turned,
  type FieldBounds,
  type Interval,
} from "./bounds.ts";
import type { Filter } from "./filter.ts";
import { impliesPartial } from "./partial.ts";
import { selfPath } from "./path.ts";
import type { Sort } from "./sort.ts";

export interface IndexPlan {
  kind: "index";
  index: IndexDefinition;
  ranges: KeyRange[];
  reverse: boolean;
  /** The scan meets documents in the order of the query's sort. */
  providesSort: boolean;
  /** One exact _id. */
  byId: boolean;
}

export type Plan =
  | IndexPlan
  | { kind: "union"; plans: IndexPlan[] }
  | { kind: "collection"; reverse: boolean; providesSort: boolean };

export interface PlanRequest {
  indexes: readonly IndexDefinition[];
  filter: Filter;
  sort: Sort;
  /** An index that must be used, or "collection" for a forced scan. */
  hint?: IndexDefinition | "collection" | undefined;
}

/** More ranges than this and an index field is left to the filter. */
const maxRanges = 2000;

export function planQuery({ indexes, filter, sort, hint }: PlanRequest): Plan {
  const natural = sort[0]?.path.text === "$natural";
  const scan: Plan = {
    kind: "collection",
    reverse: natural && sort[0]?.descending === true,
    providesSort: sort.length === 0 || natural,
  };
  if (hint === "collection" || natural) return scan;
  const usable = hint === undefined ? indexes.filter(({ ready, hidden }) => ready && !hidden) : [hint];
  let best: { plan: IndexPlan; score: number } | null = null;
  for (const index of usable) {
    const candidate = planIndex(index, filter, sort, hint !== undefined);
    if (candidate !== null && (best === null || candidate.score > best.score)) best = candidate;
  }
  if (best !== null && (best.score >= usefulScore || hint !== undefined)) return best.plan;
  const union = hint === undefined ? planUnion(usable, filter) : null;
  if (union !== null) return union;
  return best !== null && best.plan.providesSort ? best.plan : scan;
}

/** Below it an index helps with the sort alone. */
const usefulScore = 10;

interface Conjunct {
  text: string;
  filter: Filter;
}

/** The conditions that all must hold, each with its full path. Conditions inside `$elemMatch` count with the array's path. */
function conjunctsOf(filter: Filter, prefix = ""): Conjunct[] {
  switch (filter.kind) {
    case "and":
      return filter.children.flatMap((child) => conjunctsOf(child, prefix));
    case "elemMatchObject":
      return conjunctsOf(filter.child, `${prefix}${filter.path.text}.`);
    case "not":
      return prefix === "" && "path" in filter.child ? [{ text: filter.child.path.text, filter }] : [];
    case "elemMatchValue":
      return [{ text: prefix + filter.path.text, filter }];
    case "or":
    case "nor":
    case "constant":
    case "expression":
      return [];
    default:
      return filter.path === selfPath ? [] : [{ text: prefix + filter.path.text, filter }];
  }
}

function planIndex(
  index: IndexDefinition,
  filter: Filter,
  sort: Sort,
  forced: boolean,
): { plan: IndexPlan; score: number } | null {
  if (index.fields.some(({ path }) => path.parts.some(isPosition)) && !forced) return null;
  const conjuncts = conjunctsOf(filter);
  if (index.partial !== null && !impliesPartial(filter, index.partial)) return null;
  const perField = index.fields.map(({ path }, number) =>
    fieldBounds(
      index,
      number,
      conjuncts.filter(({ text }) => text === path.text),
    ),
  );
  if (index.sparse && !perField.some(({ needsField }) => needsField)) return null;

  let ranges: Interval[] = [{ lower: index.prefix, upper: afterPrefix(index.prefix), point: true }];
  let score = 0;
  let pointFields = 0;
  const bounded: number[] = [];
  for (const [number, bounds] of perField.entries()) {
    if (bounds === allValues || (bounds.intervals.length === 1 && isWhole(bounds.intervals[0]))) break;
    if (sharesArray(index, number, bounded) || ranges.length * bounds.intervals.length > maxRanges) break;
    const descending = index.fields[number]?.descending === true;
    const own = descending ? bounds.intervals.map(turned).reverse() : bounds.intervals;
    ranges = ranges.flatMap((range) => own.map((interval) => joined(range, interval)));
    bounded.push(number);
    const points = own.length > 0 && own.every(({ point }) => point);
    score += points ? (own.length === 1 ? 24 : 20) : 10;
    if (!points) break;
    if (own.length === 1 && pointFields === number) pointFields = number + 1;
  }
  const complete = bounded.length === index.fields.length;
  if (index.unique && complete && pointFields === index.fields.length) score += 1000;
  const direction = sortDirection(index, sort, pointFields, ranges.length);
  if (sort.length > 0 && direction !== null) score += 5;
  else if (score === 0 && !forced) return null;
  // Of two equally good indexes the smaller one is cheaper to read.
  score -= index.fields.length * 0.01;
  return {
    plan: {
      kind: "index",
      index,
      ranges: direction === true ? [...ranges].reverse() : ranges,
      reverse: direction === true,
      providesSort: sort.length === 0 || direction !== null,
      byId: index.name === idIndexName && pointFields === 1 && ranges.length === 1,
    },
    score,
  };
}

function isWhole(interval: Interval | undefined): boolean {
  const [all] = allValues.intervals;
  return (
    interval !== undefined &&
    all !== undefined &&
    interval.lower.equals(all.lower) &&
    interval.upper.equals(all.upper)
  );
}

function fieldBounds(index: IndexDefinition, number: number, conjuncts: readonly Conjunct[]): FieldBounds {
  const isMultikey = (index.multikeyFields & (1 << number)) !== 0;
  let bounds: FieldBounds | null = null;
  // Above an array of documents a number in the path is a position and a name at once; keys know it as a position only.
  if (index.fields[number]?.path.parts.some(isPosition) === true) return allValues;
  for (const { filter } of conjuncts) {
    // `{"d.k": {$ne: null}}` holds for an empty d, whose key is null: a negation says nothing about keys there.
    if (isMultikey && filter.kind === "not" && (index.fields[number]?.path.parts.length ?? 0) > 1) continue;
    const own = boundsOf(filter);
    if (own === null) continue;
    if (bounds === null) bounds = own;
    else if (!isMultikey) bounds = intersect(bounds, own);
    // Over an array, different elements may satisfy different conditions: only one of them may bound the scan.
    else if (selectivity(own) > selectivity(bounds))
      bounds = { ...own, needsField: own.needsField || bounds.needsField };
  }
  return bounds ?? allValues;
}

function selectivity({ intervals }: FieldBounds): number {
  if (intervals.length === 0) return 4;
  if (intervals.every(({ point }) => point)) return intervals.length === 1 ? 3 : 2;
  return intervals.some((interval) => isWhole(interval)) ? 0 : 1;
}

/** Two fields inside one array may be satisfied by different elements: only the first of them may bound the scan. */
function sharesArray(index: IndexDefinition, number: number, bounded: readonly number[]): boolean {
  if ((index.multikeyFields & (1 << number)) === 0) return false;
  const root = index.fields[number]?.path.parts[0];
  return bounded.some(
    (other) => (index.multikeyFields & (1 << other)) !== 0 && index.fields[other]?.path.parts[0] === root,
  );
}

function joined(range: Interval, interval: Interval): Interval {
  return {
    lower: Buffer.concat([range.lower, interval.lower]),
    upper: Buffer.concat([range.lower, interval.upper]),
    point: interval.point,
  };
}

/** False: forwards gives the sort's order; true: backwards does; null: neither. */
function sortDirection(
  index: IndexDefinition,
  sort: Sort,
  pointFields: number,
  rangeCount: number,
): boolean | null {
  if (sort.length === 0) return null;
  const fixed = new Set(
    index.fields.slice(0, rangeCount === 1 ? pointFields : 0).map(({ path }) => path.text),
  );
  let reverse: boolean | null = null;
  let at = 0;
  for (const { path, descending } of sort) {
    while (
      index.fields[at] !== undefined &&
      index.fields[at]?.path.text !== path.text &&
      fixed.has(index.fields[at]?.path.text ?? "")
    )
      at += 1;
    const field = index.fields[at];
    if (field === undefined || field.path.text !== path.text) {
      if (fixed.has(path.text) && !isMultikeyPath(index, path.text)) continue;
      return null;
    }
    if ((index.multikeyFields & (1 << at)) !== 0) return null;
    const needed = field.descending !== descending;
    // A field with one value is in every order.
    if (!fixed.has(path.text)) {
      if (reverse !== null && reverse !== needed) return null;
      reverse = needed;
    }
    at += 1;
  }
  return reverse ?? false;
}

function isMultikeyPath(index: IndexDefinition, text: string): boolean {
  return index.fields.some(
    ({ path }, number) => path.text === text && (index.multikeyFields & (1 << number)) !== 0,
  );
}

/** `$or` where every branch has an index of its own. */
function planUnion(indexes: readonly IndexDefinition[], filter: Filter): Plan | null {
  const branches =
    filter.kind === "or"
      ? filter
      : filter.kind === "and"
        ? filter.children.find(({ kind }) => kind === "or")
        : undefined;
  if (branches?.kind !== "or") return null;
  const plans: IndexPlan[] = [];
  for (const branch of branches.children) {
    const plan = planQuery({ indexes, filter: branch, sort: [] });
    if (plan.kind === "index") plans.push(plan);
    else if (plan.kind === "union") plans.push(...plan.plans);
    else return null;
  }
  return { kind: "union", plans };
}
