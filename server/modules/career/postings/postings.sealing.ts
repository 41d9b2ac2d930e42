// What is encrypted of postings and their rubrics: every word that was pasted, found or written about them.
import { createDocumentSealer, type SealedParts } from "../../../platform/privacy/document-sealer.ts";
import type { FieldCipher } from "../../../platform/privacy/field-cipher.ts";

const sealedParts = {
  jobPostings: {
    texts: [
      "jobUrl",
      "title",
      "company",
      "location",
      "salary",
      "employmentType",
      "seniority",
      "rawDescription",
      "extractedText",
      "userTags",
      "notes",
    ],
    formed: [],
  },
  jdRubrics: { texts: [], formed: ["jobMeta", "requirements", "keywords", "constraints", "summary"] },
} as const satisfies Record<string, SealedParts>;

export function createPostingSealer(cipher: FieldCipher, collection: keyof typeof sealedParts) {
  return createDocumentSealer(cipher, collection, sealedParts[collection]);
}
