// Words of the pages about one's own account.

export const accountStrings = {
  title: "Where you are signed in",
  under: "End what you do not recognise: everything it has open closes at once.",
  loading: "Loading your sign-ins…",
  none: "No sign-in in a browser",
  noneText: "You are here with a token of a script, which ends by itself.",
  here: "This browser",
  unknownBrowser: "Unknown browser",
  browserOn: (browser: string, system: string) => (system === "" ? browser : `${browser} on ${system}`),
  since: (when: string) => `since ${when}`,
  as: (email: string) => `Opened by ${email} as you`,
  end: "Sign out",
  endLabel: (what: string) => `Sign out ${what}`,
  ended: "Signed out there.",
  endOthers: "Sign out everywhere else",
  endedOthers: (count: number) =>
    count === 1 ? "Signed out in one other place." : `Signed out in ${count} other places.`,
} as const;
