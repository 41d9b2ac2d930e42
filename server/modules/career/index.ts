// The career pipeline's services, area by area, and what every area does when its person asks for their data or goes.
import type { UserId } from "../../../shared/ids.ts";
import type { ApplicationsService } from "./applications/index.ts";
import type { PostingsService } from "./postings/index.ts";
import type { ResumesService } from "./resumes/index.ts";
import type { RunsService } from "./runs/index.ts";

export { ownerOf, type CareerOwner } from "./career.policy.ts";

/** What each area answers for; composition gathers them, so that deletion, export and clean-up know of one port alone. */
export interface CareerArea {
  /** Everything of the person, in every organisation, with files and what is cached of it. May be repeated. */
  removeOfPerson(userId: UserId): Promise<void>;
  /** What the person gets who asks for their data: by the file's name without its ending, lists of plain data, opened. */
  exportOf(userId: UserId): Promise<Record<string, unknown[]>>;
  /** Removes for good what was deleted before `before`, with all that hangs on it. Answers how many. May be repeated. */
  removeDeleted(before: Date): Promise<number>;
}

/** The services that handlers and live queries call; each area adds its own. */
export interface CareerServices {
  postings: PostingsService;
  applications: ApplicationsService;
  resumes: ResumesService;
  runs: RunsService;
}
