// An update after parsing.
import type { Node } from "../bson/tree.ts";
import type { Value } from "../bson/value.ts";
import type { Filter } from "../query/filter.ts";
import type { UpdateTree } from "./update-tree.ts";

/** What an operator makes of the place it is applied to. "keep" leaves it, "remove" takes it away. */
export type Outcome = { kind: "keep" } | { kind: "remove" } | { kind: "set"; node: Node };

export const keep: Outcome = { kind: "keep" };
export const remove: Outcome = { kind: "remove" };

export interface UpdateContext {
  /** The update makes a new document (an upsert). */
  inserting: boolean;
  /** The array position the query matched through; -1: none. */
  position: number;
  nowMs: number;
  /** Values of the command's `let`, for pipelines. */
  variables?: ReadonlyMap<string, Value | undefined>;
}

/** One operator on one path. */
export interface FieldUpdate {
  operator: string;
  path: string;
  /** Missing documents on the way are made. */
  creates: boolean;
  /** A path that cannot exist (through a number, say) is passed over instead of refused. */
  passesBlockedPaths?: boolean;
  onInsertOnly: boolean;
  /** `existing` is undefined where there is no such field. */
  apply(existing: Node | undefined, context: UpdateContext): Outcome;
}

/** What a pipeline update makes of a document. */
export type DocumentTransform = (
  document: Value,
  context: { nowMs: number; variables: ReadonlyMap<string, Value | undefined> },
) => Value;

export type Update =
  | { kind: "replacement"; document: Value }
  | {
      kind: "operators";
      tree: UpdateTree;
      arrayFilters: ReadonlyMap<string, Filter>;
    }
  | { kind: "pipeline"; transform: DocumentTransform };
