// Checks bytes from the outside once, so that everything after it may trust lengths, types and depth.
import { StoreError } from "../errors.ts";
import { bsonType, isKnownType } from "./types.ts";

/** MongoDB's own limit for stored documents is 100 levels; messages may wrap them a little deeper. */
export const maxDepth = 200;
export const maxDocumentBytes = 16 * 1024 * 1024;

function invalid(reason: string): StoreError {
  return new StoreError(22, `invalid BSON: ${reason}`);
}

/**
 * Validates the document that starts at `start` and must lie before `limit`; answers where it ends.
 * Throws StoreError 22 (InvalidBSON) for anything malformed.
 */
export function validateDocument(buffer: Buffer, start: number, limit: number, depth = 0): number {
  if (depth > maxDepth) throw new StoreError(15, `documents may nest ${maxDepth} levels at most`);
  if (start + 5 > limit) throw invalid("a document is cut off");
  const length = buffer.readInt32LE(start);
  const end = start + length;
  if (length < 5 || end > limit) throw invalid("a document's length is wrong");
  if (buffer[end - 1] !== 0) throw invalid("a document does not end with a zero byte");
  let position = start + 4;
  while (position < end - 1) {
    const type = buffer[position] ?? 0;
    if (!isKnownType(type)) throw invalid(`type ${type} is unknown`);
    const nameEnd = buffer.indexOf(0, position + 1);
    if (nameEnd < 0 || nameEnd >= end - 1) throw invalid("a field name does not end");
    position = validatePayload(type, buffer, nameEnd + 1, end - 1, depth);
  }
  if (position !== end - 1) throw invalid("a document's fields do not fill it");
  return end;
}

function validatePayload(type: number, buffer: Buffer, start: number, limit: number, depth: number): number {
  const end = payloadLimit(type, buffer, start, limit, depth);
  if (end > limit) throw invalid("a value runs past its document");
  return end;
}

function payloadLimit(type: number, buffer: Buffer, start: number, limit: number, depth: number): number {
  switch (type) {
    case bsonType.double:
    case bsonType.date:
    case bsonType.timestamp:
    case bsonType.long:
      return start + 8;
    case bsonType.int32:
      return start + 4;
    case bsonType.objectId:
      return start + 12;
    case bsonType.decimal:
      return start + 16;
    case bsonType.boolean: {
      const flag = buffer[start];
      if (flag !== 0 && flag !== 1) throw invalid("a boolean is neither 0 nor 1");
      return start + 1;
    }
    case bsonType.string:
    case bsonType.code:
    case bsonType.symbol:
      return stringEnd(buffer, start, limit);
    case bsonType.dbPointer:
      return stringEnd(buffer, start, limit) + 12;
    case bsonType.object:
    case bsonType.array:
      return validateDocument(buffer, start, limit, depth + 1);
    case bsonType.codeWithScope: {
      const length = lengthAt(buffer, start, limit);
      const codeEnd = stringEnd(buffer, start + 4, limit);
      const end = validateDocument(buffer, codeEnd, limit, depth + 1);
      if (end !== start + length) throw invalid("code with scope has a wrong length");
      return end;
    }
    case bsonType.binary: {
      const length = lengthAt(buffer, start, limit);
      if (length < 0) throw invalid("a binary value has a negative length");
      return start + 5 + length;
    }
    case bsonType.regex: {
      const patternEnd = buffer.indexOf(0, start);
      if (patternEnd < 0 || patternEnd >= limit) throw invalid("a regular expression does not end");
      const flagsEnd = buffer.indexOf(0, patternEnd + 1);
      if (flagsEnd < 0) throw invalid("a regular expression's options do not end");
      return flagsEnd + 1;
    }
    default:
      return start;
  }
}

function lengthAt(buffer: Buffer, start: number, limit: number): number {
  if (start + 4 > limit) throw invalid("a length is cut off");
  return buffer.readInt32LE(start);
}

function stringEnd(buffer: Buffer, start: number, limit: number): number {
  const length = lengthAt(buffer, start, limit);
  const end = start + 4 + length;
  if (length < 1 || end > limit || buffer[end - 1] !== 0) throw invalid("a string's length is wrong");
  return end;
}
