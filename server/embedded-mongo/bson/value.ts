// One BSON value where it lies: its type and the range of its bytes. Nothing is decoded until somebody asks.
import { bsonType } from "./types.ts";

export class Value {
  readonly type: number;
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;

  constructor(type: number, buffer: Buffer, start: number, end: number) {
    this.type = type;
    this.buffer = buffer;
    this.start = start;
    this.end = end;
  }

  /** The value's own bytes, without type or name; a view, not a copy. */
  bytes(): Buffer {
    return this.buffer.subarray(this.start, this.end);
  }

  /** A copy that does not keep the message or page alive that it was cut from. */
  detach(): Value {
    const copy = Buffer.from(this.bytes());
    return new Value(this.type, copy, 0, copy.length);
  }
}

export function documentValue(bytes: Buffer): Value {
  return new Value(bsonType.object, bytes, 0, bytes.length);
}

export function readInt32(value: Value): number {
  return value.buffer.readInt32LE(value.start);
}

export function readDouble(value: Value): number {
  return value.buffer.readDoubleLE(value.start);
}

export function readLong(value: Value): bigint {
  return value.buffer.readBigInt64LE(value.start);
}

/** Milliseconds since 1970 as a number: exact within JavaScript's range of dates. */
export function readDate(value: Value): number {
  return Number(value.buffer.readBigInt64LE(value.start));
}

export function readBoolean(value: Value): boolean {
  return value.buffer[value.start] === 1;
}

/** The text of a string, symbol or code. */
export function readString(value: Value): string {
  return value.buffer.toString("utf8", value.start + 4, value.end - 1);
}

export function readStringBytes(value: Value): Buffer {
  return value.buffer.subarray(value.start + 4, value.end - 1);
}

export function readRegex(value: Value): { pattern: string; flags: string } {
  const split = value.buffer.indexOf(0, value.start);
  return {
    pattern: value.buffer.toString("utf8", value.start, split),
    flags: value.buffer.toString("utf8", split + 1, value.end - 1),
  };
}

export function readBinary(value: Value): { subtype: number; bytes: Buffer } {
  return {
    subtype: value.buffer.readUInt8(value.start + 4),
    bytes: value.buffer.subarray(value.start + 5, value.end),
  };
}

const noBytes = Buffer.alloc(0);
export const nullValue = new Value(bsonType.null, noBytes, 0, 0);
export const undefinedValue = new Value(bsonType.undefined, noBytes, 0, 0);
export const minKeyValue = new Value(bsonType.minKey, noBytes, 0, 0);
export const maxKeyValue = new Value(bsonType.maxKey, noBytes, 0, 0);
export const trueValue = new Value(bsonType.boolean, Buffer.from([1]), 0, 1);
export const falseValue = new Value(bsonType.boolean, Buffer.from([0]), 0, 1);

export function booleanValue(flag: boolean): Value {
  return flag ? trueValue : falseValue;
}

export function int32Value(number: number): Value {
  const buffer = Buffer.allocUnsafe(4);
  buffer.writeInt32LE(number);
  return new Value(bsonType.int32, buffer, 0, 4);
}

export function doubleValue(number: number): Value {
  const buffer = Buffer.allocUnsafe(8);
  buffer.writeDoubleLE(number);
  return new Value(bsonType.double, buffer, 0, 8);
}

export function longValue(number: bigint): Value {
  const buffer = Buffer.allocUnsafe(8);
  buffer.writeBigInt64LE(BigInt.asIntN(64, number));
  return new Value(bsonType.long, buffer, 0, 8);
}

/** Int32 where it fits, else Long, else Double. */
export function integerValue(number: number): Value {
  if ((number | 0) === number) return int32Value(number);
  return Number.isSafeInteger(number) ? longValue(BigInt(number)) : doubleValue(number);
}

export function dateValue(epochMs: number): Value {
  const buffer = Buffer.allocUnsafe(8);
  buffer.writeBigInt64LE(BigInt(epochMs));
  return new Value(bsonType.date, buffer, 0, 8);
}

export function timestampValue(seconds: number, increment: number): Value {
  const buffer = Buffer.allocUnsafe(8);
  buffer.writeUInt32LE(increment, 0);
  buffer.writeUInt32LE(seconds, 4);
  return new Value(bsonType.timestamp, buffer, 0, 8);
}

export function stringValue(text: string): Value {
  const length = Buffer.byteLength(text);
  const buffer = Buffer.allocUnsafe(length + 5);
  buffer.writeInt32LE(length + 1, 0);
  buffer.write(text, 4, "utf8");
  buffer[length + 4] = 0;
  return new Value(bsonType.string, buffer, 0, length + 5);
}

export function binaryValue(bytes: Uint8Array, subtype = 0): Value {
  const buffer = Buffer.allocUnsafe(bytes.length + 5);
  buffer.writeInt32LE(bytes.length, 0);
  buffer[4] = subtype;
  buffer.set(bytes, 5);
  return new Value(bsonType.binary, buffer, 0, buffer.length);
}

export function objectIdValue(bytes: Uint8Array): Value {
  return new Value(bsonType.objectId, Buffer.from(bytes), 0, 12);
}
