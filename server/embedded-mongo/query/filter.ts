// A query filter after parsing: what the matcher evaluates and the planner reads.
import type { Value } from "../bson/value.ts";
import type { Expression } from "../aggregate/expression-types.ts";
import type { Path } from "./path.ts";

export type ComparisonOperator = "eq" | "lt" | "lte" | "gt" | "gte";

export type Filter =
  | { kind: "and" | "or" | "nor"; children: Filter[] }
  | { kind: "not"; child: Filter }
  | { kind: "constant"; result: boolean }
  | { kind: "expression"; expression: Expression }
  | { kind: "compare"; path: Path; operator: ComparisonOperator; operand: Value }
  | {
      kind: "in";
      path: Path;
      values: Value[];
      keys: Set<string>;
      regexes: RegexCondition[];
      withNull: boolean;
    }
  | { kind: "regex"; path: Path; condition: RegexCondition }
  | { kind: "mod"; path: Path; divisor: bigint; remainder: bigint }
  | { kind: "bits"; path: Path; all: boolean; set: boolean; positions: readonly number[] }
  | { kind: "type"; path: Path; types: ReadonlySet<number> }
  | { kind: "exists"; path: Path }
  | { kind: "size"; path: Path; size: number }
  | { kind: "elemMatchObject"; path: Path; child: Filter }
  | { kind: "elemMatchValue"; path: Path; conditions: Filter[] };

export interface RegexCondition {
  regex: RegExp;
  /** The expression as written; it also matches a stored regular expression equal to it. */
  pattern: string;
  flags: string;
  /** Text every match starts with, or "" where unknown: lets an index be used. */
  prefix: string;
}

export const matchesEverything: Filter = { kind: "constant", result: true };
