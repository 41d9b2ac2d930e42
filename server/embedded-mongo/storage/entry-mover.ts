// Moves the entries that inserts put aside to their place as soon as no more of them come in.
import type { Storage } from "./storage.ts";
import type { WriteQueue } from "./write-queue.ts";

export interface MoverOptions {
  storage: Storage;
  writes: WriteQueue;
  report(error: unknown, where: string): void;
}

/** So long nothing must have been put aside: more that come soon would go to the same pages. */
const quietMs = 200;
/** A few milliseconds of work, so that a write that comes meanwhile does not wait long. */
const entriesAtOnce = 2000;

/** Goes on until it is stopped. What an earlier process left is moved too. */
export function startMoving({ storage, writes, report }: MoverOptions): { stop(): void } {
  let stopped = false;
  let moving = false;
  let seen = storage.writer.putAside;
  let done = -1;
  const move = async () => {
    while (!stopped && storage.writer.putAside === seen)
      if (!(await writes.run(({ view }) => view.moveEntries(entriesAtOnce)))) {
        done = seen;
        return;
      }
  };
  const timer = setInterval(() => {
    const { putAside } = storage.writer;
    const quiet = putAside === seen;
    seen = putAside;
    if (moving || !quiet || done === seen) return;
    moving = true;
    move()
      .catch((error: unknown) => {
        // What is overtaken by the stop is refused by the queue; what the disk refuses is tried again.
        if (!stopped) report(error, "moving entries");
      })
      .finally(() => (moving = false));
  }, quietMs);
  return {
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}
