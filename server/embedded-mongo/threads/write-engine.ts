// The writer's thread: the only connection that writes, group commit, and the removal of documents past their time.
import type { WriteEngine } from "../commands/context.ts";
import { runCommand, type ReportFault } from "../commands/dispatch.ts";
import { writeCommands } from "../commands/write-commands.ts";
import { Catalog } from "../storage/catalog.ts";
import { startMoving } from "../storage/entry-mover.ts";
import { openSqliteStorage } from "../storage/sqlite-storage.ts";
import type { Storage } from "../storage/storage.ts";
import { WriteQueue } from "../storage/write-queue.ts";
import { sweepExpired } from "../ttl-sweeper.ts";
import { Checkpoints } from "./checkpoints.ts";
import type { ThreadEngine } from "./request-runner.ts";

/** Creates the data file where there is none. Throws StorageOpenError. */
export function openWriteEngine(options: {
  directory: string;
  ttlIntervalMs: number;
  report: ReportFault;
  /** After each commit, before the next begins: what waited for it can be answered. */
  settled(): void;
}): ThreadEngine {
  const storage = openSqliteStorage(options.directory);
  const catalog = new Catalog(storage);
  const checkpoints = new Checkpoints({ directory: options.directory, storage, report: options.report });
  const syncing = syncSoon(storage, options.report);
  const writes = new WriteQueue(storage, {
    rolledBack() {
      catalog.rolledBack();
      options.settled();
    },
    committed() {
      catalog.committed();
      checkpoints.committed();
      syncing.committed(writes);
      options.settled();
    },
  });
  const engine: WriteEngine = { storage, catalog, writes, nowMs: () => Date.now() };
  const commandSet = { commands: writeCommands, engine, authenticated: true };
  const stopSweeping = startSweeping(engine, options);
  const moving = startMoving({ storage, writes, report: options.report });
  return {
    refresh: () => undefined,
    answer: (request) => runCommand(commandSet, request, options.report),
    async drain(idle) {
      stopSweeping();
      moving.stop();
      syncing.stop();
      await writes.close();
      await checkpoints.stop();
      await idle;
    },
    close: () => storage.close(),
  };
}

/** What was answered before it was on the disk is there so much later, also where nothing follows it. */
const syncedAfterMs = 1000;

function syncSoon(storage: Storage, report: ReportFault) {
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  function later(writes: WriteQueue): void {
    timer ??= setTimeout(() => {
      timer = null;
      if (stopped || !storage.unsynced) return;
      writes
        .alone(() => storage.sync())
        .catch((error: unknown) => {
          if (stopped) return;
          report(error, "sync");
          later(writes);
        });
    }, syncedAfterMs);
  }
  return {
    /** After each commit. */
    committed(writes: WriteQueue) {
      if (storage.unsynced) later(writes);
    },
    /** Before the queue closes: closing the storage brings the rest to the disk. */
    stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

function startSweeping(
  engine: WriteEngine,
  { ttlIntervalMs, report }: { ttlIntervalMs: number; report: ReportFault },
): () => void {
  let sweeping = false;
  let stopped = false;
  const timer = setInterval(() => {
    if (sweeping) return;
    sweeping = true;
    sweepExpired(engine)
      .catch((error: unknown) => {
        // A sweep that is overtaken by the stop is refused by the queue.
        if (!stopped) report(error, "ttl");
      })
      .finally(() => (sweeping = false));
  }, ttlIntervalMs);
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}
