// The guards in front of every route, over a real connection, with real identity and a real store.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { EndpointSpec } from "../../shared/contract/endpoint.ts";
import { endpoints } from "../../shared/contract/endpoints.ts";
import { AppError, type ErrorCode } from "../../shared/errors.ts";
import { limits } from "../../shared/limits.ts";
import type { LogFields, Logger } from "../../server/platform/logger.ts";
import { timestampedSignature } from "../../server/platform/webhook-signature.ts";
import { rateLimits } from "../../server/transport/http/rate-limits.ts";
import { MovableClock } from "../factories/clock.ts";
import { openHttpWorld, sampleMeeting, webhookSecret, type HttpWorld } from "../factories/http-app.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

const meetingId = sampleMeeting.id;
const specs = Object.entries<EndpointSpec>(endpoints);
const anyPath = (spec: EndpointSpec) =>
  spec.path.replace(":index", "0").replace(/:[A-Za-z]+/g, "a".repeat(24));

let store: TestStore;
let world: HttpWorld;
let token: string;
let clientDir: string;
let logged: string[];

beforeAll(async () => {
  store = await openTestStore();
  clientDir = await mkdtemp(join(tmpdir(), "connvo-pages-"));
  await mkdir(join(clientDir, "assets"));
  await writeFile(join(clientDir, "index.html"), "<!doctype html><title>Connvo</title>");
  await writeFile(join(clientDir, "assets", "app-1234.js"), "export {};");
  world = await openHttpWorld(store, { clientDir, logger: notingLogger() });
  token = await world.token("anna@example.org", "Anna");
});

afterAll(async () => {
  await world.close();
  await store.close();
  await rm(clientDir, { recursive: true, force: true });
});

beforeEach(() => {
  world.calls.splice(0);
  world.instead.clear();
  logged = [];
});

function notingLogger(): Logger {
  const note = (fields: LogFields, event: string) => void logged?.push(JSON.stringify({ ...fields, event }));
  return { debug: note, info: note, warn: note, error: note, child: () => notingLogger() };
}

interface Reply {
  status: number;
  headers: Headers;
  text: string;
  json: Record<string, unknown>;
}

