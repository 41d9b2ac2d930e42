// Takes one person's words out of Yjs updates: what they wrote becomes deleted content of the same length, so that every position, version and edit of others stays as it is.
import * as encoding from "lib0/encoding";
import * as Y from "yjs";
import { notesFragmentName } from "../../../shared/protocol/notes-sync.ts";

interface Range {
  clock: number;
  /** Behind its last unit. */
  end: number;
  redacted: boolean;
}

/** Names of the editor's schema; whatever else stands in their place was somebody's own word. */
const elementNames = new Set([
  "paragraph",
  "heading",
  "bulletList",
  "orderedList",
  "listItem",
  "taskList",
  "taskItem",
  "blockquote",
  "codeBlock",
  "horizontalRule",
  "hardBreak",
]);
const attributeNames = new Set(["level", "checked", "start", "type", "language", "textAlign"]);
const neutralElement = "paragraph";
const neutralName = "deleted";

/** Which units of a document are to be redacted: learned from its log, in the order of the log. */
export class RedactedUnits {
  /** By client, in order and without overlaps. */
  readonly #ranges = new Map<number, Range[]>();

  /**
   * Takes in one update. Who first brought a unit is its author: others send it again as they come back. Units without
   * words in the log count as redacted, as a state of before may still hold them.
   */
  learn(update: Uint8Array, isTheirs: boolean): void {
    for (const struct of Y.decodeUpdate(update).structs) {
      if (!(struct instanceof Y.Item)) continue;
      const { client, clock } = struct.id;
      this.#add(client, {
        clock,
        end: clock + struct.length,
        redacted: isTheirs || struct.content instanceof Y.ContentDeleted,
      });
    }
  }

  /** The stretches of a struct, one after another. What the log never held is left alone. */
  stretches(client: number, clock: number, length: number): { length: number; redacted: boolean }[] {
    const result: { length: number; redacted: boolean }[] = [];
    const push = (units: number, redacted: boolean) => {
      if (units <= 0) return;
      const last = result.at(-1);
      if (last?.redacted === redacted) last.length += units;
      else result.push({ length: units, redacted });
    };
    const end = clock + length;
    let at = clock;
    const ranges = this.#ranges.get(client) ?? [];
    for (let index = firstBehind(ranges, clock); index < ranges.length && at < end; index += 1) {
      const range = ranges[index];
      if (range === undefined || range.clock >= end) break;
      push(range.clock - at, false);
      at = Math.max(at, range.clock);
      push(Math.min(range.end, end) - at, range.redacted);
      at = Math.min(range.end, end);
    }
    push(end - at, false);
    return result;
  }

  #add(client: number, added: Range): void {
    const ranges = this.#ranges.get(client) ?? [];
    this.#ranges.set(client, ranges);
    // Mostly it lies behind all others; otherwise only the gaps are new.
    let at = added.clock;
    let index = firstBehind(ranges, at);
    while (at < added.end) {
      const next = ranges[index];
      if (next === undefined || next.clock >= added.end) {
        ranges.splice(index, 0, { ...added, clock: at });
        return;
      }
      if (next.clock > at) {
        ranges.splice(index, 0, { ...added, clock: at, end: next.clock });
        index += 1;
      }
      at = next.end;
      index += 1;
    }
  }
}

/** The first range that ends behind `clock`. */
function firstBehind(ranges: readonly Range[], clock: number): number {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle]?.end ?? 0) > clock) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The update without their words, and the units that are deleted in it; `update` is null where it held none. */
export function redacted(
  update: Uint8Array,
  units: RedactedUnits,
): { update: Uint8Array | null; deleted: Deletions } {
  const { structs, ds } = Y.decodeUpdate(update);
  const deleted: Deletions = new Map();
  let changed = false;
  const result = structs.flatMap((struct): Struct[] => {
    if (!(struct instanceof Y.Item)) return [struct];
    const pieces = redactedItem(struct, units);
    for (const piece of pieces) if (piece.content instanceof Y.ContentDeleted) addTo(deleted, piece);
    changed ||= pieces.length !== 1 || pieces[0] !== struct;
    return pieces;
  });
  return { update: changed ? encoded(result, ds) : null, deleted };
}

