// The journal's bounds and intervals in one place; tests pass smaller ones.

export interface JournalLimits {
  /**
   * Flushes start at least this far apart: what a write costs is shared by what comes meanwhile, and people are told of it
   * within 50 ms all the same. An idle journal writes at once.
   */
  windowMs: number;
  /** A flush does not wait for the window once this much is queued, and takes no more than this. */
  flushMaxEntries: number;
  flushMaxBytes: number;
  /** What may wait to become durable before `append` refuses. */
  bufferMaxEntries: number;
  bufferMaxBytes: number;
  /** What may be durable but not yet materialised before `append` refuses: of one stream, of all. */
  streamTailMaxBytes: number;
  tailMaxBytes: number;
  /** One try of a write; afterwards its outcome is unknown and the same document is tried again. */
  attemptTimeoutMs: number;
  readTimeoutMs: number;
  /** One move of entries into a collection; afterwards it is tried again. */
  moveTimeoutMs: number;
  /** After this long without success the waiters are told. */
  giveUpAfterMs: number;
  retryFirstMs: number;
  retryMaxMs: number;
  materialiseEveryMs: number;
  /**
   * Each stream has its turn within so many intervals, those with the oldest entries first and at least so many at each:
   * where many are busy they are moved in large pieces, which costs far less, and the work is spread evenly.
   */
  materialiseIntervals: number;
  materialiseStreams: number;
  /** From this much of all tails on, every stream has its turn at each interval. */
  materialiseTailBytes: number;
  /** A stream with this many entries in its tail is materialised without waiting for the interval. */
  materialiseAfterEntries: number;
  materialiseConcurrency: number;
  /** Moved in one call of a materialiser. */
  materialiseTogether: number;
  materialiseTogetherBytes: number;
  /** `stop` does not wait longer for collections that do not answer: the next start replays. */
  stopMoveMs: number;
  evictIdleMs: number;
  /** Keys of one stream kept in memory (as hashes); beyond it, each new key is looked up. */
  seenKeysMax: number;
  /** Of streams that are not in memory: how many are remembered by their last sequence. */
  streamEndsMax: number;
  /** Documents removed in one call. */
  removeAtOnce: number;
  /** A void document stays this long, so that a write that was delayed on its way cannot land behind it. */
  voidKeptMs: number;
}

export const journalLimits: JournalLimits = {
  windowMs: 40,
  flushMaxEntries: 5_000,
  flushMaxBytes: 12 * 1024 * 1024,
  bufferMaxEntries: 50_000,
  bufferMaxBytes: 64 * 1024 * 1024,
  streamTailMaxBytes: 48 * 1024 * 1024,
  tailMaxBytes: 192 * 1024 * 1024,
  attemptTimeoutMs: 3_000,
  readTimeoutMs: 5_000,
  moveTimeoutMs: 30_000,
  giveUpAfterMs: 10_000,
  retryFirstMs: 50,
  retryMaxMs: 1_000,
  materialiseEveryMs: 2_000,
  materialiseIntervals: 5,
  materialiseStreams: 20,
  materialiseTailBytes: 32 * 1024 * 1024,
  materialiseAfterEntries: 500,
  materialiseConcurrency: 2,
  materialiseTogether: 50,
  materialiseTogetherBytes: 32 * 1024,
  stopMoveMs: 4_000,
  evictIdleMs: 60_000,
  seenKeysMax: 50_000,
  streamEndsMax: 20_000,
  removeAtOnce: 500,
  voidKeptMs: 10 * 60_000,
};