async function send(
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string>; token?: string | null } = {},
): Promise<Reply> {
  const bearer = options.token === undefined ? token : options.token;
  const response = await fetch(world.url + path, {
    method,
    redirect: "manual",
    headers: {
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      ...(options.body === undefined ? {} : { "content-type": "application/json" }),
      ...options.headers,
    },
    ...(options.body === undefined
      ? {}
      : { body: typeof options.body === "string" ? options.body : JSON.stringify(options.body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

function expectError(reply: Reply, status: number, code: ErrorCode): void {
  expect(reply.json).toMatchObject({
    error: {
      code,
      message: expect.any(String) as string,
      requestId: reply.headers.get("x-request-id"),
    },
  });
  expect(reply.status).toBe(status);
}

describe("who may", () => {
  test.each(specs.filter(([, spec]) => spec.access !== "public"))(
    "[HTTP-1] %s without a token is refused before anything is read or run",
    async (_name, spec) => {
      const body = spec.method === "GET" ? {} : { body: "{ not json" };
      expectError(await send(spec.method, anyPath(spec), { token: null, ...body }), 401, "UNAUTHENTICATED");
      expectError(
        await send(spec.method, anyPath(spec), { token: "nonsense", ...body }),
        401,
        "UNAUTHENTICATED",
      );
      expect(world.calls).toEqual([]);
    },
  );

  test("[HTTP-2] the public endpoints need no token", async () => {
    const reply = await send("GET", "/api/v1/status", { token: null });
    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({ signIn: "local", version: expect.any(String) as string });
  });

  test("[HTTP-3] another scheme than Bearer is refused", async () => {
    const reply = await send("GET", "/api/v1/me", { token: null, headers: { authorization: "Basic YTpi" } });
    expectError(reply, 401, "UNAUTHENTICATED");
    expect(reply.headers.get("www-authenticate")).toBe("Bearer");
  });

  test("[HTTP-4] the handler is told who asks", async () => {
    expect((await send("GET", "/api/v1/me")).json).toMatchObject({
      email: "anna@example.org",
      displayName: "Anna",
    });
    await send("GET", `/api/v1/meetings/${meetingId}`);
    expect(world.calls).toEqual([
      { name: "meetings.get", args: [expect.objectContaining({ email: "anna@example.org" }), meetingId] },
    ]);
  });

  test("[HTTP-5] what a browser needs for a call is given after the policy was asked", async () => {
    world.instead.set("video.access", () => Promise.reject(new AppError("FORBIDDEN", "No.")));
    expectError(await send("GET", `/api/v1/meetings/${meetingId}/call`), 403, "FORBIDDEN");
    expect(world.calls).toEqual([
      { name: "video.access", args: [expect.objectContaining({ email: "anna@example.org" }), meetingId] },
    ]);
  });
});

describe("what comes in", () => {
  test("[HTTP-6] a body too large is refused with the limit", async () => {
    const body = JSON.stringify({ title: "x".repeat(limits.httpBodyMaxBytes) });
    const reply = await send("POST", "/api/v1/meetings", { body });
    expectError(reply, 413, "PAYLOAD_TOO_LARGE");
    expect(reply.json).toMatchObject({ error: { details: { maxBytes: limits.httpBodyMaxBytes } } });
  });

  test("[HTTP-7] a body that is not JSON is refused, and so is none", async () => {
    expectError(await send("POST", "/api/v1/meetings", { body: "{ not json" }), 400, "MALFORMED_REQUEST");
    expectError(await send("POST", "/api/v1/meetings"), 400, "MALFORMED_REQUEST");
    const form = { body: "title=A", headers: { "content-type": "application/x-www-form-urlencoded" } };
    expectError(await send("POST", "/api/v1/meetings", form), 400, "MALFORMED_REQUEST");
  });

  test("[HTTP-8] wrong fields are named, their values are not repeated", async () => {
    const body = { title: "", participants: [{ email: "secret-word" }] };
    const reply = await send("POST", "/api/v1/meetings", { body });
    expectError(reply, 400, "VALIDATION_ERROR");
    const { issues } = (reply.json as { error: { details: { issues: { path: string }[] } } }).error.details;
    expect(issues.map((issue) => issue.path)).toEqual(["title", "participants.0.email"]);
    expect(reply.text).not.toContain("secret-word");
    expectError(await send("GET", "/api/v1/meetings?limit=0"), 400, "VALIDATION_ERROR");
  });

  test("[HTTP-9] an id that cannot be one, and an address that is none, do not exist", async () => {
    expectError(await send("GET", "/api/v1/meetings/1"), 404, "NOT_FOUND");
    expectError(await send("GET", "/api/v1/nothing"), 404, "NOT_FOUND");
    expectError(await send("PATCH", "/api/v1/home", { body: {} }), 404, "NOT_FOUND");
    expectError(await send("GET", "/api/v1/meetings/%E0%A4%A"), 400, "MALFORMED_REQUEST");
  });
});

describe("what goes out", () => {
  test("[HTTP-10] statuses, files and empty answers are as the table says", async () => {
    expect((await send("POST", "/api/v1/meetings", { body: { title: "A" } })).status).toBe(201);
    const removed = await send("DELETE", `/api/v1/meetings/${meetingId}/participants/${"c".repeat(24)}`);
    expect([removed.status, removed.text]).toEqual([204, ""]);
    const file = await send("GET", `/api/v1/meetings/${meetingId}/invitation.ics`);
    expect(file.headers.get("content-type")).toBe("text/calendar; charset=utf-8");
    expect(file.headers.get("content-disposition")).toBe("attachment; filename=invitation.ics");
    expect(file.text).toContain("BEGIN:VCALENDAR");
  });

  test("[HTTP-11] what the contract does not promise does not leave", async () => {
    world.instead.set("meetings.get", () => Promise.resolve({ ...sampleMeeting, streamSecret: "hidden" }));
    const reply = await send("GET", `/api/v1/meetings/${meetingId}`);
    expect(reply.status).toBe(200);
    expect(reply.text).not.toContain("hidden");
    world.instead.set("meetings.get", () => Promise.resolve({ title: "half a meeting" }));
    expectError(await send("GET", `/api/v1/meetings/${meetingId}`), 500, "INTERNAL");
  });

  test("[HTTP-12] an unknown failure says nothing of the inside, to the client and in the log", async () => {
    world.instead.set("meetings.get", () => Promise.reject(new Error("password of the store is hunter2")));
    const reply = await send("GET", `/api/v1/meetings/${meetingId}`);
    expectError(reply, 500, "INTERNAL");
    expect(reply.text).not.toContain("hunter2");
    expect(logged.some((line) => line.includes('"event":"request failed"'))).toBe(true);
  });

  test("[HTTP-13] a refusal that passes says when to come back", async () => {
    world.instead.set("meetings.get", () =>
      Promise.reject(new AppError("UNAVAILABLE", "Later.", { retryAfterSeconds: 2.4 })),
    );
    const reply = await send("GET", `/api/v1/meetings/${meetingId}`);
    expectError(reply, 503, "UNAVAILABLE");
    expect(reply.headers.get("retry-after")).toBe("3");
    expect(reply.json).toMatchObject({ error: { retryAfter: 3 } });
  });

  test("[HTTP-14] the log names the route, never the address, the token or what was sent", async () => {
    await send("POST", `/api/v1/meetings/${meetingId}/transcript?canary=query-canary`, {
      body: { chunks: [{ clientKey: "k", text: "spoken-canary", confidence: 1, startMs: 0, endMs: 1 }] },
      headers: { "x-request-id": "from-the-caller" },
    });
    const line = logged.find((one) => one.includes('"event":"request"'));
    expect(line).toContain('"route":"/api/v1/meetings/:id/transcript"');
    expect(line).toContain('"requestId":"from-the-caller"');
    for (const canary of ["spoken-canary", "query-canary", token, meetingId]) {
      expect(logged.join("\n")).not.toContain(canary);
    }
  });

  test("[HTTP-15] pages may run no script but ours, and stand in no frame", async () => {
    const { headers } = await send("GET", "/", { token: null });
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-powered-by")).toBeNull();
  });
});

describe("idempotency", () => {
  const create = (key: string, title: string) =>
    send("POST", "/api/v1/meetings", { body: { title }, headers: { "idempotency-key": key } });
  const created = () => world.calls.filter((call) => call.name === "meetings.create").length;

  test("[HTTP-16] a POST repeated with its key runs once and is answered the same", async () => {
    const first = await create("repeat", "A");
    const second = await create("repeat", "A");
    expect([second.status, second.text]).toEqual([first.status, first.text]);
    expect(created()).toBe(1);
  });

  test("[HTTP-17] ten at once run once", async () => {
    const replies = await Promise.all(Array.from({ length: 10 }, () => create("at once", "A")));
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([201]));
    expect(created()).toBe(1);
  });

  test("[HTTP-18] a key with another request is a mismatch; with another person it is another key", async () => {
    await create("mismatch", "A");
    expectError(await create("mismatch", "B"), 409, "IDEMPOTENCY_MISMATCH");
    const other = await send("POST", "/api/v1/meetings", {
      body: { title: "B" },
      headers: { "idempotency-key": "mismatch" },
      token: await world.token("ben@example.org"),
    });
    expect(other.status).toBe(201);
  });

  test("[HTTP-19] a failed request does not use its key up", async () => {
    world.instead.set("meetings.create", () => Promise.reject(new AppError("UNAVAILABLE", "Later.")));
    expectError(await create("failed", "A"), 503, "UNAVAILABLE");
    world.instead.clear();
    expect((await create("failed", "A")).status).toBe(201);
  });

  test("[HTTP-20] a key too long is refused", async () => {
    expectError(await create("k".repeat(limits.idempotencyKeyMaxChars + 1), "A"), 400, "VALIDATION_ERROR");
  });
});

describe("around the interface", () => {
  test("[HTTP-21] the OpenAPI document has every endpoint, each with its errors and its security", async () => {
    const { json, status } = await send("GET", "/api/v1/openapi.json", { token: null });
    expect(status).toBe(200);
    const { paths } = json as {
      paths: Record<string, Record<string, { operationId: string; responses: object; security: unknown[] }>>;
    };
    for (const [name, spec] of specs) {
      const operation = paths[spec.path.replace(/:([A-Za-z]+)/g, "{$1}")]?.[spec.method.toLowerCase()];
      expect(operation?.operationId).toBe(name);
      expect(Object.keys(operation?.responses ?? {})).toEqual([String(spec.status ?? 200), "default"]);
      expect(operation?.security.length === 0).toBe(spec.access === "public");
    }
    expect(Object.values(paths).flatMap((path) => Object.keys(path))).toHaveLength(specs.length);
    expect(JSON.stringify(json)).toContain("LAST_HOST");
  });

  test("[HTTP-22] alive is not ready", async () => {
    world.setReady(false);
    expect((await send("GET", "/healthz", { token: null })).status).toBe(200);
    expect((await send("GET", "/readyz", { token: null })).status).toBe(503);
    world.setReady(true);
    expect((await send("GET", "/readyz", { token: null })).status).toBe(200);
  });

  test("[HTTP-23] figures are for this machine alone, not for who comes through a proxy", async () => {
    await send("GET", `/api/v1/meetings/${meetingId}`);
    const direct = await send("GET", "/metrics", { token: null });
    expect(direct.text).toContain('route="/api/v1/meetings/:id"');
    const proxied = { token: null, headers: { "x-forwarded-for": "203.0.113.7" } };
    expectError(await send("GET", "/metrics", proxied), 404, "NOT_FOUND");
  });

  test("[HTTP-24] every page of the application is the application; a file that is missing is missing", async () => {
    for (const path of ["/", `/meetings/${meetingId}/recap`]) {
      const page = await send("GET", path, { token: null });
      expect([page.status, page.headers.get("cache-control")]).toEqual([200, "no-cache"]);
      expect(page.text).toContain("<title>Connvo</title>");
    }
    const asset = await send("GET", "/assets/app-1234.js", { token: null });
    expect(asset.headers.get("cache-control")).toContain("immutable");
    expectError(await send("GET", "/assets/app-9999.js", { token: null }), 404, "NOT_FOUND");
    expectError(await send("GET", "/../package.json", { token: null }), 404, "NOT_FOUND");
  });
});

describe("webhooks", () => {
  const path = `/webhooks/transcripts/${meetingId}`;
  const chunk = { clientKey: "u1", speakerLabel: "S1", text: "Hm", confidence: 1, startMs: 0, endMs: 1 };
  const body = JSON.stringify({ meetingId, chunks: [chunk] });
  const signed = () => ({
    body,
    token: null,
    headers: {
      "connvo-signature": timestampedSignature(webhookSecret, Math.floor(Date.now() / 1_000), body),
    },
  });

  test("[WEBHOOK-8] a vendor is told when to send again what cannot be saved now", async () => {
    world.instead.set("transcripts.appendFromVendor", () =>
      Promise.reject(new AppError("UNAVAILABLE", "Too much is waiting.", { retryAfterSeconds: 5 })),
    );
    const reply = await send("POST", path, signed());
    expectError(reply, 503, "UNAVAILABLE");
    expect(reply.headers.get("retry-after")).toBe("5");
    expect(reply.json).toMatchObject({ error: { retryAfter: 5 } });
    world.instead.set("transcripts.appendFromVendor", () =>
      Promise.resolve({ firstSequence: 1, lastSequence: 1 }),
    );
    expect((await send("POST", path, signed())).status).toBe(200);
  });

  test("[WEBHOOK-9] without a secret a webhook is off, and says so to everybody", async () => {
    const off = await openHttpWorld(store, { transcriptWebhookSecrets: [] });
    try {
      const { headers } = signed();
      const answers = [headers, {}].map(async (some) => {
        const sent = { "content-type": "application/json", ...some };
        const answer = await fetch(off.url + path, { method: "POST", headers: sent, body });
        return [
          answer.status,
          (await answer.json()) as { error: { code: string; message: string } },
        ] as const;
      });
      for (const [status, { error }] of await Promise.all(answers)) {
        expect([status, error.code]).toEqual([403, "FORBIDDEN"]);
        expect(error.message).toMatch(/switched off.*TRANSCRIPT_WEBHOOK_SECRETS/);
      }
      expect(off.calls).toEqual([]);
    } finally {
      await off.close();
    }
  });
});

describe("limits", () => {
  test("[HTTP-25] too many sign-ins from one address are refused with Retry-After, durably", async () => {
    // Stopped, so that no new window begins while the test runs.
    const options = { rateLimits: true, clock: new MovableClock().stop() };
    const start = (url: string) => fetch(`${url}/auth/sign-in`, { redirect: "manual" });
    const limited = await openHttpWorld(store, options);
    try {
      for (let count = 0; count < rateLimits["sign-in"].most.address; count += 1) {
        expect((await start(limited.url)).status).toBe(302);
      }
      expect((await start(limited.url)).status).toBe(429);
    } finally {
      await limited.close();
    }
    const restarted = await openHttpWorld(store, options);
    try {
      const refused = await start(restarted.url);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    } finally {
      await restarted.close();
    }
  });
});
