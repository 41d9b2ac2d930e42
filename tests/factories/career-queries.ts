// Every query about careers: résumés and what is computed of them.
import type { Connection } from "mongoose";
import { createResumesRepository } from "../../server/modules/career/resumes/resumes.repository.mongo.ts";
import type { StoredResume } from "../../server/modules/career/resumes/index.ts";
import { bulletsOf, withBulletIds } from "../../server/modules/career/resume/bullets.ts";
import { systemIds } from "../../server/platform/ids.ts";
import type { MasterResumeId, UserId } from "../../shared/ids.ts";
import { resumeContentSchema } from "../../shared/schemas/career/resume.ts";
import { testCipher } from "./cipher.ts";

export async function makeCareerQueries(
  connection: Connection,
  { userId, now, later }: { userId: UserId; now: Date; later: Date },
): Promise<void> {
  const repository = await createResumesRepository(connection, testCipher);
  const content = withBulletIds(
    resumeContentSchema.parse({
      name: "Ann Bell",
      summary: "Engineer",
      work: [{ company: "Acme", title: "Engineer", dates: "2020", bullets: ["Built it."] }],
    }),
  );
  const owner = { userId, orgId: null };
  const resume: StoredResume = {
    ...owner,
    id: systemIds.objectId() as MasterResumeId,
    name: "Ann",
    contentHash: "h",
    isActive: false,
    content,
    source: "written",
    original: null,
    customLatexTemplate: "%",
    publicPage: null,
    revision: 1,
    isDeleted: false,
    deletedAt: null,
    createdAt: now,
    updatedAt: now,
  };
  await repository.insert(resume);
  await repository.find(owner, resume.id);
  await repository.list(owner);
  await repository.byHash(owner, "h");
  await repository.change(owner, resume.id, 1, { name: "Ann Bell", content, contentHash: "g" }, now);
  await repository.change(owner, resume.id, 2, { customLatexTemplate: null }, now);
  await repository.activate(owner, resume.id, now);
  await repository.active(owner);
  await repository.setPublic(owner, resume.id, { token: "t", parts: ["summary"], since: now }, now);
  await repository.byPublicToken("t");
  await repository.namesFile(userId, "f");
  await repository.ofPerson(userId);
  const bullets = bulletsOf(content);
  await repository.putBullets(resume.id, bullets, now);
  const hashes = { masterResumeHash: "g", rulesHash: "r" };
  await repository.putEvidence(resume.id, { ...hashes, rulesVersion: "v1", scores: [] }, now);
  await repository.evidence(resume.id, hashes);
  const made = bullets.map(({ bulletId }) => ({ bulletId, textHash: "t", embedding: [1] }));
  await repository.putEmbeddings(resume, { embedKeyHash: "k", embeddingModel: "m" }, made, now);
  await repository.embeddings(resume.id, "k");
  await repository.keepEmbeddings(
    resume,
    "k",
    made.map(({ bulletId }) => bulletId),
  );
  await repository.setDeleted(owner, resume.id, now, now);
  await repository.deletedBefore(later, 10);
  await repository.purge(resume.id);
}
