// What stages are given beside their documents: variables, the time, chance, and a way into other collections.
import type { Value } from "../bson/value.ts";
import type { Pace } from "../commands/pace.ts";
import type { Filter } from "../query/filter.ts";
import type { Scope } from "./expression-types.ts";

export interface InnerPipeline {
  /** A collection of the same database; null where the pipeline brings its own documents. */
  from: string | null;
  pipeline: readonly Value[];
  /** Narrows the collection before the pipeline begins. */
  filter?: Filter;
  variables: Scope["variables"];
  /** What all results together may hold. */
  maxBytes: number;
  tooLarge(): Error;
}

export interface StageScope {
  variables: Scope["variables"];
  nowMs: number;
  /** At least 0 and below 1. */
  random(): number;
  /** Everything an inner pipeline gives. Throws what `tooLarge` makes if that is more than `maxBytes`. */
  runPipeline(inner: InnerPipeline, pace: Pace): Promise<Value[]>;
}

/** Parses a pipeline without running it, so that mistakes are told although no document comes. */
export type CheckPipeline = (pipeline: readonly Value[], place: "$lookup" | "$unionWith") => void;
