// Shared by sockets and notes: who may connect at all, and whether access moved while somebody was being let in.
import type { IncomingMessage } from "node:http";
import { AppError } from "../shared/errors.ts";
import type { Actor } from "../shared/actor.ts";
import type { RealtimePorts } from "./ports.ts";

const loopbackNames = ["localhost", "127.0.0.1", "[::1]"];

/** The allowed origins; each loopback one under all its names, as people type any of them. */
export function originChecker(allowedOrigins: string[]): (origin: string) => boolean {
  const allowed = new Set<string>();
  for (const origin of allowedOrigins) {
    const url = new URL(origin);
    allowed.add(url.origin);
    if (!loopbackNames.includes(url.hostname)) continue;
    for (const name of loopbackNames) {
      url.hostname = name;
      allowed.add(url.origin);
    }
  }
  return (origin) => allowed.has(origin);
}

export interface Doorkeeper {
  /** False for a browser page of another origin. */
  originAllowed(request: IncomingMessage): boolean;
  /** Throws UNAUTHENTICATED. The cookie counts only for requests that a page of ours has surely made. */
  authenticate(request: IncomingMessage, token: string | undefined): Promise<Actor>;
}

export function createDoorkeeper(
  ports: Pick<RealtimePorts, "authenticate">,
  allowedOrigins: string[],
): Doorkeeper {
  const isAllowed = originChecker(allowedOrigins);
  return {
    originAllowed: ({ headers }) => headers.origin === undefined || isAllowed(headers.origin),
    async authenticate({ headers }, token) {
      if (token !== undefined && token !== "") return await ports.authenticate({ token });
      // Browsers leave Origin out of same-origin GETs (long polling) and name the relation in this header instead.
      const ours = headers.origin !== undefined || headers["sec-fetch-site"] === "same-origin";
      if (!ours) throw new AppError("UNAUTHENTICATED", "Sign in, or connect with a token.");
      return await ports.authenticate({ cookieHeader: headers.cookie });
    },
  };
}

/**
 * Counts changes of access, and ends of sessions. Who lets somebody in compares the count from before its check with the
 * one after: where it moved, the check may be stale and is made again.
 */
export class AccessEpoch {
  #count = 0;

  get current(): number {
    return this.#count;
  }

  advance(): void {
    this.#count += 1;
  }
}
