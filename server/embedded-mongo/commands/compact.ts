// compact: rewrites the data file, so that no byte of what was removed or replaced is left in it or in the log.
import { StoreError } from "../errors.ts";
import { booleanField, collectionName, findCollection, type WriteCommand } from "./context.ts";

/** MongoDB's command names a collection; here all of them share one file, and are rewritten together. */
export const compactCommand: WriteCommand = {
  fields: ["force", "freeSpaceTargetMB", "dryRun"],
  async run(context) {
    const { engine, request } = context;
    booleanField(request.fields, "force");
    for (const name of ["freeSpaceTargetMB", "dryRun"])
      if (request.fields.has(name))
        throw new StoreError(72, `compact does not support '${name}' on this server`);
    if (findCollection(context) === undefined)
      throw new StoreError(26, `ns ${context.database}.${collectionName(context)} does not exist`);
    const before = engine.storage.sizeBytes();
    const whole = await engine.writes.alone(() => engine.storage.compact());
    if (!whole) throw new StoreError(1, "the log is still being read: compact again in a moment");
    return { bytesFreed: Math.max(0, before - engine.storage.sizeBytes()) };
  },
};
