// What an aggregation expression is after parsing: a function from a document and variables to a value.
import type { Value } from "../bson/value.ts";

export interface Scope {
  /** $$ROOT. */
  root: Value;
  /** $$CURRENT and every user variable, by name without the dollar signs. */
  variables: ReadonlyMap<string, Value | undefined>;
  /** $$NOW, one instant for a whole command. */
  nowMs: number;
}

/** Undefined means that the value is missing, which is not null. */
export type Expression = (scope: Scope) => Value | undefined;

/** Parses an operand; operators are handed it so that their files need not import one another. */
export type Compile = (operand: Value) => Expression;

export type OperatorCompiler = (operand: Value, compile: Compile, name: string) => Expression;
