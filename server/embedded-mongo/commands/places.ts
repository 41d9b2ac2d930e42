// Which thread runs a command: by its name alone, before anything is parsed.

const readNames = [
  "find",
  "getMore",
  "killCursors",
  "count",
  "aggregate",
  "distinct",
  "explain",
  "listIndexes",
  "listCollections",
  "listDatabases",
] as const;

const writeNames = [
  "insert",
  "update",
  "delete",
  "findAndModify",
  "findandmodify",
  "create",
  "drop",
  "dropDatabase",
  "createIndexes",
  "collMod",
  "renameCollection",
  "dropIndexes",
  "deleteIndexes",
  "compact",
] as const;

export type ReadCommandName = (typeof readNames)[number];
export type WriteCommandName = (typeof writeNames)[number];
export type Place = "reader" | "writer";

const places: ReadonlyMap<string, Place> = new Map([
  ...readNames.map((name) => [name, "reader"] as const),
  ...writeNames.map((name) => [name, "writer"] as const),
]);

/** Undefined for what the main thread answers itself, and for what nobody knows. */
export function placeOf(name: string): Place | undefined {
  return places.get(name);
}
