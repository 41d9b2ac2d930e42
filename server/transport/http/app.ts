// The HTTP application: the order in which a request meets each guard.
import type { RequestListener } from "node:http";
import express from "express";
import type { Connection } from "mongoose";
import { notFound } from "../../../shared/errors.ts";
import type { Status } from "../../../shared/schemas/users.ts";
import product from "../../../package.json" with { type: "json" };
import type { IdentityService } from "../../modules/identity/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import { auditRefusedSignIns } from "./auditing.ts";
import { createAuthRoutes } from "./auth-routes.ts";
import { createClientFiles } from "./client-files.ts";
import { createEndpointRouter } from "./endpoint-router.ts";
import { createErrorHandler } from "./errors.ts";
import { createHandlers, type HttpServices } from "./handlers.ts";
import { createIdempotencyStore } from "./idempotency.mongo.ts";
import { createIdempotency } from "./idempotency.ts";
import { createOpenApi } from "./openapi.ts";
import { createOperations } from "./operations.ts";
import { createRateLimitStore } from "./rate-limits.mongo.ts";
import { createRateLimiter, noRateLimits } from "./rate-limits.ts";
import { createRequestLog, setRoute } from "./request-log.ts";
import { createSecurityHeaders } from "./security-headers.ts";
import { createAuthenticate } from "./session.ts";
import { createWebhooks } from "./webhooks.ts";

export interface HttpAppOptions {
  services: HttpServices;
  identity: IdentityService;
  /** For idempotency keys and durable rate limits. */
  connection: Connection;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  publicUrl: () => string;
  /** The built pages. */
  clientDir: string;
  rateLimits: boolean;
  /** As in the configuration. */
  trustedProxies: string[];
  transcriptWebhookSecrets: string[];
  status: Omit<Status, "version">;
  /** Rejects while the product cannot serve. */
  ready: () => Promise<void>;
}

/** Throws where an endpoint of the shared table has no handler. */
export async function createHttpApp(options: HttpAppOptions): Promise<RequestListener> {
  const { services, identity, connection, clock, logger, metrics, publicUrl } = options;
  const { version } = product;
  const rateLimiter = options.rateLimits
    ? createRateLimiter({ store: await createRateLimitStore(connection), clock })
    : noRateLimits;
  const idempotency = createIdempotency({ store: await createIdempotencyStore(connection), clock, logger });

  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.set("query parser", "simple");
  // These proxies may say whom they speak for; nobody else may.
  app.set("trust proxy", options.trustedProxies);

  app.use(createRequestLog({ logger, metrics }));
  app.use(createSecurityHeaders(publicUrl()));
  app.use(createOperations({ metrics, ready: options.ready }));
  app.use("/auth/callback", auditRefusedSignIns(services.audit));
  app.use(createAuthRoutes({ identity, rateLimiter, publicUrl }));
  app.get("/api/v1/openapi.json", (_request, response) => {
    setRoute(response, "/api/v1/openapi.json");
    response.setHeader("cache-control", "no-cache").json(openApi);
  });
  app.use(
    createEndpointRouter({
      handlers: createHandlers(services, { ...options.status, version }),
      audit: services.audit,
      authenticate: createAuthenticate({ identity, publicUrl }),
      idempotency,
      rateLimiter,
      webhooks: createWebhooks({
        rules: {
          transcriptWebhook: {
            secrets: options.transcriptWebhookSecrets,
            setting: "TRANSCRIPT_WEBHOOK_SECRETS",
          },
        },
        clock,
        metrics,
      }),
    }),
  );
  app.use(["/api", "/auth", "/webhooks", "/socket.io", "/notes"], () => {
    throw notFound();
  });
  app.use(createClientFiles(options.clientDir));
  app.use(() => {
    throw notFound();
  });
  app.use(createErrorHandler(logger));

  const openApi = createOpenApi({ version, publicUrl: publicUrl() });
  return app;
}
