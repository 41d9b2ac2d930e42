// Looks through a collection for documents whose parent is gone; what interrupts it leaves whole documents.
import type { Connection } from "mongoose";
import type { Relation } from "./relations.ts";

/** Ids of a collection are all of one kind: text, or the driver's own. */
type Id = string | { toHexString(): string };
type Document = { _id: Id } & Record<string, unknown>;

/** A parent is there before its children: what is found without one never gets one. */
export interface Orphans {
  /**
   * Answers how many there were. With `mend` they are removed, or forget their parent, as the relation says; `before` is told
   * which parents are gone, before their children are removed.
   */
  check(
    relation: Relation,
    options: {
      mend: boolean;
      signal?: AbortSignal | undefined;
      before?: ((parents: readonly string[]) => Promise<void>) | undefined;
    },
  ): Promise<number>;
}

const atOnce = 500;

export function createOrphans(connection: Connection): Orphans {
  const database = connection.getClient().db(connection.name);
  return {
    async check({ child, field, parent, parentField = "_id", otherwise }, { mend, signal, before }) {
      const children = database.collection<Document>(child);
      const parents = database.collection<Document>(parent);
      let found = 0;
      let after: Id | null = null;
      for (;;) {
        signal?.throwIfAborted();
        const page = await children
          .find(after === null ? {} : { _id: { $gt: after } }, { projection: { [field]: 1 } })
          .sort({ _id: 1 })
          .limit(atOnce)
          .toArray();
        const named = [
          ...new Set(page.map((one) => one[field]).filter((id): id is string => typeof id === "string")),
        ];
        const there = await parents
          .find({ [parentField]: { $in: named } }, { projection: { [parentField]: 1 } })
          .toArray();
        const known = new Set<unknown>(there.map((one) => one[parentField]));
        const orphans = page.filter((one) => typeof one[field] === "string" && !known.has(one[field]));
        found += orphans.length;
        const ids = orphans.map(({ _id }) => _id);
        if (mend && ids.length > 0 && before !== undefined)
          await before([...new Set(orphans.map((one) => one[field] as string))]);
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
