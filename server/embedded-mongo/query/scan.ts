// Runs a plan step by step: each step is short, so that whoever drives it can let others have a turn in between.
import { documentValue } from "../bson/value.ts";
import { indexRange } from "../index/definition.ts";
import type { EntryPosition, ReadView, RecordId, StoredRow } from "../storage/storage.ts";
import type { Filter } from "./filter.ts";
import { matches, type MatchContext } from "./match.ts";
import type { IndexPlan, Plan } from "./planner.ts";

export interface ScanRow extends StoredRow {
  /** The array position the filter matched through; -1: none. */
  position: number;
}

export interface ScanCounts {
  keysExamined: number;
  documentsExamined: number;
}

const maxPageBytes = 2 * 1024 * 1024;

/** Remembers where it is by key, not by an open statement: writes between two steps do not disturb it. */
export class Scan {
  readonly counts: ScanCounts = { keysExamined: 0, documentsExamined: 0 };
  readonly #legs: Leg[];
  readonly #filter: Filter;
  readonly #context: MatchContext;
  /** Records met already, where one document can be met twice. */
  readonly #seen: Set<RecordId> | null;
  readonly #passing: boolean;
  #pageRows: number;

  constructor(options: {
    collectionId: number;
    plan: Plan;
    filter: Filter;
    context: MatchContext;
    firstPageRows: number;
    /** Rows of a step are done with before the next: they need no memory of their own. */
    passing?: boolean;
  }) {
    const { collectionId, plan, filter, context } = options;
    this.#filter = filter;
    this.#context = context;
    this.#passing = options.passing === true;
    this.#pageRows = Math.max(1, Math.min(options.firstPageRows, 1000));
    const indexPlans = plan.kind === "union" ? plan.plans : plan.kind === "index" ? [plan] : [];
    this.#legs =
      plan.kind === "collection"
        ? [{ kind: "documents", collectionId, reverse: plan.reverse, after: null }]
        : indexPlans.flatMap(legsOf);
    this.#seen =
      indexPlans.length > 1 || indexPlans.some(({ index }) => index.multikeyFields !== 0) ? new Set() : null;
  }

  get done(): boolean {
    return this.#legs.length === 0;
  }

  /** Reads one page and answers the matching documents of it; none of them may match though more follow. */
  step(view: ReadView): ScanRow[] {
    const leg = this.#legs[0];
    if (leg === undefined) return [];
    const limits = { maxRows: this.#pageRows, maxBytes: maxPageBytes, sharedMemory: this.#passing };
    const { rows, ended } =
      leg.kind === "documents" ? documentRows(leg, view, limits) : entryRows(leg, view, limits);
    if (ended) this.#legs.shift();
    if (leg.kind === "entries") this.counts.keysExamined += rows.length;
    this.#pageRows = Math.min(this.#pageRows * 2, 1000);
    return this.#matching(rows);
  }

  #matching(rows: readonly StoredRow[]): ScanRow[] {
    const matching: ScanRow[] = [];
    for (const { id, document } of rows) {
      if (this.#seen !== null) {
        if (this.#seen.has(id)) continue;
        this.#seen.add(id);
      }
      this.counts.documentsExamined += 1;
      this.#context.position = -1;
      if (matches(this.#filter, documentValue(document), this.#context))
        matching.push({ id, document, position: this.#context.position });
    }
    return matching;
  }
}

type Leg =
  | { kind: "documents"; collectionId: number; reverse: boolean; after: RecordId | null }
  | {
      kind: "entries";
      range: { lower: Buffer; upper: Buffer };
      reverse: boolean;
      after: EntryPosition | null;
    };

interface LegPage {
  rows: StoredRow[];
  /** Nothing follows. */
  ended: boolean;
}

function legsOf(plan: IndexPlan): Leg[] {
  return plan.ranges.map((range) => ({ kind: "entries", range, reverse: plan.reverse, after: null }));
}

function documentRows(
  leg: Extract<Leg, { kind: "documents" }>,
  view: ReadView,
  limits: { maxRows: number; maxBytes: number },
): LegPage {
  const rows = view.documentsPage({
    ...limits,
    collectionId: leg.collectionId,
    after: leg.after,
    reverse: leg.reverse,
  });
  const last = rows.at(-1);
  if (last !== undefined) leg.after = last.id;
  return { rows, ended: last === undefined };
}

function entryRows(
  leg: Extract<Leg, { kind: "entries" }>,
  view: ReadView,
  limits: { maxRows: number; maxBytes: number; sharedMemory: boolean },
): LegPage {
  const { range, after, reverse } = leg;
  const { rows, next } = view.entriesPage({ ...limits, range, after, reverse });
  leg.after = next;
  return { rows, ended: next === null };
}

const keysCountedAtOnce = 10_000;

/** How many documents a collection holds, by its _id index, step by step as a scan. */
export class CountAll {
  count = 0;
  #left: { lower: Buffer; upper: Buffer } | null;

  constructor(idIndex: { prefix: Buffer }) {
    this.#left = indexRange(idIndex);
  }

  get done(): boolean {
    return this.#left === null;
  }

  step(view: ReadView): void {
    if (this.#left === null) return;
    const { count, last } = view.countKeys(this.#left, keysCountedAtOnce);
    this.count += count;
    // The next key there can be is the last one with a zero behind it.
    this.#left =
      count < keysCountedAtOnce || last === null
        ? null
        : { lower: Buffer.concat([last, Buffer.from([0])]), upper: this.#left.upper };
  }
}
