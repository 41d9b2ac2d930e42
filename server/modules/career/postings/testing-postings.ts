// Postings in memory, for tests: as the store keeps them.
import type { PostingsRepository, StoredPosting, StoredRubric } from "./postings.repository.ts";
import type { CareerOwner } from "../career.policy.ts";

export function memoryPostings(): PostingsRepository {
  const postings = new Map<string, StoredPosting>();
  const rubrics = new Map<string, StoredRubric>();
  const isOf = (owner: CareerOwner) => (one: CareerOwner) =>
    one.userId === owner.userId && one.orgId === owner.orgId;
  const of = (owner: CareerOwner) => [...postings.values()].filter(isOf(owner));
  const one = (owner: CareerOwner, id: string) => of(owner).find((posting) => posting.id === id) ?? null;
  return {
    insert(posting) {
      if (of(posting).some(({ descriptionHash }) => descriptionHash === posting.descriptionHash))
        return Promise.resolve(false);
      postings.set(posting.id, structuredClone(posting));
      return Promise.resolve(true);
    },
    find: (owner, id) => Promise.resolve(one(owner, id)),
    byHash: (owner, hash) =>
      Promise.resolve(of(owner).find(({ descriptionHash }) => descriptionHash === hash) ?? null),
    count: (owner) => Promise.resolve(of(owner).length),
    list: (owner, { deleted, limit }) =>
      Promise.resolve(
        of(owner)
          .filter(({ isDeleted }) => isDeleted === deleted)
          .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
          .slice(0, limit),
      ),
    change(owner, id, set, now) {
      const found = one(owner, id);
      if (found === null || (set.isDeleted === true && found.isDeleted)) return Promise.resolve(null);
      const changed = { ...found, ...set, updatedAt: now };
      postings.set(id, changed);
      return Promise.resolve(changed);
    },
    rubric: (owner, id) =>
      Promise.resolve([...rubrics.values()].filter(isOf(owner)).find((each) => each.id === id) ?? null),
    latestRubric: (owner, jobId, { descriptionHash, madeBy }) =>
      Promise.resolve(
        [...rubrics.values()]
          .filter(isOf(owner))
          .filter(
            (each) =>
              each.jobId === jobId && each.descriptionHash === descriptionHash && each.madeBy === madeBy,
          )
          .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0] ?? null,
      ),
    putRubric(rubric) {
      rubrics.set(rubric.id, structuredClone(rubric));
      return Promise.resolve();
    },
    removeOfPerson(userId) {
      for (const [id, each] of postings) if (each.userId === userId) postings.delete(id);
      for (const [id, each] of rubrics) if (each.userId === userId) rubrics.delete(id);
      return Promise.resolve();
    },
    allOfPerson: (userId) =>
      Promise.resolve({
        postings: [...postings.values()].filter((each) => each.userId === userId),
        rubrics: [...rubrics.values()].filter((each) => each.userId === userId),
      }),
    deletedBefore: (before, limit) =>
      Promise.resolve(
        [...postings.values()]
          .filter(({ isDeleted, deletedAt }) => isDeleted && deletedAt !== null && deletedAt < before)
          .slice(0, limit),
      ),
    remove(id) {
      for (const [key, each] of rubrics) if (each.jobId === id) rubrics.delete(key);
      postings.delete(id);
      return Promise.resolve();
    },
  };
}
