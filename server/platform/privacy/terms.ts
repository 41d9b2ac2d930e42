// How long each collection that holds something of people is kept; a test asks for a sentence for each.
const after = (setting: string) =>
  `from the end of the call for as long as ${setting} or the organisation says`;
const call = (setting: string) => `Kept ${after(setting)}.`;
const transcript = call("RETENTION_TRANSCRIPT_DAYS");
const notes = call("RETENTION_NOTES_DAYS");
const account = "Until it is changed or deleted by hand, or with the account.";
const proof = "For good: it is proof.";
const standing = "For good: it says how things stand.";

export const retentionSentences: Readonly<Record<string, string>> = {
  users: account,
  profiles: account,
  files: `Photos until they are changed, or with the account; files of a chat ${after("RETENTION_CHAT_DAYS")}.`,
  fileChunks: "As long as the file that it is of.",
  personDeletions: proof,
  personExports: "Until a new one is asked for, or the account is deleted.",
  personExportPieces: "Seven days.",
  sessions: "30 days after the last use.",
  organizations: standing,
  organizationMemberships: standing,
  connections: "Until either undoes it, or with the account.",
  bookedTimes: "Until a day after the time that is booked.",
  mailSettings: account,
  mailBounces: "Until the person asks for another try, or with the account.",
  matchingQueue: "The last stay of each person: until they come again, or with the account.",
  matchingProposals: "Until the account of either is deleted.",
  matchingAnalytics: "Until the account is deleted: proposals get better by it.",
  jobPostings: "Until they are deleted, and 30 days more; or with the account.",
  jdRubrics: "As long as the posting that it is of.",
  applicationTracking: "Until it or its posting is deleted, and 30 days more; or with the account.",
  apiKeys: "Until the account of its maker is deleted.",
  outboxMails: "RETENTION_EMAIL_DAYS (730); emails of a recap no longer than the recap.",
  consents: proof,
  consentStandings: standing,
  meetings: "For good: that it took place is others', too.",
  meetingParticipants: "For good: that somebody was there is others', too.",
  meetingState: `Topics and shares of the talk ${after("RETENTION_TRANSCRIPT_DAYS")}.`,
  transcripts: transcript,
  transcriptCorrections: transcript,
  transcriptSegments: transcript,
  embeddings: transcript,
  aiAnswers: "Some hours.",
  aiSwitches: standing,
  messageChanges: call("RETENTION_CHAT_DAYS"),
  messages: call("RETENTION_CHAT_DAYS"),
  noteOps: notes,
  noteSnapshots: notes,
  meetingNotes: notes,
  noteRevisions: notes,
  noteTemplates: account,
  prompts: `RETENTION_PROMPT_DAYS (365); ${after("RETENTION_PROMPT_DAYS")} where that is shorter.`,
  actionItems: `${call("RETENTION_RECAP_DAYS")} Open ones until they are closed.`,
  insights: call("RETENTION_RECAP_DAYS"),
  recaps: "For good: a state, no words.",
  meetingRatings: call("RETENTION_RATING_DAYS"),
  coachReviews: `${call("RETENTION_REVIEW_DAYS")} No longer than the transcript.`,
  journal: "Until it is filed where it belongs; at most some hours.",
  auditLogs:
    "RETENTION_AUDIT_DAYS (for good); address and program RETENTION_AUDIT_ORIGIN_DAYS (90). Older ones go in whole blocks.",
  auditCheckpoints: proof,
  idempotencyKeys: "One day.",
  retentionPolicies: standing,
  featureFlags: standing,
  searchKeys: standing,
  keyRotations: standing,
};
