// The store process stands still for a while, as on a frozen disk: nothing is called durable meanwhile, and all of it is after.
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { recordFigure, sizeOf } from "../factories/figures.ts";
import { itemAt, pause } from "../factories/live-people.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import { openNotesClient, until, type NotesClient } from "../factories/nodes.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";

const seconds = sizeOf("STORE_PAUSE_SECONDS", 3);
const editEveryMs = 50;

let server: TestServer | null = null;
const clients: NotesClient[] = [];
let storePid: number | null = null;

afterEach(async () => {
  if (storePid !== null) process.kill(storePid, "SIGCONT");
  storePid = null;
  for (const { provider, doc } of clients.splice(0)) {
    provider.awareness.destroy();
    provider.destroy();
    doc.destroy();
  }
  await server?.close();
  server = null;
});

test.skipIf(process.platform !== "linux")(
  `[NOTES-3] [NOTES-9] the store stands still for ${seconds} s under load: nothing is acknowledged or unloaded, buffers stay bounded, all converge after it goes on`,
  { timeout: 300_000 + seconds * 2_000 },
  async () => {
    const running = await startTestServer({ store: "embedded", environment: { RATE_LIMITS: "off" } });
    server = running;
    const token = await running.token("host@example.org", "Host");
    const api = async <Answer>(path: string, body?: unknown) => {
      const answer = await fetch(running.url + path, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body ?? {}),
      });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
      return (await answer.json()) as Answer;
    };
    const { id } = await api<Meeting>("/api/v1/meetings", { title: "Frozen", template: "blank" });
    await api(`/api/v1/meetings/${id}/start`);
    for (let count = 0; count < 4; count += 1) clients.push(openNotesClient(running.url, token, id));
    await until(() => clients.every(({ provider }) => provider.synced), "all to be synced");
    itemAt(clients, 0).push("before");
    await until(() => clients.every(({ edits }) => edits().length === 1), "the edit before");
    await until(() => itemAt(clients, 0).durable() === 2, "its answer to the first question and its edit");

    const before = await memoryOf(running.url);
    storePid = childOf(running.pid());
    process.kill(storePid, "SIGSTOP");
    const durable = clients.map((client) => client.durable());
    let [count, peakMB, closedOnce] = [0, 0, false];
    const endMs = performance.now() + seconds * 1_000;
    while (performance.now() < endMs) {
      for (const [index, client] of clients.entries()) client.push(`${index} ${count}`);
      count += 1;
      if (count % 20 === 0) {
        const now = await memoryOf(running.url);
        peakMB = Math.max(peakMB, now.residentMB - before.residentMB);
        expect(now.openDocuments).toBe(1);
      }
      closedOnce ||= clients.some(({ closes }) => closes.length > 0);
      await pause(editEveryMs);
    }
    // Others may have seen it; nobody was told that it is saved.
    if (!closedOnce) expect(clients.map((client) => client.durable())).toEqual(durable);

    process.kill(storePid, "SIGCONT");
    storePid = null;
    const startedMs = performance.now();
    const all = 1 + count * clients.length;
    await until(() => clients.every(({ edits }) => edits().length === all), "everybody to have everything");
    // All of it was taken by the journal before this, and the journal writes in order: it is durable now, too.
    await api(`/api/v1/meetings/${id}/messages`, { clientKey: "barrier", content: "Still there?" });
    recordFigure("convergedAfterPauseMs", Math.round(performance.now() - startedMs));
    recordFigure("memoryDuringPauseMB", Math.round(peakMB));
    const [first, ...others] = clients.map(({ edits }) => edits());
    for (const edits of others) expect(edits).toEqual(first);
    await running.kill();
    await running.restart();
    const late = openNotesClient(running.url, token, id);
    clients.push(late);
    await until(() => late.provider.synced, "a late client");
    expect(late.edits()).toEqual(first);
  },
);

async function memoryOf(url: string): Promise<{ residentMB: number; openDocuments: number }> {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split("\n");
  const value = (name: string) =>
    Number(lines.find((line) => line.startsWith(`${name} `))?.split(" ")[1] ?? 0);
  return {
    residentMB: value("connvo_process_resident_memory_bytes") / 1024 ** 2,
    openDocuments: value("connvo_realtime_open_documents"),
  };
}

/** The embedded store is the server's only child. */
function childOf(pid: number): number {
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      if (Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === pid) return Number(name);
    } catch {
      // It has ended since the directory was read.
    }
  }
  throw new Error("the server has no store process");
}
