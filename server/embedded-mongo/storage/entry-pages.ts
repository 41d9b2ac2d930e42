// Pages of an index: entries in key order with their documents, by the statement that costs least for so many of them.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { fromRuns, LiveRuns } from "./entry-runs.ts";
import { damagedData, sealBytes, unsealed } from "./seal.ts";
import type {
  EntriesOptions,
  EntriesPage,
  EntryPosition,
  PageLimits,
  RecordId,
  StoredRow,
} from "./storage.ts";

/** Up to so many rows each of them comes with its key: less than another statement for the last one's. */
const fewRows = 10;
/** Documents up to this size come many in one value; larger ones are read one by one. */
const maxJoinedBytes = 2048;
/** Longer pages would leave large pieces of dead memory to the collector, which looks for them late. */
const maxJoinedRows = 256;

interface Statements {
  few: StatementSync;
  rows: StatementSync;
  /** The entry so many rows behind the first: keys are copied for it alone, not for every row. */
  entryAt: StatementSync;
  /** One row: the documents, one behind the other, their record numbers (negative: not among them) and the last key. */
  joined: StatementSync;
  /** The entries alone, those in runs among them; the runs come first among the parameters. */
  withRuns: StatementSync;
}

interface Joined {
  last: Uint8Array | null;
  ids: string | null;
  documents: Uint8Array | null;
}

/** An entry without its document comes with null in its place: that is damage, and must not look like nothing. */
function prepare(
  database: DatabaseSync,
  condition: (first: number) => string,
  direction: "ASC" | "DESC",
): Statements {
  const order = `WHERE ${condition(1)} ORDER BY e.k ${direction}, e.rid ${direction}`;
  const found = `FROM entries e LEFT JOIN documents d ON d.rid = e.rid ${order} LIMIT ?`;
  const fits = `length(d.body) <= ${maxJoinedBytes}`;
  return {
    few: database.prepare(`SELECT e.k AS k, e.rid AS rid, d.body AS body ${found}`),
    rows: database.prepare(`SELECT e.rid AS rid, d.body AS body ${found}`),
    entryAt: database.prepare(`SELECT e.k AS k, e.rid AS rid FROM entries e ${order} LIMIT 1 OFFSET ?`),
    // What makes this cheap is that rows do not become objects. Blobs pass through as text without a change.
    joined: database.prepare(
      `SELECT ${direction === "ASC" ? "max" : "min"}(k) AS last, group_concat(rid, ',') AS ids,
         CAST(group_concat(body, '') AS BLOB) AS documents
       FROM (SELECT e.k AS k, CASE WHEN ${fits} THEN e.rid ELSE -e.rid END AS rid,
               CASE WHEN ${fits} THEN d.body END AS body ${found})`,
    ),
    withRuns: database.prepare(
      `SELECT e.k AS k, e.rid AS rid FROM entries e WHERE ${condition(2)}
       UNION ALL SELECT e.k, e.rid ${fromRuns} WHERE ${condition(2)}
       ORDER BY k ${direction}, rid ${direction} LIMIT ?`,
    ),
  };
}

export class EntryPages {
  readonly #document: (id: RecordId) => Buffer | undefined;
  readonly #from: Statements;
  readonly #after: Statements;
  readonly #down: Statements;
  readonly #before: Statements;
  readonly #runs: LiveRuns;

  constructor(database: DatabaseSync, document: (id: RecordId) => Buffer | undefined) {
    this.#document = document;
    const whole = (first: number) => `e.k >= ?${first} AND e.k < ?${first + 1}`;
    const rest = (order: string, end: string) => (first: number) =>
      `(e.k, e.rid) ${order} (?${first}, ?${first + 1}) AND e.k ${end} ?${first + 2}`;
    this.#from = prepare(database, whole, "ASC");
    this.#after = prepare(database, rest(">", "<"), "ASC");
    this.#down = prepare(database, whole, "DESC");
    this.#before = prepare(database, rest("<", ">="), "DESC");
    this.#runs = new LiveRuns(database);
  }

