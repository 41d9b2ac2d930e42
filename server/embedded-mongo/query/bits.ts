// $bitsAllSet and its like: which positions they ask for, and whether a number or binary value has them.
import { itemsOf } from "../bson/document.ts";
import { toInteger } from "../bson/numeric.ts";
import { bsonType, isNumeric } from "../bson/types.ts";
import { readBinary, type Value } from "../bson/value.ts";
import { badValue, failedToParse } from "../errors.ts";
import type { Filter } from "./filter.ts";

const maxPosition = 2147483647n;

/** From a list of positions, a number or binary data whose set bits are meant. */
export function bitPositions(name: string, operand: Value): number[] {
  if (operand.type === bsonType.array) return itemsOf(operand).map(bitPosition);
  if (operand.type === bsonType.binary) return setPositions(readBinary(operand).bytes);
  if (!isNumeric(operand.type)) throw badValue(`${name} takes an Array, a number, or a BinData`);
  const mask = toInteger(operand);
  if (mask === undefined || mask < 0n)
    throw failedToParse(`Expected a non-negative integer that fits into 64 bits in: ${name}`);
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(mask);
  return setPositions(bytes);
}

function bitPosition(item: Value): number {
  const position = isNumeric(item.type) ? toInteger(item) : undefined;
  if (position === undefined || position < 0n || position > maxPosition)
    throw badValue("bit positions must be whole numbers of at least 0 that fit into 32 bits");
  return Number(position);
}

function setPositions(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length * 8 }, (_, position) => position).filter((position) =>
    isSet(bytes, position, false),
  );
}

function isSet(bytes: Buffer, position: number, beyond: boolean): boolean {
  const byte = bytes[position >> 3];
  return byte === undefined ? beyond : (byte & (1 << (position & 7))) !== 0;
}

/** Numbers count as two's complement without end, binary data as ending in zeros; other types never match. */
export function bitsHold(
  { all, set, positions }: Extract<Filter, { kind: "bits" }>,
  value: Value | undefined,
): boolean {
  if (value === undefined) return false;
  let bytes: Buffer;
  let beyond = false;
  if (value.type === bsonType.binary) ({ bytes } = readBinary(value));
  else {
    const integer = isNumeric(value.type) ? toInteger(value) : undefined;
    if (integer === undefined) return false;
    bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(integer);
    beyond = integer < 0n;
  }
  const holds = (position: number) => isSet(bytes, position, beyond) === set;
  return all ? positions.every(holds) : positions.some(holds);
}
