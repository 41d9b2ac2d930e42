// Handlers of the career pipeline: each is one call of an area's service.
import type { careerEndpoints } from "../../../shared/contract/career-endpoints.ts";
import type { CareerServices } from "../../modules/career/index.ts";
import { createCareerPostingHandlers } from "./career-posting-handlers.ts";
import { createCareerResumeHandlers } from "./career-resume-handlers.ts";
import { createCareerRunsHandlers } from "./career-runs-handlers.ts";
import type { Handlers } from "./endpoint-router.ts";

type CareerHandlers = Pick<Handlers, keyof typeof careerEndpoints>;

export function createCareerHandlers({ career }: { career: CareerServices }): CareerHandlers {
  return {
    ...createCareerResumeHandlers(career),
    ...createCareerPostingHandlers(career),
    ...createCareerRunsHandlers(career),
  };
}
