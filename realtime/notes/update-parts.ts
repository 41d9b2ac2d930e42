// The parts of a Yjs update, found in its bytes: updates are checked and put together without building a document.
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import * as Y from "yjs";

/** What an update holds of one client. */
export interface UpdateSection {
  client: number;
  /** Clock of its first struct. */
  clock: number;
  /** Clock of its first gap; `end` where it has none. */
  gap: number;
  /** Clock behind its last struct. */
  end: number;
  count: number;
  /** The structs, encoded one after another. */
  structs: Uint8Array;
}

export interface UpdateParts {
  update: Uint8Array;
  sections: UpdateSection[];
  /** The encoded set of deletions. */
  deletions: Uint8Array;
}

const noDeletions: Uint8Array = new Uint8Array([0]);
const noStructs = 0;

/** Walks an update (of version 1) to its end. Throws where `Y.decodeUpdate` would: the bytes are no update. */
export function readParts(update: Uint8Array): UpdateParts {
  const decoder = decoding.createDecoder(update);
  const sections: UpdateSection[] = [];
  for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) sections.push(readSection(decoder));
  const start = decoder.pos;
  skipDeletions(decoder);
  return { update, sections, deletions: update.subarray(start, decoder.pos) };
}

/** Up to which clock everything of each client is there. */
export function stateVectorOf({ sections }: UpdateParts): Map<number, number> {
  const held = sections.filter(({ clock, gap }) => clock === 0 && gap > 0);
  return new Map(held.map(({ client, gap }) => [client, gap]));
}

/** Whether each client comes once, in the order of Yjs, from its first struct on and without a gap. */
export function isWhole({ sections }: UpdateParts): boolean {
  return isOrdered(sections) && sections.every(({ clock, gap, end }) => clock === 0 && gap === end);
}

/**
 * `base`, which must be whole, with all that the update has besides; null where that would leave a gap. A struct is
 * encoded without regard to its neighbours, so those of a client follow each other as they are.
 */
export function extended(base: UpdateParts, update: Uint8Array): UpdateParts | null {
  const added = readParts(Y.diffUpdate(update, Y.encodeStateVector(stateVectorOf(base))));
  if (!isOrdered(added.sections)) return null;
  const ends = new Map(base.sections.map(({ client, end }) => [client, end]));
  const fits = added.sections.every(
    ({ client, clock, gap, end }) => clock === (ends.get(client) ?? 0) && gap === end,
  );
  if (!fits) return null;
  const deletions = bothDeletions(base.deletions, added.deletions);
  return assembled(
    Map.groupBy([...base.sections, ...added.sections], ({ client }) => client),
    deletions,
  );
}

/** What of a whole update a client with this state vector lacks, with all deletions. Throws on malformed bytes. */
export function missingFrom(whole: UpdateParts, encodedStateVector: Uint8Array): Uint8Array {
  const known = Y.decodeStateVector(encodedStateVector);
  const lacking = whole.sections.filter(({ client, end }) => end > (known.get(client) ?? 0));
  // Only where the client has a part of a section its structs have to be looked at.
  const { update } = assembled(
    Map.groupBy(lacking, ({ client }) => client),
    noDeletions,
  );
  const isSplit = lacking.some(({ client }) => known.has(client));
  const structs = isSplit ? Y.diffUpdate(update, encodedStateVector) : update;
  return Buffer.concat([structs.subarray(0, -noDeletions.byteLength), whole.deletions]);
}

/** An update of these deletions alone. */
export function onlyDeletions(deletions: Uint8Array): Uint8Array {
  return Buffer.concat([new Uint8Array([noStructs]), deletions]);
}

/** Both sets in the one form that Yjs writes: ordered, and without ranges that touch. */
export function bothDeletions(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (right.byteLength === noDeletions.byteLength) return left;
  return Y.mergeUpdates([onlyDeletions(left), onlyDeletions(right)]).subarray(1);
}

/**
 * The updates without what is `known` or was brought by one before them. Honest ones bring the same once more; of one that
 * brings something else under an id that is taken, Yjs would keep the other form as soon as it had to wait for anything.
 */
export function onlyNew(known: Map<number, number>, updates: Uint8Array[]): Uint8Array[] {
  const held = new Map(known);
  return updates.map((update) => {
    const { sections } = readParts(update);
    const overlaps = sections.some(({ client, clock }) => clock < (held.get(client) ?? 0));
    const rest = overlaps ? Y.diffUpdate(update, Y.encodeStateVector(held)) : update;
    for (const { client, clock, gap } of sections) {
      const end = held.get(client) ?? 0;
      if (clock <= end && gap > end) held.set(client, gap);
    }
    return rest;
  });
}

/** As `Y.mergeUpdates`, which looks through all updates at each struct: many are merged in groups. */
export function mergedUpdates(updates: Uint8Array[]): Uint8Array {
  if (updates.length <= mergedAtOnce) return Y.mergeUpdates(updates);
  const groups = Math.ceil(updates.length / mergedAtOnce);
  return mergedUpdates(
    Array.from({ length: groups }, (_, group) =>
      Y.mergeUpdates(updates.slice(group * mergedAtOnce, (group + 1) * mergedAtOnce)),
    ),
  );
}

const mergedAtOnce = 64;

function isOrdered(sections: UpdateSection[]): boolean {
  return sections.every(({ client }, index) => client < (sections[index - 1]?.client ?? Infinity));
}

