// Index entries of many inserts on their way to the table of all entries: appended in runs first, moved in key order later.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { EntryPosition, KeyRange, RecordId } from "./storage.ts";

/**
 * A thousand new documents with keys at random places change a thousand pages of a large index, and each of them is
 * written to the log and to the file. In a run the same entries lie side by side on a few pages. Stretch by stretch, in
 * key order, the entries of all runs are moved to the table of all entries: a page that is changed then takes many.
 * An entry is always in exactly one of the two.
 */
export const runsSchema = `
  CREATE TABLE recent_entries (
    run INTEGER NOT NULL, k BLOB NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY (run, k, rid)
  ) STRICT, WITHOUT ROWID;
`;

/** One step from run to run, however many entries each of them has. */
const liveRuns = `
  WITH RECURSIVE live(run) AS (
    SELECT min(run) FROM recent_entries
    UNION ALL
    SELECT (SELECT min(run) FROM recent_entries WHERE run > live.run) FROM live WHERE live.run IS NOT NULL
  )
  SELECT run FROM live WHERE run IS NOT NULL
`;

/** Which runs there are: asked before each use, as another connection's commit may have changed it. */
export class LiveRuns {
  readonly #any: StatementSync;
  readonly #all: StatementSync;

  constructor(database: DatabaseSync) {
    this.#any = database.prepare("SELECT 1 FROM recent_entries LIMIT 1");
    this.#all = database.prepare(liveRuns);
  }

  get some(): boolean {
    return this.#any.get() !== undefined;
  }

  numbers(): number[] {
    return this.#all.all().map(({ run }) => Number(run));
  }
}

/** Of the runs whose numbers the statement is given as JSON, in the place of its first parameter. */
export const fromRuns = "FROM json_each(?1) AS live CROSS JOIN recent_entries AS e ON e.run = live.value";

/** A run that holds so many entries is followed by a new one. */
const entriesPerRun = 8192;
/** Entries that come one by one change few pages in a run this short; so many of these become one of the others. */
const entriesPerShortRun = 512;
const shortRuns = entriesPerRun / entriesPerShortRun;
/** With more entries than this in runs, each that comes in makes two move on. */
const maxEntriesInRuns = 16 * entriesPerRun;
/** A stretch is not worth its queries for fewer. */
const minEntriesToMove = 1024;

interface OpenRun {
  run: number;
  entries: number;
}

interface RunsState {
  /** The highest number that was given to a run. */
  lastRun: number;
  /** Where entries of large inserts go; null before the first. */
  long: OpenRun | null;
  /** Where entries go that come one by one. */
  short: OpenRun | null;
  /** Short runs that are full. */
  fullShort: number[];
  inAll: number;
  /** Entries that are to be moved on for those that came in. */
  owed: number;
}

const beginning: EntryPosition = { key: Buffer.alloc(0), id: -1 };

/** The writer's side of the runs. Its memory is advice only: what counts is in the tables. */
export class EntryRuns {
  readonly #live: LiveRuns;
  readonly #add: StatementSync;
  readonly #count: StatementSync;
  readonly #ahead: StatementSync;
  readonly #move: StatementSync;
  readonly #gather: StatementSync;
  readonly #removeRuns: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeOne: StatementSync;
  readonly #removeRange: StatementSync;
  /** Null where it has to be asked for. */
  #state: RunsState | null = null;
  /** Entries were moved since the state was asked for: if that is undone, the state is wrong. */
  #stateMayFail = false;
  /** Entries up to here have been moved since the stretches began anew. */
  #moved: EntryPosition = beginning;

