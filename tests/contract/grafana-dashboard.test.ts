// The dashboard asks only for metrics that the product has.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../factories/server.ts";
import { connectSocket, emitOk } from "../factories/sockets.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

test("every metric and label of the dashboard is served, or is one of several processes", async () => {
  const text = await readFile(
    join(import.meta.dirname, "..", "..", "docs", "grafana", "connvo.json"),
    "utf8",
  );
  const { panels } = JSON.parse(text) as { panels: { targets?: { expr: string }[] }[] };
  const asked = new Set(
    panels
      .flatMap(({ targets = [] }) => targets)
      .flatMap(({ expr }) => expr.match(/\b(?:connvo|nodejs|process)_[a-z0-9_]+/g) ?? []),
  );
  expect(asked.size).toBeGreaterThan(25);
  const token = await server.token("ann@example.org", "Ann");
  const created = await fetch(`${server.url}/api/v1/meetings`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ title: "Measured" }),
  });
  const { id: meetingId } = (await created.json()) as Meeting;
  const socket = await connectSocket(server.url, token);
  await emitOk(socket, "meeting:join", { meetingId });
  socket.disconnect();
  const served = await (await fetch(`${server.url}/metrics`)).text();
  const known = new Set([...served.matchAll(/^# TYPE (\S+) (\S+)/gm)].map(([, name]) => name ?? ""));
  // Made on first use: what has not happened on a quiet server is there in the code by its name.
  const source = await readFile(join(import.meta.dirname, "..", "..", "realtime", "metrics.ts"), "utf8");
  // GraphQL is one route: its own row says what goes on in it.
  expect([...asked].filter((name) => name.startsWith("connvo_graphql_")).sort()).toEqual([
    "connvo_graphql_errors_total",
    "connvo_graphql_operation_seconds_bucket",
    "connvo_graphql_operation_seconds_count",
    "connvo_graphql_reads_total",
    "connvo_graphql_refused_total",
  ]);
  const missing = [...asked]
    .map((name) => name.replace(/_(bucket|count|sum)$/, ""))
    .filter((name) => !known.has(name) && !source.includes(`"${name.replace(/^connvo_/, "")}"`));
  expect(missing).toEqual([]);
});
