// Where files of an export lie: a port, so that another place can take the store's.

/** Names one run's work on one export: another run's files are others. */
export interface ExportKey {
  userId: string;
  exportId: string;
  fence: number;
}

/** What is gathered before it becomes a zip, in texts of bounded size. */
export interface StagedPiece {
  /** Of the file in the zip; the same in all of its pieces, which follow each other. */
  path: string;
  text: string;
}

/** What a zip is made of: texts as they were gathered, and bytes of files. */
export type ZipPiece = StagedPiece | { path: string; bytes: Uint8Array };

export interface ExportFiles {
  /** Durable when it resolves, piece by piece. Throws the signal's reason where it is aborted. */
  put(key: ExportKey, bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>;
  /** In order; of what was put under this key. */
  get(key: ExportKey): AsyncIterable<Uint8Array>;

  stage(key: ExportKey, part: number, pieces: AsyncIterable<StagedPiece>, signal: AbortSignal): Promise<void>;
  /** Parts in their order, of each what the newest run has staged. */
  staged(key: Omit<ExportKey, "fence">, part: number): AsyncIterable<StagedPiece>;

  /** All of a person, but for the zip that `kept` names; null keeps nothing. May be repeated. */
  remove(userId: string, kept: ExportKey | null): Promise<void>;
  /** All of a person's other exports. */
  removeOthers(userId: string, exportId: string): Promise<void>;
}
