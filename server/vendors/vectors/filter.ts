// Whether metadata fits a filter, by the meaning that all indexes share.
import type { FieldFilter, Metadata, MetadataValue, VectorFilter } from "./index.ts";

export function fits(metadata: Metadata, filter: VectorFilter): boolean {
  return Object.entries(filter).every(([key, value]) => {
    if (key === "$and") return (value as readonly VectorFilter[]).every((one) => fits(metadata, one));
    if (key === "$or") return (value as readonly VectorFilter[]).some((one) => fits(metadata, one));
    return Object.entries(value as FieldFilter).every(([operator, operand]) =>
      fieldFits(metadata[key], operator, operand),
    );
  });
}

/** A list fits where one of its items does. */
function fieldFits(value: MetadataValue | undefined, operator: string, operand: unknown): boolean {
  const values: unknown[] = value === undefined ? [] : Array.isArray(value) ? value : [value];
  const isIn = (list: unknown) => Array.isArray(list) && values.some((one) => list.includes(one));
  const compares = (test: (one: number, other: number) => boolean) =>
    typeof operand === "number" && values.some((one) => typeof one === "number" && test(one, operand));
  switch (operator) {
    case "$eq":
      return values.includes(operand);
    case "$ne":
      return !values.includes(operand);
    case "$in":
      return isIn(operand);
    case "$nin":
      return !isIn(operand);
    case "$gt":
      return compares((one, other) => one > other);
    case "$gte":
      return compares((one, other) => one >= other);
    case "$lt":
      return compares((one, other) => one < other);
    case "$lte":
      return compares((one, other) => one <= other);
    case "$exists":
      return values.length > 0 === operand;
    default:
      throw new Error(`no such operator: ${operator}`);
  }
}
