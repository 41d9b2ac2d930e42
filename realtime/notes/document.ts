// What is durable of one document: its state as one Yjs update, and the updates since, put together only when somebody asks.
import * as Y from "yjs";
import { bounds } from "../bounds.ts";
import {
  bothDeletions,
  extended,
  isWhole,
  mergedUpdates,
  missingFrom,
  onlyNew,
  readParts,
  stateVectorOf,
  type UpdateParts,
} from "./update-parts.ts";

/**
 * Relaying needs no Y.Doc, and applying each edit to one would be most of the server's work; so edits are only kept
 * here, and what a joining client asks is answered from their bytes. A document is built now and then, to make the
 * state small again, and where bytes alone do not answer.
 */
export class NotesDocument {
  #state: Uint8Array;
  /** Of the state; null until somebody asks for the first time. */
  #parts: UpdateParts | null;
  /** The state was read from a document: all deletions are in it, and its form is the one that clients have. */
  #built = false;
  /** Updates behind the state. */
  #pending: Uint8Array[];
  /** All that was added since a document was last built. */
  #addedUpdates: number;
  #addedBytes: number;

  /** A state, where there is one, and the updates behind it. */
  constructor([state = emptyUpdate, ...pending]: Uint8Array[]) {
    this.#state = state;
    this.#parts = state === emptyUpdate ? emptyParts : null;
    this.#pending = pending;
    this.#addedUpdates = pending.length;
    this.#addedBytes = pending.reduce((sum, update) => sum + update.byteLength, 0);
  }

  /** Adds a durable update; the same one twice changes nothing. */
  add(update: Uint8Array): void {
    this.#pending.push(update);
    this.#addedUpdates += 1;
    this.#addedBytes += update.byteLength;
  }

  get pendingUpdates(): number {
    return this.#pending.length;
  }

  /** Whether so much was added that building a document now is cheaper than carrying it. */
  get wantsMerge(): boolean {
    return (
      this.#addedUpdates >=
        Math.max(bounds.notesPendingUpdates, this.#state.byteLength / bounds.notesStateBytesPerUpdate) ||
      this.#addedBytes >= Math.max(bounds.notesPendingBytes, this.#state.byteLength)
    );
  }

  stateVector(): Uint8Array {
    return Y.encodeStateVector(stateVectorOf(this.settle()));
  }

  /** Everything that a client with this state vector lacks. Throws on malformed bytes. */
  missingFor(stateVector: Uint8Array): Uint8Array {
    const parts = this.settle();
    if (stateVector.byteLength <= 1) return this.#state;
    return isWhole(parts) ? missingFrom(parts, stateVector) : Y.diffUpdate(this.#state, stateVector);
  }

  /** Whether the update brings nothing that is not here already, e.g. a rejoining client's sync step 2. */
  contains(update: Uint8Array): boolean {
    if (equalBytes(update, emptyUpdate)) return true;
    const parts = this.settle();
    const { sections, deletions } = readParts(update);
    const known = stateVectorOf(parts);
    if (sections.some(({ client, end }) => end > (known.get(client) ?? 0))) return false;
    const isDeleted = () => {
      const ours = this.settle().deletions;
      return equalBytes(deletions, ours) || equalBytes(bothDeletions(ours, deletions), ours);
    };
    if (isDeleted()) return true;
    if (this.#built) return false;
    // What was written into something that somebody else deleted is deleted as well, and only a document knows it.
    this.merge();
    return isDeleted();
  }

  /**
   * Puts what waits behind the state, by the bytes where that can be done. Throws where they are no updates; one that
   * Yjs cannot integrate stays in the bytes and harms no other.
   */
  settle(): UpdateParts {
    let parts = (this.#parts ??= readParts(this.#state));
    if (!isWhole(parts) && !this.#built) return this.merge();
    if (this.#pending.length === 0) return parts;
    const longer =
      this.wantsMerge || !isWhole(parts) ? null : extended(parts, mergedUpdates(this.#new(parts)));
    if (longer === null) return this.merge();
    parts = this.#parts = longer;
    this.#state = longer.update;
    this.#built = false;
    this.#pending = [];
    return parts;
  }

  /** As `settle`, by a document. */
  merge(): UpdateParts {
    const doc = new Y.Doc();
    const added = this.#new((this.#parts ??= readParts(this.#state)));
    try {
      doc.transact(() => {
        Y.applyUpdate(doc, this.#state);
        for (const update of added) Y.applyUpdate(doc, update);
      });
      this.#state = Y.encodeStateAsUpdate(doc);
    } catch {
      this.#state = mergedUpdates([this.#state, ...added]);
    } finally {
      doc.destroy();
    }
    this.#parts = readParts(this.#state);
    this.#built = true;
    this.#pending = [];
    this.#addedUpdates = 0;
    this.#addedBytes = 0;
    return this.#parts;
  }

  /** What waits behind the state, without what is there already. */
  #new(state: UpdateParts): Uint8Array[] {
    return onlyNew(stateVectorOf(state), this.#pending);
  }
}

const emptyUpdate: Uint8Array = new Uint8Array([0, 0]);
const emptyParts = readParts(emptyUpdate);

/**
 * Check of form: throws where the bytes are no Yjs update, or one that no document takes, without applying them anywhere.
 * What a client writes stands beside or inside what it wrote before; Yjs trusts in that, and fails on anything else.
 */
export function assertUpdate(update: Uint8Array): void {
  const { structs, ds } = Y.decodeUpdate(update);
  for (const [client, ranges] of ds.clients) {
    assertWritable(client);
    let end = 0;
    for (const { clock, len } of ranges) {
      if (len < 1) throw new Error("a deletion of this update deletes nothing");
      if (clock < end) throw new Error("the deletions of this update are not in order");
      end = endOf(clock, len);
    }
  }
  for (const struct of structs) {
    // Yjs finds a struct by its units: beside one that has none it finds nothing any more.
    if (struct.length < 1) throw new Error("a struct of this update holds nothing");
    assertWritable(struct.id.client);
    endOf(struct.id.clock, struct.length);
    if (!(struct instanceof Y.Item)) continue;
    const { id, origin, rightOrigin, parent, content } = struct;
    if (content instanceof Y.ContentDoc && typeof content.doc.guid !== "string")
      throw new Error("a document in this update has no name");
    for (const other of [origin, rightOrigin, parent]) {
      if (!(other instanceof Y.ID)) continue;
      assertWritable(other.client, other.clock);
      if (other.client === id.client && other.clock >= id.clock)
        throw new Error("a struct of this update refers to a later one of the same client");
    }
  }
}

/** The clock behind so many units; throws where it cannot be written any more. */
function endOf(clock: number, length: number): number {
  const end = clock + length;
  assertWritable(end);
  return end;
}

/** Of as many bytes as one likes Yjs reads Infinity, and writing that has no end. */
function assertWritable(...numbers: number[]): void {
  if (!numbers.every(Number.isSafeInteger))
    throw new Error("an update counts further than anything is counted");
}

export function isEmptyUpdate(update: Uint8Array): boolean {
  return equalBytes(update, emptyUpdate);
}

function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
