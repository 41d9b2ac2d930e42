// What is kept of the postings that people look at, and of their applications.
import type { StoredCollection } from "./inventory.ts";

const owner = {
  userId: "Whose it is, by which it is found and goes with them.",
  orgId: "In which organisation they made it, by which access is decided.",
};

const hashOfWords =
  "A keyed hash of the text, by which the same one is found again; shows which are equal, nothing else.";

export const aboutCareerPostings: readonly StoredCollection[] = [
  {
    name: "jobPostings",
    holds: "Job postings that a person looks at, as they were published, and what they note about them.",
    deletion: "Theirs go.",
    export: "Each with its text, your notes and tags.",
    keyed: ["descriptionHash"],
    sealed: {
      jobUrl: "Where it was published.",
      title: "As it was published.",
      company: "As it was published.",
      location: "As it was published.",
      salary: "As it was published.",
      employmentType: "As it was published.",
      seniority: "As its title says.",
      rawDescription: "As it was published.",
      extractedText: "As it was published, without markup.",
      userTags: "Words under which they keep it.",
      notes: "What they think of it.",
    },
    personal: {
      ...owner,
      descriptionHash: hashOfWords,
      isFavorite: "Whether they marked it.",
      status: "Whether they want it.",
      rating: "How much they want it, as a number.",
    },
    technical: ["platform", "isDeleted", "deletedAt", "createdAt", "updatedAt"],
  },
  {
    name: "jdRubrics",
    holds: "What a job posting asks for, in quotes from it, as rules or a model read it.",
    deletion: "Theirs go.",
    export: "Each with what made it.",
    keyed: ["_id", "descriptionHash", "rubricHash"],
    sealed: {
      jobMeta: "As the posting was published.",
      requirements: "Quotes from the posting.",
      keywords: "Words of the posting.",
      constraints: "Quotes from the posting.",
      summary: "What the posting leaves open.",
    },
    personal: {
      ...owner,
      _id: "A keyed hash of the posting and what made it, so that it is made once.",
      descriptionHash: hashOfWords,
      rubricHash: "A keyed hash of what is asked for; shows which are equal, nothing else.",
    },
    technical: ["jobId", "madeBy", "generatedBy", "promptHash", "droppedQuotes", "version", "createdAt"],
  },
  {
    name: "applicationTracking",
    holds: "How a person's applications go: status, dates, notes and what is next.",
    deletion: "Theirs go.",
    export: "Each with its notes and its timeline.",
    sealed: {
      notes: "What they write about it.",
      nextAction: "What they are to do.",
      "timeline.text": "What they wrote when something happened.",
    },
    personal: {
      ...owner,
      applicationStatus: "How it stands, by which it is counted.",
      appliedAt: "When they applied.",
      responseReceivedAt: "When they were answered.",
      interviewScheduledAt: "When they were interviewed.",
      offerReceivedAt: "When they were offered the job.",
      rejectedAt: "When they were turned down.",
      nextActionDue: "When something is to be done, by which they are reminded.",
      "timeline.at": "When something happened.",
      "timeline.kind": "What kind of thing happened.",
      "timeline.from": "How it stood before.",
      "timeline.to": "How it stood afterwards.",
    },
    technical: [
      "jobId",
      "runId",
      "masterResumeId",
      "isDeleted",
      "deletedAt",
      "revision",
      "createdAt",
      "updatedAt",
    ],
  },
];
