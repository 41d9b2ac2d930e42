// What a copy is shown as: one row a collection, and a failure where anything differs.
import type { ComparedCollection } from "./copy.ts";
import { tableOf, TaskError } from "./task.ts";

const shownHash = 16;

/** Prints the comparison. Throws TaskError, with every difference, where the two sides are not the same. */
export function reportComparison(compared: readonly ComparedCollection[]): void {
  const rows = compared.map(({ name, source, target, indexes, differences }) => [
    name,
    source?.documents ?? 0,
    target?.documents ?? 0,
    target?.bytes ?? 0,
    indexes,
    (target ?? source)?.hash.slice(0, shownHash) ?? "",
    differences.length === 0 ? "same" : "DIFFERS",
  ]);
  console.log(tableOf(["collection", "documents", "copied", "bytes", "indexes", "hash", "result"], rows));
  const differences = compared.flatMap((each) => each.differences.map((what) => `${each.name} ${what}`));
  if (differences.length > 0)
    throw new TaskError(
      `The copy is not the same as its source, and must not be used:\n  ${differences.join("\n  ")}\nIf somebody wrote meanwhile, stop that and run the command again on an empty database.`,
    );
}
