// Sign-in and sign-out in the browser.
import express, { type Request, type Response, type Router } from "express";
import { z } from "zod";
import { AppError } from "../../../shared/errors.ts";
import { switchOrganizationSchema, vendorIdSchema } from "../../../shared/schemas/organizations.ts";
import type { IdentityService } from "../../modules/identity/index.ts";
import { describeError, setRetryAfter } from "./errors.ts";
import { choicePage, problemPage } from "./sign-in-pages.ts";
import type { RateLimiter } from "./rate-limits.ts";
import { setRoute } from "./request-log.ts";
import { requireOwnForm } from "./same-origin.ts";
import type { Authenticate } from "./session.ts";

const codeMaxChars = 2_000;
const choicePath = "/auth/organization";
const switchPath = "/auth/switch-organization";
const choiceSchema = z.object({ organizationId: vendorIdSchema });

export function createAuthRoutes(options: {
  identity: IdentityService;
  authenticate: Authenticate;
  rateLimiter: RateLimiter;
  publicUrl: () => string;
}): Router {
  const { identity, authenticate, rateLimiter, publicUrl } = options;
  const router = express.Router();

  router.get(
    "/auth/sign-in",
    forPeople(async (request, response) => {
      setRoute(response, "/auth/sign-in");
      await rateLimiter.checkNamed("sign-in", request.ip ?? "unknown");
      const loginHint = textOf(request, "loginHint", 254);
      // So named by WorkOS, whose invitations lead here.
      const invitationToken = textOf(request, "invitation_token", 200);
      const { redirectTo, setCookie } = await identity.startSignIn({
        returnTo: textOf(request, "returnTo", codeMaxChars) ?? "/",
        loginHint,
        invitationToken,
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

  router.get(
    choicePath,
    forPeople((request, response) => {
      setRoute(response, choicePath);
      const organizations = identity.pendingChoice(request.get("cookie"));
      if (organizations === null) {
        throw new AppError("UNAUTHENTICATED", "No sign-in waits for this choice. Please start it again.");
      }
      response.setHeader("cache-control", "no-store").type("html").send(choicePage(organizations));
      return Promise.resolve();
    }),
  );

  router.post(
    choicePath,
    express.urlencoded({ extended: false, limit: "4kb" }),
    forPeople(async (request, response) => {
      setRoute(response, choicePath);
      requireOwnForm(request, publicUrl());
      await rateLimiter.checkNamed("sign-in", request.ip ?? "unknown");
      const chosen = choiceSchema.safeParse(request.body);
      if (!chosen.success) throw new AppError("VALIDATION_ERROR", "Choose one of the organisations.");
      const { redirectTo, setCookies } = await identity.chooseOrganization({
        organizationId: chosen.data.organizationId,
        cookieHeader: request.get("cookie"),
        ipAddress: request.ip,
        userAgent: request.get("user-agent"),
      });
      for (const cookie of setCookies) response.append("set-cookie", cookie);
      response.setHeader("cache-control", "no-store");
      response.redirect(303, redirectTo);
    }),
  );

  router.post(switchPath, express.json({ limit: "4kb" }), async (request, response) => {
    setRoute(response, switchPath);
    const actor = await authenticate(request, response);
    await rateLimiter.checkNamed("sign-in", actor.userId);
    const chosen = switchOrganizationSchema.safeParse(request.body);
    if (!chosen.success) throw new AppError("VALIDATION_ERROR", "Name one organisation by its id.");
    const cookie = await identity.switchOrganization(actor, {
      cookieHeader: request.get("cookie"),
      organizationId: chosen.data.organizationId,
    });
    response.append("set-cookie", cookie).setHeader("cache-control", "no-store");
    response.status(204).end();
  });

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
    .send(problemPage(failure.message));
}
