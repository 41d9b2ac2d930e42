// The career pipeline's models against its data dictionary: fields, enums, indices and unique guards, as the store has them.
import type mongoose from "mongoose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApplicationsRepository } from "../../server/modules/career/applications/applications.repository.mongo.ts";
import { createPostingsRepository } from "../../server/modules/career/postings/postings.repository.mongo.ts";
import { createResumesRepository } from "../../server/modules/career/resumes/resumes.repository.mongo.ts";
import { createRunFilesRepository, createRunsRepository } from "../../server/modules/career/runs/index.ts";
import { testCipher } from "../factories/cipher.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;
let models: ReturnType<typeof modelsOf>;

beforeAll(async () => {
  store = await openTestStore();
  const { connection } = store;
  const cipher = testCipher;
  await createResumesRepository(connection, cipher);
  await createPostingsRepository(connection, cipher);
  await createRunsRepository(connection, cipher);
  await createRunFilesRepository(connection, cipher);
  await createApplicationsRepository(connection, cipher);
  models = modelsOf(connection);
});
afterAll(() => store.close());

function modelsOf(connection: mongoose.Connection) {
  const all = connection.modelNames().map((name) => connection.model(name));
  return new Map(all.map((model) => [model.collection.collectionName, model]));
}

const deletable = "isDeleted deletedAt";
/** But for what DATA.md names. */
const fields: Record<string, string> = {
  masterResumes: `userId name contentHash isActive summary skills education awards mentorship links customLatexTemplate createdAt updatedAt ${deletable}`,
  resumeBullets:
    "masterResumeId bulletId parentType parentId company role projectName dates location text tags order createdAt",
  resumeBulletEmbeddings:
    "userId masterResumeId masterResumeHash bulletId embedKeyHash embeddingModel dims embedding createdAt",
  evidenceScores: "masterResumeId masterResumeHash rulesHash rulesVersion scores cachedAt",
  jobPostings: `userId jobUrl platform title company location salary employmentType seniority rawDescription extractedText descriptionHash userTags notes isFavorite createdAt updatedAt ${deletable}`,
  runs: `runId userId masterResumeId jobId status stage errorMessage mockMode promptVersions promptHashes modelVariants primaryModelKey timing cacheHits startedAt completedAt createdAt updatedAt ${deletable}`,
  runRubrics: "runId version jobMeta requirements keywords constraints notes rubricHash createdAt",
  selectionPlans:
    "runId version masterResumeHash jobExtractedHash rubricHash embeddingModel config coverage selected budgetsUsed selectionNotes createdAt",
  tailoredResumes:
    "runId modelKey modelName tailoredHash summary workExperience projects education skills awards selectionEnforcement wordCountEstimate createdAt",
  generatedArtifacts: `runId modelKey artifactType fileName storageId mimeType sizeBytes createdAt ${deletable}`,
  applicationTracking:
    "userId runId jobId applicationStatus appliedAt responseReceivedAt interviewScheduledAt offerReceivedAt rejectedAt notes nextAction nextActionDue createdAt updatedAt",
};

test.each(Object.entries(fields))("[CAREER-113] %s has the dictionary's fields", (collection, names) => {
  const paths = Object.keys(models.get(collection)?.schema.paths ?? {});
  expect(names.split(" ").filter((name) => !paths.includes(name))).toEqual([]);
});

const enums: [collection: string, field: string, values: string, change: Record<string, string>][] = [
  ["runs", "status", "pending running success error", { status: "finished" }],
  [
    "runs",
    "stage",
    "initialized extracting rubric_generating rubric_generated embedding_jd selecting selection_complete tailoring tailored generating_latex generating_pdf DONE ERROR",
    { stage: "done" },
  ],
  ["resumeBullets", "parentType", "experience project award", { parentType: "hobby" }],
  ["generatedArtifacts", "artifactType", "pdf docx tex json json-resume", { artifactType: "exe" }],
  [
    "applicationTracking",
    "applicationStatus",
    "not_applied applied viewed screening interviewing offer accepted rejected withdrawn ghosted",
    { applicationStatus: "hired" },
  ],
];

test.each(enums)(
  "[CAREER-113] %s: %s is one of the dictionary's",
  async (collection, field, values, other) => {
    const model = models.get(collection);
    if (model === undefined) throw new Error("no such collection");
    const faultsOf = async (document: object) =>
      await new model(document).validate().then(
        () => [],
        (error: mongoose.Error.ValidationError) => Object.keys(error.errors),
      );
    expect(await faultsOf(other)).toContain(field);
    for (const value of values.split(" ")) expect(await faultsOf({ [field]: value })).not.toContain(field);
  },
);

/** With `!` where only one may be there. */
const indices: Record<string, string[]> = {
  masterResumes: ["userId", "userId isActive orgId!", "contentHash"],
  resumeBullets: ["masterResumeId", "masterResumeId parentType parentId"],
  resumeBulletEmbeddings: [
    "masterResumeId",
    "masterResumeHash embedKeyHash",
    "masterResumeId bulletId embedKeyHash!",
  ],
  evidenceScores: ["masterResumeId", "masterResumeHash rulesHash"],
  jobPostings: ["userId", "userId orgId createdAt", "userId orgId descriptionHash!"],
  runs: ["userId", "jobId", "userId status", "userId createdAt", "runId!"],
  runRubrics: ["runId"],
  selectionPlans: ["runId"],
  tailoredResumes: ["runId", "runId modelKey"],
  generatedArtifacts: ["runId", "runId artifactType", "runId modelKey"],
  applicationTracking: ["userId", "runId", "userId orgId updatedAt", "userId orgId jobId!"],
};

test.each(Object.entries(indices))("[CAREER-113] %s has the dictionary's indices", async (name, wanted) => {
  const found = await store.connection.collection(name).listIndexes().toArray();
  const there = found.map(({ key, unique }) => ({
    fields: `${Object.keys(key as object).join(" ")} `,
    isUnique: unique === true,
  }));
  // A longer one serves what it begins with; what is unique is so by exactly these.
  const isThere = (index: string) =>
    there.some(({ fields: has, isUnique }) =>
      index.endsWith("!") ? isUnique && has === `${index.slice(0, -1)} ` : has.startsWith(`${index} `),
    );
  expect(wanted.filter((index) => !isThere(index))).toEqual([]);
});
