// The HTTP application: the order in which a request meets each guard.
import type { RequestListener } from "node:http";
import express from "express";
import { notFound } from "../../../shared/errors.ts";
import type { Status } from "../../../shared/schemas/users.ts";
import product from "../../../package.json" with { type: "json" };
import type { IdentityService } from "../../modules/identity/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import { noTracing, type Tracing } from "../../platform/tracing.ts";
import { createGraphql } from "../graphql/index.ts";
import { auditRefusedSignIns } from "./auditing.ts";
import { createAuthRoutes } from "./auth-routes.ts";
import { createClientFiles } from "./client-files.ts";
import { createEndpointRouter } from "./endpoint-router.ts";
import { createErrorHandler } from "./errors.ts";
import { createHandlers, type HttpServices } from "./handlers.ts";
import type { Idempotency } from "./idempotency.ts";
import { createOpenApi } from "./openapi.ts";
import { createOperations } from "./operations.ts";
import type { RateLimiter } from "./rate-limits.ts";
import { createReadEndpoint } from "./read-endpoint.ts";
import { createRequestLog, setRoute } from "./request-log.ts";
import { createSecurityHeaders } from "./security-headers.ts";
import { createAuthenticate } from "./session.ts";
import { createUploads } from "./uploads.ts";
import { createWebhooks, type WebhookRule } from "./webhooks.ts";

export type StreamWebhook = Required<Pick<WebhookRule, "secrets" | "open">>;

export interface HttpAppOptions {
  services: HttpServices;
  identity: IdentityService;
  rateLimiter: RateLimiter;
  idempotency: Idempotency;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  tracing?: Tracing;
  publicUrl: () => string;
  /** The built pages. */
  clientDir: string;
  /** As in the configuration. */
  trustedProxies: string[];
  transcriptWebhookSecrets: string[];
  workosWebhookSecrets: string[];
  mailWebhookSecrets: string[];
  /** Where pages may connect to beside this server. */
  connectTo?: readonly string[];
  /** Null: the webhook is off. */
  streamWebhook: StreamWebhook | null;
  status: Omit<Status, "version">;
  /** Rejects while the product cannot serve. */
  ready: () => Promise<void>;
}

/** Throws where an endpoint of the shared table has no handler. */
export function createHttpApp(options: HttpAppOptions): RequestListener {
  const { services, identity, rateLimiter, idempotency, clock, logger, metrics, publicUrl } = options;
  const { tracing = noTracing } = options;
  const { version } = product;

  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.set("query parser", "simple");
  // These proxies may say whom they speak for; nobody else may.
  app.set("trust proxy", options.trustedProxies);

  app.use(createRequestLog({ logger, metrics, tracing }));
  app.use(createSecurityHeaders(publicUrl(), options.connectTo ?? []));
  app.use(createOperations({ metrics, ready: options.ready }));
  app.use("/auth/callback", auditRefusedSignIns(services.audit));
  const authenticate = createAuthenticate({ identity, apiKeys: services.apiKeys, publicUrl });
  app.use(createAuthRoutes({ identity, authenticate, rateLimiter, publicUrl }));
  // Made when it is first asked for: it takes a tenth of a start, and most of those who start never ask.
  let openApi: Record<string, unknown> | undefined;
  app.get("/api/v1/openapi.json", (_request, response) => {
    setRoute(response, "/api/v1/openapi.json");
    openApi ??= createOpenApi({ version, publicUrl: publicUrl() });
    response.setHeader("cache-control", "no-cache").json(openApi);
  });
  const handlers = createHandlers({ ...services, identity }, { ...options.status, version });
  const read = createReadEndpoint({ handlers, audit: services.audit, rateLimiter });
  app.use(createGraphql({ read, authenticate, rateLimiter, logger, metrics, tracing }));
  app.use(
    createEndpointRouter({
      handlers,
      audit: services.audit,
      operators: services.operators,
      authenticate,
      idempotency,
      rateLimiter,
      uploads: createUploads({ clock, metrics }),
      webhooks: createWebhooks({
        rules: {
          transcriptWebhook: {
            secrets: options.transcriptWebhookSecrets,
            setting: "TRANSCRIPT_WEBHOOK_SECRETS",
          },
          mailBounceWebhook: { secrets: options.mailWebhookSecrets, setting: "MAIL_WEBHOOK_SECRETS" },
          streamWebhook: {
            secrets: options.streamWebhook?.secrets ?? [],
            setting: "STREAM_API_KEY",
            ...(options.streamWebhook === null ? {} : { open: options.streamWebhook.open }),
          },
          workosWebhook: {
            secrets: options.workosWebhookSecrets,
            setting: "WORKOS_WEBHOOK_SECRET",
            open: (body, header) => identity.readWebhook({ body, header }),
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

  return app;
}
