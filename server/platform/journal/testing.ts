// For tests: a journal store and a materialiser in memory that can fail, answer late and lose their process.
import type { JournalEntry, Materialiser } from "./index.ts";
import {
  documentId,
  formerTerm,
  numberOf,
  type JournalDocument,
  type JournalStore,
  type Term,
} from "./journal-store.ts";

/** What happens to one operation: done, refused before or after it took effect, or never answered. */
export type Fate = "works" | "fails before" | "fails after" | "never answers";

/** What survives a crash: the data on disk, and faults that tests inject. */
export class MemoryDisk {
  readonly documents = new Map<string, JournalDocument>();
  /** Ids of fences among the documents. */
  readonly fences = new Set<string>();
  /** Terms that have begun and are not known to be filed completely. */
  readonly terms = new Set<Term>();
  readonly collection = new Map<string, JournalEntry[]>();
  /** Documents with entries that were written. */
  inserts = 0;
  lookUps = 0;
  voids = 0;
  fate: (operation: string, subject: string) => Fate = () => "works";
}

/** One process's connection to the disk; after `kill`, nothing that it started takes effect or is answered. */
export class MemoryProcess {
  readonly #disk: MemoryDisk;
  #dead = false;
  readonly #held: (() => void)[] = [];
  #holding = false;

  constructor(disk: MemoryDisk) {
    this.#disk = disk;
  }

  kill(): void {
    this.#dead = true;
  }

  /** From now on inserts wait until `release`. */
  hold(): void {
    this.#holding = true;
  }

  release(): void {
    this.#holding = false;
    for (const resume of this.#held.splice(0)) resume();
  }

  readonly store: JournalStore = {
    insert: (document) =>
      this.#run("insert", document.id, () => {
        const { documents, fences } = this.#disk;
        if (document.entries.length > 0) this.#disk.inserts += 1;
        if (!documents.has(document.id)) documents.set(document.id, document);
        return fences.has(document.id) ? "fenced" : "landed";
      }),
    settle: (document) =>
      this.#run("settle", document.id, () => {
        const { documents, fences } = this.#disk;
        if (fences.has(document.id)) return "fenced";
        const there = documents.get(document.id);
        if (there === undefined) {
          documents.set(document.id, { ...document, entries: [] });
          this.#disk.voids += 1;
        }
        return there !== undefined && there.entries.length > 0 ? "landed" : "void";
      }),
    fence: (term, { at }) =>
      this.#run("fence", term, () => {
        const newest = this.#idsOf(term).at(-1);
        if (term === formerTerm || (newest !== undefined && this.#disk.fences.has(newest))) return;
        const id = documentId(term, newest === undefined ? 0 : numberOf(newest) + 1);
        this.#disk.documents.set(id, { id, term, at, entries: [] });
        this.#disk.fences.add(id);
      }),
    scan: (term) => this.#scan(term),
    remove: (ids) =>
      this.#run("remove", "", () => {
        for (const id of ids) this.#disk.documents.delete(id);
      }),
    forget: (term) =>
      this.#run("forget", term, () => {
        for (const id of this.#idsOf(term)) this.#disk.documents.delete(id);
      }),
    sizeOf: (payload) =>
      payload instanceof Uint8Array ? payload.byteLength : JSON.stringify(payload).length,
  };

  materialiser(kind: string, options: { listsKeys: boolean }): Materialiser {
    const of = (stream: string) => this.#disk.collection.get(stream) ?? [];
    const write = (stream: string, entries: JournalEntry[]) =>
      this.#run("write", stream, () => {
        const stored = of(stream);
        for (const entry of entries) {
          const last = stored.at(-1)?.sequence ?? 0;
          if (entry.sequence <= last) continue;
          if (entry.sequence !== last + 1)
            throw new Error(`${stream} would skip from ${last} to ${entry.sequence}`);
          stored.push(entry);
        }
        this.#disk.collection.set(stream, stored);
      });
    return {
      kind,
      lastSequence: (stream) => this.#run("lastSequence", stream, () => of(stream).at(-1)?.sequence ?? 0),
      findByKeys: (stream, keys) =>
        this.#run("findByKeys", stream, () => {
          this.#disk.lookUps += 1;
          return of(stream).filter(({ key }) => key !== null && keys.includes(key));
        }),
      ...(options.listsKeys && {
        listKeys: (stream: string, limit: number) =>
          this.#run("listKeys", stream, () => {
            const keys = of(stream).flatMap(({ key }) => (key === null ? [] : [key]));
            return keys.length > limit ? null : keys;
          }),
      }),
      read: (stream, fromSequence, limit) =>
        this.#run("read", stream, () =>
          of(stream)
            .filter(({ sequence }) => sequence >= fromSequence)
            .slice(0, limit),
        ),
      async write(runs) {
        for (const { stream, entries } of runs) await write(stream, entries);
      },
    };
  }

  #idsOf(term: Term): string[] {
    return [...this.#disk.documents.values()].flatMap((one) => (one.term === term ? [one.id] : [])).sort();
  }

  async *#scan(term: Term): AsyncIterable<JournalDocument[]> {
    const ids = await this.#run("scan", "", () => this.#idsOf(term));
    for (const id of ids) {
      const document = this.#disk.documents.get(id);
      if (document !== undefined && !this.#disk.fences.has(id)) yield [document];
    }
  }

  async #run<Result>(operation: string, subject: string, effect: () => Result): Promise<Result> {
    await Promise.resolve();
    if (this.#holding && operation === "insert") await new Promise<void>((resume) => this.#held.push(resume));
    const fate = this.#dead ? "never answers" : this.#disk.fate(operation, subject);
    if (fate === "never answers") return new Promise<Result>(() => undefined);
    if (fate === "fails before") throw new Error("the store is away");
    const result = effect();
    await Promise.resolve();
    if (this.#dead) return new Promise<Result>(() => undefined);
    if (fate === "fails after") throw new Error("the answer got lost");
    return result;
  }
}
