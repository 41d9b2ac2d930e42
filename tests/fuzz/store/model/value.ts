// BSON values as the model holds them, every type apart, with an encoder and decoder of its own.

export type Field = readonly [name: string, value: Val];

export type Val =
  | { t: "double"; v: number }
  | { t: "string"; v: string }
  | { t: "object"; v: Field[] }
  | { t: "array"; v: Val[] }
  | { t: "binary"; subtype: number; v: Buffer }
  | { t: "undefined" }
  | { t: "objectId"; v: string }
  | { t: "boolean"; v: boolean }
  | { t: "date"; v: bigint }
  | { t: "null" }
  | { t: "regex"; pattern: string; flags: string }
  | { t: "dbPointer"; v: Buffer }
  | { t: "code"; v: string }
  | { t: "symbol"; v: string }
  | { t: "codeWithScope"; code: string; scope: Field[] }
  | { t: "int"; v: number }
  | { t: "timestamp"; v: bigint }
  | { t: "long"; v: bigint }
  | { t: "decimal"; v: Buffer }
  | { t: "minKey" }
  | { t: "maxKey" }
  /** What `$currentDate` writes: a value the model cannot know, of a type that it knows. */
  | { t: "now"; type: "date" | "timestamp" }
  /** The `_id` the server makes. */
  | { t: "generatedId" };

export type Doc = Field[];

export const typeNumbers = {
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
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: 255,
  maxKey: 127,
  now: 9,
  generatedId: 7,
} as const;

const namesByNumber = new Map<number, keyof typeof typeNumbers>(
  Object.entries(typeNumbers)
    .filter(([name]) => name !== "now" && name !== "generatedId")
    .map(([name, number]) => [number, name as keyof typeof typeNumbers]),
);

export const int = (v: number): Val => ({ t: "int", v });
export const double = (v: number): Val => ({ t: "double", v });
export const long = (v: bigint): Val => ({ t: "long", v });
export const text = (v: string): Val => ({ t: "string", v });
export const bool = (v: boolean): Val => ({ t: "boolean", v });
export const list = (v: Val[]): Val => ({ t: "array", v });
export const obj = (v: Doc): Val => ({ t: "object", v });
export const nothing: Val = { t: "null" };

export function getField(fields: readonly Field[], name: string): Val | undefined {
  return fields.find(([own]) => own === name)?.[1];
}

export function encodeDocument(fields: readonly Field[]): Buffer {
  const parts = fields.map(([name, value]) =>
    Buffer.concat([Buffer.from([typeNumbers[value.t]]), Buffer.from(`${name}\0`), encodeValue(value)]),
  );
  const size = Buffer.alloc(4);
  size.writeInt32LE(5 + parts.reduce((sum, part) => sum + part.length, 0));
  return Buffer.concat([size, ...parts, Buffer.from([0])]);
}

function encodeValue(value: Val): Buffer {
  switch (value.t) {
    case "double": {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(value.v);
      return bytes;
    }
    case "string":
    case "code":
    case "symbol":
      return encodeText(value.v);
    case "object":
      return encodeDocument(value.v);
    case "array":
      return encodeDocument(value.v.map((item, index) => [String(index), item] as const));
    case "binary": {
      const bytes = value.subtype === 2 ? Buffer.concat([encodeInt(value.v.length), value.v]) : value.v;
      return Buffer.concat([encodeInt(bytes.length), Buffer.from([value.subtype]), bytes]);
    }
    case "objectId":
      return Buffer.from(value.v, "hex");
    case "boolean":
      return Buffer.from([value.v ? 1 : 0]);
    case "date":
    case "long":
      return encodeBig(value.v);
    case "timestamp":
      return encodeBig(BigInt.asIntN(64, value.v));
    case "regex":
      return Buffer.from(`${value.pattern}\0${value.flags}\0`);
    case "dbPointer":
      return value.v;
    case "codeWithScope": {
      const body = Buffer.concat([encodeText(value.code), encodeDocument(value.scope)]);
      return Buffer.concat([encodeInt(body.length + 4), body]);
    }
    case "int":
      return encodeInt(value.v);
    case "decimal":
      return value.v;
    case "now":
    case "generatedId":
      throw new Error("a value the model does not know has no bytes");
    default:
      return Buffer.alloc(0);
  }
}

