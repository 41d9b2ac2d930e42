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
} as const;
