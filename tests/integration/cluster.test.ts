// Whole servers beside each other on one MongoDB: they serve the same meetings, or refuse to start in one sentence.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import { mintTokenFor } from "../../server/vendors/identity/emulator/access-token.ts";
import type { MeetingId } from "../../shared/ids.ts";
import type { TranscriptChunk, TranscriptPage } from "../../shared/schemas/transcripts.ts";
import { numbers } from "../factories/live-modules.ts";
import { redisProgram, startRedis } from "../factories/redis.ts";
import { runServer, startTestServer, type TestServer } from "../factories/server.ts";
import { connectSocket, emitOk } from "../factories/sockets.ts";
import { ownDatabase } from "../factories/store.ts";

const cleanups: (() => Promise<unknown>)[] = [];
let environment: Record<string, string>;

beforeEach(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "connvo-cluster-"));
  cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
  const own = ownDatabase("cluster");
  const store = own === null ? await startEmbeddedMongo({ dataDir }) : { uri: own.uri, stop: own.drop };
  cleanups.push(() => store.stop());
  // The local sign-in keeps its keys there: what one server signs the other one must know.
  environment = { MONGODB_URI: store.uri, DATA_DIR: join(dataDir, "shared") };
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(more: Record<string, string> = {}): Promise<TestServer> {
  const server = await startTestServer({ environment: { ...environment, ...more } });
  cleanups.push(() => server.close());
  return server;
}

describe.skipIf(redisProgram === null)("several servers (needs redis-server)", () => {
  test("[CLUSTER-2] [CLUSTER-6] two servers serve one meeting: each takes words and shows all, and goes on when the other stops", async () => {
    const redis = await startRedis();
    cleanups.push(() => redis.stop());
    environment["REDIS_URL"] = redis.url;
    const [first, second] = [await start(), await start()];
    const coach = { email: "coach@example.org", name: "Coach" };
    const token = await mintTokenFor(environment["DATA_DIR"] ?? "", coach, new Date());
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const post = async (server: TestServer, path: string, body: unknown = {}) => {
      const answer = await fetch(server.url + path, { method: "POST", headers, body: JSON.stringify(body) });
      expect(answer.ok, await answer.clone().text()).toBe(true);
      return (await answer.json()) as Record<string, unknown>;
    };
    const meeting = await post(first, "/api/v1/meetings", { title: "On two servers" });
    const id = String(meeting["id"]) as MeetingId;
    await post(first, `/api/v1/meetings/${id}/start`);
    const say = (server: TestServer, number: number) =>
      post(server, `/api/v1/meetings/${id}/transcript`, {
        chunks: [
          { clientKey: `${number}`, text: `Words ${number}.`, confidence: 1, startMs: number, endMs: number },
        ],
      });
    const read = async (server: TestServer) => {
      const answer = await fetch(`${server.url}/api/v1/meetings/${id}/transcript`, { headers });
      return ((await answer.json()) as TranscriptPage).chunks.map(({ sequence, text }) => [sequence, text]);
    };
    const said = (count: number) => numbers(1, count).map((number) => [number, `Words ${number}.`]);

    const heard: number[] = [];
    const socket = await connectSocket(second.url, token);
    cleanups.push(async () => socket.close());
    const allHeard = new Promise<void>((resolve) => {
      socket.on("transcript:chunks", ({ chunks }: { chunks: TranscriptChunk[] }) => {
        heard.push(...chunks.map(({ sequence }) => sequence));
        if (new Set(heard).size === 6) resolve();
      });
    });
    await emitOk(socket, "meeting:join", { meetingId: id });
    for (const number of numbers(1, 6)) {
      const answer = await say(number % 2 === 0 ? first : second, number);
      expect(answer).toEqual({ firstSequence: number, lastSequence: number });
    }
    await allHeard;
    expect(await read(first)).toEqual(said(6));
    expect(await read(second)).toEqual(said(6));

    expect(await first.stop()).toBe(0);
    expect(await say(second, 7)).toEqual({ firstSequence: 7, lastSequence: 7 });
    expect(await read(second)).toEqual(said(7));
  });
});

test("[CLUSTER-9] [CRYPT-33] a second server without REDIS_URL on the same MongoDB is refused in one sentence, and harms nothing", async () => {
  const running = await start();
  expect(running.logs()).toMatch(/stored without encryption: set ENCRYPTION_KEYS/);
  const { code, stderr, stdout } = await runServer({ ...environment, PORT: "0" });
  expect(code).toBe(1);
  expect(stdout).toBe("");
  const sentences = stderr.trim().split("\n");
  expect(sentences).toHaveLength(1);
  expect(sentences[0]).toMatch(/^Another Connvo server .* already runs on this MongoDB: .*REDIS_URL/);
  expect((await fetch(`${running.url}/readyz`)).ok).toBe(true);
});

test("[CLUSTER-8] after a kill -9 the same server starts again on its MongoDB", async () => {
  const server = await start();
  await server.kill();
  await server.restart();
  expect((await fetch(`${server.url}/readyz`)).ok).toBe(true);
});