function encodeInt(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function encodeBig(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
}

function encodeText(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([encodeInt(bytes.length + 1), bytes, Buffer.from([0])]);
}

export function decodeDocument(bytes: Buffer): Doc {
  const fields: Field[] = [];
  for (const { name, type, start, end } of elementsOf(bytes))
    fields.push([name, decodeValue(type, bytes.subarray(start, end))]);
  return fields;
}

interface Element {
  name: string;
  type: number;
  start: number;
  end: number;
}

/** The fields of a document with the place of their value bytes. */
export function elementsOf(bytes: Buffer): Element[] {
  const elements: Element[] = [];
  let at = 4;
  while (at < bytes.length - 1) {
    const type = bytes.readUInt8(at);
    const nameEnd = bytes.indexOf(0, at + 1);
    const start = nameEnd + 1;
    const end = start + valueLength(type, bytes, start);
    elements.push({ name: bytes.toString("utf8", at + 1, nameEnd), type, start, end });
    at = end;
  }
  return elements;
}

const fixedLengths = new Map([
  [1, 8],
  [6, 0],
  [7, 12],
  [8, 1],
  [9, 8],
  [10, 0],
  [16, 4],
  [17, 8],
  [18, 8],
  [19, 16],
  [127, 0],
  [255, 0],
]);

function valueLength(type: number, bytes: Buffer, at: number): number {
  const fixed = fixedLengths.get(type);
  if (fixed !== undefined) return fixed;
  switch (type) {
    case 2:
    case 13:
    case 14:
      return 4 + bytes.readInt32LE(at);
    case 3:
    case 4:
    case 15:
      return bytes.readInt32LE(at);
    case 5:
      return 5 + bytes.readInt32LE(at);
    case 11:
      return bytes.indexOf(0, bytes.indexOf(0, at) + 1) + 1 - at;
    case 12:
      return 4 + bytes.readInt32LE(at) + 12;
    default:
      throw new Error(`type ${type} at ${at}`);
  }
}

function decodeValue(type: number, bytes: Buffer): Val {
  const t = namesByNumber.get(type);
  switch (t) {
    case "double":
      return { t, v: bytes.readDoubleLE() };
    case "string":
    case "code":
    case "symbol":
      return { t, v: bytes.toString("utf8", 4, bytes.length - 1) };
    case "object":
      return { t, v: decodeDocument(bytes) };
    case "array":
      return { t, v: decodeDocument(bytes).map(([, item]) => item) };
    case "binary":
      return { t, subtype: bytes.readUInt8(4), v: bytes.subarray(bytes.readUInt8(4) === 2 ? 9 : 5) };
    case "objectId":
      return { t, v: bytes.toString("hex") };
    case "boolean":
      return { t, v: bytes.readUInt8() === 1 };
    case "date":
    case "long":
      return { t, v: bytes.readBigInt64LE() };
    case "timestamp":
      return { t, v: bytes.readBigUInt64LE() };
    case "regex": {
      const [pattern = "", flags = ""] = bytes.toString("utf8").split("\0");
      return { t, pattern, flags };
    }
    case "dbPointer":
    case "decimal":
      return { t, v: bytes };
    case "codeWithScope": {
      const codeEnd = 8 + bytes.readInt32LE(4);
      return {
        t,
        code: bytes.toString("utf8", 8, codeEnd - 1),
        scope: decodeDocument(bytes.subarray(codeEnd)),
      };
    }
    case "int":
      return { t, v: bytes.readInt32LE() };
    case "undefined":
    case "null":
    case "minKey":
    case "maxKey":
      return { t };
    default:
      throw new Error(`type ${type}`);
  }
}
