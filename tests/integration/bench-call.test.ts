// The call benchmark itself, small: real clients against the real server. Its figures are not judged, its losses are.
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeCall, runCallBenchmark } from "../../scripts/bench/call.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ environment: { RATE_LIMITS: "off" } });
});
afterAll(() => server.close());

test("[BENCH-1] a short call benchmark measures something and loses, doubles and reorders nothing", async () => {
  const result = await runCallBenchmark({
    meetings: 3,
    seconds: 4,
    chunksPerSecond: 10,
    editsPerSecond: 2,
    warmupSeconds: 1,
    running: server,
    progress: () => undefined,
  });
  expect(result.faults, describeCall(result)).toBe(0);
  expect(result.transcript.acknowledged).toBe(result.transcript.sent);
  expect(result.transcript.sent).toBeGreaterThan(100);
  expect(result.notes.durable).toBe(result.notes.sent);
  expect(result.notes.sent).toBeGreaterThan(30);
  expect(result.transcript.delivery.count).toBeGreaterThan(80);
  expect(result.notes.delivery.count).toBeGreaterThan(20);
});
