// Résumés in memory, for tests of what is done with them.
import type { MasterResumeId } from "../../../../shared/ids.ts";
import type { EvidenceScores } from "../../../../shared/schemas/career/bullets.ts";
import type { CareerOwner } from "../career.policy.ts";
import type { StoredResume } from "./index.ts";
import type { BulletEmbedding, ResumesRepository } from "./resumes.repository.ts";

export function memoryResumes(): ResumesRepository {
  const resumes = new Map<MasterResumeId, StoredResume>();
  /** Whose content is the one that they were made with, ever since. */
  const asMade = new Set<MasterResumeId>();
  const evidence = new Map<string, EvidenceScores>();
  const embeddings = new Map<string, BulletEmbedding[]>();
  const own = (resume: StoredResume, owner: CareerOwner) =>
    resume.userId === owner.userId && resume.orgId === owner.orgId;
  const of = (owner: CareerOwner) => [...resumes.values()].filter((resume) => own(resume, owner));
  const find = (owner: CareerOwner, id: MasterResumeId) => of(owner).find((resume) => resume.id === id);
  const put = (resume: StoredResume, change: Partial<StoredResume>) =>
    void resumes.set(resume.id, { ...resume, ...change });
  return {
    insert(resume) {
      if (of(resume).some(({ id, contentHash }) => contentHash === resume.contentHash && asMade.has(id)))
        return Promise.resolve(false);
      put(resume, {});
      asMade.add(resume.id);
      return Promise.resolve(true);
    },
    find: (owner, id) => Promise.resolve(find(owner, id) ?? null),
    active: (owner) => Promise.resolve(of(owner).find(({ isActive }) => isActive) ?? null),
    list: (owner) => Promise.resolve(of(owner)),
    byHash: (owner, hash) =>
      Promise.resolve(
        of(owner).find(({ contentHash, isDeleted }) => contentHash === hash && !isDeleted) ?? null,
      ),
    change(owner, id, revision, change, now) {
      const found = find(owner, id);
      if (found === undefined || found.isDeleted || found.revision !== revision)
        return Promise.resolve(false);
      if (change.contentHash !== undefined) asMade.delete(id);
      put(found, { ...change, revision: revision + 1, updatedAt: now });
      return Promise.resolve(true);
    },
    activate(owner, id, now) {
      const found = find(owner, id);
      if (found === undefined || found.isDeleted) return Promise.resolve(false);
      for (const other of of(owner)) put(other, { isActive: other.id === id, updatedAt: now });
      return Promise.resolve(true);
    },
    setPublic(owner, id, publicPage, now) {
      const found = find(owner, id);
      if (found === undefined || found.isDeleted) return Promise.resolve(false);
      put(found, { publicPage, updatedAt: now });
      return Promise.resolve(true);
    },
    byPublicToken: (token) =>
      Promise.resolve(
        [...resumes.values()].find((each) => each.publicPage?.token === token && !each.isDeleted) ?? null,
      ),
    setDeleted(owner, id, deletedAt, now) {
      const found = find(owner, id);
      if (found === undefined || found.isDeleted === (deletedAt !== null)) return Promise.resolve(false);
      asMade.delete(id);
      put(found, {
        isDeleted: deletedAt !== null,
        deletedAt,
        isActive: false,
        publicPage: null,
        updatedAt: now,
      });
      return Promise.resolve(true);
    },
    putBullets: () => Promise.resolve(),
    evidence: (id, { masterResumeHash, rulesHash }) =>
      Promise.resolve(evidence.get(`${id}/${masterResumeHash}/${rulesHash}`) ?? null),
    putEvidence(id, scores) {
      evidence.set(`${id}/${scores.masterResumeHash}/${scores.rulesHash}`, scores);
      return Promise.resolve();
    },
    embeddings: (id, key) => Promise.resolve(embeddings.get(`${id}/${key}`) ?? []),
    putEmbeddings({ id }, { embedKeyHash }, made) {
      const known = embeddings.get(`${id}/${embedKeyHash}`) ?? [];
      const others = known.filter(({ bulletId }) => !made.some((each) => each.bulletId === bulletId));
      embeddings.set(`${id}/${embedKeyHash}`, [...others, ...made]);
      return Promise.resolve();
    },
    keepEmbeddings({ id }, key, bulletIds) {
      const known = embeddings.get(`${id}/${key}`) ?? [];
      embeddings.set(
        `${id}/${key}`,
        known.filter(({ bulletId }) => bulletIds.includes(bulletId)),
      );
      return Promise.resolve();
    },
    namesFile: (userId, fileId) =>
      Promise.resolve(
        [...resumes.values()].some((each) => each.userId === userId && each.original?.fileId === fileId),
      ),
    ofPerson: (userId) => Promise.resolve([...resumes.values()].filter((each) => each.userId === userId)),
    deletedBefore: (before, limit) =>
      Promise.resolve(
        [...resumes.values()]
          .filter(({ deletedAt }) => deletedAt !== null && deletedAt < before)
          .slice(0, limit),
      ),
    purge(id) {
      resumes.delete(id);
      return Promise.resolve();
    },
  };
}
