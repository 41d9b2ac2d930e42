// Calls into the store that may never be answered, given an end.
import { AppError } from "../../../shared/errors.ts";
import type { Clock } from "../clock.ts";
import type { Materialiser } from "./index.ts";
import type { JournalLimits } from "./journal-limits.ts";

/** Rejects with UNAVAILABLE when the promise is not settled in time; what it stood for may still happen. */
export function timeBound<Value>(clock: Clock, timeoutMs: number, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(timeoutMs, () =>
      reject(
        new AppError("UNAVAILABLE", "The store does not answer just now. Please try again.", {
          cause: new Error(`the store did not answer within ${timeoutMs} ms`),
          retryAfterSeconds: 2,
        }),
      ),
    );
    promise.then(resolve, reject).finally(cancel);
  });
}

/** One collection that hangs must not hang the journal. */
export function boundMaterialiser(clock: Clock, limits: JournalLimits, inner: Materialiser): Materialiser {
  const read = <Value>(promise: Promise<Value>) => timeBound(clock, limits.readTimeoutMs, promise);
  const { listKeys } = inner;
  return {
    kind: inner.kind,
    lastSequence: (stream) => read(inner.lastSequence(stream)),
    findByKeys: (stream, keys) => read(inner.findByKeys(stream, keys)),
    ...(listKeys && {
      listKeys: (stream: string, limit: number) => read(listKeys.call(inner, stream, limit)),
    }),
    read: (stream, fromSequence, limit) => read(inner.read(stream, fromSequence, limit)),
    write: (runs) => timeBound(clock, limits.moveTimeoutMs, inner.write(runs)),
  };
}
