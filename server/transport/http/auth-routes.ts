// Sign-in and sign-out in the browser.
import express, { type Request, type Response, type Router } from "express";
import { AppError } from "../../../shared/errors.ts";
import type { IdentityService } from "../../modules/identity/index.ts";
import { describeError, setRetryAfter } from "./errors.ts";
import { escapeHtml } from "./escape-html.ts";
import type { RateLimiter } from "./rate-limits.ts";
import { setRoute } from "./request-log.ts";
import { requireOwnForm } from "./same-origin.ts";

const codeMaxChars = 2_000;

export function createAuthRoutes(options: {
  identity: IdentityService;
  rateLimiter: RateLimiter;
  publicUrl: () => string;
}): Router {
  const { identity, rateLimiter, publicUrl } = options;
  const router = express.Router();

  router.get(
    "/auth/sign-in",
    forPeople(async (request, response) => {
      setRoute(response, "/auth/sign-in");
      await rateLimiter.checkNamed("sign-in", request.ip ?? "unknown");
      const loginHint = textOf(request, "loginHint", 254);
      const { redirectTo, setCookie } = await identity.startSignIn({
        returnTo: textOf(request, "returnTo", codeMaxChars) ?? "/",
        ...(loginHint === undefined ? {} : { loginHint }),
      });
      response.append("set-cookie", setCookie).setHeader("cache-control", "no-store");
      response.redirect(302, redirectTo);
    }),
  );

  router.get(
    "/auth/callback",
    forPeople(async (request, response) => {
      setRoute(response, "/auth/callback");
      await rateLimiter.checkNamed("sign-in", request.ip ?? "unknown");
      const code = textOf(request, "code", codeMaxChars);
      const state = textOf(request, "state", codeMaxChars);
      if (code === undefined || state === undefined) {
        throw new AppError("UNAUTHENTICATED", "The sign-in was cancelled or did not succeed.");
      }
      const { redirectTo, setCookies } = await identity.finishSignIn({
        code,
        state,
        cookieHeader: request.get("cookie"),
        ipAddress: request.ip,
        userAgent: request.get("user-agent"),
      });
      for (const cookie of setCookies) response.append("set-cookie", cookie);
      response.setHeader("cache-control", "no-store");
      response.redirect(303, redirectTo);
    }),
  );

  router.post("/auth/sign-out", async (request, response) => {
    setRoute(response, "/auth/sign-out");
    requireOwnForm(request, publicUrl());
    const { redirectTo, setCookies } = await identity.signOut(request.get("cookie"));
    for (const cookie of setCookies) response.append("set-cookie", cookie);
    response.setHeader("cache-control", "no-store");
    if (request.accepts(["json", "html"]) === "html") response.redirect(303, redirectTo);
    else response.json({ redirectTo });
  });

  const { pages } = identity;
  if (pages !== null) {
    router.use("/local-sign-in", async (request, response) => {
      setRoute(response, "/local-sign-in");
      if (request.method === "POST") await rateLimiter.checkNamed("sign-in", request.ip ?? "unknown");
      pages(request, response);
    });
  }
  return router;
}

// Who stands before these answers is a person on their way to or from the sign-in: a page, not JSON.
function forPeople(handle: (request: Request, response: Response) => Promise<void>) {
  return async (request: Request, response: Response): Promise<void> => {
    try {
      await handle(request, response);
    } catch (error) {
      const failure = describeError(error);
      if (failure.status >= 500 && failure.code !== "VENDOR_ERROR") throw error;
      setRetryAfter(response, failure);
      sendProblemPage(response, failure);
    }
  };
}

function textOf(request: Request, name: string, maxChars: number): string | undefined {
  const value = request.query[name];
  return typeof value === "string" && value !== "" && value.length <= maxChars ? value : undefined;
}

function sendProblemPage(response: Response, failure: AppError): void {
  response.locals["errorCode"] = failure.code;
  response
    .status(failure.status)
    .setHeader("cache-control", "no-store")
    .type("html")
    .send(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>Sign-in did not work – Connvo</title></head><body><main><h1>Sign-in did not work</h1><p>${escapeHtml(failure.message)}</p><p><a href="/auth/sign-in">Sign in again</a></p></main></body></html>`,
    );
}
