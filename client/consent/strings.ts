// Words around the questions of consent; what is asked itself stands in shared/consent-wording.ts.
export const consentStrings = {
  dialogTitle: "What may be done with what you say",
  loading: "Reading what you have agreed to…",
  yes: "Yes",
  no: "No",
  unanswered: "Not answered yet",
  earlier: "You said yes when less was asked here: that still counts for what it said then",
  fromDefault: "As in your settings",
  saving: "Saving…",
  saved: "Saved",
  failed: "This could not be saved:",
} as const;
