// Looks through a collection for documents whose parent is gone; what interrupts it leaves whole documents.
import type { Connection } from "mongoose";
import type { Relation } from "./relations.ts";

type Id = string;
type Child = { _id: Id } & Record<string, unknown>;

/** A parent is there before its children: what is found without one never gets one. */
export interface Orphans {
  /** Answers how many there were. With `mend` they are removed, or forget their parent, as the relation says. */
  check(relation: Relation, options: { mend: boolean; signal?: AbortSignal | undefined }): Promise<number>;
}

const atOnce = 500;

export function createOrphans(connection: Connection): Orphans {
  const database = connection.getClient().db(connection.name);
  return {
    async check({ child, field, parent, otherwise }, { mend, signal }) {
      const children = database.collection<Child>(child);
      const parents = database.collection<{ _id: Id }>(parent);
      let found = 0;
      let after: Id = "";
      for (;;) {
        signal?.throwIfAborted();
        const page = await children
          .find({ _id: { $gt: after } }, { projection: { [field]: 1 } })
          .sort({ _id: 1 })
          .limit(atOnce)
          .toArray();
        const named = [
          ...new Set(page.map((one) => one[field]).filter((id): id is Id => typeof id === "string")),
        ];
        const there = await parents.find({ _id: { $in: named } }, { projection: { _id: 1 } }).toArray();
        const known = new Set<unknown>(there.map(({ _id }) => _id));
        const orphans = page.filter((one) => typeof one[field] === "string" && !known.has(one[field]));
        found += orphans.length;
        const ids = orphans.map(({ _id }) => _id);
        if (mend && ids.length > 0 && otherwise === "remove")
          await children.deleteMany({ _id: { $in: ids } });
        if (mend && ids.length > 0 && otherwise === "forget")
          await children.updateMany({ _id: { $in: ids } }, { $set: { [field]: null } });
        const last = page.at(-1);
        if (last === undefined || page.length < atOnce) return found;
        after = last._id;
      }
    },
  };
}
