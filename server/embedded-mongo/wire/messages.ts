// The bytes of requests and replies: OP_MSG, and OP_QUERY for the greeting that drivers begin with.
import { fieldsOf, itemsOf } from "../bson/document.ts";
import { bsonType } from "../bson/types.ts";
import { validateDocument } from "../bson/validate.ts";
import { Value, readString } from "../bson/value.ts";
import { StoreError } from "../errors.ts";
import { crc32c } from "./crc32c.ts";

export const maxMessageBytes = 48_000_000;
export const headerBytes = 16;

const opReply = 1;
const opQuery = 2004;
const opMessage = 2013;

const checksumPresent = 1;
const moreToCome = 2;
const requiredBits = 0xffff;
const maxNameBytes = 64;

/** One command as it came in. */
export interface Request {
  requestId: number;
  /** The first field of the command, as written. */
  name: string;
  database: string;
  fields: ReadonlyMap<string, Value>;
  /** Documents that came beside the command, by the field they belong to. */
  sequences: ReadonlyMap<string, Value[]>;
  /** The client expects an answer. */
  wantsReply: boolean;
  /** Came as OP_QUERY and is answered by OP_REPLY. */
  legacy: boolean;
}

/** The connection cannot go on: what was sent is no message. */
export class ProtocolError extends Error {}

/** The command's name where it stands at the front, as drivers put it; "" elsewhere. Nothing is checked. */
export function commandNameOf(message: Buffer): string {
  const typeAt = headerBytes + 4 + 1 + 4;
  if (message.length <= typeAt || message.readInt32LE(12) !== opMessage || message[headerBytes + 4] !== 0)
    return "";
  const end = message.indexOf(0, typeAt + 1);
  return end < 0 || end - typeAt > maxNameBytes ? "" : message.toString("latin1", typeAt + 1, end);
}

/** Whether the sender of a message waits for an answer. */
export function wantsReply(message: Buffer): boolean {
  return (message.readUInt32LE(headerBytes) & moreToCome) === 0;
}

/** Parses one whole message. Throws ProtocolError (close the connection) or StoreError (answer with it). */
export function parseMessage(message: Buffer): Request {
  const requestId = message.readInt32LE(4);
  const operation = message.readInt32LE(12);
  if (operation === opMessage) return parseOpMessage(message, requestId);
  if (operation === opQuery) return parseOpQuery(message, requestId);
  throw new ProtocolError(`operation code ${operation} is not supported`);
}

function parseOpMessage(message: Buffer, requestId: number): Request {
  if (message.length < headerBytes + 5) throw new ProtocolError("a message is cut off");
  const flags = message.readUInt32LE(headerBytes);
  if ((flags & requiredBits & ~(checksumPresent | moreToCome)) !== 0)
    throw new ProtocolError("unknown message flags");
  let end = message.length;
  if ((flags & checksumPresent) !== 0) {
    end -= 4;
    if (end < headerBytes + 5 || crc32c(message.subarray(0, end)) !== message.readUInt32LE(end))
      throw new ProtocolError("a message's checksum is wrong");
  }
  let command: Value | null = null;
  const sequences = new Map<string, Value[]>();
  let position = headerBytes + 4;
  while (position < end) {
    const kind = message[position];
    position += 1;
    if (kind === 0) {
      if (command !== null) throw new ProtocolError("a message has two commands");
      const documentEnd = validated(message, position, end);
      command = new Value(bsonType.object, message, position, documentEnd);
      position = documentEnd;
    } else if (kind === 1) position = parseSequence(message, position, end, sequences);
    else throw new ProtocolError(`section kind ${kind} is unknown`);
  }
  if (command === null) throw new ProtocolError("a message has no command");
  const fields = toFields(command);
  const database = fields.get("$db");
  if (database === undefined || database.type !== bsonType.string)
    throw new StoreError(40571, "OP_MSG requests require a $db argument");
  return {
    requestId,
    name: firstName(fields),
    database: readString(database),
    fields,
    sequences,
    wantsReply: (flags & moreToCome) === 0,
    legacy: false,
  };
}

