// The cluster's bounds and intervals in one place; tests pass smaller ones.

export interface ClusterLimits {
  heartbeatMs: number;
  /** A node whose heartbeats have stood still for so long is taken over from. */
  expireMs: number;
  /** Each further node in the row waits so much longer before it files what a dead one left: one is enough. */
  recoverStaggerMs: number;
  /** Between two tries to file what could not be filed. */
  recoverRetryMs: number;
  /** Between two tries to begin a new term, or to find out who owns a meeting. */
  retryMs: number;
  /** One call to another node; afterwards its outcome is unknown. */
  callTimeoutMs: number;
  /** After this long without success whoever waits is told: longer than a takeover takes. */
  giveUpAfterMs: number;
  /** A call without an answer is asked after so often: it, or its answer, may have got lost. */
  callAgainMs: number;
  /** Answers that may have to be repeated: kept up to this size in all, and one up to a tenth of it. */
  answersKeptBytes: number;
  /** Calls on their way to one other node before further ones are refused. */
  callsInFlightMax: number;
  /** Messages between nodes are cut at this size, and nothing larger is sent. */
  messageMaxBytes: number;
  /** How often followers of a stream tell its owner that they are there, and hear how far it has come. */
  followEveryMs: number;
  /** An owner forgets a follower that was silent for so long. */
  followExpireMs: number;
  /** Entries that one answer between nodes carries at most. */
  readMaxEntries: number;
  readMaxBytes: number;
  /** Fences stay this long: far longer than a process can sleep and still believe that it owns something. */
  closedKeptMs: number;
}

export const clusterLimits: ClusterLimits = {
  heartbeatMs: 1_000,
  expireMs: 5_000,
  recoverStaggerMs: 1_500,
  recoverRetryMs: 5_000,
  retryMs: 200,
  callTimeoutMs: 4_000,
  callAgainMs: 700,
  answersKeptBytes: 8 * 1024 * 1024,
  giveUpAfterMs: 12_000,
  callsInFlightMax: 10_000,
  messageMaxBytes: 14 * 1024 * 1024,
  followEveryMs: 1_000,
  followExpireMs: 5_000,
  readMaxEntries: 1_000,
  readMaxBytes: 4 * 1024 * 1024,
  closedKeptMs: 30 * 24 * 60 * 60_000,
};
