// What must still hold after everything: the product serves, its log tells of no fault, its store and audit log are sound.
import { runScript } from "../../factories/commands.ts";
import { readNotesStream } from "../../factories/sockets.ts";
import type { FuzzWorld } from "./world.ts";

/** Of a server that has had a few thousand inputs; it starts with about 250. */
const maxResidentMegabytes = 1_500;

export async function soundAfterwards(
  world: FuzzWorld,
): Promise<{ lines: string[]; failures: string[]; residentMegabytes: number }> {
  const failures: string[] = [];
  const lines: string[] = [];
  const check = async (what: string, work: () => Promise<string>) => {
    try {
      lines.push(`afterwards, ${what}: ${await work()}`);
    } catch (error) {
      failures.push(`afterwards, ${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const { server, api, token, participant, meetingId } = world;
  let residentMegabytes = 0;
  await check("the server's figures", async () => {
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    const bytes = /^\w*process_resident_memory_bytes (\S+)$/m.exec(metrics)?.[1];
    residentMegabytes = Math.round(Number(bytes ?? 0) / 1024 / 1024);
    if (residentMegabytes === 0 || residentMegabytes > maxResidentMegabytes)
      throw new Error(`${residentMegabytes} MB of memory`);
    return "memory is bounded";
  });
  await check("a good request", async () => {
    const made = await api<{ id: string }>(token, "POST", "/api/v1/meetings", { title: "Afterwards" });
    await api(token, "POST", `/api/v1/meetings/${made.id}/start`);
    await api(participant, "GET", `/api/v1/meetings/${meetingId}`);
    return "done";
  });
  await check("the notes", async () => {
    await api(participant, "GET", `/api/v1/meetings/${meetingId}/notes`);
    await api(participant, "GET", `/api/v1/meetings/${meetingId}/notes/history`);
    const heard = await readNotesStream(server.url, `/notes/${meetingId}`, participant);
    if (heard.byteLength === 0) throw new Error("nothing was sent");
    return "read and synced";
  });
  await check("the server's log", () => {
    const faults = server
      .logs()
      .split("\n")
      .filter((line) => /"level":(50|60)|"level":"(error|fatal)"|nhandled|ncaught/.test(line));
    if (faults.length > 0) throw new Error(`${faults.length} faults, first ${faults[0]?.slice(0, 1_000)}`);
    return Promise.resolve("no fault in it");
  });
  const command = async (name: string) => {
    const { code, stdout, stderr } = await runScript(name, [], { DATA_DIR: server.dataDir });
    if (code !== 0) throw new Error(stderr);
    return stdout.trim().split("\n").at(-1)?.replaceAll(server.dataDir, "DATA_DIR") ?? "";
  };
  await check("audit:verify", () => command("audit-verify"));
  await check("store:check", () => command("store-check"));
  return { lines, failures, residentMegabytes };
}
