// Bounds inside the realtime core that no client needs to know; those that clients meet stand in shared/limits.ts.

export const bounds = {
  /** What may wait in memory for one reader before it is cut off. */
  outgoingMaxBytes: 8 * 1024 * 1024,
  /**
   * A reader that has made no progress for so long is cut off, however little waits. Both ends of the time are seen by
   * the sweep, so that it takes up to two sweeps longer.
   */
  outgoingMaxWaitMs: 5_000,
  /** Unfinished events of one socket. */
  eventsInFlight: 256,
  /** A person's events are told to the limits over all processes when there are so many, at a sweep. */
  eventsToldAtOnce: 100,
  /** Events refused for their rate after which a socket is closed: it does not listen to refusals. */
  rateRefusalsMax: 2_000,
  /** Transcript chunks of one socket that are not durable yet; from there on it is not read from. */
  transcriptInFlightChunks: 1_000,
  /** Of all sockets of this process. */
  transcriptWaitingChunks: 50_000,
  /**
   * How long a batch waits for a store that is full. Below the time within which a ping must be answered, as pongs are not
   * read either, and below that within which clients expect an answer.
   */
  transcriptPatienceMs: 8_000,
  transcriptRetryMs: 500,
  /** Notes frames of one connection that are not durable yet; above, its socket is not read from. */
  notesInFlightFrames: 256,
  notesInFlightBytes: 8 * 1024 * 1024,
  /** Beyond this rate a connection is read from in turns: its frames wait at the client. */
  notesFramesPerSecond: 500,
  notesFramesBurst: 2_000,
  notesThrottleMs: 100,
  /** As so many more counts a frame for which all of the document is looked through: stock clients send one as they connect. */
  notesWholeFrames: 200,
  /** Connections that are told of what has become durable in one turn of the event loop. */
  notesToldAtOnce: 12,
  /** Updates put behind a document's state by their bytes before a document is built of them; more for a large state. */
  notesPendingUpdates: 1_000,
  notesStateBytesPerUpdate: 4 * 1024,
  notesPendingBytes: 1024 * 1024,
  /** Authenticating, opening and loading for one notes connection. */
  notesOpenMs: 15_000,
  /** Awareness clocks a room remembers of people who left. */
  awarenessClocks: 1_000,
  awarenessFrameMaxBytes: 512 * 1024,
  awarenessWindowMs: 40,
  /** States of other processes' connections that nobody renewed for so long are dropped, as stock clients do. */
  awarenessSilentMs: 30_000,
  /** How long somebody who lost every connection still counts as present. */
  presenceGraceMs: 5_000,
  /** Until somebody's going is told again, where the store could not be. */
  presenceRetryMs: 2_000,
  /** A stream may outlive its proof of identity by this, so that a refresh in time goes unnoticed. */
  expiryGraceMs: 60_000,
  /** Pings, expired sessions and stalled readers are looked at in this rhythm. */
  sweepMs: 2_000,
  notesPingMs: 12_000,
  /** How long entering a call waits for a meeting that changes its owner. */
  callEnterMs: 12_000,
  callRetryMs: 200,
  /** One sweep in so many also asks for the peers of meetings in which no call is known. */
  callQuietSweeps: 5,
  /** At a stop, between two connections that are sent to other processes, in steps; all within so long. */
  letGoMsPerConnection: 15,
  letGoStepMs: 20,
  letGoWithinMs: 9_000,
  transcriptWindowMs: 25,
  transcriptFramesAtOnce: 3,
  transcriptFrameMaxChunks: 500,
  meetingPushWindowMs: 50,
  liveWindowMs: 50,
  liveRetryMs: 1_000,
  liveConcurrency: 16,
  joinChunks: 200,
  /** Of transcript in a join's answer: well below what may wait for a reader. The client reads on by HTTP. */
  joinMaxBytes: 2 * 1024 * 1024,
  meetingsPerSocket: 50,
  validationIssuesShown: 20,
} as const;
