// String operators.
import type { OperatorCompiler } from "./expression-types.ts";

export const stringOperators: readonly (readonly [string, OperatorCompiler])[] = [];
