// What the parts of the emulated WorkOS share.
import type { Clock } from "../../../platform/clock.ts";
import type { IdSource } from "../../../platform/ids.ts";
import type { LocalDirectory } from "./directory.ts";
import type { EventLog } from "./events.ts";

export interface EmulatorState {
  directory: LocalDirectory;
  clock: Clock;
  ids: IdSource;
  /** Appends an event, and wakes who delivers it. */
  emit(event: string, data: Record<string, unknown>): Promise<void>;
  /** Takes the person out of everything that was told of. */
  forget(userId: string, email: string): Promise<void>;
  /** Now, but later than an earlier stamp of the same thing: of two states the stamps tell which came last. */
  stampAfter(earlier: string): string;
}

export function createState(options: {
  directory: LocalDirectory;
  log: EventLog;
  clock: Clock;
  ids: IdSource;
  onEvent: () => void;
}): EmulatorState {
  const { directory, log, clock, ids } = options;
  return {
    directory,
    clock,
    ids,
    async emit(event, data) {
      const created_at = clock.now().toISOString();
      // Rises with time, as WorkOS's ids do.
      await log.append({ id: `event_${ids.objectId()}`, event, created_at, data });
      options.onEvent();
    },
    forget: (userId, email) => log.forget(userId, email),
    stampAfter(earlier) {
      return new Date(Math.max(clock.now().getTime(), Date.parse(earlier) + 1)).toISOString();
    },
  };
}
