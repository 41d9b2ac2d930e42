// A Map for entries that come and go within moments, in a process that runs for weeks.

/** So many are deleted before the Map is made anew: few enough to end a chain soon, and copying what is left costs little. */
const deletionsLeast = 64;

/**
 * As entries come and go V8 gives a Map one table after the other, and each table points to its successor. Once one of
 * them has grown old, it keeps its successors alive, and they whatever they ever held, until the whole heap is searched
 * the next time. Here such a chain ends soon: the Map is let go when it is empty, and made anew after many deletions.
 */
export class TransientMap<Key, Value> {
  #map: Map<Key, Value> | null = null;
  #deletions = 0;

  get size(): number {
    return this.#map?.size ?? 0;
  }

  get(key: Key): Value | undefined {
    return this.#map?.get(key);
  }

  has(key: Key): boolean {
    return this.#map?.has(key) ?? false;
  }

  set(key: Key, value: Value): void {
    this.#map ??= new Map();
    this.#map.set(key, value);
  }

  /** False where it was not there. */
  delete(key: Key): boolean {
    const map = this.#map;
    if (map?.delete(key) !== true) return false;
    this.#deletions += 1;
    if (map.size === 0) this.#begin(null);
    else if (this.#deletions > deletionsLeast + map.size) this.#begin(new Map(map));
    return true;
  }

  clear(): void {
    this.#begin(null);
  }

  /** In the order in which their keys were first set; a copy, so that entries may be deleted meanwhile. */
  keys(): Key[] {
    return [...(this.#map?.keys() ?? [])];
  }

  /** As `keys`. */
  values(): Value[] {
    return [...(this.#map?.values() ?? [])];
  }

  /** As `keys`. */
  entries(): [Key, Value][] {
    return [...(this.#map?.entries() ?? [])];
  }

  #begin(map: Map<Key, Value> | null): void {
    this.#map = map;
    this.#deletions = 0;
  }
}
