// From a request to the person who sent it.
import type { Request, Response } from "express";
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { ApiKeysService } from "../../modules/api-keys/index.ts";
import type { IdentityService } from "../../modules/identity/index.ts";
import { currentRequest } from "../../platform/request-context.ts";
import { requireOwnPage } from "./same-origin.ts";

export type Authenticate = (request: Request, response: Response) => Promise<Actor>;

/**
 * A bearer token counts before the cookie and alone. A refreshed cookie goes out with the answer, one that is over is
 * taken back. Throws what `identity.resolve` throws, and CSRF_REJECTED.
 */
export function createAuthenticate(options: {
  identity: IdentityService;
  apiKeys: ApiKeysService;
  publicUrl: () => string;
}): Authenticate {
  const { identity, apiKeys, publicUrl } = options;
  return async (request, response) => {
    const header = request.get("authorization");
    try {
      const token = header === undefined ? undefined : bearerOf(header);
      if (token !== undefined && apiKeys.looksLikeKey(token)) {
        return known(await apiKeys.resolve(token), response);
      }
      const { actor, via, setCookie } = await identity.resolve({
        token,
        cookieHeader: token === undefined ? request.get("cookie") : undefined,
      });
      if (setCookie !== null) response.append("set-cookie", setCookie);
      if (via === "cookie") requireOwnPage(request, publicUrl());
      return known(actor, response);
    } catch (error) {
      const over = error instanceof AppError && error.code === "SESSION_EXPIRED";
      if (over && header === undefined) response.append("set-cookie", identity.clearedSessionCookie);
      if (error instanceof AppError && error.kind === "unauthenticated") {
        response.setHeader("www-authenticate", "Bearer");
      }
      throw error;
    }
  };
}

/** From here on the log and the audit log know whose request it is. */
function known(actor: Actor, response: Response): Actor {
  response.locals["userId"] = actor.userId;
  const context = currentRequest();
  if (context !== null) context.actor = actor;
  return actor;
}

function bearerOf(header: string): string {
  const token = /^Bearer +(\S+) *$/i.exec(header)?.[1];
  if (token === undefined) {
    throw new AppError("UNAUTHENTICATED", "The Authorization header must be `Bearer` and a token.");
  }
  return token;
}
