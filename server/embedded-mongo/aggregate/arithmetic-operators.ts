// Arithmetic operators.
import type { OperatorCompiler } from "./expression-types.ts";

export const arithmeticOperators: readonly (readonly [string, OperatorCompiler])[] = [];
