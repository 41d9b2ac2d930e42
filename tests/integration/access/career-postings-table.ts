// One person's postings and applications: whatever anybody else asks for by their ids is not there.
import type { careerApplicationEndpoints } from "../../../shared/contract/career-applications-endpoints.ts";
import type { careerPostingEndpoints } from "../../../shared/contract/career-postings-endpoints.ts";
import type { Sample } from "./table.ts";

type Name = keyof typeof careerPostingEndpoints | keyof typeof careerApplicationEndpoints;

const root = "/api/v1/career";
/** Who acts as somebody is told that it is closed to them. */
const own = { impersonated: 403 } as const;
const ofHost = { owner: "host", ...own } as const;
const posting =
  (rest = "") =>
  (sample: Sample) =>
    `${root}/postings/${sample.postingId}${rest}`;
const application =
  (rest = "") =>
  (sample: Sample) =>
    `${root}/applications/${sample.applicationId}${rest}`;
const text = "Gardener\nWe need a gardener with three years of experience with old trees and hedges.";

export const careerPostingRows = {
  listPostings: { path: `${root}/postings`, ...own },
  addPosting: { path: `${root}/postings`, body: { text }, ...own },
  uploadPosting: { path: `${root}/postings/upload?name=job.txt`, body: Buffer.from(text), ...own },
  getPosting: { path: posting(), ...ofHost },
  changePosting: { path: posting(), body: { rating: 4 }, ...ofHost },
  deletePosting: { path: posting(), ...ofHost },
  restorePosting: { path: posting("/restore"), ...ofHost },
  postingRubric: { path: posting("/rubric"), ...ofHost },
  makePostingRubric: { path: posting("/rubric"), body: { by: "rules" }, ...ofHost },
  applicationBoard: { path: `${root}/applications`, ...own },
  addApplication: {
    path: `${root}/applications`,
    body: (sample: Sample) => ({ postingId: sample.postingId }),
    ...ofHost,
  },
  applicationFunnel: { path: `${root}/applications/funnel`, ...own },
  getApplication: { path: application(), ...ofHost },
  changeApplication: { path: application(), body: { nextAction: "Write" }, ...ofHost },
  moveApplication: { path: application("/status"), body: { status: "applied" }, ...ofHost },
  addApplicationNote: { path: application("/notes"), body: { text: "Matrix" }, ...ofHost },
  deleteApplication: { path: application(), ...ofHost },
  restoreApplication: { path: application("/restore"), ...ofHost },
} satisfies Record<Name, unknown>;
