// What is encrypted of runs and of what they have made.
import {
  createDocumentSealer,
  type DocumentSealer,
  type SealedParts,
} from "../../../platform/privacy/document-sealer.ts";
import type { FieldCipher } from "../../../platform/privacy/field-cipher.ts";

const sealedParts = {
  runs: { texts: ["resumeName", "jobTitle", "company", "errorMessage", "pins", "bans"], formed: [] },
  runRubrics: { texts: [], formed: ["jobMeta", "requirements", "keywords", "constraints", "notes"] },
  selectionPlans: { texts: [], formed: ["coverage", "selected", "budgetsUsed", "selectionNotes"] },
  tailoredResumes: {
    texts: ["summary", "originalSummary", "notes"],
    formed: ["workExperience", "projects", "education", "skills", "awards", "findings"],
  },
} as const satisfies Record<string, SealedParts>;

export type RunSealer = DocumentSealer;

export function createRunSealer(cipher: FieldCipher, collection: keyof typeof sealedParts): RunSealer {
  return createDocumentSealer(cipher, collection, sealedParts[collection]);
}