function parseSequence(message: Buffer, start: number, end: number, into: Map<string, Value[]>): number {
  if (start + 4 > end) throw new ProtocolError("a document sequence is cut off");
  const sectionEnd = start + message.readInt32LE(start);
  if (sectionEnd > end || sectionEnd < start + 5)
    throw new ProtocolError("a document sequence's length is wrong");
  const nameEnd = message.indexOf(0, start + 4);
  if (nameEnd < 0 || nameEnd >= sectionEnd)
    throw new ProtocolError("a document sequence's name does not end");
  const name = message.toString("utf8", start + 4, nameEnd);
  if (into.has(name)) throw new ProtocolError("a document sequence came twice");
  const documents: Value[] = [];
  let position = nameEnd + 1;
  while (position < sectionEnd) {
    const documentEnd = validated(message, position, sectionEnd);
    documents.push(new Value(bsonType.object, message, position, documentEnd));
    position = documentEnd;
  }
  into.set(name, documents);
  return sectionEnd;
}

/** Wrong lengths mean that the stream is out of step; wrong values inside right lengths get an answer. */
function validated(message: Buffer, start: number, limit: number): number {
  if (start + 4 > limit) throw new ProtocolError("a document is cut off");
  const end = start + message.readInt32LE(start);
  if (end > limit || end < start + 5) throw new ProtocolError("a document's length is wrong");
  validateDocument(message, start, end);
  return end;
}

function parseOpQuery(message: Buffer, requestId: number): Request {
  const nameStart = headerBytes + 4;
  const nameEnd = message.indexOf(0, nameStart);
  if (nameEnd < 0 || nameEnd + 9 > message.length) throw new ProtocolError("a query is cut off");
  const namespace = message.toString("utf8", nameStart, nameEnd);
  if (!namespace.endsWith(".$cmd")) throw new ProtocolError("OP_QUERY is supported for the greeting only");
  const start = nameEnd + 9;
  const end = validated(message, start, message.length);
  const fields = toFields(new Value(bsonType.object, message, start, end));
  const name = firstName(fields);
  if (!["hello", "ismaster"].includes(name.toLowerCase()))
    throw new ProtocolError("OP_QUERY is supported for the greeting only");
  return {
    requestId,
    name,
    database: namespace.slice(0, -5),
    fields,
    sequences: new Map(),
    wantsReply: true,
    legacy: true,
  };
}

function toFields(command: Value): Map<string, Value> {
  const fields = new Map<string, Value>();
  for (const { name, value } of fieldsOf(command)) fields.set(name, value);
  return fields;
}

function firstName(fields: ReadonlyMap<string, Value>): string {
  const [name] = fields.keys();
  if (name === undefined) throw new StoreError(59, "no such command: ''");
  return name;
}

/** The documents of a command's list, wherever the client put them. */
export function documentList(request: Request, field: string): Value[] {
  const sequence = request.sequences.get(field);
  if (sequence !== undefined) return sequence;
  const list = request.fields.get(field);
  if (list === undefined)
    throw new StoreError(40414, `BSON field '${request.name}.${field}' is missing but a required field`);
  if (list.type !== bsonType.array)
    throw new StoreError(
      14,
      `BSON field '${request.name}.${field}' is the wrong type, expected type 'array'`,
    );
  return itemsOf(list).map((item) => {
    if (item.type !== bsonType.object)
      throw new StoreError(14, `BSON field '${request.name}.${field}' must hold documents`);
    return item;
  });
}

/** The reply's header and body, to be written one after the other. */
export function encodeReply(
  request: { requestId: number; legacy: boolean },
  replyId: number,
  body: Buffer,
): Buffer[] {
  const head = Buffer.alloc(request.legacy ? headerBytes + 20 : headerBytes + 5);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(replyId, 4);
  head.writeInt32LE(request.requestId, 8);
  head.writeInt32LE(request.legacy ? opReply : opMessage, 12);
  if (request.legacy) {
    // Flag 8: the server knows "await". Cursor 0, from 0, one document.
    head.writeInt32LE(8, headerBytes);
    head.writeInt32LE(1, headerBytes + 16);
  }
  return [head, body];
}
