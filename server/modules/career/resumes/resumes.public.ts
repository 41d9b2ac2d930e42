// Showing a résumé to whoever has its address, and taking the address back.
import { notFound } from "../../../../shared/errors.ts";
import type { MasterResumeId } from "../../../../shared/ids.ts";
import type { Resume } from "../../../../shared/schemas/career/resumes.ts";
import type { Clock } from "../../../platform/clock.ts";
import { ownerOf, type CareerOwner } from "../career.policy.ts";
import type { ResumesService, StoredResume } from "./index.ts";
import { publicPageOf } from "./public-page.ts";
import type { ResumesRepository } from "./resumes.repository.ts";

export interface PublicPagesParts {
  repository: Pick<ResumesRepository, "setPublic" | "byPublicToken">;
  clock: Clock;
  secret(): string;
  /** Whether the person is here still, and in the organisation in which they made it. */
  belongs(owner: CareerOwner): Promise<boolean>;
  /** Throws NOT_FOUND where it is not the owner's, or deleted. */
  load(owner: CareerOwner, id: MasterResumeId): Promise<StoredResume>;
  view(resume: StoredResume): Promise<Resume>;
  changed(owner: CareerOwner, id: MasterResumeId, action: string): Promise<void>;
}

export function createPublicPages(
  parts: PublicPagesParts,
): Pick<ResumesService, "publish" | "unpublish" | "publicPage"> {
  const { repository, clock, load, view, changed } = parts;
  return {
    async publish(actor, id, { parts: shown }) {
      const owner = ownerOf(actor);
      const { publicPage } = await load(owner, id);
      const { token, since } = publicPage ?? { token: parts.secret(), since: clock.now() };
      const page = { token, since, parts: [...new Set(shown)] };
      if (!(await repository.setPublic(owner, id, page, clock.now()))) throw notFound("This résumé");
      await changed(owner, id, "publish");
      return await view(await load(owner, id));
    },

    async unpublish(actor, id) {
      const owner = ownerOf(actor);
      if ((await load(owner, id)).publicPage !== null) {
        await repository.setPublic(owner, id, null, clock.now());
        await changed(owner, id, "unpublish");
      }
      return await view(await load(owner, id));
    },

    async publicPage(token) {
      const found = await repository.byPublicToken(token);
      const page = found?.publicPage ?? null;
      if (found === null || page === null || !(await parts.belongs(found))) throw notFound("This page");
      return publicPageOf(found.content, page.parts);
    },
  };
}
