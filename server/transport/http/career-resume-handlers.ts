// Handlers about master résumés: each is one call of their service.
import type { careerResumesEndpoints } from "../../../shared/contract/career-resumes-endpoints.ts";
import type { CareerServices } from "../../modules/career/index.ts";
import type { Handlers } from "./endpoint-router.ts";

type ResumeHandlers = Pick<Handlers, keyof typeof careerResumesEndpoints>;

export function createCareerResumeHandlers({ resumes }: Pick<CareerServices, "resumes">): ResumeHandlers {
  return {
    listResumes: (actor) => resumes.list(actor),
    createResume: (actor, { body }) => resumes.create(actor, body),
    async importResume(actor, { receive }) {
      resumes.mayImport(actor);
      return await resumes.import(actor, await receive());
    },
    getResume: (actor, { params }) => resumes.get(actor, params.resumeId),
    resumeOriginal: (actor, { params }) => resumes.original(actor, params.resumeId),
    updateResume: (actor, { params, body }) => resumes.update(actor, params.resumeId, body),
    activateResume: (actor, { params }) => resumes.activate(actor, params.resumeId),
    deleteResume: (actor, { params }) => resumes.delete(actor, params.resumeId),
    publishResume: (actor, { params, body }) => resumes.publish(actor, params.resumeId, body),
    unpublishResume: (actor, { params }) => resumes.unpublish(actor, params.resumeId),
    publicResume: ({ params }) => resumes.publicPage(params.token),
    restoreResume: (actor, { params }) => resumes.restore(actor, params.resumeId),
  };
}
