// Handlers of the career pipeline: each is one call of an area's service.
import type { CareerServices } from "../../modules/career/index.ts";
import type { Handlers } from "./endpoint-router.ts";

type CareerHandlers = Pick<Handlers, never>;

export function createCareerHandlers(_services: { career: CareerServices }): CareerHandlers {
  return {};
}
