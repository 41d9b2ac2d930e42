// Handlers of the career pipeline's runs: each is one call of their service.
import type { CareerServices } from "../../modules/career/index.ts";
import type { Handlers } from "./endpoint-router.ts";
import type { careerRunsEndpoints } from "../../../shared/contract/career-runs-endpoints.ts";

export function createCareerRunsHandlers({
  runs,
}: Pick<CareerServices, "runs">): Pick<Handlers, keyof typeof careerRunsEndpoints> {
  return {
    careerRunOptions: (actor) => runs.options(actor),
    startCareerRun: (actor, { body }) => runs.start(actor, body),
    listCareerRuns: (actor, { query }) => runs.list(actor, query),
    getCareerRun: (actor, { params }) => runs.get(actor, params.runId),
    cancelCareerRun: (actor, { params }) => runs.cancel(actor, params.runId),
    retryCareerRun: (actor, { params }) => runs.retry(actor, params.runId),
    changeCareerRunSelection: (actor, { params, body }) => runs.changeSelection(actor, params.runId, body),
    compareCareerRuns: (actor, { params, query }) => runs.compare(actor, params.runId, query.with),
    async deleteCareerRun(actor, { params }) {
      await runs.remove(actor, params.runId);
      return null;
    },
    restoreCareerRun: (actor, { params }) => runs.restore(actor, params.runId),
    readCareerRunFile: (actor, { params }) => runs.file(actor, params.runId, params.artifactId),
  };
}
