// What is kept of people's careers: their résumés, and what is computed of them.
import type { StoredCollection } from "./inventory.ts";

const withResume = "Goes with the résumé: all of the person's go.";
const computed = "Not: it is computed of the résumé, which you get.";

export const aboutCareers: readonly StoredCollection[] = [
  {
    name: "masterResumes",
    holds: "Résumés from which others are made, with the words of the file that they were read from.",
    deletion: "Theirs go, with the files; deleted ones too.",
    export: "All of yours, opened, also deleted ones that can be had back; the file itself is on its page.",
    keyed: ["contentHash"],
    sealed: {
      name: "What the person calls it.",
      basics: "Name, address, telephone and place.",
      summary: "What they say of themselves.",
      skills: "What they can do.",
      workExperience: "For whom they have worked, when and at what.",
      projects: "What they have made.",
      education: "Where and what they have studied.",
      awards: "What they were honoured for.",
      mentorship: "Whom they have helped.",
      links: "Addresses of their pages.",
      customLatexTemplate: "The form they want, which may hold their words.",
      publicPage: "The secret address under which they show it, and which parts.",
      original: "The file's name and the lines that were read in it.",
    },
    personal: {
      userId: "Whose it is, by which it is found.",
      orgId: "In which organisation they made it, by which access is decided.",
      publicHash: "By which the résumé behind a secret address is found; says nothing without it.",
      contentHash:
        "A keyed hash, by which the same content is found again; shows which are equal, nothing else.",
    },
    technical: [
      "isAsMade",
      "isActive",
      "originalFileId",
      "source",
      "revision",
      "isDeleted",
      "deletedAt",
      "createdAt",
      "updatedAt",
    ],
  },
  {
    name: "resumeBullets",
    holds: "Single lines of résumés, as what is computed of them is kept by line.",
    deletion: withResume,
    export: "With the résumé.",
    sealed: {
      company: "For whom they worked.",
      role: "As what.",
      projectName: "What they made.",
      dates: "When.",
      location: "Where.",
      text: "The line.",
      tags: "What it is about.",
    },
    personal: {
      _id: "The résumé and the line's id.",
      bulletId: "Names employer and role in short, so that a line is the same one after changes.",
      parentId: "Names employer and role in short, by which lines of one role are found.",
    },
    technical: ["masterResumeId", "parentType", "order", "createdAt"],
  },
  {
    name: "resumeBulletEmbeddings",
    holds: "Lines of résumés as numbers, by which they are compared with what postings ask for.",
    deletion: withResume,
    export: computed,
    keyed: ["masterResumeHash"],
    personal: {
      _id: "The résumé, the configuration and the line's id.",
      userId: "Whose it is.",
      bulletId: "Names employer and role in short, as that of the line.",
      masterResumeHash:
        "A keyed hash of the résumé that it was made of; shows which are equal, nothing else.",
      textHash: "A keyed hash of the line; shows which are equal, nothing else.",
    },
    content: { embedding: "What the line is about, as numbers: not encrypted, as it is compared." },
    technical: ["masterResumeId", "embedKeyHash", "embeddingModel", "dims", "createdAt"],
  },
  {
    name: "evidenceScores",
    holds: "What each line of a résumé is worth as evidence, and why.",
    deletion: withResume,
    export: computed,
    keyed: ["masterResumeHash"],
    sealed: { scores: "With the tools and verbs that were found." },
    personal: {
      _id: "The résumé and the rules.",
      masterResumeHash: "A keyed hash of the résumé that was scored; shows which are equal, nothing else.",
    },
    technical: ["masterResumeId", "rulesHash", "rulesVersion", "cachedAt"],
  },
];
