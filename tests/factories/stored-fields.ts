// Which fields the store knows: those that Mongoose's schemas declare, and those of documents that are written.
import mongoose from "mongoose";

/** Paths of fields by collection; items of a list have their list's path. */
export type StoredFields = Map<string, Set<string>>;

/** Watches every model that is made from now on; `stop` tells the paths of their schemas. */
export function watchSchemas(): { stop(): StoredFields } {
  const fields: StoredFields = new Map();
  const original = mongoose.Connection.prototype.model;
  mongoose.Connection.prototype.model = function (this: mongoose.Connection, ...given: unknown[]) {
    const [, schema] = given;
    if (schema instanceof mongoose.Schema) {
      const name = schema.get("collection");
      if (name !== undefined) addAll(fields, name, pathsOf(schema));
    }
    return (original as (...all: unknown[]) => unknown).apply(this, given);
  } as typeof original;
  return {
    stop() {
      mongoose.Connection.prototype.model = original;
      return fields;
    },
  };
}

/** Watches what is written from now on. The connection's client must have been made with `monitorCommands`. */
export function watchWrites(connection: mongoose.Connection): { stop(): StoredFields } {
  const fields: StoredFields = new Map();
  const listen = ({ command, commandName }: mongoose.mongo.CommandStartedEvent) => {
    if (commandName === "insert") {
      const { insert: name, documents } = command as { insert: string; documents: unknown[] };
      addAll(fields, name, pathsIn(documents));
    }
    if (commandName === "update") {
      const { update: name, updates } = command as { update: string; updates: { u: unknown }[] };
      for (const { u } of updates) {
        const operators = u !== null && typeof u === "object" ? Object.values(u) : [];
        addAll(fields, name, operators.flatMap(pathsIn));
        addAll(fields, name, ["_id"]);
      }
    }
  };
  const client = connection.getClient();
  client.on("commandStarted", listen);
  return {
    stop() {
      client.off("commandStarted", listen);
      return fields;
    },
  };
}

function addAll(fields: StoredFields, name: string, paths: string[]): void {
  const known = fields.get(name) ?? new Set();
  for (const path of paths) known.add(path);
  fields.set(name, known);
}

function pathsOf(schema: mongoose.Schema): string[] {
  return Object.entries(schema.paths).flatMap(([path, type]) => {
    const below = (type as { schema?: mongoose.Schema }).schema;
    return below === undefined ? [path] : pathsOf(below).map((inner) => `${path}.${inner}`);
  });
}

function pathsIn(value: unknown): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap(pathsIn))];
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype)
    return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const below = pathsIn(inner);
    return below.length === 0 ? [name] : below.map((path) => `${name}.${path}`);
  });
}
