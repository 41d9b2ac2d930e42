// A number for each request under which all its work runs, one log line about it without content, and its duration as a metric.
import { randomUUID } from "node:crypto";
import type { RequestHandler, Response } from "express";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { Tracing } from "../../platform/tracing.ts";
import { withRequestContext } from "../../platform/request-context.ts";

/** The caller's own number is kept where it cannot harm a log. */
const givenId = /^[A-Za-z0-9_-]{8,64}$/;

export function createRequestLog(options: {
  logger: Logger;
  metrics: Metrics;
  tracing: Tracing;
}): RequestHandler {
  const { logger, metrics, tracing } = options;
  const durations = metrics.histogram("http_request_seconds", "Duration of HTTP requests", [
    "method",
    "route",
    "status",
  ]);
  return (request, response, next) => {
    const given = request.get("x-request-id") ?? "";
    const requestId = givenId.test(given) ? given : randomUUID();
    response.locals["requestId"] = requestId;
    response.setHeader("x-request-id", requestId);
    const startedMs = performance.now();
    const span = tracing.open("request", { kind: "server", parent: request.get("traceparent") });
    response.once("close", () => {
      const milliseconds = Math.round(performance.now() - startedMs);
      // The route's pattern, never the address itself: addresses carry ids, tokens and what people typed.
      const route = routeOf(response);
      const status = response.writableFinished ? response.statusCode : 499;
      const method = knownMethods.has(request.method) ? request.method : "other";
      durations.observe({ method, route, status: String(status) }, milliseconds / 1000);
      const code = response.locals["errorCode"] as string | undefined;
      span.end({
        "http.request.method": method,
        "http.route": route,
        "http.response.status_code": status,
        "connvo.request_id": requestId,
        ...(code === undefined ? {} : { "error.type": code }),
      });
      const fields = {
        requestId,
        method,
        route,
        status,
        milliseconds,
        userId: response.locals["userId"] as string | undefined,
        code,
        ...(span.traceId === null ? {} : { traceId: span.traceId }),
      };
      if (/^\/((api|auth|webhooks)\/|graphql$)/.test(route)) logger.info(fields, "request");
      else logger.debug(fields, "request");
    });
    const context = {
      requestId,
      ipAddress: request.ip ?? null,
      userAgent: request.get("user-agent") ?? null,
      actor: null,
    };
    span.run(() => withRequestContext(context, () => next()));
  };
}

/** Names the route for logs and metrics; a fixed set of names. */
export function setRoute(response: Response, route: string): void {
  response.locals["route"] = route;
}

export function requestIdOf(response: Response): string {
  return String(response.locals["requestId"]);
}

const knownMethods = new Set(["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"]);

function routeOf(response: Response): string {
  const route: unknown = response.locals["route"];
  return typeof route === "string" ? route : "other";
}
