// Refreshing browser sessions: one refresh a session at a time over all processes, its outcome shared with everybody who asks meanwhile.
import { AppError } from "../../../shared/errors.ts";
import type { Clock } from "../../platform/clock.ts";
import type { IdentityVendor, VendorSession } from "../../vendors/identity/index.ts";
import type { SessionsRepository } from "./sessions.repository.mongo.ts";

/** Longer than the vendor takes to answer or to be given up on: a process that died renews nothing any more. */
const claimMs = 10_000;
/** How often it is looked whether another process has renewed the session. */
const lookAgainMs = 50;

export interface RenewedSession {
  sealed: string;
  session: VendorSession;
}

export interface SessionRenewal {
  /** The session as it is now, refreshed where needed. Throws SESSION_EXPIRED, or VENDOR_ERROR where it may yet live. */
  renew(sessionId: string, presented: string): Promise<RenewedSession>;
  /**
   * Moves the session to another organisation, after a refresh of it that is under way and before any other. Throws
   * FORBIDDEN where the vendor does not let the person in there, and as `renew`.
   */
  move(sessionId: string, presented: string, organizationId: string): Promise<RenewedSession>;
}

export function createSessionRenewal(options: {
  vendor: Pick<IdentityVendor, "check" | "refresh">;
  repository: SessionsRepository;
  clock: Clock;
}): SessionRenewal {
  const { vendor, repository, clock } = options;
  const running = new Map<string, Promise<RenewedSession>>();

  // A browser may come with a cookie that was already traded in: by a socket, which cannot hand out the new one, by a
  // request whose answer was lost, or by another process just now. The store knows what it was traded for.
  async function tradedFor(kept: string | null, presented: string): Promise<RenewedSession | null> {
    if (kept === null || kept === presented) return null;
    const checked = await vendor.check(kept);
    return checked.outcome === "valid" ? { sealed: kept, session: checked.session } : null;
  }

  async function renewNow(
    sessionId: string,
    presented: string,
    organizationId?: string,
  ): Promise<RenewedSession> {
    for (;;) {
      const now = clock.now();
      const until = new Date(now.getTime() + claimMs);
      const claimed = await repository.claim(sessionId, now, until);
      const stored = claimed ?? (await repository.find(sessionId));
      if (stored !== null && stored.endedAt !== null) throw sessionOver();
      const kept = stored?.sealed ?? null;
      let held = claimed !== null;
      try {
        const traded = organizationId === undefined ? await tradedFor(kept, presented) : null;
        if (traded !== null) return traded;
        if (held) {
          const renewed = await refresh(kept, presented, organizationId);
          held = false;
          return renewed;
        }
      } finally {
        if (held) await repository.release(sessionId, until);
      }
      await new Promise<void>((resolve) => clock.schedule(lookAgainMs, resolve));
    }
  }

  async function refresh(
    kept: string | null,
    presented: string,
    organizationId?: string,
  ): Promise<RenewedSession> {
    const openable = kept !== null && (await vendor.check(kept)).outcome !== "malformed";
    const result = await vendor.refresh(openable ? kept : presented, organizationId);
    switch (result.outcome) {
      case "refreshed": {
        const { sealed, session } = result;
        const owner = { workosUserId: session.person.id, orgId: session.orgId };
        await repository.keep(session.sessionId, sealed, owner, clock.now());
        return { sealed, session };
      }
      case "over":
        // The session itself may be well: only this organisation is closed to it.
        if (organizationId !== undefined) throw notLetIn();
        throw sessionOver();
      case "unavailable":
        throw new AppError(
          "VENDOR_ERROR",
          "Your sign-in could not be renewed just now. Please try again shortly.",
          { retryAfterSeconds: result.retryAfterSeconds },
        );
    }
  }

  function run(sessionId: string, work: () => Promise<RenewedSession>): Promise<RenewedSession> {
    const underWay = work().finally(() => {
      if (running.get(sessionId) === underWay) running.delete(sessionId);
    });
    running.set(sessionId, underWay);
    return underWay;
  }

  return {
    renew: (sessionId, presented) =>
      running.get(sessionId) ?? run(sessionId, () => renewNow(sessionId, presented)),

    move(sessionId, presented, organizationId) {
      const before = running.get(sessionId);
      return run(sessionId, async () => {
        // Whatever it brought is found in the store.
        await before?.catch(() => undefined);
        return await renewNow(sessionId, presented, organizationId);
      });
    },
  };
}

function notLetIn(): AppError {
  return new AppError("FORBIDDEN", "You do not belong to this organisation, or not any more.");
}

export function sessionOver(): AppError {
  return new AppError("SESSION_EXPIRED", "Your sign-in has run out. Please sign in again.");
}