/** Of each client its sections, which follow each other without a gap. */
function assembled(clients: Map<number, UpdateSection[]>, deletions: Uint8Array): UpdateParts {
  const ordered = [...clients].sort(([left], [right]) => right - left);
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, ordered.length);
  const places = ordered.map(([client, parts]) => {
    const clock = parts[0]?.clock ?? 0;
    const end = parts.at(-1)?.end ?? 0;
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    encoding.writeVarUint(encoder, count);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    const from = encoding.length(encoder);
    for (const { structs } of parts) encoding.writeUint8Array(encoder, structs);
    return { client, clock, gap: end, end, count, from, to: encoding.length(encoder) };
  });
  encoding.writeUint8Array(encoder, deletions);
  const update = encoding.toUint8Array(encoder);
  const sections = places.map(({ from, to, ...rest }) => ({ ...rest, structs: update.subarray(from, to) }));
  return { update, sections, deletions: update.subarray(update.byteLength - deletions.byteLength) };
}

// The bits of a struct's first byte, and the kinds of content, as Yjs numbers them.
const bits = { kind: 0b0001_1111, parentSub: 0b0010_0000, rightOrigin: 0b0100_0000, origin: 0b1000_0000 };
const skipped = 10;
const kinds = { deleted: 1, json: 2, binary: 3, text: 4, embed: 5, format: 6, type: 7, any: 8, document: 9 };
const types = { element: 3, hook: 5, last: 6 };

function readSection(decoder: decoding.Decoder): UpdateSection {
  const count = decoding.readVarUint(decoder);
  const client = decoding.readVarUint(decoder);
  const clock = decoding.readVarUint(decoder);
  const from = decoder.pos;
  let [end, gap] = [clock, -1];
  for (let left = count; left > 0; left -= 1) {
    const info = decoding.readUint8(decoder);
    if (info === skipped && gap < 0) gap = end;
    end += readStruct(decoder, info);
  }
  const structs = decoder.arr.subarray(from, decoder.pos);
  return { client, clock, gap: gap < 0 ? end : gap, end, count, structs };
}

/** Answers the struct's length in clocks. */
function readStruct(decoder: decoding.Decoder, info: number): number {
  const kind = info & bits.kind;
  if (kind === 0 || info === skipped) return decoding.readVarUint(decoder);
  const hasNeighbours = (info & (bits.origin | bits.rightOrigin)) !== 0;
  if ((info & bits.origin) !== 0) skipId(decoder);
  if ((info & bits.rightOrigin) !== 0) skipId(decoder);
  if (!hasNeighbours) {
    if (decoding.readVarUint(decoder) === 1) readText(decoder);
    else skipId(decoder);
    if ((info & bits.parentSub) !== 0) readText(decoder);
  }
  return readContent(decoder, kind);
}

function readContent(decoder: decoding.Decoder, kind: number): number {
  switch (kind) {
    case kinds.text:
      return readText(decoder);
    case kinds.deleted:
      return decoding.readVarUint(decoder);
    case kinds.format:
      readText(decoder);
      JSON.parse(decoding.readVarString(decoder));
      return 1;
    case kinds.type:
      readType(decoder);
      return 1;
    case kinds.json:
      return readEach(decoder, () => {
        const json = decoding.readVarString(decoder);
        if (json !== "undefined") JSON.parse(json);
      });
    case kinds.any:
      return readEach(decoder, () => void decoding.readAny(decoder));
    case kinds.embed:
      JSON.parse(decoding.readVarString(decoder));
      return 1;
    case kinds.binary:
      decoding.readVarUint8Array(decoder);
      return 1;
    case kinds.document:
      readText(decoder);
      if ([null, undefined].includes(decoding.readAny(decoder) as null | undefined))
        throw new Error("a document in a Yjs update has no options");
      return 1;
    default:
      throw new Error(`no content of a Yjs struct is of kind ${kind}`);
  }
}

function readEach(decoder: decoding.Decoder, read: () => void): number {
  const count = decoding.readVarUint(decoder);
  for (let left = count; left > 0; left -= 1) read();
  return count;
}

function readType(decoder: decoding.Decoder): void {
  const type = decoding.readVarUint(decoder);
  if (type > types.last) throw new Error(`no Yjs type has the number ${type}`);
  if (type === types.element || type === types.hook) readText(decoder);
}

/** Answers the length in UTF-16 code units; a string is made only of what is not ASCII. */
function readText(decoder: decoding.Decoder): number {
  const length = decoding.readVarUint(decoder);
  const end = decoder.pos + length;
  if (end > decoder.arr.byteLength) throw new Error("a text in a Yjs update ends too early");
  for (let index = decoder.pos; index < end; index += 1) {
    if ((decoder.arr[index] ?? 0) < 0x80) continue;
    const text = strictUtf8.decode(decoder.arr.subarray(decoder.pos, end));
    decoder.pos = end;
    return text.length;
  }
  decoder.pos = end;
  return length;
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function skipId(decoder: decoding.Decoder): void {
  decoding.readVarUint(decoder);
  decoding.readVarUint(decoder);
}

function skipDeletions(decoder: decoding.Decoder): void {
  for (let clients = decoding.readVarUint(decoder); clients > 0; clients -= 1) {
    decoding.readVarUint(decoder);
    for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) skipId(decoder);
  }
}
