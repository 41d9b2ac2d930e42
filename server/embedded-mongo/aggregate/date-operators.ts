// Date operators.
import type { OperatorCompiler } from "./expression-types.ts";

export const dateOperators: readonly (readonly [string, OperatorCompiler])[] = [];
