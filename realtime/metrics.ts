// Names of everything the realtime core measures; composition registers them on first use.

export const metricNames = {
  sockets: "realtime_sockets",
  notesConnections: "realtime_notes_connections",
  openDocuments: "realtime_open_documents",
  connectionsRefused: "realtime_connections_refused_total",
  events: "realtime_events_total",
  eventsRefused: "realtime_events_refused_total",
  transcriptAppendSeconds: "realtime_transcript_append_seconds",
  transcriptWaitingChunks: "realtime_transcript_waiting_chunks",
  socketsNotReadFrom: "realtime_sockets_not_read_from",
  transcriptFrames: "realtime_transcript_frames_total",
  slowReaders: "realtime_slow_readers_total",
  /** What waited in the process for the last slow reader when it was cut off. */
  slowReaderBytes: "realtime_slow_reader_bytes",
  accessRevoked: "realtime_access_revoked_total",
  liveRuns: "realtime_live_runs_total",
  livePushes: "realtime_live_pushes_total",
  notesUpdates: "realtime_notes_updates_total",
  notesRefused: "realtime_notes_refused_total",
  notesAppendSeconds: "realtime_notes_append_seconds",
  notesAppendFailures: "realtime_notes_append_failures_total",
  notesLoadSeconds: "realtime_notes_load_seconds",
  notesLoadFailures: "realtime_notes_load_failures_total",
  awarenessIgnored: "realtime_awareness_ignored_total",
} as const;
