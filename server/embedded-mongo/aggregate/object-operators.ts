// Object operators.
import type { OperatorCompiler } from "./expression-types.ts";

export const objectOperators: readonly (readonly [string, OperatorCompiler])[] = [];
