// Stages that turn one document into another: used in pipelines and in pipeline updates.
import type { Value } from "../bson/value.ts";
import { StoreError } from "../errors.ts";

export function documentTransform(stages: readonly Value[]): (document: Value, nowMs: number) => Value {
  throw new StoreError(9, `pipeline updates are not supported by this server (${stages.length} stages)`);
}
