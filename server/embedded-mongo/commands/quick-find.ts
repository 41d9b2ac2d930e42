// Short finds where the sockets are: a few documents by an index cost less than the way to the reader's thread and back.
import { fieldsOf } from "../bson/document.ts";
import { bsonType, isNumeric } from "../bson/types.ts";
import { longValue, type Value } from "../bson/value.ts";
import type { Filter } from "../query/filter.ts";
import { SnapshotStorage } from "../storage/snapshot-storage.ts";
import { commandNameOf, parseMessage, type Request } from "../wire/messages.ts";
import { collectionName, integerField, type Command, type Engine, type Reply } from "./context.ts";
import { runCommand, RunElsewhere, type ReportFault } from "./dispatch.ts";
import { defaultBatch, findCommand, parseFind, QuerySource, refuseUnsupported } from "./find.ts";
import type { Query } from "./query-options.ts";

/** One step of a scan reads no more: the sockets wait for it. */
const maxRows = 10;
const maxBytes = 256 * 1024;
const maxMessageBytes = 4096;
/** The upper pages of the indexes, mostly. */
const cacheKilobytes = 4 * 1024;

const quickFind: Command<Engine> = {
  fields: findCommand.fields,
  run(context) {
    const { engine, request, database, pace } = context;
    const { fields } = request;
    refuseUnsupported(fields);
    if (!namesFieldsOnly(fields.get("projection"))) throw new RunElsewhere();
    const namespace = `${database}.${collectionName(context)}`;
    const { query, projection } = parseFind(context);
    const batchSize = integerField(fields, "batchSize") ?? defaultBatch;
    if (query === null || !isQuick(query) || batchSize < query.limit) throw new RunElsewhere();
    const source = new QuerySource(engine, query, projection);
    const documents = source.pull(pace);
    // What was read for nothing is one page.
    if (documents instanceof Promise || !source.done || bytesOf(documents) > maxBytes)
      throw new RunElsewhere();
    return { cursor: { firstBatch: documents, id: longValue(0n), ns: namespace } };
  },
};

function isQuick({ plan, filter, limit, skip }: Query): boolean {
  return plan.kind === "index" && plan.providesSort && skip === 0 && limit <= maxRows && isPlain(filter);
}

/** Nothing in it takes long on one document. */
function isPlain(filter: Filter): boolean {
  switch (filter.kind) {
    case "and":
    case "or":
    case "nor":
      return filter.children.every(isPlain);
    case "not":
      return isPlain(filter.child);
    case "in":
      return filter.regexes.length === 0;
    case "compare":
    case "exists":
    case "type":
    case "constant":
      return true;
    default:
      return false;
  }
}

function namesFieldsOnly(projection: Value | undefined): boolean {
  if (projection === undefined || projection.type !== bsonType.object) return projection === undefined;
  return fieldsOf(projection).every(({ value }) => isNumeric(value.type) || value.type === bsonType.boolean);
}

function bytesOf(documents: readonly Value[]): number {
  return documents.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** The main thread's own snapshots, for quick finds. */
export class QuickFinds {
  readonly #storage: SnapshotStorage;
  readonly #commandSet;
  readonly #report: ReportFault;
  #closed = false;

  /** For a store that is open. Throws StorageOpenError. */
  constructor(options: { directory: string; nowMs(): number; report: ReportFault }) {
    const { directory, nowMs, report } = options;
    this.#storage = new SnapshotStorage(directory, cacheKilobytes);
    const engine: Engine = { storage: this.#storage, catalog: this.#storage.catalog, nowMs };
    this.#commandSet = { commands: new Map([["find", quickFind]]), engine, authenticated: true };
    this.#report = report;
  }

  /** Null for whatever is not a quick find: it is to be given to its thread. */
  async answer(message: Buffer): Promise<{ request: Request; reply: Reply } | null> {
    if (this.#closed || message.length > maxMessageBytes || commandNameOf(message) !== "find") return null;
    const request = parsedOrNull(message);
    if (request === null || !request.wantsReply || !request.fields.has("limit")) return null;
    try {
      return { request, reply: await runCommand(this.#commandSet, request, this.#report) };
    } catch (error) {
      if (error instanceof RunElsewhere) return null;
      throw error;
    }
  }

  /** To be called when a write was acknowledged: what is read next must see it. */
  refresh(): void {
    this.#storage.refresh();
  }

  close(): void {
    this.#closed = true;
    this.#storage.close();
  }
}

function parsedOrNull(message: Buffer): Request | null {
  try {
    return parseMessage(message);
  } catch {
    // Whoever is given it says what is wrong with it.
    return null;
  }
}
