// Array operators.
import type { OperatorCompiler } from "./expression-types.ts";

export const arrayOperators: readonly (readonly [string, OperatorCompiler])[] = [];
