// Who asks, from where, under which number: known at the door, read by the audit log however deep the work goes.
import { AsyncLocalStorage } from "node:async_hooks";
import type { Actor } from "../../shared/actor.ts";

export interface RequestContext {
  /** As in the log and in the answer's `X-Request-Id`. */
  requestId: string;
  ipAddress: string | null;
  userAgent: string | null;
  /** Null until the request has been authenticated. */
  actor: Actor | null;
}

// One for the process: it holds nothing but what belongs to the request that runs.
const storage = new AsyncLocalStorage<RequestContext>();

export function withRequestContext<Result>(context: RequestContext, run: () => Result): Result {
  return storage.run(context, run);
}

/** Null outside a request: jobs and what the product does by itself. */
export function currentRequest(): RequestContext | null {
  return storage.getStore() ?? null;
}
