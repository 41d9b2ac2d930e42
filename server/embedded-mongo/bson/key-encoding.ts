// Bytes whose plain byte order is BSON's value order: what index entries, sorts and sets of values are made of.
import { codeParts } from "./compare.ts";
import { compareFractions, fractionOfDouble, readDecimal } from "./decimal.ts";
import { ElementCursor } from "./document.ts";
import { fractionOf, toNumber } from "./numeric.ts";
import { bsonType, typeRank } from "./types.ts";
import type { Value } from "./value.ts";
import { readStringBytes } from "./value.ts";

/** Collects a key. Each value's bytes end by themselves, so that values can follow one another. */
export class KeyWriter {
  #buffer = Buffer.allocUnsafe(128);
  #length = 0;

  reset(): void {
    this.#length = 0;
  }

  byte(byte: number): void {
    this.reserve(1);
    this.#buffer[this.#length++] = byte;
  }

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A value rising, or falling: with every bit turned over the order turns too. */
  value(value: Value, descending: boolean): void {
    const start = this.#length;
    writeValue(this, value);
    if (descending)
      for (let at = start; at < this.#length; at += 1) this.#buffer[at] = ~(this.#buffer[at] ?? 0) & 0xff;
  }

  double(number: number): void {
    this.reserve(8);
    const { buffer, at } = { buffer: this.#buffer, at: this.#length };
    if (Number.isNaN(number)) buffer.fill(0, at, at + 8);
    else {
      buffer.writeDoubleBE(number === 0 ? 0 : number, at);
      // Negative numbers have all bits turned, others the sign only: byte order becomes numeric order.
      if ((buffer[at] ?? 0) & 0x80) for (let i = at; i < at + 8; i += 1) buffer[i] = ~(buffer[i] ?? 0) & 0xff;
      else buffer[at] = (buffer[at] ?? 0) | 0x80;
    }
    this.#length += 8;
  }

  bigUint64(number: bigint): void {
    this.reserve(8);
    this.#buffer.writeBigUInt64BE(number, this.#length);
    this.#length += 8;
  }

  uint32(number: number): void {
    this.reserve(4);
    this.#buffer.writeUInt32BE(number, this.#length);
    this.#length += 4;
  }

  /** Text or bytes that may hold zeros: a zero is followed by 0xff, and two zeros end it. */
  escaped(bytes: Buffer): void {
    this.reserve(bytes.length + 2);
    if (bytes.indexOf(0) < 0) this.bytes(bytes);
    else
      for (const byte of bytes) {
        this.byte(byte);
        if (byte === 0) this.byte(0xff);
      }
    this.byte(0);
    this.byte(0);
  }

  /** A copy of what was written. */
  take(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#length));
  }

  private reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe((this.#length + bytes) * 2);
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}

const shared = new KeyWriter();

/** The key of one value. Equal values have equal keys, whatever their numeric type. */
export function encodeKey(value: Value, descending = false): Buffer {
  shared.reset();
  shared.value(value, descending);
  return shared.take();
}

/** The same as text, to be used in a Set or Map. */
export function keyText(value: Value): string {
  return encodeKey(value).toString("latin1");
}

function writeValue(key: KeyWriter, value: Value): void {
  key.byte(typeRank(value.type));
  writePayload(key, value);
}

function writePayload(key: KeyWriter, value: Value): void {
  switch (value.type) {
    case bsonType.double:
    case bsonType.int32:
    case bsonType.long:
    case bsonType.decimal:
      writeNumber(key, value);
      return;
    case bsonType.string:
    case bsonType.symbol:
    case bsonType.code:
      key.escaped(readStringBytes(value));
      return;
    case bsonType.object:
      writeFields(key, value, true);
      return;
    case bsonType.array:
      writeFields(key, value, false);
      return;
    case bsonType.binary:
    case bsonType.dbPointer:
      key.uint32(value.buffer.readUInt32LE(value.start));
      key.bytes(value.buffer.subarray(value.start + 4, value.end));
      return;
    case bsonType.date:
      key.bigUint64(BigInt.asUintN(64, value.buffer.readBigInt64LE(value.start) ^ (-1n << 63n)));
      return;
    case bsonType.timestamp:
      key.bigUint64(value.buffer.readBigUInt64LE(value.start));
      return;
    case bsonType.codeWithScope: {
      const { code, scope } = codeParts(value);
      key.escaped(readStringBytes(code));
      writeFields(key, scope, true);
      return;
    }
    default:
      // Object ids and booleans are of one length, regular expressions end with a zero of their own.
      key.bytes(value.bytes());
  }
}

function writeFields(key: KeyWriter, document: Value, withNames: boolean): void {
  const cursor = new ElementCursor(document);
  while (cursor.next()) {
    key.byte(typeRank(cursor.type));
    if (withNames) key.bytes(cursor.buffer.subarray(cursor.nameStart, cursor.nameEnd + 1));
    writePayload(key, cursor.value());
  }
  key.byte(0);
}

/**
 * The greatest double not above the number, then a zero if that is the number itself, else a one and its exact digits:
 * Longs and Decimals between two doubles keep their order.
 */
function writeNumber(key: KeyWriter, value: Value): void {
  if (value.type === bsonType.int32 || value.type === bsonType.double) {
    key.double(toNumber(value));
    key.byte(0);
    return;
  }
  let floor = toNumber(value);
  if (
    Number.isNaN(floor) ||
    (value.type === bsonType.long && Number.isSafeInteger(floor)) ||
    isInfinite(value)
  ) {
    key.double(floor);
    key.byte(0);
    return;
  }
  const exact = fractionOf(value);
  if (!Number.isFinite(floor)) {
    floor = floor > 0 ? Number.MAX_VALUE : -Infinity;
  } else if (compareFractions(fractionOfDouble(floor), exact) > 0) floor = nextBelow(floor);
  key.double(floor);
  if (Number.isFinite(floor) && compareFractions(fractionOfDouble(floor), exact) === 0) {
    key.byte(0);
    return;
  }
  key.byte(1);
  writeDigits(key, value);
}

function isInfinite(value: Value): boolean {
  return value.type === bsonType.decimal && readDecimal(value).kind === "infinite";
}

function writeDigits(key: KeyWriter, value: Value): void {
  const decimal =
    value.type === bsonType.decimal
      ? readDecimal(value)
      : { kind: "finite" as const, coefficient: fractionOf(value).numerator, exponent: 0 };
  if (decimal.kind !== "finite") return;
  const negative = decimal.coefficient < 0n;
  const digits = (negative ? -decimal.coefficient : decimal.coefficient).toString();
  // As 0.ddd * 10^exponent, so that the exponent alone decides between numbers of different size.
  const exponent = decimal.exponent + digits.length + 0x8000;
  const turn = negative ? 0xff : 0;
  key.byte(negative ? 0 : 1);
  key.byte(((exponent >> 8) & 0xff) ^ turn);
  key.byte((exponent & 0xff) ^ turn);
  for (const digit of digits.replace(/0+$/, "")) key.byte((Number(digit) + 1) ^ turn);
  key.byte(turn);
}

const view = new DataView(new ArrayBuffer(8));

/** The next double below a finite one. */
function nextBelow(number: number): number {
  if (number === 0) return -Number.MIN_VALUE;
  view.setFloat64(0, number);
  view.setBigInt64(0, view.getBigInt64(0) + (number > 0 ? -1n : 1n));
  return view.getFloat64(0);
}
