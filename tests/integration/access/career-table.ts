// What belongs to one person's career: open to everybody who is signed in for their own, found by nobody else.
import type { endpoints } from "../../../shared/contract/endpoints.ts";
import { careerPostingRows } from "./career-postings-table.ts";
import type { OpenRow } from "./table.ts";

/** Nobody's: what is somebody's is told apart from it by no answer. */
const nobodys = "/api/v1/career/resumes/ffffffffffffffffffffffff";

/** Whoever acts as somebody finds nothing of their career. */
const impersonated = 403;

const nobodysRun = "/api/v1/career/runs/00000000-0000-4000-8000-000000000000";

export const careerRows = {
  careerRunOptions: { path: "/api/v1/career/run-options", impersonated },
  startCareerRun: {
    path: "/api/v1/career/runs",
    body: { masterResumeId: "f".repeat(24), jobId: "f".repeat(24) },
    impersonated,
    answer: 404,
  },
  listCareerRuns: { path: "/api/v1/career/runs", impersonated },
  getCareerRun: { path: nobodysRun, impersonated, answer: 404 },
  cancelCareerRun: { path: `${nobodysRun}/cancel`, impersonated, answer: 404 },
  retryCareerRun: { path: `${nobodysRun}/retry`, impersonated, answer: 404 },
  changeCareerRunSelection: {
    path: `${nobodysRun}/selection`,
    body: { pins: [], bans: [] },
    impersonated,
    answer: 404,
  },
  compareCareerRuns: {
    path: `${nobodysRun}/comparison?with=00000000-0000-4000-8000-000000000000`,
    impersonated,
    answer: 404,
  },
  deleteCareerRun: { path: nobodysRun, impersonated, answer: 404 },
  restoreCareerRun: { path: `${nobodysRun}/restore`, impersonated, answer: 404 },
  readCareerRunFile: { path: `${nobodysRun}/files/${"f".repeat(24)}`, impersonated, answer: 404 },
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
  publishResume: { path: `${nobodys}/public`, body: { parts: ["summary"] }, impersonated, answer: 404 },
  unpublishResume: { path: `${nobodys}/public`, impersonated, answer: 404 },
  publicResume: { path: `/r/${"A".repeat(43)}`, public: true, answer: 404 },
  restoreResume: { path: `${nobodys}/restore`, impersonated, answer: 404 },
  ...careerPostingRows,
} satisfies Partial<Record<keyof typeof endpoints, OpenRow>>;
