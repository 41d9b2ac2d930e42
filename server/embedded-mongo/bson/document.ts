// Walking documents in their bytes. The bytes were validated when they came in, so that lengths can be trusted.
import { StoreError } from "../errors.ts";
import { bsonType } from "./types.ts";
import { Value } from "./value.ts";

/** Where the payload of a value of this type that starts at `start` ends. */
export function payloadEnd(type: number, buffer: Buffer, start: number): number {
  switch (type) {
    case bsonType.double:
    case bsonType.date:
    case bsonType.timestamp:
    case bsonType.long:
      return start + 8;
    case bsonType.int32:
      return start + 4;
    case bsonType.boolean:
      return start + 1;
    case bsonType.objectId:
      return start + 12;
    case bsonType.decimal:
      return start + 16;
    case bsonType.string:
    case bsonType.code:
    case bsonType.symbol:
      return start + 4 + buffer.readInt32LE(start);
    case bsonType.object:
    case bsonType.array:
    case bsonType.codeWithScope:
      return start + buffer.readInt32LE(start);
    case bsonType.binary:
      return start + 5 + buffer.readInt32LE(start);
    case bsonType.dbPointer:
      return start + 4 + buffer.readInt32LE(start) + 12;
    case bsonType.regex:
      return buffer.indexOf(0, buffer.indexOf(0, start) + 1) + 1;
    case bsonType.null:
    case bsonType.undefined:
    case bsonType.minKey:
    case bsonType.maxKey:
      return start;
    default:
      throw new StoreError(22, `a stored value has the unknown BSON type ${type}`);
  }
}

/** Steps through a document's or an array's elements without decoding them. */
export class ElementCursor {
  readonly buffer: Buffer;
  type = 0;
  nameStart = 0;
  nameEnd = 0;
  valueStart = 0;
  valueEnd: number;

  constructor(document: Value) {
    this.buffer = document.buffer;
    this.valueEnd = document.start + 4;
  }

  /** Moves to the next element; false at the end. */
  next(): boolean {
    const { buffer } = this;
    let position = this.valueEnd;
    const type = buffer[position] ?? 0;
    if (type === 0) return false;
    this.type = type;
    position += 1;
    this.nameStart = position;
    while (buffer[position] !== 0) position += 1;
    this.nameEnd = position;
    this.valueStart = position + 1;
    this.valueEnd = payloadEnd(type, buffer, position + 1);
    return true;
  }

  name(): string {
    return this.buffer.toString("utf8", this.nameStart, this.nameEnd);
  }

  value(): Value {
    return new Value(this.type, this.buffer, this.valueStart, this.valueEnd);
  }

  nameIs(name: Buffer): boolean {
    const { buffer, nameStart } = this;
    if (this.nameEnd - nameStart !== name.length) return false;
    for (let at = 0; at < name.length; at += 1) if (buffer[nameStart + at] !== name[at]) return false;
    return true;
  }
}

const nameCache = new Map<string, Buffer>();
const nameCacheLimit = 10_000;

function encodedName(name: string): Buffer {
  let encoded = nameCache.get(name);
  if (encoded === undefined) {
    encoded = Buffer.from(name);
    if (nameCache.size >= nameCacheLimit) nameCache.clear();
    nameCache.set(name, encoded);
  }
  return encoded;
}

/** The first field of this name, or undefined where there is none. */
export function getField(document: Value, name: string): Value | undefined {
  const wanted = encodedName(name);
  const cursor = new ElementCursor(document);
  while (cursor.next()) if (cursor.nameIs(wanted)) return cursor.value();
  return undefined;
}

export interface Field {
  name: string;
  value: Value;
}

export function fieldsOf(document: Value): Field[] {
  const fields: Field[] = [];
  const cursor = new ElementCursor(document);
  while (cursor.next()) fields.push({ name: cursor.name(), value: cursor.value() });
  return fields;
}

export function itemsOf(array: Value): Value[] {
  const items: Value[] = [];
  const cursor = new ElementCursor(array);
  while (cursor.next()) items.push(cursor.value());
  return items;
}

export function isEmpty(document: Value): boolean {
  return document.end - document.start <= 5;
}

export function firstField(document: Value): Field | undefined {
  const cursor = new ElementCursor(document);
  return cursor.next() ? { name: cursor.name(), value: cursor.value() } : undefined;
}

/** Whether the name is an array position such as "0" or "12" (no leading zeros). */
export function isPosition(name: string): boolean {
  return /^(0|[1-9][0-9]{0,8})$/.test(name);
}
