// The rows of the REST table about careers: each area keeps its own file, this one only joins them.
import { careerApplicationEndpoints } from "./career-applications-endpoints.ts";
import { careerPostingEndpoints } from "./career-postings-endpoints.ts";

export const careerEndpoints = { ...careerPostingEndpoints, ...careerApplicationEndpoints } as const;
