// What belongs to one person's career: open to everybody who is signed in for their own, found by nobody else.
import type { endpoints } from "../../../shared/contract/endpoints.ts";
import { careerPostingRows } from "./career-postings-table.ts";
import type { OpenRow } from "./table.ts";

/** Nobody's: what is somebody's is told apart from it by no answer. */
const nobodys = "/api/v1/career/resumes/ffffffffffffffffffffffff";

/** Whoever acts as somebody finds nothing of their career. */
const impersonated = 403;

export const careerRows = {
  listResumes: { path: "/api/v1/career/resumes", impersonated },
  createResume: {
    path: "/api/v1/career/resumes",
    body: { content: { name: "Matrix" } },
    impersonated,
  },
  importResume: {
    path: "/api/v1/career/resumes/import?name=matrix.pdf",
    body: Buffer.from("%PDF-1.4\n%%EOF\n"),
    impersonated,
    // Nothing can be read in it.
    answer: 400,
  },
  getResume: { path: nobodys, impersonated, answer: 404 },
  resumeOriginal: { path: `${nobodys}/original`, impersonated, answer: 404 },
  updateResume: { path: nobodys, body: { revision: 1, name: "Matrix" }, impersonated, answer: 404 },
  activateResume: { path: `${nobodys}/activate`, impersonated, answer: 404 },
  deleteResume: { path: nobodys, impersonated, answer: 404 },
  restoreResume: { path: `${nobodys}/restore`, impersonated, answer: 404 },
  ...careerPostingRows,
} satisfies Partial<Record<keyof typeof endpoints, OpenRow>>;
