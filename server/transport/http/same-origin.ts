// Whether a request with a cookie comes from one of our own pages.
import type { Request } from "express";
import { AppError } from "../../../shared/errors.ts";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** Sent by our own pages; no page of another site can add it without asking first, and we never say yes. */
export const clientHeader = "x-connvo-client";

/**
 * For requests that change something and are authenticated by the cookie, which browsers attach by themselves. Throws
 * CSRF_REJECTED.
 */
export function requireOwnPage(request: Request, publicUrl: string): void {
  if (safeMethods.has(request.method)) return;
  if (request.get(clientHeader) !== "1" || !comesFromOwnOrigin(request, publicUrl)) throw rejected();
}

/** As `requireOwnPage`, for plain forms, which cannot send a header of their own. */
export function requireOwnForm(request: Request, publicUrl: string): void {
  if (!comesFromOwnOrigin(request, publicUrl)) throw rejected();
}

// Browsers state at least one of the two with such requests; a request without either does not come from a page.
function comesFromOwnOrigin(request: Request, publicUrl: string): boolean {
  const site = request.get("sec-fetch-site");
  if (site !== undefined && site !== "same-origin") return false;
  const origin = request.get("origin");
  if (origin === undefined) return site === "same-origin";
  if (origin === new URL(publicUrl).origin) return true;
  // Reached under another name, for example by port forwarding: the page and its request still share one host.
  return URL.canParse(origin) && new URL(origin).host === request.get("host");
}

function rejected(): AppError {
  return new AppError(
    "CSRF_REJECTED",
    `This request does not come from a page of this site. Scripts send a bearer token instead of the cookie.`,
  );
}
