// `POST /graphql` over HTTP: who is let in, what a request may be, and what is told of it.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { UserId } from "../../../shared/ids.ts";
import type { ApiKeysService } from "../../modules/api-keys/index.ts";
import type { IdentityService } from "../../modules/identity/index.ts";
import { silentLogger, type Logger } from "../../platform/logger.ts";
import { createMetrics } from "../../platform/metrics.ts";
import { noTracing } from "../../platform/tracing.ts";
import { createErrorHandler } from "../http/errors.ts";
import { noRateLimits } from "../http/rate-limits.ts";
import { createRequestLog } from "../http/request-log.ts";
import { createAuthenticate } from "../http/session.ts";
import { graphqlBodyMaxBytes, graphqlDocumentMaxChars } from "./bounds.ts";
import { createGraphql } from "./index.ts";

const actor: Actor = {
  userId: "b".repeat(24) as UserId,
  email: "ada@example.org",
  displayName: "Ada",
  orgId: null,
  orgRole: "member",
  sessionId: "session",
  expiresAt: new Date(0),
};
const canary = "canary-graphql-77";

let http: Server;
let url: string;
const lines: unknown[] = [];
const checked: string[] = [];
let reads = 0;
const metrics = createMetrics({ processMetrics: false });
const say = (...said: unknown[]) => void lines.push(said);
const logger = { ...silentLogger, info: say, warn: say, error: say, debug: say } as unknown as Logger;

beforeAll(async () => {
  const identity = {
    resolve: ({ token, cookieHeader }: { token?: string; cookieHeader?: string }) => {
      if (token === "good") return Promise.resolve({ actor, via: "bearer", setCookie: null });
      if (cookieHeader === "session=good") return Promise.resolve({ actor, via: "cookie", setCookie: null });
      return Promise.reject(new AppError("UNAUTHENTICATED", "Sign in first."));
    },
  } as unknown as IdentityService;
  const apiKeys = { looksLikeKey: () => false } as unknown as ApiKeysService;
  const app = express();
  app.use(createRequestLog({ logger, metrics, tracing: noTracing }));
  app.use(
    createGraphql({
      read() {
        reads += 1;
        return Promise.resolve({ id: actor.userId, displayName: canary, items: [], nextCursor: null });
      },
      authenticate: createAuthenticate({ identity, apiKeys, publicUrl: () => "https://connvo.example" }),
      rateLimiter: {
        ...noRateLimits,
        check: ({ endpoint, method }) => (checked.push(`${method} ${endpoint}`), Promise.resolve()),
      },
      logger,
      metrics,
      tracing: noTracing,
    }),
  );
  app.use(createErrorHandler(logger));
  http = createServer(app).listen(0, "127.0.0.1");
  await once(http, "listening");
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`;
});

afterAll(() => void http.close());

beforeEach(() => {
  lines.length = 0;
  checked.length = 0;
  reads = 0;
});

const bearer = { authorization: "Bearer good" };

async function send(body: unknown, headers: Record<string, string> = bearer, type = "application/json") {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": type, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const told = JSON.parse(text) as {
    error?: { code: string; requestId: string };
    data?: Record<string, unknown>;
    errors?: unknown[];
  };
  return { status: response.status, code: told.error?.code, text, ...told };
}

const query = "{ me { displayName } }";

describe("who asks", () => {
  test("[GRAPHQL-5] without a good proof nothing is read, parsed or counted, and the refusal is REST's", async () => {
    for (const headers of [{}, { authorization: "Bearer bad" }, { cookie: "session=bad" }]) {
      const { status, code, error } = await send("{ this is no json", headers as Record<string, string>);
      expect([status, code, typeof error?.requestId]).toEqual([401, "UNAUTHENTICATED", "string"]);
    }
    expect([checked, reads]).toEqual([[], 0]);
  });

  test("[GRAPHQL-5] a cookie counts with the header and the origin of our own pages alone", async () => {
    const cookie = { cookie: "session=good" };
    const own = { "x-connvo-client": "1", origin: "https://connvo.example" };
    for (const headers of [
      cookie,
      { ...cookie, "x-connvo-client": "1" },
      { ...cookie, origin: own.origin },
      { ...cookie, ...own, origin: "https://elsewhere.example" },
    ]) {
      const { status, code } = await send({ query }, headers as Record<string, string>);
      expect([status, code]).toEqual([403, "CSRF_REJECTED"]);
    }
    expect(reads).toBe(0);
    expect((await send({ query }, { ...cookie, ...own })).data).toEqual({ me: { displayName: canary } });
  });

  test("[GRAPHQL-7] an operation counts as a read", async () => {
    await send({ query });
    expect(checked).toEqual(["GET graphql"]);
  });
});

describe("what a request may be", () => {
  test("[GRAPHQL-12] nothing is asked by another method, nor below the address", async () => {
    for (const method of ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      const response = await fetch(`${url}?query=${encodeURIComponent(query)}`, { method, headers: bearer });
      expect([method, response.status]).toEqual([method, 404]);
    }
    expect((await fetch(`${url}/health`, { method: "POST", headers: bearer })).status).toBe(404);
    expect(reads).toBe(0);
  });

  test.each<[string, unknown, string]>([
    ["a list of operations", [{ query }, { query }], "VALIDATION_ERROR"],
    ["no operation", { query: "" }, "VALIDATION_ERROR"],
    ["an operation of another type", { query: { me: true } }, "VALIDATION_ERROR"],
    ["variables of another type", { query, variables: "none" }, "VALIDATION_ERROR"],
    ["a variable that is no single value", { query, variables: { x: [canary] } }, "VALIDATION_ERROR"],
    [
      "variables of great depth",
      `{"query":"{ me { id } }","variables":{"x":${"[".repeat(30_000)}${"]".repeat(30_000)}}}`,
      "VALIDATION_ERROR",
    ],
    ["what is no JSON", `{"query": "${canary}`, "MALFORMED_REQUEST"],
    ["a long document", { query: query + " ".repeat(graphqlDocumentMaxChars) }, "VALIDATION_ERROR"],
    ["a large body", { query, variables: { x: "x".repeat(graphqlBodyMaxBytes) } }, "PAYLOAD_TOO_LARGE"],
  ])("[GRAPHQL-12] [GRAPHQL-13] %s is refused in REST's form", async (_what, body, code) => {
    const answer = await send(body);
    expect([answer.code, reads]).toEqual([code, 0]);
    expect(answer.text).not.toContain(canary);
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/graphql",
  ])("[GRAPHQL-12] a body of %s is none", async (type) => {
    expect((await send(JSON.stringify({ query }), bearer, type)).code).toBe("MALFORMED_REQUEST");
  });
});

test("[GRAPHQL-11] the log names the route alone, metrics the fields and codes, whatever was asked", async () => {
  await send({ query: `query ${canary.replaceAll("-", "_")} { a: me { b: displayName } }` });
  await send({ query: `{ postings(q: "${canary}") { nextCursor } ${canary.replaceAll("-", "_")} }` });
  const said = JSON.stringify(lines) + (await metrics.registry.metrics());
  expect(lines.length).toBeGreaterThanOrEqual(2);
  expect(said).toContain('connvo_graphql_reads_total{field="Query.me",code=""} ');
  expect(said).toContain('connvo_graphql_errors_total{code="VALIDATION_ERROR"} ');
  expect(said).toContain('connvo_graphql_operation_seconds_count{outcome="answered"} ');
  expect(said).toContain('"route":"/graphql"');
  expect(said).toContain('"code":"VALIDATION_ERROR"');
  expect(said).not.toMatch(/canary.graphql.77/);
});
