// BSON's type bytes, their names in queries, and the order in which values of different types sort.

export const bsonType = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binary: 5,
  undefined: 6,
  objectId: 7,
  boolean: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  code: 13,
  symbol: 14,
  codeWithScope: 15,
  int32: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  maxKey: 127,
  minKey: 255,
} as const;

const aliases: ReadonlyMap<number, string> = new Map([
  [1, "double"],
  [2, "string"],
  [3, "object"],
  [4, "array"],
  [5, "binData"],
  [6, "undefined"],
  [7, "objectId"],
  [8, "bool"],
  [9, "date"],
  [10, "null"],
  [11, "regex"],
  [12, "dbPointer"],
  [13, "javascript"],
  [14, "symbol"],
  [15, "javascriptWithScope"],
  [16, "int"],
  [17, "timestamp"],
  [18, "long"],
  [19, "decimal"],
  [127, "maxKey"],
  [255, "minKey"],
]);

const typesByAlias: ReadonlyMap<string, number> = new Map([...aliases].map(([type, name]) => [name, type]));

export function typeAlias(type: number): string {
  return aliases.get(type) ?? "unknown";
}

export function typeOfAlias(alias: string): number | undefined {
  return typesByAlias.get(alias);
}

export function isKnownType(type: number): boolean {
  return aliases.has(type);
}

// Zero is left out: it ends the fields of a nested document in a key.
const ranks = new Uint8Array(256);
ranks[bsonType.minKey] = 0x01;
ranks[bsonType.undefined] = 0x05;
ranks[bsonType.null] = 0x0a;
for (const type of [bsonType.double, bsonType.int32, bsonType.long, bsonType.decimal]) ranks[type] = 0x10;
ranks[bsonType.string] = 0x18;
ranks[bsonType.symbol] = 0x18;
ranks[bsonType.object] = 0x20;
ranks[bsonType.array] = 0x28;
ranks[bsonType.binary] = 0x30;
ranks[bsonType.objectId] = 0x38;
ranks[bsonType.boolean] = 0x40;
ranks[bsonType.date] = 0x48;
ranks[bsonType.timestamp] = 0x50;
ranks[bsonType.regex] = 0x58;
ranks[bsonType.dbPointer] = 0x60;
ranks[bsonType.code] = 0x68;
ranks[bsonType.codeWithScope] = 0x70;
ranks[bsonType.maxKey] = 0xf0;

/** The place of a type in BSON's sort order; types that compare by value share one (all numbers do). */
export function typeRank(type: number): number {
  return ranks[type] ?? 0;
}

export function isNumeric(type: number): boolean {
  return ranks[type] === 0x10;
}
