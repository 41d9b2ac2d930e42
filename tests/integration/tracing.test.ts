// Traces of a real server, as a collector receives them: what belongs together does, and nothing of what people write is in them.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import { connectSocket, emitOk } from "../factories/sockets.ts";

interface ReceivedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: { key: string; value: Record<string, unknown> }[];
}

const canary = "canary-of-the-trace";
const spans: ReceivedSpan[] = [];
const bodies: string[] = [];
let collector: Server;
let server: TestServer;
let heard = () => {};

beforeAll(async () => {
  collector = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const text = Buffer.concat(parts).toString();
      bodies.push(text);
      const { resourceSpans } = JSON.parse(text) as {
        resourceSpans: { scopeSpans: { spans: ReceivedSpan[] }[] }[];
      };
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      response.setHeader("content-type", "application/json").end("{}");
      heard();
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  const { port } = collector.address() as AddressInfo;
  server = await startTestServer({
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_TRACES_SAMPLER_ARG: "1",
    },
  });
});

afterAll(async () => {
  await server.close();
  collector.closeAllConnections();
  collector.close();
});

async function spanWhere(fits: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan> {
  for (;;) {
    const next = new Promise<void>((resolve) => (heard = resolve));
    const found = spans.find(fits);
    if (found !== undefined) return found;
    await next;
  }
}

const attribute = (span: ReceivedSpan, key: string) =>
  Object.values(span.attributes.find((one) => one.key === key)?.value ?? {})[0];

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
  const request = await spanWhere(({ name, traceId }) => name === "request" && traceId === callers);
  expect(request.parentSpanId).toBe("00f067aa0ba902b7");
  expect(attribute(request, "http.route")).toBe("/api/v1/meetings");
  expect(attribute(request, "connvo.request_id")).toBe(response.headers.get("x-request-id"));
  const stored = await spanWhere(
    (span) => span.traceId === callers && attribute(span, "db.collection.name") === "meetings",
  );
  expect(stored.name).toMatch(/^store /);
  expect((await spanWhere(({ name }) => name === "job mail.deliver")).traceId).toBe(callers);

  const { id: meetingId } = (await response.json()) as Meeting;
  const socket = await connectSocket(server.url, token);
  await emitOk(socket, "meeting:join", { meetingId });
  await emitOk(socket, "chat:send", { meetingId, clientKey: canary, content: canary });
  socket.disconnect();
  await spanWhere(({ name }) => name === "event chat:send");
});

test("[TRACE-2] what fails carries its code, and nothing that people write is in any trace", async () => {
  const token = await server.token("eve@example.org", "Eve");
  await fetch(`${server.url}/api/v1/meetings/${"f".repeat(24)}?q=${canary}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await spanWhere((span) => attribute(span, "error.type") === "NOT_FOUND");
  expect(bodies.join("")).not.toContain(canary);
});
