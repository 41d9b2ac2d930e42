// What the rest of the server knows of its storage: ordered entries that point to documents, and a catalogue.

/** Identifies a stored document; unique over all collections and never used twice while the server runs. */
export type RecordId = number;

/** A range of entry keys: `lower` belongs to it, `upper` does not. */
export interface KeyRange {
  lower: Buffer;
  upper: Buffer;
}

export interface StoredRow {
  id: RecordId;
  document: Buffer;
}

/** Where a scan of entries is: several records may have one key. */
export interface EntryPosition {
  key: Buffer;
  id: RecordId;
}

export interface EntriesPage {
  rows: StoredRow[];
  /** The page's last entry, to go on after it; null at the end of the range. */
  next: EntryPosition | null;
}

/** A page ends at whichever limit comes first, but holds at least one row if there is one. */
export interface PageLimits {
  maxRows: number;
  maxBytes: number;
}

export interface EntriesOptions extends PageLimits {
  range: KeyRange;
  after: EntryPosition | null;
  reverse: boolean;
  /** The documents may lie in one piece of memory, which is cheaper: whoever keeps one of them keeps all. */
  sharedMemory?: boolean;
}

/** Reads committed data (or, inside a write, what that write sees). Every call is one short step. */
export interface ReadView {
  document(id: RecordId): Buffer | undefined;
  /** The record of the first entry with exactly this key. */
  recordOfKey(key: Buffer): RecordId | undefined;
  /** Documents of a collection in the order of their record ids, after `after` (null: from the start). */
  documentsPage(
    options: { collectionId: number; after: RecordId | null; reverse: boolean } & PageLimits,
  ): StoredRow[];
  /** Entries in key order with their documents, after the given entry (null: from the range's start). */
  entriesPage(options: EntriesOptions): EntriesPage;
  /** Of an index without equal keys: how many of the range's first `maxKeys` there are, and the last of them. */
  countKeys(range: KeyRange, maxKeys: number): { count: number; last: Buffer | null };
}

/** Entries of one index, each key with its record. */
export interface EntriesOfIndex {
  /** Of all entries of the index. */
  range: KeyRange;
  keys: readonly Buffer[];
  ids: readonly RecordId[];
}

export interface EntryOfMany {
  /** Of all entries of the index. */
  range: KeyRange;
  key: Buffer;
  id: RecordId;
}

export interface StoredCollection {
  id: number;
  database: string;
  name: string;
  uuid: Buffer;
}

export interface StoredIndex {
  id: number;
  collectionId: number;
  name: string;
  /** The index specification as BSON, as `listIndexes` gives it. */
  specification: Buffer;
  /** Bit n is set when field n of the index met an array in some document. */
  multikeyFields: number;
}

/** Changes inside a transaction of the write queue. */
export interface WriteView extends ReadView {
  insertDocument(collectionId: number, document: Buffer): RecordId;
  replaceDocument(id: RecordId, document: Buffer): void;
  deleteDocument(id: RecordId): void;
  addEntry(key: Buffer, id: RecordId): void;
  /**
   * Adds many entries that are not there yet, of an index without uniqueness: `recordOfKey` and `countKeys` may not see
   * them until they are moved to their place.
   */
  addEntries(entries: EntriesOfIndex): void;
  /** Adds one entry of an index without uniqueness where many are added one by one; what `addEntries` says holds for it. */
  addEntryOfMany(entry: EntryOfMany): void;
  /** How many entries `addEntries` and `addEntryOfMany` have put aside so far, for `moveEntries` to move. */
  readonly putAside: number;
  /** Moves entries that were put aside to their place. Answers whether there were any. */
  moveEntries(maxEntries: number): boolean;
  removeEntry(key: Buffer, id: RecordId): void;
  removeEntries(range: KeyRange): void;
  createCollection(database: string, name: string, uuid: Buffer): StoredCollection;
  /** Removes the documents and the catalogue row; indexes are removed by themselves, one by one. */
  dropCollection(collectionId: number): void;
  createIndex(index: Omit<StoredIndex, "id">): StoredIndex;
  dropIndex(id: number): void;
  /** Its specification and what is noted of arrays; the rest must be as it was. */
  changeIndex(index: StoredIndex): void;
  /** Documents and indexes stay as they are. */
  renameCollection(collection: StoredCollection): void;
}

/** What reading needs. */
export interface ReadStorage {
  readonly reader: ReadView;
  /** Bytes of the data file. */
  sizeBytes(): number;
}

export interface StoredCatalog {
  collections: StoredCollection[];
  indexes: StoredIndex[];
}

export interface Storage extends ReadStorage {
  readonly writer: WriteView;
  loadCatalog(): StoredCatalog;
  begin(durably?: boolean): void;
  /** Returns when the data is durable, with all that was committed before it; if it was not begun so, when the system has it. */
  commit(): void;
  /** Something was committed and is not durable yet. */
  readonly unsynced: boolean;
  /** Makes that durable. Outside of transactions only. */
  sync(): void;
  /** Pages in the write-ahead log after the last commit. */
  readonly logFrames: number;
  /** Takes the log into the data file, as far as no reader needs it. Outside of transactions only. */
  checkpoint(): void;
  /**
   * Rewrites the data file and empties the log. Outside of transactions only; may take seconds for each gigabyte. False
   * where a reader has kept the log from being emptied.
   */
  compact(): boolean;
  /** Safe to call whether or not a transaction is open. */
  rollback(): void;
  savepoint(): void;
  releaseSavepoint(): void;
  rollbackToSavepoint(): void;
  close(): void;
}
