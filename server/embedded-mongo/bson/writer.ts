// Builds BSON bytes: a growing buffer with nested documents, and a short way to encode answers.
import { release } from "./release.ts";
import { bsonType } from "./types.ts";
import {
  Value,
  booleanValue,
  dateValue,
  documentValue,
  doubleValue,
  integerValue,
  longValue,
  nullValue,
  stringValue,
} from "./value.ts";

/** What `encode` understands. Whole numbers become Int32 or Long, others Double. */
export type Encodable =
  | Value
  | string
  | number
  | bigint
  | boolean
  | null
  | Date
  | undefined
  | readonly Encodable[]
  | { readonly [name: string]: Encodable };

export class DocumentWriter {
  #buffer: Buffer;
  #length = 0;
  readonly #open: number[] = [];

  constructor(sizeHint = 256) {
    this.#buffer = Buffer.allocUnsafe(sizeHint);
    this.#beginDocument();
  }

  /** Bytes written so far, without the ends of open documents. */
  get length(): number {
    return this.#length;
  }

  value(name: string, value: Value): void {
    this.#header(value.type, name, value.end - value.start);
    value.buffer.copy(this.#buffer, this.#length, value.start, value.end);
    this.#length += value.end - value.start;
  }

  /** Opens a nested document (or array); fields follow until `end`. */
  begin(name: string, type: typeof bsonType.object | typeof bsonType.array = bsonType.object): void {
    this.#header(type, name, 4);
    this.#beginDocument();
  }

  end(): void {
    this.#reserve(1);
    this.#buffer[this.#length] = 0;
    this.#length += 1;
    const start = this.#open.pop() ?? 0;
    this.#buffer.writeInt32LE(this.#length - start, start);
  }

  field(name: string, value: Encodable): void {
    if (value === undefined) return;
    if (value instanceof Value) this.value(name, value);
    else if (Array.isArray(value)) {
      this.begin(name, bsonType.array);
      (value as readonly Encodable[]).forEach((item, at) => this.field(String(at), item));
      this.end();
    } else if (isScalar(value)) this.value(name, scalar(value));
    else {
      this.begin(name);
      for (const [key, item] of Object.entries(value)) this.field(key, item);
      this.end();
    }
  }

  /** Ends the outermost document and gives its bytes; the writer must not be used afterwards. */
  finish(): Buffer {
    this.end();
    return this.#buffer.subarray(0, this.#length);
  }

  #beginDocument(): void {
    this.#open.push(this.#length);
    this.#reserve(4);
    this.#length += 4;
  }

  #header(type: number, name: string, payloadBytes: number): void {
    this.#reserve(2 + name.length * 3 + payloadBytes);
    this.#buffer[this.#length] = type;
    this.#length += 1;
    this.#length += this.#buffer.write(name, this.#length, "utf8");
    this.#buffer[this.#length] = 0;
    this.#length += 1;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    // One large value leaves room for small ones behind it: they must not double what it took.
    const grown = Buffer.allocUnsafe(Math.max(needed + 1024, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#length);
    // Nobody has seen the smaller one.
    release(this.#buffer);
    this.#buffer = grown;
  }
}

function isScalar(value: Encodable): value is string | number | bigint | boolean | null | Date {
  return value === null || typeof value !== "object" || value instanceof Date;
}

function scalar(value: string | number | bigint | boolean | null | Date): Value {
  if (value === null) return nullValue;
  if (typeof value === "string") return stringValue(value);
  if (typeof value === "boolean") return booleanValue(value);
  if (typeof value === "bigint") return longValue(value);
  if (value instanceof Date) return dateValue(value.getTime());
  return Number.isInteger(value) && !Object.is(value, -0) ? integerValue(value) : doubleValue(value);
}

export function encodeDocument(fields: { readonly [name: string]: Encodable }): Value {
  const writer = new DocumentWriter();
  for (const [name, value] of Object.entries(fields)) writer.field(name, value);
  return documentValue(writer.finish());
}

/** Like `encodeDocument`, for names that JavaScript objects would put in another order. */
export function documentOf(fields: Iterable<readonly [string, Value]>, sizeHint?: number): Value {
  const writer = new DocumentWriter(sizeHint);
  for (const [name, value] of fields) writer.value(name, value);
  return documentValue(writer.finish());
}

export function arrayOf(items: Iterable<Value>): Value {
  const writer = new DocumentWriter();
  let position = 0;
  for (const item of items) writer.value(String(position++), item);
  const bytes = writer.finish();
  return new Value(bsonType.array, bytes, 0, bytes.length);
}
