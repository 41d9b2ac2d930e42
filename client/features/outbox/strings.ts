// Words of the outbox.

export const outboxStrings = {
  title: "Outbox",
  underKept: "Emails to you. No mail server is configured, so they are kept here and sent nowhere.",
  underSmtp: "Emails to you, as they were sent.",
  loading: "Loading your emails…",
  emptyTitle: "No emails yet",
  empty: "Invitations and recaps that are addressed to you show here.",
  older: "Show older emails",
  kinds: {
    invitation: "Invitation",
    update: "Update",
    cancellation: "Cancellation",
    recap: "Recap",
    reminder: "Reminder",
    "organization-invitation": "Organisation",
    "application-reminder": "Application",
    "pairing-reminder": "Pairing",
  },
  status: {
    queued: "Waiting to be sent",
    kept: "Kept here",
    sent: "Sent",
    failed: "Could not be sent",
    unsubscribed: "Not sent, as you chose",
    bounced: "Did not arrive",
  },
  statusExplained: {
    queued: () => "This email is waiting to be sent.",
    kept: () => "Kept here: no mail server is configured, so this email was not sent anywhere.",
    sent: (when: string | null) =>
      when === null ? "Handed to the mail server." : `Handed to the mail server on ${when}.`,
    failed: (attempts: number) =>
      `The mail server did not take this email${attempts > 1 ? ` in ${attempts} attempts` : ""}. You can read it here.`,
    unsubscribed: () =>
      "Not sent: you have switched emails of this kind off. You can read it here all the same.",
    bounced: () =>
      "It did not arrive: your address takes no email, or did not take this one. You can read it here.",
  },
  mail: {
    back: "All emails",
    windowTitle: "Email",
    to: "To",
    date: "Date",
    loading: "Loading the email…",
    attachments: "Attachments",
    download: (name: string, size: string) => `${name} (${size})`,
    openMeeting: "Open the call",
    openRecap: "Open the recap",
    choices: "Emails like this one",
    always: "It belongs to something that somebody waits for: emails of this kind come in any case.",
  },
} as const;
