// Words of the page on one's privacy.
export const privacyStrings = {
  title: "Privacy",
  under:
    "What may be done with what you say and write. You decide, and you can change your mind at any time.",
  defaults: "For every call",
  defaultsWhy:
    "These answers count in every call in which you have not said otherwise. In the lobby and during the call you can answer differently for that one call.",
  ledger: "What you have decided",
  ledgerWhy: "Nothing in this list is ever changed. Each line keeps what you were shown.",
  loading: "Reading your decisions…",
  empty: "No decisions yet",
  emptyWhy: "Your answers will appear here, with the words you were shown.",
  given: "Yes",
  refused: "No",
  everyCall: "Every call",
  oneCall: "One call",
  older: "Show older ones",
  deletion: {
    title: "Delete your account",
    loading: "Asking whether a deletion waits…",
    why: "Everything that says who you are, and every word of yours, is taken out for good. Nobody can bring it back, neither you nor we.",
    goes: "What goes",
    goesWhat:
      "Your name, address and profile; your sign-ins and keys; your own notes and templates; every line you spoke, every message and every word you wrote in shared notes, also in their history; what recaps quote of you; emails to you and about your calls. Calls in which you were alone go as a whole.",
    stays: "What stays, and why",
    staysWhat:
      "What others said and wrote, because it is theirs. That somebody was there and when, under the name “Deleted person”, because the others were there, too. What you agreed to or refused, and entries of the audit log, without your name and address, because both must be provable. Emails that were sent lie with whom they were sent to.",
    when: "When",
    whenWhat: (hours: number) =>
      hours === 0
        ? "At once. It cannot be cancelled."
        : `After ${hours === 1 ? "one hour" : `${hours} hours`}. Until then you can change your mind here; afterwards you are signed out everywhere.`,
    delete: "Delete my account",
    keep: "Keep it",
    confirmTitle: "Delete your account?",
    confirmWhy: "Calls that you alone were to host are cancelled, and whoever was invited is told.",
    typePhrase: (phrase: string) => `Type “${phrase}” to confirm`,
    waiting: (when: string) => `Your account will be deleted on ${when}. You can still keep it.`,
    cancel: "Keep my account",
    cancelled: "Your account stays.",
    running: "Your account is being deleted. You will be signed out in a moment.",
  },
} as const;
