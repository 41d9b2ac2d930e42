// Applications in memory, for tests: as the store keeps them.
import type { CareerOwner } from "../career.policy.ts";
import type { ApplicationsRepository, StoredApplication } from "./applications.repository.ts";

export function memoryApplications(): ApplicationsRepository {
  const kept = new Map<string, StoredApplication>();
  const all = () => [...kept.values()];
  const of = ({ userId, orgId }: CareerOwner) =>
    all().filter((one) => one.userId === userId && one.orgId === orgId);
  const removeWhere = (is: (one: StoredApplication) => boolean) => {
    const gone = all().filter(is);
    for (const { id } of gone) kept.delete(id);
    return gone.length;
  };
  return {
    insert(application) {
      if (of(application).some(({ jobId }) => jobId === application.jobId)) return Promise.resolve(false);
      kept.set(application.id, structuredClone(application));
      return Promise.resolve(true);
    },
    find: (owner, id) => Promise.resolve(of(owner).find((one) => one.id === id) ?? null),
    ofPosting: (owner, jobId) => Promise.resolve(of(owner).find((one) => one.jobId === jobId) ?? null),
    list: (owner, { deleted, limit }) =>
      Promise.resolve(
        of(owner)
          .filter(({ isDeleted }) => isDeleted === deleted)
          .sort((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime())
          .slice(0, limit),
      ),
    change(at, set, now) {
      const found = of(at).find(({ id, revision }) => id === at.id && revision === at.revision);
      if (found === undefined) return Promise.resolve(null);
      const changed = { ...found, ...structuredClone(set), updatedAt: now, revision: found.revision + 1 };
      kept.set(found.id, changed);
      return Promise.resolve(changed);
    },
    byId: (id) => Promise.resolve(kept.get(id) ?? null),
    ofRun: (runId) => Promise.resolve(all().filter((one) => one.runId === runId)),
    removeOfPosting(jobId) {
      removeWhere((one) => one.jobId === jobId);
      return Promise.resolve();
    },
    removeOfPerson(userId) {
      removeWhere((one) => one.userId === userId);
      return Promise.resolve();
    },
    allOfPerson: (userId) => Promise.resolve(all().filter((one) => one.userId === userId)),
    removeDeletedBefore: (before) =>
      Promise.resolve(
        removeWhere(({ isDeleted, deletedAt }) => isDeleted && deletedAt !== null && deletedAt < before),
      ),
  };
}
