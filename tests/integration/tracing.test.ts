// Traces of a real server, as a collector receives them: what belongs together does, and nothing of what people write is in them.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import { attributeOf, startCollector, type Collector } from "../factories/collector.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import { connectSocket, emitOk } from "../factories/sockets.ts";

const canary = "canary-of-the-trace";
let collector: Collector;
let server: TestServer;

beforeAll(async () => {
  collector = await startCollector();
  server = await startTestServer({
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER_ARG: "1" },
  });
});

afterAll(async () => {
  await server.close();
  collector.close();
});

test("[TRACE-1] a request, the store's commands and the job it led to are one trace, which a caller's trace takes in", async () => {
  const token = await server.token("ann@example.org", canary);
  const callers = "4bf92f3577b34da6a3ce929d0e0e4736";
  const response = await fetch(`${server.url}/api/v1/meetings`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      traceparent: `00-${callers}-00f067aa0ba902b7-01`,
    },
    body: JSON.stringify({
      title: canary,
      description: canary,
      scheduledAt: "2030-03-12T10:00:00.000Z",
      participants: [{ email: `${canary}@example.org` }],
    }),
  });
  expect(response.status).toBe(201);
  const request = await collector.spanWhere(({ name, traceId }) => name === "request" && traceId === callers);
  expect(request.parentSpanId).toBe("00f067aa0ba902b7");
  expect(attributeOf(request, "http.route")).toBe("/api/v1/meetings");
  expect(attributeOf(request, "connvo.request_id")).toBe(response.headers.get("x-request-id"));
  const stored = await collector.spanWhere(
    (span) => span.traceId === callers && attributeOf(span, "db.collection.name") === "meetings",
  );
  expect(stored.name).toMatch(/^store /);
  expect((await collector.spanWhere(({ name }) => name === "job mail.deliver")).traceId).toBe(callers);

  const { id: meetingId } = (await response.json()) as Meeting;
  const socket = await connectSocket(server.url, token);
  await emitOk(socket, "meeting:join", { meetingId });
  await emitOk(socket, "chat:send", { meetingId, clientKey: canary, content: canary });
  socket.disconnect();
  await collector.spanWhere(({ name }) => name === "event chat:send");
});

test("[TRACE-2] what fails carries its code, and nothing that people write is in any trace", async () => {
  const token = await server.token("eve@example.org", "Eve");
  await fetch(`${server.url}/api/v1/meetings/${"f".repeat(24)}?q=${canary}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await collector.spanWhere((span) => attributeOf(span, "error.type") === "NOT_FOUND");
  expect(collector.text()).not.toContain(canary);
});