  page(options: EntriesOptions): EntriesPage {
    const { range, after, reverse, maxRows } = options;
    const statements =
      after === null ? (reverse ? this.#down : this.#from) : reverse ? this.#before : this.#after;
    const bounds =
      after === null
        ? [range.lower, range.upper]
        : [after.key, after.id, reverse ? range.lower : range.upper];
    if (this.#runs.some) return this.#withRuns(statements, bounds, options);
    if (maxRows <= fewRows) return few(statements, bounds, options);
    if (options.sharedMemory === true && maxRows <= maxJoinedRows)
      return this.#joined(statements, bounds, options);
    return each(statements, bounds, options);
  }

  #joined(
    { joined, entryAt }: Statements,
    bounds: readonly (Buffer | number)[],
    { maxRows, maxBytes }: PageLimits,
  ): EntriesPage {
    const { last, ids, documents } = joined.get(...bounds, maxRows) as unknown as Joined;
    const rows: StoredRow[] = [];
    if (ids === null || last === null) return { rows, next: null };
    const cut = new Cut(documents);
    let id = 0;
    let bytes = 0;
    for (const text of ids.split(",")) {
      id = Number(text);
      let document: Buffer | undefined;
      if (id > 0) document = cut.next(id);
      else {
        id = -id;
        document = this.#document(id);
        if (document === undefined) throw damagedData();
      }
      rows.push({ id, document });
      bytes += document.length;
      if (bytes >= maxBytes) return { rows, next: positionOf(entryAt.get(...bounds, rows.length - 1)) };
    }
    cut.end();
    return { rows, next: rows.length < maxRows ? null : { key: asBuffer(last), id } };
  }

  /**
   * The two statements need not see the same commit: a run that is missed was committed after this began,
   * and runs that are joined keep one of their numbers.
   */
  #withRuns(
    { withRuns }: Statements,
    bounds: readonly (Buffer | number)[],
    { maxRows, maxBytes }: PageLimits,
  ): EntriesPage {
    const runs = JSON.stringify(this.#runs.numbers());
    const found = withRuns.all(runs, ...bounds, maxRows) as unknown as { k: Uint8Array; rid: number }[];
    const rows: StoredRow[] = [];
    let bytes = 0;
    for (const { k, rid } of found) {
      const document = this.#document(rid);
      if (document === undefined) throw damagedData();
      rows.push({ id: rid, document });
      bytes += document.length;
      if (bytes >= maxBytes) return { rows, next: { key: asBuffer(k), id: rid } };
    }
    const last = found.at(-1);
    return { rows, next: found.length < maxRows || last === undefined ? null : positionOf(last) };
  }
}

function few(
  statements: Statements,
  bounds: readonly (Buffer | number)[],
  { maxRows, maxBytes }: PageLimits,
): EntriesPage {
  const rows: StoredRow[] = [];
  let bytes = 0;
  const take = (found: unknown): EntriesPage | null => {
    const { k, rid, body } = found as { k: Uint8Array; rid: number; body: Uint8Array | null };
    const document = unsealed(rid, body);
    rows.push({ id: rid, document });
    bytes += document.length;
    return rows.length < maxRows && bytes < maxBytes ? null : { rows, next: { key: asBuffer(k), id: rid } };
  };
  if (maxRows === 1) {
    const found = statements.few.get(...bounds, 1);
    return (found === undefined ? null : take(found)) ?? { rows, next: null };
  }
  for (const found of statements.few.iterate(...bounds, maxRows)) {
    const page = take(found);
    if (page !== null) return page;
  }
  return { rows, next: null };
}

function each(
  statements: Statements,
  bounds: readonly (Buffer | number)[],
  { maxRows, maxBytes }: PageLimits,
): EntriesPage {
  const rows: StoredRow[] = [];
  let bytes = 0;
  const found = statements.rows.iterate(...bounds, maxRows);
  for (const row of found as unknown as Iterable<{ rid: number; body: Uint8Array | null }>) {
    const document = unsealed(row.rid, row.body);
    rows.push({ id: row.rid, document });
    bytes += document.length;
    if (bytes >= maxBytes) break;
  }
  if (rows.length < maxRows && bytes < maxBytes) return { rows, next: null };
  return { rows, next: positionOf(statements.entryAt.get(...bounds, rows.length - 1)) };
}

/** Cuts joined documents apart: each begins with its length and ends with its seal. Throws DataCorruptionDetected (246). */
class Cut {
  readonly #joined: Buffer;
  #at = 0;

  constructor(documents: Uint8Array | null) {
    this.#joined = documents === null ? Buffer.alloc(0) : asBuffer(documents);
  }

  next(id: RecordId): Buffer {
    const start = this.#at;
    if (start + 4 > this.#joined.length) throw damagedData();
    const end = start + this.#joined.readInt32LE(start) + sealBytes;
    if (end <= start || end > this.#joined.length) throw damagedData();
    this.#at = end;
    return unsealed(id, this.#joined.subarray(start, end));
  }

  end(): void {
    if (this.#at !== this.#joined.length) throw damagedData();
  }
}

function positionOf(row: unknown): EntryPosition {
  const { k, rid } = row as { k: Uint8Array; rid: number };
  return { key: asBuffer(k), id: rid };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
