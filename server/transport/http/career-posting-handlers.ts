// Handlers of postings and applications: each is one call of a module.
import type { CareerServices } from "../../modules/career/index.ts";
import type { careerApplicationEndpoints } from "../../../shared/contract/career-applications-endpoints.ts";
import type { careerPostingEndpoints } from "../../../shared/contract/career-postings-endpoints.ts";
import type { Handlers } from "./endpoint-router.ts";

type PostingHandlers = Pick<
  Handlers,
  keyof typeof careerPostingEndpoints | keyof typeof careerApplicationEndpoints
>;

export function createCareerPostingHandlers({
  postings,
  applications,
}: Pick<CareerServices, "postings" | "applications">): PostingHandlers {
  return {
    listPostings: (actor, { query }) => postings.list(actor, query),
    addPosting: (actor, { body }) => postings.add(actor, body),
    uploadPosting: async (actor, { receive }) => postings.addFile(actor, await receive()),
    getPosting: (actor, { params }) => postings.get(actor, params.postingId),
    changePosting: (actor, { params, body }) => postings.change(actor, params.postingId, body),
    deletePosting: (actor, { params }) => postings.remove(actor, params.postingId),
    restorePosting: (actor, { params }) => postings.restore(actor, params.postingId),
    postingRubric: (actor, { params }) => postings.rubric(actor, params.postingId),
    makePostingRubric: (actor, { params, body }) => postings.rubric(actor, params.postingId, body.by),

    applicationBoard: (actor, { query }) => applications.board(actor, query),
    addApplication: (actor, { body }) => applications.add(actor, body),
    applicationFunnel: (actor) => applications.funnel(actor),
    getApplication: (actor, { params }) => applications.get(actor, params.applicationId),
    changeApplication: (actor, { params, body }) => applications.change(actor, params.applicationId, body),
    moveApplication: (actor, { params, body }) => applications.move(actor, params.applicationId, body),
    addApplicationNote: (actor, { params, body }) =>
      applications.note(actor, params.applicationId, body.text),
    deleteApplication: (actor, { params }) => applications.remove(actor, params.applicationId),
    restoreApplication: (actor, { params }) => applications.restore(actor, params.applicationId),
  };
}
