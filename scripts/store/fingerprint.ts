// What two copies of a collection are compared by: how many documents, how many bytes, a hash over them, and the indexes.
import { createHash } from "node:crypto";
import mongoose from "mongoose";
import type { Progress } from "./task.ts";
import type { Document, SourceCollection, StoreSource } from "./source.ts";

const { BSON } = mongoose.mongo;

export interface Fingerprint {
  documents: number;
  bytes: number;
  /** The sum, modulo 2^256, of the SHA-256 of each raw document: the same in whatever order they are read. */
  hash: string;
}

const modulus = 1n << 256n;

/** Takes documents one by one; needs no memory for them. */
export class Fingerprinter {
  #documents = 0;
  #bytes = 0;
  #sum = 0n;

  add(document: Uint8Array): void {
    this.#documents += 1;
    this.#bytes += document.byteLength;
    this.#sum = (this.#sum + BigInt(`0x${createHash("sha256").update(document).digest("hex")}`)) % modulus;
  }

  result(): Fingerprint {
    return { documents: this.#documents, bytes: this.#bytes, hash: this.#sum.toString(16).padStart(64, "0") };
  }
}

export async function fingerprintOf(
  pages: AsyncIterable<Buffer[]>,
  seen: (documents: number, bytes: number) => void = () => undefined,
): Promise<Fingerprint> {
  const fingerprinter = new Fingerprinter();
  for await (const page of pages) {
    for (const document of page) fingerprinter.add(document);
    seen(
      page.length,
      page.reduce((sum, { length }) => sum + length, 0),
    );
  }
  return fingerprinter.result();
}

export async function fingerprintsOf(
  source: StoreSource,
  progress: Progress,
): Promise<Map<string, Fingerprint>> {
  const found = new Map<string, Fingerprint>();
  for (const collection of source.collections) {
    const seen = (documents: number, bytes: number) => progress.moved(collection.name, documents, bytes);
    found.set(collection.name, await fingerprintOf(source.pages(collection), seen));
  }
  return found;
}

/** What an index does, in one comparable line each: without version and namespace, numbers by value. */
export function indexLines({ indexes }: Pick<SourceCollection, "indexes">): string[] {
  return indexes.map(indexLine).sort();
}

function indexLine(index: Document): string {
  const { v: _version, ns: _namespace, background: _background, key, name, ...options } = index;
  const sorted = Object.entries(options)
    .filter(([, value]) => value !== false)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return BSON.EJSON.stringify({ name, key, ...Object.fromEntries(sorted) }, { relaxed: true });
}
