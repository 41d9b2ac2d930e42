// The reader's thread: its own snapshots of the committed data, the cursors, and the commands that only read.
import { CursorRegistry } from "../commands/cursors.ts";
import type { ReadEngine } from "../commands/context.ts";
import { runCommand, type ReportFault } from "../commands/dispatch.ts";
import { interruptAll } from "../commands/pace.ts";
import { readCommands } from "../commands/read-commands.ts";
import { SnapshotStorage } from "../storage/snapshot-storage.ts";
import type { ThreadEngine } from "./request-runner.ts";

const cursorSweepMs = 30_000;
const cacheKilobytes = 6 * 1024;
/** How long reads may go on once the server stops. */
const drainMs = 3000;

/** Throws StorageOpenError. */
export function openReadEngine(options: { directory: string; report: ReportFault }): ThreadEngine {
  const storage = new SnapshotStorage(options.directory, cacheKilobytes);
  const nowMs = () => Date.now();
  const engine: ReadEngine = { storage, catalog: storage.catalog, cursors: new CursorRegistry(nowMs), nowMs };
  const commandSet = { commands: readCommands, engine, authenticated: true };
  const sweep = setInterval(() => engine.cursors.sweep(), cursorSweepMs);
  return {
    refresh: () => storage.refresh(),
    answer: (request) => runCommand(commandSet, request, options.report),
    async drain(idle) {
      clearInterval(sweep);
      const timer = setTimeout(interruptAll, drainMs);
      await idle;
      clearTimeout(timer);
    },
    close: () => storage.close(),
  };
}
