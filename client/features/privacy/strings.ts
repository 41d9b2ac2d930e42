// Words of the page on one's privacy.
const yearsOf = (years: number) => (years === 1 ? "1 year" : `${years} years`);

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
  export: {
    title: "Your data",
    why: (days: number | null) =>
      `Everything that is kept about you, as you may see it: your account, your calls with notes, transcripts, chat and recaps, your consents, emails and what you did. A page to read and files for programs, in one zip${days === null ? "" : `, kept for ${days} days`}.`,
    loading: "Asking for your export…",
    ask: "Put my data together",
    preparing: (done: number, total: number) =>
      done >= total
        ? "Your data is being packed. You can leave this page."
        : `Your data is being put together: ${done} of ${total} parts. You can leave this page.`,
    ready: (size: string, until: string) =>
      `Your data is ready: ${size}, to be downloaded by you alone until ${until}. Then it is deleted here.`,
    download: "Download",
    again: "Put it together anew",
    failed: "Your data could not be put together. Nothing is lost; please try again.",
    expired: (when: string) => `Your last export was deleted on ${when}.`,
  },
  retention: {
    title: "How long things are kept",
    loading: "Asking how long things are kept…",
    why: "What has a term is deleted by itself when the term is over.",
    forGood: "Until you delete it, or your account",
    days: (days: number) => (days === 1 ? "1 day" : days % 365 === 0 ? yearsOf(days / 365) : `${days} days`),
    lastRun: (when: string) => `Last looked through on ${when}.`,
  },
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