type Struct = ReturnType<typeof Y.decodeUpdate>["structs"][number];
/** By client. */
export type Deletions = Map<number, { clock: number; len: number }[]>;

function addTo(deleted: Deletions, { id, length }: Y.Item): void {
  const ranges = deleted.get(id.client) ?? [];
  ranges.push({ clock: id.clock, len: length });
  deleted.set(id.client, ranges);
}

function redactedItem(item: Y.Item, units: RedactedUnits): Y.Item[] {
  const stretches = units.stretches(item.id.client, item.id.clock, item.length);
  if (stretches.every(({ redacted: gone }) => !gone)) return [item];
  const pieces: Y.Item[] = [];
  let rest: Y.Item = item;
  for (const [index, { length, redacted: gone }] of stretches.entries()) {
    const behind = index < stretches.length - 1 ? splitAt(rest, length) : null;
    pieces.push(gone ? withoutWords(rest) : rest);
    if (behind !== null) rest = behind;
  }
  return pieces;
}

/** Shortens the item to `length` units and answers the rest, as Yjs splits items. */
function splitAt(item: Y.Item, length: number): Y.Item {
  const { client, clock } = item.id;
  const content = item.content.splice(length);
  item.length = length;
  const origin = Y.createID(client, clock + length - 1);
  return new Y.Item(
    Y.createID(client, clock + length),
    null,
    origin,
    null,
    item.rightOrigin,
    null,
    null,
    content,
  );
}

/** What holds others' words stays in its place, under a name of the editor's. */
function withoutWords(item: Y.Item): Y.Item {
  const content = contentWithoutWords(item.content);
  // As it is read from an update, a root's name is a text, whatever the types say.
  const root: unknown = item.parent;
  const isForeignRoot = typeof root === "string" && root !== notesFragmentName;
  const parent = isForeignRoot ? (neutralName as unknown as Y.Item["parent"]) : item.parent;
  const parentSub =
    item.parentSub === null || attributeNames.has(item.parentSub) ? item.parentSub : neutralName;
  if (content === item.content && parent === item.parent && parentSub === item.parentSub) return item;
  return new Y.Item(item.id, null, item.origin, null, item.rightOrigin, parent, parentSub, content);
}

function contentWithoutWords(content: Y.Item["content"]): Y.Item["content"] {
  if (content instanceof Y.ContentDeleted) return content;
  if (content instanceof Y.ContentType) {
    const { type } = content;
    const isOurs = !(type instanceof Y.XmlElement) || elementNames.has(type.nodeName);
    return isOurs && !(type instanceof Y.XmlHook)
      ? content
      : new Y.ContentType(new Y.XmlElement(neutralElement));
  }
  // Levels and ticks are no words.
  if (
    content instanceof Y.ContentAny &&
    content.arr.every((value) => typeof value !== "string" && !isObject(value))
  )
    return content;
  return new Y.ContentDeleted(content.getLength());
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** An update that deletes these units, for whoever still shows them; null where there are none. */
export function deletionOf(all: Deletions[]): Uint8Array | null {
  const updates = all.filter((deletions) => deletions.size > 0).map((clients) => encoded([], { clients }));
  return updates.length === 0 ? null : Y.mergeUpdates(updates);
}

function encoded(structs: readonly Struct[], ds: { clients: Deletions }): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  const rest = encoder.restEncoder;
  const clients = Map.groupBy(structs, ({ id }) => id.client);
  encoding.writeVarUint(rest, clients.size);
  for (const [client, theirs] of clients) {
    encoding.writeVarUint(rest, theirs.length);
    encoder.writeClient(client);
    encoding.writeVarUint(rest, theirs[0]?.id.clock ?? 0);
    for (const struct of theirs) struct.write(encoder, 0);
  }
  encoding.writeVarUint(rest, ds.clients.size);
  for (const [client, ranges] of ds.clients) {
    encoder.resetDsCurVal();
    encoding.writeVarUint(rest, client);
    encoding.writeVarUint(rest, ranges.length);
    for (const { clock, len } of ranges) {
      encoder.writeDsClock(clock);
      encoder.writeDsLen(len);
    }
  }
  return encoder.toUint8Array();
}
