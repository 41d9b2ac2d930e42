// The rows of the REST table about careers: each area keeps its own file, this one only joins them.
import { careerApplicationEndpoints } from "./career-applications-endpoints.ts";
import { careerPostingEndpoints } from "./career-postings-endpoints.ts";
import { careerResumesEndpoints } from "./career-resumes-endpoints.ts";
import { careerRunsEndpoints } from "./career-runs-endpoints.ts";

export const careerEndpoints = {
  ...careerResumesEndpoints,
  ...careerPostingEndpoints,
  ...careerApplicationEndpoints,
  ...careerRunsEndpoints,
} as const;
