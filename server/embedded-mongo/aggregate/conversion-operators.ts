// Conversion operators.
import type { OperatorCompiler } from "./expression-types.ts";

export const conversionOperators: readonly (readonly [string, OperatorCompiler])[] = [];
