// Words about which emails one gets.

export const emailStrings = {
  title: "Emails",
  why: "Invitations, changes and cancellations of your calls come in any case: somebody waits for you there. Their times are in the time zone of your profile.",
  language: "Language of your emails",
  languageHint: "What people said and wrote stays as they said it. These pages are in English.",
  languageSaved: "Your emails will be in this language.",
  loading: "Asking which emails you get…",
  lists: {
    recap: {
      label: "A recap after each call",
      hint: "Your own actions first. Without it you read recaps here.",
    },
  },
  switched: {
    on: "You get these emails.",
    off: "You get no more of these emails.",
  },
  views: {
    label: "How to show the email",
    formatted: "Formatted",
    plain: "Plain text",
    frame: (subject: string) => `Email: ${subject}`,
  },
  bounced: (when: string) =>
    `Since ${when} nothing is sent to your address: a mail server has refused it for good.`,
  retry: "Send to my address again",
  retried: "Emails go to your address again.",
} as const;
