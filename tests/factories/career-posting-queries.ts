// Every query about postings, their rubrics, and applications.
import type mongoose from "mongoose";
import { createApplicationsRepository } from "../../server/modules/career/applications/index.ts";
import { careerRelations, createOrphans } from "../../server/modules/career/cleanup/index.ts";
import { createPostingsRepository } from "../../server/modules/career/postings/index.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createKeyRegistry } from "../../server/platform/privacy/key-registry.mongo.ts";
import { ensureKeyedHashes } from "../../server/platform/privacy/keyed-hashes.mongo.ts";
import { rubricOf } from "../../server/modules/career/rubric/rubric.ts";
import type { ApplicationId, OrgId, PostingId, UserId } from "../../shared/ids.ts";
import { testCipher } from "./cipher.ts";

export async function makeCareerPostingQueries(
  connection: mongoose.Connection,
  { userId, now }: { userId: UserId; now: Date },
): Promise<void> {
  const owner = { userId, orgId: "org_1" as OrgId };
  const postings = await createPostingsRepository(connection, testCipher);
  const jobId = systemIds.objectId() as PostingId;
  const posting = {
    ...owner,
    id: jobId,
    jobUrl: "https://example.org/job",
    platform: "page",
    title: "Gardener",
    company: "Parks",
    location: "Bern",
    salary: "a lot",
    employmentType: "Full-time",
    seniority: "Senior",
    rawDescription: "You must know trees.",
    extractedText: "You must know trees.",
    descriptionHash: "a".repeat(64),
    userTags: ["green"],
    notes: "Nice park",
    isFavorite: true,
    status: "new" as const,
    rating: 4,
    isDeleted: false,
    deletedAt: null,
    createdAt: now,
    updatedAt: now,
  };
  await postings.insert(posting);
  await postings.insert({ ...posting, id: systemIds.objectId() as PostingId });
  await postings.find(owner, jobId);
  await postings.byHash(owner, posting.descriptionHash);
  await postings.count(owner);
  await postings.list(owner, { deleted: false, limit: 10 });
  await postings.change(owner, jobId, { isDeleted: true, deletedAt: now, notes: "Gone" }, now);
  const madeBy = "rules" as const;
  const rubric = rubricOf(posting);
  const descriptionHash = posting.descriptionHash;
  const made = {
    ...owner,
    id: "b".repeat(64),
    jobId,
    madeBy,
    generatedBy: "rules",
    promptHash: null,
    descriptionHash,
  };
  await postings.putRubric({ ...made, droppedQuotes: 0, rubric, rubricHash: "c", createdAt: now });
  await postings.rubric(owner, made.id);
  // Both hashes are as they were written before they were keyed.
  await ensureKeyedHashes(connection, {
    registry: createKeyRegistry(connection),
    cipher: testCipher,
    logger: silentLogger,
  });
  await postings.latestRubric(owner, jobId, { descriptionHash, madeBy });
  await postings.allOfPerson(userId);
  await postings.deletedBefore(new Date(now.getTime() + 1), 10);

  const applications = await createApplicationsRepository(connection, testCipher);
  const application = {
    ...owner,
    id: systemIds.objectId() as ApplicationId,
    jobId,
    runId: systemIds.objectId(),
    masterResumeId: systemIds.objectId(),
    applicationStatus: "applied" as const,
    appliedAt: now,
    responseReceivedAt: now,
    interviewScheduledAt: now,
    offerReceivedAt: now,
    rejectedAt: now,
    notes: "Went well",
    nextAction: "Write",
    nextActionDue: now,
    timeline: [
      {
        at: now,
        kind: "status" as const,
        from: "not_applied" as const,
        to: "applied" as const,
        text: "Sent",
      },
    ],
    isDeleted: false,
    deletedAt: null,
    revision: 1,
    createdAt: now,
    updatedAt: now,
  };
  await applications.insert(application);
  await applications.insert({ ...application, id: systemIds.objectId() as ApplicationId });
  await applications.find(owner, application.id);
  await applications.ofPosting(owner, jobId);
  await applications.list(owner, { deleted: false, limit: 10 });
  await applications.change(application, { isDeleted: true, deletedAt: now }, now);
  await applications.byId(application.id);
  await applications.ofRun(application.runId);
  await applications.allOfPerson(userId);
  const orphans = createOrphans(connection);
  for (const [at, relation] of careerRelations.entries())
    await orphans.check(
      { ...relation, parent: "users", parentField: "_id", otherwise: at === 0 ? "forget" : "remove" },
      { mend: at < 2 },
    );
  await applications.removeDeletedBefore(new Date(now.getTime() + 1));
  await applications.removeOfPosting(jobId);
  await applications.removeOfPerson(userId);
  await postings.remove(jobId);
  await postings.removeOfPerson(userId);
}
