// Every command that searches, as the driver sent it, and the plan that the store has for it.
import type mongoose from "mongoose";

type Fields = Record<string, unknown>;

export interface RecordedQuery {
  collection: string;
  /** Collection, command, and the names and operators of filter and sort. */
  shape: string;
  /** As `explain` takes it. */
  command: Fields;
}

/** What `explain` is asked about, with the fields that matter to a plan. */
const explained: Record<string, readonly string[]> = {
  find: ["filter", "sort", "hint", "limit", "projection", "skip"],
  count: ["query", "hint", "limit", "skip"],
  distinct: ["key", "query"],
  aggregate: ["pipeline", "hint", "cursor"],
  findAndModify: ["query", "sort", "hint", "update", "remove", "upsert", "new"],
};
/** Commands of several statements, each with a filter of its own. */
const statements: Record<string, string> = { update: "updates", delete: "deletes" };

/** The connection's client must have been made with `monitorCommands`. */
export function recordQueries(connection: mongoose.Connection): { stop(): RecordedQuery[] } {
  const seen = new Map<string, RecordedQuery>();
  const note = (command: Fields, collection: string, name: string, searching: unknown) => {
    const shape = `${collection}.${name} ${JSON.stringify(searching, outline)}`;
    if (!seen.has(shape)) seen.set(shape, { collection, shape, command });
  };
  const listen = ({ command, commandName }: mongoose.mongo.CommandStartedEvent) => {
    const fields = command as Fields;
    const collection = String(fields[commandName]);
    const kept = explained[commandName];
    if (kept !== undefined) {
      const own = Object.fromEntries(
        kept.filter((name) => name in fields).map((name) => [name, fields[name]]),
      );
      const { filter, query, sort, hint, pipeline } = own;
      note({ [commandName]: collection, ...own }, collection, commandName, {
        filter,
        query,
        sort,
        hint,
        pipeline,
      });
    }
    const list = statements[commandName];
    if (list === undefined) return;
    for (const statement of fields[list] as Fields[])
      note({ [commandName]: collection, [list]: [statement] }, collection, commandName, statement["q"]);
  };
  const client = connection.getClient();
  client.on("commandStarted", listen);
  return {
    stop() {
      client.off("commandStarted", listen);
      return [...seen.values()];
    },
  };
}

// Values say nothing of a shape: names, operators and directions do.
function outline(this: unknown, key: string, value: unknown): unknown {
  if (key === "") return value;
  if (Array.isArray(value)) return value.every((item) => isPlain(item)) ? (value as unknown[]) : "[]";
  if (isPlain(value)) return value;
  return typeof value === "number" && Math.abs(value) === 1 ? value : "?";
}

function isPlain(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

export async function planOf(connection: mongoose.Connection, { command }: RecordedQuery): Promise<string> {
  const answer = await connection.db?.command({ explain: command, verbosity: "queryPlanner" });
  // Of a pipeline MongoDB explains the stage that reads by itself.
  const stages = answer?.["stages"] as { $cursor?: Fields }[] | undefined;
  const planner = (answer?.["queryPlanner"] ?? stages?.[0]?.$cursor?.["queryPlanner"]) as Fields | undefined;
  return JSON.stringify(planner?.["winningPlan"]);
}
