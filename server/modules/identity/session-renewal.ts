// Refreshing browser sessions: one refresh a session at a time, its outcome shared with everybody who asks meanwhile.
import { AppError } from "../../../shared/errors.ts";
import type { Clock } from "../../platform/clock.ts";
import type { IdentityVendor, VendorSession } from "../../vendors/identity/index.ts";
import type { SessionsRepository } from "./sessions.repository.mongo.ts";

export interface RenewedSession {
  sealed: string;
  session: VendorSession;
}

export interface SessionRenewal {
  /** The session as it is now, refreshed where needed. Throws SESSION_EXPIRED, or VENDOR_ERROR where it may yet live. */
  renew(sessionId: string, presented: string): Promise<RenewedSession>;
}

export function createSessionRenewal(options: {
  vendor: Pick<IdentityVendor, "check" | "refresh">;
  repository: SessionsRepository;
  clock: Clock;
}): SessionRenewal {
  const { vendor, repository, clock } = options;
  const running = new Map<string, Promise<RenewedSession>>();

  // A browser may come with a cookie that was already traded in: by a socket, which cannot hand out the new one, or by
  // a request whose answer was lost. The store knows what it was traded for.
  async function renewNow(sessionId: string, presented: string): Promise<RenewedSession> {
    const stored = await repository.find(sessionId);
    const { sealed: kept, endedAt } = stored ?? { sealed: null, endedAt: null };
    if (endedAt !== null) throw sessionOver();
    let newest = presented;
    if (kept !== null && kept !== presented) {
      const checked = await vendor.check(kept);
      if (checked.outcome === "valid") return { sealed: kept, session: checked.session };
      if (checked.outcome === "stale") newest = kept;
    }
    const result = await vendor.refresh(newest);
    switch (result.outcome) {
      case "refreshed":
        await repository.keep(result.session.sessionId, result.sealed, clock.now());
        return { sealed: result.sealed, session: result.session };
      case "over":
        throw sessionOver();
      case "unavailable":
        throw new AppError(
          "VENDOR_ERROR",
          "Your sign-in could not be renewed just now. Please try again shortly.",
          { retryAfterSeconds: result.retryAfterSeconds },
        );
    }
  }

  return {
    async renew(sessionId, presented) {
      const current = running.get(sessionId);
      if (current !== undefined) return await current;
      const work = renewNow(sessionId, presented).finally(() => running.delete(sessionId));
      running.set(sessionId, work);
      return await work;
    },
  };
}

export function sessionOver(): AppError {
  return new AppError("SESSION_EXPIRED", "Your sign-in has run out. Please sign in again.");
}
