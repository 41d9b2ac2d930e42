// Postings and applications, put together: what hangs on a posting goes and comes back with it.
import type mongoose from "mongoose";
import {
  createApplicationsModule,
  createApplicationsRepository,
  createReminders,
  type ApplicationsOptions,
  type ApplicationsService,
} from "../modules/career/applications/index.ts";
import {
  createIntake,
  createPostingsModule,
  createPostingsRepository,
  type PostingDependents,
  type PostingsOptions,
  type PostingsService,
} from "../modules/career/postings/index.ts";
import type { AiService } from "../modules/ai/index.ts";
import type { Jobs } from "../jobs/index.ts";
import type { MailService } from "../modules/mail/index.ts";
import type { UsersService } from "../modules/users/index.ts";
import type { FieldCipher } from "../platform/privacy/field-cipher.ts";
import { createSafeFetcher } from "../platform/safe-fetch.ts";

export interface CareerPostingsParts extends Pick<
  PostingsOptions,
  "clock" | "ids" | "audit" | "metrics" | "writer" | "readDocument"
> {
  connection: mongoose.Connection;
  cipher: FieldCipher;
  jobs: Jobs;
  mail: Pick<MailService, "queue">;
  users: Pick<UsersService, "byIds">;
  ai: Pick<AiService, "useOf">;
  /** What goes and comes back with a posting; applications are added here, runs by their own area. */
  dependents: PostingDependents[];
  /** Runs, which are made of postings and so come after them. */
  namedRuns: ApplicationsOptions["runs"];
  publicUrl: () => string;
}

export interface CareerPostings {
  postings: PostingsService;
  applications: ApplicationsService;
  close(): Promise<void>;
}

/** Registers a job, so it is called before the jobs start. */
export async function createCareerPostings(parts: CareerPostingsParts): Promise<CareerPostings> {
  const { connection, cipher, ai } = parts;
  const repository = await createPostingsRepository(connection, cipher);
  const applicationsRepository = await createApplicationsRepository(connection, cipher);
  const fetcher = createSafeFetcher({ userAgent: "Connvo (adds a job posting that its reader asked for)" });
  const named = {
    record: (owner: Parameters<PostingsService["record"]>[0], id: Parameters<PostingsService["record"]>[1]) =>
      postings.record(owner, id),
    all: (owner: Parameters<PostingsService["record"]>[0]) => postings.all(owner),
  };
  const { remindAt } = createReminders({ ...parts, repository: applicationsRepository, postings: named });
  const applications = createApplicationsModule({
    ...parts,
    repository: applicationsRepository,
    postings: named,
    runs: parts.namedRuns,
    remindAt,
  });
  parts.dependents.push(applications);
  const postings = createPostingsModule({
    ...parts,
    repository,
    intake: createIntake(fetcher),
    hashes: cipher,
    mayUseModel: async ({ orgId }) => orgId === null || (await ai.useOf(orgId)) === "model",
  });
  return { postings, applications, close: () => fetcher.close() };
}
