// Words of the frame around all pages.

export const shellStrings = {
  product: "Connvo",
  skip: "Skip to the content",
  navigation: "Main",
  home: "Home",
  schedule: "Schedule",
  people: "People",
  outbox: "Outbox",
  admin: "Admin",
  theme: { system: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" },
  themeNext: (next: string) => `switch to ${next}`,
  themeNames: { system: "the system's", light: "light", dark: "dark" },
  account: "Your account",
  privacy: "Privacy",
  photo: "Photo",
  profile: "Your profile",
  sessions: "Your sign-ins",
  switchTo: (organization: string) => `Switch to ${organization}`,
  impersonation: (who: string, as: string) =>
    `${who} is signed in as ${as}. What is done here is recorded under both names.`,
  signOut: "Sign out",
  signOutFailed: "Signing out did not work. Please try again.",
  localMode: "Local mode",
  localModeExplained:
    "Local mode: sign-in asks for no password and everything stays on this machine. For real use, set the WorkOS keys.",
  offline: "No connection to the server. What you see may be out of date; this page carries on by itself.",
  loading: "Loading…",
  notFound: {
    title: "This page does not exist",
    text: "The address may be mistyped, or the call may have been removed.",
    action: "Go to Home",
  },
  broken: {
    title: "This page ran into a problem",
    text: "What was saved is safe. Try again; if it happens once more, reload the page.",
    reload: "Reload the page",
    stale: "Connvo has been updated. Reload the page to go on.",
  },
  welcome: {
    title: "Coaching calls that leave something behind",
    lead: "Meet, write notes together, and leave with what was agreed — in your notes, on the recap page and in your inbox.",
    points: [
      ["One quiet room", "Picture and sound beside shared notes, transcript and chat."],
      ["Prompts for the coach", "A question when the talk stalls. Only the coach sees it."],
      ["A recap you can check", "Every action and decision leads back to the words it comes from."],
    ],
    signIn: "Sign in",
    localHint: "Local mode: any email address, no password.",
    ended: "You are signed out. Sign in again to carry on where you were.",
  },
  unreachable: "Connvo cannot be reached",
} as const;
