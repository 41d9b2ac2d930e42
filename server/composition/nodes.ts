// What a process owes the others: nobody stays present by a process that is gone, and no change of access goes unheard.
import type { Realtime } from "../../realtime/index.ts";
import type { IdentityService } from "../modules/identity/index.ts";
import type { MeetingsService } from "../modules/meetings/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Cluster, Term } from "../platform/cluster/index.ts";
import type { Logger } from "../platform/logger.ts";
import type { RedisBus } from "../platform/redis-bus.ts";

const retryMs = 1_000;

interface Parts {
  cluster: Cluster;
  /** Null where this process runs alone. */
  redisBus: RedisBus | null;
  realtime: Realtime;
  meetings: MeetingsService;
  identity: IdentityService;
  clock: Clock;
  logger: Logger;
}

/** Before the cluster starts. Returns the end of it. */
export function connectNodes(parts: Parts): () => void {
  const { cluster, redisBus, realtime, meetings, identity, clock, logger } = parts;
  let stopped = false;

  async function forget(term: Term): Promise<void> {
    while (!stopped) {
      try {
        return await meetings.forgetSeenBy(term);
      } catch (error) {
        logger.warn({ term, error: error as Error }, "presence of an ended process stays for now");
        await new Promise<void>((resolve) => clock.schedule(retryMs, resolve));
      }
    }
  }

  async function checkAgain(): Promise<void> {
    meetings.forgetAccess();
    const ended = identity.endedUnheard();
    await Promise.all([
      realtime.recheckAll(),
      ended.then((sessionIds) => sessionIds.forEach((sessionId) => realtime.endSession(sessionId))),
    ]);
  }

  // Every process that hears of it does so: it is the same as once. One's own people are seen anew under the next term.
  cluster.onEnded((term) => {
    if (term !== cluster.term()) void forget(term);
  });
  redisBus?.onSilent(() => {
    checkAgain().catch((error: unknown) =>
      logger.warn({ error: error as Error }, "access could not be checked again"),
    );
  });
  return () => {
    stopped = true;
  };
}
