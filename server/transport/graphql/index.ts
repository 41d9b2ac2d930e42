// `POST /graphql`: the guards of REST before anything of GraphQL is even loaded. The rules: SPEC.md.
import express, { type Request, type Response, type Router } from "express";
import { z } from "zod";
import { AppError, notFound, toAppError } from "../../../shared/errors.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { Tracing } from "../../platform/tracing.ts";
import { parsed } from "../http/endpoint-router.ts";
import type { RateLimiter } from "../http/rate-limits.ts";
import type { ReadEndpoint } from "../http/read-endpoint.ts";
import { requestIdOf, setRoute } from "../http/request-log.ts";
import type { Authenticate } from "../http/session.ts";
import { graphqlBodyMaxBytes, graphqlDocumentMaxChars } from "./bounds.ts";
import type { GraphqlBound } from "./limits.ts";
import type { GraphqlServer } from "./server.ts";

/** One operation; a list of them is none. */
const requestSchema = z.object({
  query: z.string().min(1).max(graphqlDocumentMaxChars),
  // No argument is a list or an object; what is nested deep enough overflows whoever writes it down again.
  variables: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).nullish(),
  operationName: z.string().max(200).nullish(),
});

export interface GraphqlOptions {
  read: ReadEndpoint;
  authenticate: Authenticate;
  rateLimiter: RateLimiter;
  logger: Logger;
  metrics: Metrics;
  tracing: Tracing;
}

export function createGraphql(options: GraphqlOptions): Router {
  const { authenticate, rateLimiter } = options;
  const measured = createMeasures(options);
  let server: Promise<GraphqlServer> | undefined;

  async function answer(request: Request, response: Response): Promise<void> {
    setRoute(response, "/graphql");
    const actor = await authenticate(request, response);
    const address = request.ip ?? "unknown";
    // Reading; what is read counts as its endpoint, too.
    await rateLimiter.check({ endpoint: "graphql", method: "GET", actor, address });
    const body = await bodyOf(request, response);
    const asked = parsed(requestSchema, body, "body") as z.infer<typeof requestSchema>;
    // Loaded by the first who asks: most who start never do.
    server ??= import("./server.ts").then(({ createGraphqlServer }) =>
      createGraphqlServer({ ...options, observed: measured.read, refused: measured.refused }),
    );
    const { answer: run } = await server;
    const asker = { actor, address, requestId: requestIdOf(response) };
    await measured.operation(async () => {
      const { status, contentType, body, codes } = await run(asked, asker, request.get("accept") ?? "");
      response.locals["errorCode"] = codes[0];
      response.status(status).setHeader("cache-control", "no-store").setHeader("content-type", contentType);
      response.end(body);
      return codes;
    });
  }

  const router = express.Router();
  router.post("/graphql", answer);
  router.use("/graphql", () => {
    throw notFound();
  });
  return router;
}

/** By endpoints and codes, which are fixed sets: never by what was asked. */
function createMeasures({ metrics, tracing }: GraphqlOptions) {
  const durations = metrics.histogram("graphql_operation_seconds", "Duration of GraphQL operations", [
    "outcome",
  ]);
  const reads = metrics.counter("graphql_reads_total", "Reads of endpoints by GraphQL fields", [
    "field",
    "code",
  ]);
  const errors = metrics.counter("graphql_errors_total", "Errors in answers of GraphQL, by their code", [
    "code",
  ]);
  const bounds = metrics.counter(
    "graphql_refused_total",
    "GraphQL operations refused for what they would cost, by the bound they met",
    ["bound"],
  );
  return {
    refused: (bound: GraphqlBound) => bounds.inc({ bound }),
    async read(call: { field: string }, work: () => Promise<unknown>): Promise<unknown> {
      try {
        const answer = await tracing.span(`graphql ${call.field}`, { kind: "server" }, work);
        reads.inc({ field: call.field, code: "" });
        return answer;
      } catch (error) {
        reads.inc({ field: call.field, code: toAppError(error).code });
        throw error;
      }
    },
    async operation(work: () => Promise<string[]>): Promise<void> {
      const startedMs = performance.now();
      let outcome = "failed";
      try {
        const codes = await work();
        for (const code of codes) errors.inc({ code });
        outcome = codes.length === 0 ? "answered" : "refused";
      } finally {
        durations.observe({ outcome }, (performance.now() - startedMs) / 1000);
      }
    },
  };
}

const parseJson = express.json({ limit: graphqlBodyMaxBytes });

async function bodyOf(request: Request, response: Response): Promise<unknown> {
  await new Promise<void>((resolve, reject) =>
    parseJson(request, response, (error?: unknown) =>
      error === undefined ? resolve() : reject(error as Error),
    ),
  );
  const body: unknown = request.body;
  if (body !== undefined) return body;
  throw new AppError("MALFORMED_REQUEST", "Send a JSON body with content-type application/json.");
}
