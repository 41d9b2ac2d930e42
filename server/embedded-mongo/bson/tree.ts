// A document under change: only what is touched is opened, everything else stays as the bytes it was.
import { ElementCursor } from "./document.ts";
import { bsonType } from "./types.ts";
import { Value, documentValue } from "./value.ts";
import { DocumentWriter } from "./writer.ts";

export type Node = Value | ObjectNode | ArrayNode;

/** Fields in their order; a Map, as JavaScript objects would move names such as "2" to the front. */
export class ObjectNode {
  readonly fields: Map<string, Node>;

  constructor(fields: Map<string, Node> = new Map()) {
    this.fields = fields;
  }
}

export class ArrayNode {
  items: Node[];

  constructor(items: Node[] = []) {
    this.items = items;
  }
}

export function openObject(document: Value): ObjectNode {
  const fields = new Map<string, Node>();
  const cursor = new ElementCursor(document);
  while (cursor.next()) fields.set(cursor.name(), cursor.value());
  return new ObjectNode(fields);
}

export function openArray(array: Value): ArrayNode {
  const items: Node[] = [];
  const cursor = new ElementCursor(array);
  while (cursor.next()) items.push(cursor.value());
  return new ArrayNode(items);
}

/** Opens a value one level if it is a document or array; scalars stay. */
export function openNode(node: Node): Node {
  if (!(node instanceof Value)) return node;
  if (node.type === bsonType.object) return openObject(node);
  return node.type === bsonType.array ? openArray(node) : node;
}

export function nodeType(node: Node): number {
  if (node instanceof Value) return node.type;
  return node instanceof ArrayNode ? bsonType.array : bsonType.object;
}

/** The node as bytes. */
export function closeNode(node: Node): Value {
  if (node instanceof Value) return node;
  const writer = new DocumentWriter(512);
  writeChildren(writer, node);
  const bytes = writer.finish();
  return node instanceof ArrayNode ? new Value(bsonType.array, bytes, 0, bytes.length) : documentValue(bytes);
}

function writeChildren(writer: DocumentWriter, node: ObjectNode | ArrayNode): void {
  if (node instanceof ArrayNode)
    node.items.forEach((item, position) => writeNode(writer, String(position), item));
  else for (const [name, child] of node.fields) writeNode(writer, name, child);
}

function writeNode(writer: DocumentWriter, name: string, node: Node): void {
  if (node instanceof Value) {
    writer.value(name, node);
    return;
  }
  writer.begin(name, node instanceof ArrayNode ? bsonType.array : bsonType.object);
  writeChildren(writer, node);
  writer.end();
}
