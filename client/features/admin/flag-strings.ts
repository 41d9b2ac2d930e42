// Words of the feature flags' page.

export const flagStrings = {
  title: "Features",
  underOperator: (environment: string) =>
    `What is switched on in this installation (${environment}). Changes count within seconds.`,
  underAdmin: "What is switched on for your organisation. Whoever runs this installation decides.",
  loading: "Loading the features…",
  none: "No feature can be switched at the moment",
  noneText: "Features that are on trial, or can be switched off, show here.",
  states: { on: "On", off: "Off", some: (percentage: number) => `On for ${percentage} %` },
  byDefault: "by default",
  expired: "To be decided for good",
  facts: (owner: string, expiresOn: string) => `Owner: ${owner} · to be decided by ${expiresOn}`,
  switch: (name: string) => `Switched on: ${name}`,
  on: "Switched on",
  percentage: { person: "Percentage of people", meeting: "Percentage of calls" },
  onForPeople: "Always on for these people",
  offForPeople: "Never on for these people",
  onForOrganizations: "Always on for these organisations",
  offForOrganizations: "Never on for these organisations",
  listHint: "One a line",
  edit: "Change",
  save: "Save",
  saved: "Saved. Everybody has it within seconds.",
  problems: {
    percentage: "Enter a number from 0 to 100.",
    people: "Every line must be an email address.",
  },
  history: "History",
  historyNone: "Nobody has changed it yet.",
  historyLoading: "Loading the history…",
  change: (state: string, people: number, organizations: number) =>
    `${state}${people + organizations > 0 ? `, ${people} people and ${organizations} organisations by name` : ""}`,
  somebody: "Somebody",
} as const;
