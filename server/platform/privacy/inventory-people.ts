// What is kept of people and organisations: accounts, profiles, sign-ins, consent, emails to them.
import type { StoredCollection } from "./inventory.ts";

const vendorsId = "The identity vendor's id of the person, by which sign-ins find them: no name, no address.";

const hashOfAddress =
  "A keyed hash of the address, by which it is found; shows which are equal, nothing else.";

export const aboutPeople: readonly StoredCollection[] = [
  {
    name: "users",
    holds: "Accounts: how a person is reached, and where they belong.",
    deletion: "The id stays, so that what names it means somebody; address and organisation go.",
    sealed: { email: "The address." },
    searched: { emailHash: "email" },
    personal: {
      emailHash: hashOfAddress,
      workosUserId: vendorsId,
      orgId: "The organisation, by which members are found.",
      orgRole: "The role there, which decides about access.",
    },
    technical: ["vendorUpdatedAt", "deletedAt", "erasedAt", "createdAt", "updatedAt"],
  },
  {
    name: "profiles",
    holds: "How people are called, and what they tell of themselves.",
    deletion: "Goes as a whole.",
    identifiedBy: ["userId"],
    sealed: {
      displayName: "The name.",
      timeZone: "Roughly where the person lives.",
      bio: "What they tell of themselves.",
      goals: "What they want to reach.",
      experience: "What they have done.",
    },
    personal: {
      interests: "By which people are matched; nothing writes them yet.",
      languages: "By which people are matched; nothing writes them yet.",
    },
    technical: ["userId", "nameSource", "embeddingId", "createdAt", "updatedAt"],
  },
  {
    name: "personDeletions",
    holds: "Who asked for the deletion of their account, and that it was done; ids and times alone.",
    deletion: "Stays: proof that the deletion was done. Ids and times alone.",
    personal: { _id: "Whose account it was." },
    technical: ["state", "requestedBy", "requestedAt", "dueAt", "stepsDone", "doneAt"],
  },
  {
    name: "sessions",
    holds: "Sign-ins that last.",
    deletion: "Ended at once; tokens go, and the rest 30 days later.",
    personal: {
      sealed: "Tokens of the session, encrypted by the identity vendor's SDK with WORKOS_COOKIE_PASSWORD.",
      workosUserId: vendorsId,
      orgId: "The organisation that the session is in, by which its sessions are ended.",
    },
    technical: ["refreshedAt", "renewingUntil", "endedAt", "expiresAt"],
  },
  {
    name: "organizations",
    holds: "Organisations as the identity vendor tells of them.",
    deletion: "Stays: it is nobody's.",
    personal: { name: "The organisation's name, not a person's." },
    technical: ["state", "vendorUpdatedAt", "createdAt", "updatedAt"],
  },
  {
    name: "organizationMemberships",
    holds: "Who belongs to which organisation.",
    deletion: "Ended with the vendor's account; what stays names the vendor's id, which then is nobody's.",
    personal: {
      workosUserId: vendorsId,
      orgId: "The organisation, by which members are found.",
      role: "The role there, which decides about access.",
    },
    technical: ["state", "vendorUpdatedAt", "createdAt", "updatedAt"],
  },
  {
    name: "apiKeys",
    holds: "Keys for machines: of each secret its hash alone.",
    deletion: "Theirs go, and end at once.",
    sealed: { name: "What its maker calls it, which may be a person's name." },
    personal: { createdBy: "Who made it." },
    technical: [
      "prefix",
      "secretHash",
      "scopes",
      "orgId",
      "createdAt",
      "lastUsedAt",
      "expiresAt",
      "revokedAt",
    ],
  },
  {
    name: "outboxMails",
    holds: "Emails that were written to people, and whether they were sent.",
    deletion: "Emails to them go, and all emails about meetings that they were in.",
    sealed: {
      toEmail: "The address.",
      toName: "The name.",
      subject: "The subject, which names meetings and people.",
      html: "The email.",
      text: "The email, without markup.",
      "attachments.filename": "The name of a file with it.",
      "attachments.content": "A file with it.",
    },
    searched: { toEmailHash: "toEmail" },
    personal: {
      toEmailHash: hashOfAddress,
      toUserId: "Whose email it is, by which their outbox is found.",
    },
    technical: [
      "key",
      "edition",
      "kind",
      "meetingId",
      "attachments.contentType",
      "messageId",
      "status",
      "attempts",
      "fence",
      "attemptedAt",
      "errorCode",
      "createdAt",
      "updatedAt",
      "sentAt",
    ],
  },
  {
    name: "consents",
    holds: "Each decision about consent, as it was made; names nobody.",
    deletion: "Stays, by the id alone: that others' meetings could be written down must be provable.",
    personal: {
      _id: "Person, meeting and number of the decision, by their ids.",
      userId: "Whose decision it is.",
      answer: "What they decided, by which access is decided.",
      sessionId: "In which sign-in they decided: proof of who it was.",
    },
    technical: ["meetingId", "number", "purpose", "wording", "at"],
  },
  {
    name: "consentStandings",
    holds: "What follows from a person's decisions at present.",
    deletion: "Stays, by the id alone: observers of past meetings are let in or kept out by it.",
    personal: {
      _id: "Person and meeting, by their ids.",
      userId: "Whose standing it is.",
      answers: "What they decided, by which access is decided.",
    },
    technical: ["meetingId", "number"],
  },
  {
    name: "consentWordings",
    holds: "The questions that were shown, word by word; the product's own text.",
    deletion: "Stays: it is the product's own text.",
    technical: ["text"],
  },
];