  constructor(database: DatabaseSync) {
    this.#live = new LiveRuns(database);
    this.#add = database.prepare("INSERT INTO recent_entries (run, k, rid) VALUES (?, ?, ?)");
    this.#count = database.prepare("SELECT count(*) AS n, max(run) AS last FROM recent_entries");
    this.#ahead = database.prepare(
      "SELECT k, rid FROM recent_entries WHERE run = ? AND (k, rid) > (?, ?) ORDER BY k, rid LIMIT 1 OFFSET ?",
    );
    const stretch = "(e.k, e.rid) > (?2, ?3) AND (e.k, e.rid) <= (?4, ?5)";
    this.#move = database.prepare(
      `INSERT OR IGNORE INTO entries (k, rid) SELECT e.k, e.rid ${fromRuns} WHERE ${stretch} ORDER BY e.k, e.rid`,
    );
    this.#gather = database.prepare(
      `INSERT INTO recent_entries (run, k, rid) SELECT ?2, e.k, e.rid ${fromRuns} ORDER BY e.k, e.rid`,
    );
    const inRuns = "DELETE FROM recent_entries AS e WHERE e.run IN (SELECT value FROM json_each(?1))";
    this.#removeRuns = database.prepare(inRuns);
    this.#remove = database.prepare(`${inRuns} AND ${stretch}`);
    this.#removeOne = database.prepare(`${inRuns} AND e.k = ?2 AND e.rid = ?3`);
    this.#removeRange = database.prepare(`${inRuns} AND e.k >= ?2 AND e.k < ?3`);
  }

  /** Takes in the entries of a large insert, and moves others on where there are many. */
  add(keys: readonly Buffer[], ids: readonly RecordId[]): void {
    const state = (this.#state ??= this.#read());
    if (state.long === null || state.long.entries >= entriesPerRun) state.long = newRun(state);
    for (const [at, key] of keys.entries()) this.#add.run(state.long.run, key, ids[at] ?? 0);
    state.long.entries += keys.length;
    this.#added(state, keys.length);
  }

  /** Takes in one entry of many that come one by one, and moves others on where there are many. */
  addOne(key: Buffer, id: RecordId): void {
    const state = (this.#state ??= this.#read());
    if (state.short === null || state.short.entries >= entriesPerShortRun) {
      if (state.short !== null) state.fullShort.push(state.short.run);
      if (state.fullShort.length >= shortRuns) this.#join(state);
      state.short = newRun(state);
    }
    this.#add.run(state.short.run, key, id);
    state.short.entries += 1;
    this.#added(state, 1);
  }

  #added(state: RunsState, entries: number): void {
    state.inAll += entries;
    if (state.inAll <= maxEntriesInRuns) return;
    state.owed += 2 * entries;
    if (state.owed < minEntriesToMove) return;
    this.move(state.owed);
    state.owed = 0;
  }

  /**
   * Makes one run of the short ones, so that reads have few to look into. It keeps the number of the first: who asked
   * for the numbers before this was committed finds the entries too.
   */
  #join(state: RunsState): void {
    const [first, ...others] = state.fullShort;
    if (first === undefined) return;
    const runs = JSON.stringify(others);
    this.#gather.run(runs, first);
    this.#removeRuns.run(runs);
    state.fullShort = [];
    this.#stateMayFail = true;
  }

  /** Moves the next entries in key order, `maxEntries` at most. Answers whether some are left. */
  move(maxEntries: number): boolean {
    const runs = this.#live.numbers();
    if (runs.length === 0) {
      this.#state = null;
      return false;
    }
    this.#stateMayFail = true;
    const from = this.#moved;
    const end = this.#stretchEnd(runs, from, Math.max(1, Math.floor(maxEntries / runs.length)));
    const bounds = [JSON.stringify(runs), from.key, from.id, end?.key ?? pastAll, end?.id ?? 0] as const;
    this.#move.run(...bounds);
    const { changes } = this.#remove.run(...bounds);
    if (this.#state !== null) this.#state.inAll -= Number(changes);
    this.#moved = end ?? beginning;
    return true;
  }

  /** Whether the entry was in a run. */
  remove(key: Buffer, id: RecordId): boolean {
    if (!this.#live.some) return false;
    return this.#removeOne.run(JSON.stringify(this.#live.numbers()), key, id).changes !== 0;
  }

  removeRange({ lower, upper }: KeyRange): void {
    if (!this.#live.some) return;
    this.#removeRange.run(JSON.stringify(this.#live.numbers()), lower, upper);
    this.#state = null;
  }

  /**
   * After a rollback. Entries that were added and undone may stay counted: runs are then shorter and moved earlier, which
   * is cheaper than to count them again after each write that fails.
   */
  rolledBack(): void {
    if (this.#stateMayFail) this.#state = null;
  }

  /** Where a stretch ends that takes no more than `perRun` entries of any run; null: behind the last entry. */
  #stretchEnd(runs: readonly number[], from: EntryPosition, perRun: number): EntryPosition | null {
    let end: EntryPosition | null = null;
    for (const run of runs) {
      const row = this.#ahead.get(run, from.key, from.id, perRun - 1) as
        { k: Uint8Array; rid: number } | undefined;
      if (row === undefined) continue;
      const key = Buffer.from(row.k.buffer, row.k.byteOffset, row.k.byteLength);
      const order = end === null ? -1 : Buffer.compare(key, end.key);
      if (end === null || order < 0 || (order === 0 && row.rid < end.id)) end = { key, id: row.rid };
    }
    return end;
  }

  #read(): RunsState {
    const { n, last } = this.#count.get() as { n: number; last: number | null };
    this.#stateMayFail = false;
    return { lastRun: last ?? 0, long: null, short: null, fullShort: [], inAll: n, owed: 0 };
  }
}

function newRun(state: RunsState): OpenRun {
  state.lastRun += 1;
  return { run: state.lastRun, entries: 0 };
}

/** Above every key: the first four bytes are the number of an index. */
const pastAll = Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]);
