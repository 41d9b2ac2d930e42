// What the commands over the store share: one sentence for each failure, progress on standard error, tables.
import { StorageOpenError } from "../../server/embedded-mongo/storage/sqlite-storage.ts";
import { StartError } from "../../server/platform/config.ts";
import { UsageError } from "../arguments.ts";

/** Says in a sentence why the command did not do what it was asked, and what to do. */
export class TaskError extends Error {}

/** Runs a command; what it throws becomes one sentence and exit code 1. */
export async function runTask(task: () => Promise<void>): Promise<void> {
  try {
    await task();
  } catch (error) {
    const expected = [TaskError, UsageError, StartError, StorageOpenError].some(
      (type) => error instanceof type,
    );
    console.error(expected && error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

export interface Progress {
  /** One more piece of a collection is done. */
  moved(collection: string, documents: number, bytes: number): void;
}

const reportBytes = 64 * 1024 * 1024;

/** A line for every 64 MB of a collection. */
export function progressOn(verb: string): Progress {
  let current = "";
  let documents = 0;
  let bytes = 0;
  let reported = 0;
  return {
    moved(collection, more, moreBytes) {
      if (collection !== current) [current, documents, bytes, reported] = [collection, 0, 0, 0];
      documents += more;
      bytes += moreBytes;
      if (bytes - reported < reportBytes) return;
      reported = bytes;
      console.error(
        `${verb} ${collection}: ${documents} documents, ${Math.round(bytes / 1024 / 1024)} MB so far`,
      );
    },
  };
}

export const quiet: Progress = { moved: () => undefined };

/** Columns as wide as they need; numbers stand to the right. */
export function tableOf(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => String(row[column] ?? "").length)),
  );
  const line = (cells: readonly (string | number)[]) =>
    cells
      .map((cell, column) =>
        typeof cell === "number"
          ? String(cell).padStart(widths[column] ?? 0)
          : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
