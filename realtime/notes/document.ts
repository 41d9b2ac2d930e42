// What is durable of one document: its state as one Yjs update, and the updates since, merged only when somebody asks.
import * as Y from "yjs";
import { bounds } from "../bounds.ts";

/**
 * Relaying needs no Y.Doc, and applying each edit to one would be most of the server's work; so edits are only kept
 * here, and a document exists for the moment in which a joining client's question is answered.
 */
export class NotesDocument {
  #state: Uint8Array = emptyUpdate;
  #stateVector: Uint8Array = emptyStateVector;
  /** What a client with exactly our content sends as its sync step 2: no structs, our delete set. */
  #nothingNew: Uint8Array = emptyUpdate;
  #pending: Uint8Array[];
  #pendingBytes: number;

  constructor(updates: Uint8Array[]) {
    this.#pending = updates;
    this.#pendingBytes = updates.reduce((sum, update) => sum + update.byteLength, 0);
  }

  /** Adds a durable update; the same one twice changes nothing. */
  add(update: Uint8Array): void {
    this.#pending.push(update);
    this.#pendingBytes += update.byteLength;
  }

  get pendingUpdates(): number {
    return this.#pending.length;
  }

  /** Whether enough updates wait that merging them now is cheaper than carrying them. */
  get wantsMerge(): boolean {
    return (
      this.#pending.length >= bounds.notesPendingUpdates ||
      this.#pendingBytes >= Math.max(bounds.notesPendingBytes, this.#state.byteLength)
    );
  }

  stateVector(): Uint8Array {
    this.merge();
    return this.#stateVector;
  }

  /** Everything that a client with this state vector lacks. Throws on malformed bytes. */
  missingFor(stateVector: Uint8Array): Uint8Array {
    this.merge();
    return stateVector.byteLength <= 1 ? this.#state : Y.diffUpdate(this.#state, stateVector);
  }

  /** Whether the update brings nothing that is not here already, e.g. a rejoining client's sync step 2. */
  contains(update: Uint8Array): boolean {
    if (equalBytes(update, emptyUpdate)) return true;
    this.merge();
    if (equalBytes(update, this.#nothingNew)) return true;
    const { structs, ds } = Y.decodeUpdate(update);
    const known = Y.decodeStateVector(this.#stateVector);
    if (structs.some(({ id, length }) => id.clock + length > (known.get(id.client) ?? 0))) return false;
    const deleted = Y.decodeUpdate(this.#nothingNew).ds;
    for (const [client, ranges] of ds.clients) {
      const ours = deleted.clients.get(client) ?? [];
      const covered = ranges.every((range) =>
        ours.some((own) => own.clock <= range.clock && range.clock + range.len <= own.clock + own.len),
      );
      if (!covered) return false;
    }
    return true;
  }

  /** Merges what waits into the state. An update that Yjs cannot integrate stays in the bytes and harms no other. */
  merge(): void {
    if (this.#pending.length === 0) return;
    const doc = new Y.Doc();
    try {
      doc.transact(() => {
        Y.applyUpdate(doc, this.#state);
        for (const update of this.#pending) Y.applyUpdate(doc, update);
      });
      this.#state = Y.encodeStateAsUpdate(doc);
      this.#stateVector = Y.encodeStateVector(doc);
      this.#nothingNew = Y.encodeStateAsUpdate(doc, this.#stateVector);
    } catch {
      this.#state = Y.mergeUpdates([this.#state, ...this.#pending]);
      this.#stateVector = Y.encodeStateVectorFromUpdate(this.#state);
      this.#nothingNew = Y.diffUpdate(this.#state, this.#stateVector);
    } finally {
      doc.destroy();
    }
    this.#pending = [];
    this.#pendingBytes = 0;
  }
}

const emptyUpdate: Uint8Array = new Uint8Array([0, 0]);
const emptyStateVector: Uint8Array = new Uint8Array([0]);

/** Cheap check of form: throws where the bytes are no Yjs update, without applying them anywhere. */
export function assertUpdate(update: Uint8Array): void {
  Y.decodeUpdate(update);
}

export function isEmptyUpdate(update: Uint8Array): boolean {
  return equalBytes(update, emptyUpdate);
}

function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
