// What happened in local mode, in order, for the events API and for webhooks: one line of JSON each, appended before it is told to anybody.
import { open, readFile, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { StartError } from "../../../platform/config.ts";
import { removeLeftovers, replaceDurably } from "../../../platform/durable-file.ts";
import { withFileLock } from "../../../platform/file-lock.ts";

const fileName = "events.jsonl";
const lockName = "events.lock";
const maxKept = 10_000;
/** As many more lines are appended before the file is written anew without the oldest. */
const slack = 5_000;

const eventSchema = z.object({
  id: z.string(),
  event: z.string(),
  created_at: z.iso.datetime(),
  data: z.record(z.string(), z.unknown()),
});
export type LocalEvent = z.infer<typeof eventSchema>;
const lineSchema = z.union([eventSchema, z.object({ delivered: z.string() })]);

export interface EventQuery {
  names: string[];
  after: string | null;
  rangeStart: string | null;
  rangeEnd: string | null;
  limit: number;
  order: "asc" | "desc";
  organizationId: string | null;
}

export interface EventLog {
  /** Durable when it resolves. */
  append(event: LocalEvent): Promise<void>;
  /** Null where the event named by `after` is not known (any more). */
  list(query: EventQuery): Promise<{ events: LocalEvent[]; more: boolean } | null>;
  undelivered(): LocalEvent[];
  /** Not delivered again after a restart. */
  markDelivered(id: string): Promise<void>;
  /** Takes the person's events out, and those that name the address; the file is written anew without them. */
  forget(userId: string, email: string): Promise<void>;
  close(): Promise<void>;
}

/** Throws StartError where the file cannot be used. */
export async function openEventLog(directory: string): Promise<EventLog> {
  const path = join(directory, fileName);
  // Nobody else appends to a file that is being replaced, nor replaces one that is being appended to.
  const alone = <Result>(work: () => Promise<Result>) => withFileLock(join(directory, lockName), work);
  await alone(() => removeLeftovers(path));
  let events: LocalEvent[] = [];
  let delivered = new Set<string>();
  let readBytes = 0;
  let lines = 0;
  let handle: FileHandle = await open(path, "a", 0o600);
  let queue: Promise<unknown> = Promise.resolve();
  const inOrder = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = queue.then(work, work);
    queue = next.catch(() => undefined);
    return next;
  };

  // Other processes append to the same file, or put a shorter one in its place.
  async function readNew(): Promise<void> {
    const { size, ino } = await stat(path);
    const isReplaced = size < readBytes || ino !== (await handle.stat()).ino;
    if (size === readBytes && !isReplaced) return;
    if (isReplaced) {
      await handle.close();
      handle = await open(path, "a", 0o600);
      events = [];
      delivered = new Set();
      [readBytes, lines] = [0, 0];
    }
    const content = await readFile(path);
    const end = content.lastIndexOf("\n") + 1;
    const fresh = content.subarray(readBytes, end).toString("utf8").split("\n").slice(0, -1);
    readBytes = Math.max(readBytes, end);
    lines += fresh.length;
    for (const text of fresh) {
      const line = parseLine(text);
      if (line === null) continue;
      if ("delivered" in line) delivered.add(line.delivered);
      else events.push(line);
    }
  }

  async function write(line: object): Promise<void> {
    // Into a file that was replaced it would be written for nobody.
    await readNew();
    await handle.appendFile(`${JSON.stringify(line)}\n`);
    await handle.datasync();
    await readNew();
    if (lines > 2 * (maxKept + slack)) await compact();
  }

  async function compact(): Promise<void> {
    events = events.slice(-maxKept);
    const kept = events.flatMap((event) => [
      JSON.stringify(event),
      ...(delivered.has(event.id) ? [JSON.stringify({ delivered: event.id })] : []),
    ]);
    await replaceDurably(path, `${kept.join("\n")}\n`);
    await handle.close();
    handle = await open(path, "a", 0o600);
    delivered = new Set(events.map(({ id }) => id).filter((id) => delivered.has(id)));
    [readBytes, lines] = [(await stat(path)).size, kept.length];
  }

  // A line that a crash cut short is followed by the next one on the same line: both would be lost.
  async function endLine(): Promise<void> {
    const content = await readFile(path);
    if (content.length > 0 && content.at(-1) !== 0x0a) await handle.appendFile("\n");
  }

  try {
    await alone(async () => {
      await endLine();
      await readNew();
    });
  } catch (error) {
    throw new StartError(`${path} cannot be read: restore it from a backup, or delete it.`, { cause: error });
  }
  return {
    append: (event) => inOrder(() => alone(() => write(event))),
    list: (query) =>
      inOrder(async () => {
        await readNew();
        return select(events, query);
      }),
    undelivered: () => events.filter(({ id }) => !delivered.has(id)),
    markDelivered: (id) => inOrder(() => alone(() => write({ delivered: id }))),
    forget: (userId, email) =>
      inOrder(() =>
        alone(async () => {
          await readNew();
          events = events.filter(
            ({ data }) => data["id"] !== userId && data["user_id"] !== userId && data["email"] !== email,
          );
          await compact();
        }),
      ),
    async close() {
      await inOrder(() => handle.close());
    },
  };
}

function parseLine(text: string): z.infer<typeof lineSchema> | null {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch {
    // Cut short by a crash before anybody was told of it.
    return null;
  }
}

function select(all: LocalEvent[], query: EventQuery) {
  const ordered = query.order === "asc" ? all : [...all].reverse();
  const at = query.after === null ? -1 : ordered.findIndex(({ id }) => id === query.after);
  if (query.after !== null && at === -1) return null;
  const fitting = ordered
    .slice(at + 1)
    .filter(
      (one) =>
        query.names.includes(one.event) &&
        (query.rangeStart === null || one.created_at >= query.rangeStart) &&
        (query.rangeEnd === null || one.created_at <= query.rangeEnd) &&
        (query.organizationId === null ||
          [one.data["organization_id"], one.data["id"]].includes(query.organizationId)),
    );
  return { events: fitting.slice(0, query.limit), more: fitting.length > query.limit };
}
