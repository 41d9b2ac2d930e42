// Every bound that a client can meet, with its unit in its name, so that both sides quote the same figure.

export const limits = {
  titleMaxChars: 200,
  descriptionMaxChars: 5_000,
  nameMaxChars: 120,
  profileTextMaxChars: 2_000,
  /** Each of interests, offers and seeks. */
  topicsMaxItems: 20,
  topicMaxChars: 60,
  languagesMaxItems: 12,
  peopleSearchMaxChars: 100,
  /** Of each kind: connected, asked, asking, blocked. */
  connectionsMaxItems: 500,
  slotMaxMinutes: 4 * 60,
  suggestionsMaxDays: 60,
  /** Days of a person that are not as usual. */
  dayExceptionsMaxItems: 200,
  dayRangesMaxItems: 8,
  /** Read at once. */
  calendarMaxDays: 42,
  seriesMaxItems: 52,
  meetingMaxParticipants: 50,
  meetingMaxDurationMinutes: 12 * 60,
  /** Between browsers, where everybody sends to everybody. */
  callMaxPeers: 4,
  /** Where a video service carries it: everybody of a meeting, some with two devices. */
  streamCallMaxPeers: 60,
  pageDefaultItems: 50,
  pageMaxItems: 200,
  transcriptPageMaxChunks: 1_000,
  transcriptAppendMaxChunks: 500,
  transcriptSearchMaxChars: 200,
  questionMaxChars: 500,
  transcriptSearchPageMaxItems: 50,
  chunkTextMaxChars: 4_000,
  /** What is sent to a speech service at once. */
  speechPieceMaxMs: 15_000,
  speechLinesPerPiece: 50,
  speakerLabelMaxChars: 100,
  /** Edits of lines and renamed speakers together. */
  transcriptCorrectionsMaxItems: 5_000,
  /** A chunk may not claim to lie further than this from the meeting's start. */
  timelineMaxMs: 24 * 60 * 60 * 1_000,
  clientKeyMaxChars: 100,
  chatMessageMaxChars: 4_000,
  /** Messages and changes of them in one chat; beyond it nothing is edited or reacted to. Deleting always works. */
  chatChangeableItems: 50_000,
  ratingCommentMaxChars: 1_000,
  /** Counted from a meeting's end. */
  ratingChangeableDays: 7,
  signalMaxBytes: 64 * 1024,
  httpBodyMaxBytes: 2 * 1024 * 1024,
  socketFrameMaxBytes: 1024 * 1024,
  notesFrameMaxBytes: 4 * 1024 * 1024,
  notesDocumentMaxBytes: 64 * 1024 * 1024,
  /** Of operations without Yjs: how much of a text they may make, and how much one request may hold. */
  notesTextMaxChars: 2 * 1024 * 1024,
  notesOperationsMaxItems: 200,
  notesOperationsMaxChars: 100_000,
  /** How far behind an operation's base version may lie. */
  notesOperationMaxVersionsBehind: 10_000,
  notesHistoryPageMaxItems: 50,
  notesTemplatesPerPerson: 20,
  notesTemplateMaxBytes: 64 * 1024,
  awarenessMaxBytes: 8 * 1024,
  liveQueriesPerSocket: 50,
  socketsPerPerson: 20,
  socketEventsPerSecond: 200,
  /** Over all sockets of a person in one process. */
  socketEventsPerPersonPerSecond: 1_000,
  idempotencyKeyMaxChars: 200,
  fileNameMaxChars: 120,
  attachmentsPerMessage: 5,
  /** Files in one meeting's chat. */
  attachmentsPerMeeting: 500,
  plansPerPerson: 10,
  planMilestonesMost: 100,
  planSkillsMost: 30,
  planNameMaxChars: 120,
  planTextMaxChars: 500,
  /** Entries in one file. */
  auditExportMaxItems: 100_000,
} as const;
