// Speaking statistics of a running call: to who subscribes to them, and to nobody else.
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Meeting, MeetingState } from "../../shared/schemas/meetings.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import { connectSocket, emitOk } from "../factories/sockets.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

test("[MEET-10] who subscribes to the live state is told of every change of the figures, who is only there is not", async () => {
  const token = await server.token("ann@example.org", "Ann");
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const call = async (method: string, path: string, body: unknown = {}) => {
    const answer = await fetch(server.url + path, { method, headers, body: JSON.stringify(body) });
    expect(answer.ok).toBe(true);
    return (await answer.json()) as Meeting;
  };
  const { id } = await call("POST", "/api/v1/meetings", { title: "Figures" });
  await call("POST", `/api/v1/meetings/${id}/start`);
  const [asking, present] = [await connectSocket(server.url, token), await connectSocket(server.url, token)];
  const told: unknown[] = [];
  await emitOk(present, "meeting:join", { meetingId: id });
  // The first view; whatever the join brings about is over when it is there.
  const viewed = new Promise((resolve) => present.once("meeting:state", resolve));
  await call("POST", `/api/v1/meetings/${id}/participants`, { email: "ben@example.org" });
  await viewed;
  present.on("meeting:state", (event: unknown) => told.push(event));
  let shown: MeetingState | null = null;
  asking.on("live:update", ({ snapshot }: { snapshot: MeetingState }) => (shown = snapshot));
  await emitOk(asking, "live:subscribe", { query: "state", args: { meetingId: id } });
  const say = (clientKey: string, text: string, startMs: number) =>
    call("POST", `/api/v1/meetings/${id}/transcript`, {
      chunks: [{ clientKey, text, confidence: 1, startMs, endMs: startMs + 2_000 }],
    });
  await say("one", "What would you like to have changed?", 0);
  await expect.poll(() => shown?.speakingStats, { timeout: 60_000 }).toMatchObject([{ words: 7 }]);
  await say("two", "And by when?", 3_000);
  await expect.poll(() => shown?.speakingStats, { timeout: 60_000 }).toMatchObject([{ words: 10 }]);
  await emitOk(present, "meeting:leave", { meetingId: id });
  expect(told).toEqual([]);
  for (const socket of [asking, present]) socket.disconnect();
});
