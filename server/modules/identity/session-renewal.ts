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

  // A browser may come with a cookie that was already traded in: by a socket, which cannot hand out the new one, or by
  // a request whose answer was lost. The store knows what it was traded for.
  async function renewNow(
    sessionId: string,
    presented: string,
    organizationId?: string,
  ): Promise<RenewedSession> {
    const stored = await repository.find(sessionId);
    const { sealed: kept, endedAt } = stored ?? { sealed: null, endedAt: null };
    if (endedAt !== null) throw sessionOver();
    let newest = presented;
    if (kept !== null && kept !== presented) {
      const checked = await vendor.check(kept);
      if (checked.outcome === "valid" && organizationId === undefined) {
        return { sealed: kept, session: checked.session };
      }
      if (checked.outcome !== "malformed") newest = kept;
    }
    const result = await vendor.refresh(newest, organizationId);
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
