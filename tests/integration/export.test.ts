// The export of a person's data from the running product: what is in it, what is not, and that a killed process is followed.
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { strFromU8, unzipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OwnExport } from "../../shared/schemas/exports.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import { pngOf } from "../../server/platform/uploads/testing-pictures.ts";
import { runScript } from "../factories/commands.ts";
import { until } from "../factories/nodes.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import { askAt, sendTo } from "./access/calls.ts";

const annas = (place: string) => `of-anna-${place}`;
const bens = (place: string) => `of-ben-${place}`;
const unzip = "/usr/bin/unzip";

let server: TestServer;
let anna: string, ben: string;
let annasId: string;
/** Both take part; Anna is removed; she observes without everybody's consent. */
let shared: Meeting, left: Meeting, observed: Meeting;
let zip: Buffer;
let files: Record<string, string>;

const api = <Answer>(token: string, method: string, address: string, body?: unknown) =>
  askAt<Answer>(server.url + address, token, method, body);
const status = (token = anna) => api<OwnExport>(token, "GET", "/api/v1/me/export");

beforeAll(async () => {
  server = await startTestServer({ store: "embedded" });
  anna = await server.token("anna@example.org", annas("name"), { org: "Practice", role: "member" });
  ben = await server.token("ben@example.org", bens("name"), { org: "Practice", role: "admin" });
  ({ id: annasId } = await api<{ id: string }>(anna, "GET", "/api/v1/me"));
  shared = await meeting(`../Ziele: ${annas("title")}`, "participant");
  await talk(anna, shared, annas);
  await talk(ben, shared, bens);
  await attach(anna, shared, annas);
  await attach(ben, shared, bens);
  await editChat(anna, shared, annas);
  await editChat(ben, shared, bens);
  await sendTo(`${server.url}/api/v1/me/photo`, anna, "PUT", pngOf(8, 8));
  await api(ben, "POST", `/api/v1/meetings/${shared.id}/end`);
  left = await meeting(bens("title-of-left"), "participant");
  await talk(anna, left, (place) => `left-${annas(place)}`);
  await talk(ben, left, (place) => `left-${bens(place)}`);
  await attach(anna, left, (place) => `left-${annas(place)}`);
  await api(anna, "PATCH", `/api/v1/meetings/${left.id}/transcript/1`, {
    clientKey: annas("correction"),
    text: `left-${annas("line")}, corrected`,
  });
  await api(ben, "DELETE", `/api/v1/meetings/${left.id}/participants/${annasId}`);
  observed = await meeting("Observed", "observer");
  await talk(ben, observed, (place) => `observed-${bens(place)}`);
  const other = await api<Meeting>(ben, "POST", "/api/v1/meetings", { title: bens("own-meeting") });
  await api(ben, "POST", `/api/v1/meetings/${other.id}/start`);
  await api(anna, "POST", "/api/v1/me/consents", { purpose: "recording", answer: "refused", wording: 1 });
  await api(ben, "POST", `/api/v1/meetings/${shared.id}/notes/templates`, { title: bens("template") });
  await api(anna, "POST", `/api/v1/meetings/${shared.id}/notes/templates`, {
    title: annas("template"),
    layer: "mine",
  });
  await api(ben, "POST", "/api/v1/admin/api-keys", { name: bens("key"), scopes: ["meetings:read"] });
});
afterAll(() => server?.close());

async function meeting(title: string, role: "participant" | "observer"): Promise<Meeting> {
  const made = await api<Meeting>(ben, "POST", "/api/v1/meetings", {
    title,
    participants: [{ email: "anna@example.org", role }],
  });
  return await api<Meeting>(ben, "POST", `/api/v1/meetings/${made.id}/start`);
}

async function talk(token: string, { id }: Meeting, word: (place: string) => string): Promise<void> {
  const path = `/api/v1/meetings/${id}`;
  for (const layer of ["mine", "shared"])
    await api(token, "POST", `${path}/notes/operations`, {
      clientKey: `${word("key")}-${layer}`,
      layer,
      baseVersion: 0,
      operations: [{ type: "insert", position: 0, content: ` ${word(`notes-${layer}`)} ` }],
    });
  const line = {
    confidence: 1,
    startMs: 0,
    endMs: 1_000,
    clientKey: word("line"),
    text: `<b>${word("line")}`,
  };
  await api(token, "POST", `${path}/transcript`, { chunks: [line] });
  await api(token, "POST", `${path}/messages`, { clientKey: word("chat"), content: word("chat") });
}

async function attach(token: string, { id }: Meeting, word: (place: string) => string): Promise<void> {
  const path = `/api/v1/meetings/${id}`;
  const file = await api<{ id: string }>(
    token,
    "POST",
    `${path}/attachments?clientKey=${word("file")}&name=${word("file")}.txt`,
    Buffer.from(word("attached")),
  );
  const named = { clientKey: word("with-file"), content: "", attachments: [file.id] };
  await api(token, "POST", `${path}/messages`, named);
}

/** One message edited, and one deleted. */
async function editChat(token: string, { id }: Meeting, word: (place: string) => string): Promise<void> {
  const path = `/api/v1/meetings/${id}/messages`;
  for (const kind of ["edit", "delete"]) {
    const message = { clientKey: word(`for-${kind}`), content: word(`before-${kind}`) };
    const made = await api<{ id: string }>(token, "POST", path, message);
    await api(token, "POST", `${path}/${made.id}/changes`, {
      clientKey: word(kind),
      change: kind === "edit" ? { kind, content: word("after-edit") } : { kind },
    });
  }
}

async function ready(): Promise<void> {
  await until(async () => (await status()).state === "ready", "the export");
}

function fileOf(end: string): string {
  const found = Object.entries(files).find(([path]) => path.endsWith(end));
  if (found === undefined) throw new Error(`no ${end} among ${Object.keys(files).join(", ")}`);
  return found[1];
}

function pageOf(title: string, name: string): string {
  const found = Object.entries(files).find(([path]) => path.includes(title) && path.endsWith(`/${name}`));
  return found?.[1] ?? "";
}

test("[EXPORT-1] [EXPORT-9] asked for and ready, it is downloaded whole, and by nobody else", async () => {
  expect(await status()).toMatchObject({ state: "none", keptDays: 7 });
  const asked = await api<OwnExport>(anna, "POST", "/api/v1/me/export");
  expect(asked.state).toBe("preparing");
  await ready();
  const response = await fetch(`${server.url}/api/v1/me/export/file`, {
    headers: { authorization: `Bearer ${anna}` },
  });
  zip = Buffer.from(await response.arrayBuffer());
  expect(response.headers.get("content-type")).toBe("application/zip");
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.get("content-disposition")).toMatch(
    /^attachment; filename=connvo-export-[\d-]+\.zip$/,
  );
  const { sizeBytes } = await status();
  expect([Number(response.headers.get("content-length")), sizeBytes]).toEqual([
    zip.byteLength,
    zip.byteLength,
  ]);
  expect((await sendTo(`${server.url}/api/v1/me/export/file`, ben, "GET")).status).toBe(404);
  expect((await sendTo(`${server.url}/api/v1/me/export/file`, null, "GET")).status).toBe(401);
  files = Object.fromEntries(Object.entries(unzipSync(zip)).map(([path, bytes]) => [path, strFromU8(bytes)]));
});

test("[EXPORT-13] [EXPORT-14] their photo, their attachments and what they edited are in it, of others neither", () => {
  const told = JSON.parse(fileOf("files.json")) as { path: string; missing: string | null }[];
  expect(told.map(({ path, missing }) => [path.split("/").at(-1), missing])).toEqual([
    ["photo.png", null],
    [expect.stringContaining(annas("file")), null],
    [expect.stringContaining(`left-${annas("file")}`), null],
  ]);
  for (const { path } of told) expect(path in files).toBe(true);
  expect(files[told[1]?.path ?? ""]).toBe(annas("attached"));
  expect(files[told[2]?.path ?? ""]).toBe(`left-${annas("attached")}`);
  const everything = JSON.stringify(files);
  for (const word of [annas("before-edit"), annas("after-edit"), bens("after-edit")])
    expect(everything).toContain(word);
  for (const word of [bens("attached"), bens("before-edit"), bens("before-delete"), annas("before-delete")])
    expect([word, everything.includes(word)]).toEqual([word, false]);
});

test.runIf(existsSync(unzip))("[EXPORT-5] unzip finds nothing wrong in it", async () => {
  const path = join(server.dataDir, "export-test.zip");
  await writeFile(path, zip);
  const { stdout } = await promisify(execFile)(unzip, ["-t", path]);
  expect(stdout).toContain("No errors detected");
});

test("[EXPORT-2] [EXPORT-4] it holds what they may see, opened, and of others' own layers nothing", () => {
  const title = `Ziele ${annas("title")}`;
  const page = pageOf(title, "index.html");
  for (const word of [annas, bens])
    for (const place of ["line", "chat", "notes-shared"]) expect(page).toContain(word(place));
  expect(page).not.toContain("<b>of-anna-line");
  expect(page).toContain(annas("notes-mine"));
  expect(pageOf(title, "notes-mine.md")).toContain(annas("notes-mine"));
  const lines = JSON.parse(pageOf(title, "transcript.json")) as { text: string }[];
  expect(lines.map(({ text }) => text)).toEqual([`<b>${annas("line")}`, `<b>${bens("line")}`]);
  expect(JSON.parse(fileOf("account.json"))).toMatchObject({
    account: { email: "anna@example.org" },
    profile: { displayName: annas("name") },
    organizations: [{ organization: "Practice", role: "member" }],
  });
  expect(JSON.parse(fileOf("consents.json"))).toMatchObject([
    { purpose: "recording", answer: "refused", shown: expect.stringContaining("record") },
  ]);
  const deeds = JSON.parse(fileOf("activity.json")) as { action: string; actorUserId: string }[];
  expect(deeds.map(({ action }) => action)).toContain("consent.decide");
  expect(new Set(deeds.map(({ actorUserId }) => actorUserId))).toEqual(new Set([annasId]));
  expect(Object.keys(files)).toContain(`note-templates/1 ${annas("template")}.md`);
  expect(Object.keys(files).filter((path) => path.endsWith("/email.txt"))).not.toEqual([]);
  const all = Object.entries(files).flat().join("\n");
  expect(all).not.toContain(bens("notes-mine"));
  for (const place of ["own-meeting", "template", "key"]) expect(all).not.toContain(bens(place));
  expect(all).not.toContain("ben@example.org");
});

test("[EXPORT-2] of a meeting that they observe without everybody's consent there is no word of others", () => {
  expect(pageOf("Observed", "index.html")).toContain("What you do not see here");
  expect(Object.entries(files).flat().join("\n")).not.toContain(`observed-${bens("")}`);
});

test("[EXPORT-3] of a meeting from which they were removed there are their own words alone", () => {
  const page = pageOf("A call that is closed to you", "index.html");
  for (const place of ["line", "chat", "notes-shared", "notes-mine"])
    expect(page).toContain(`left-${annas(place)}`);
  // Asked for moments after it was written: what the journal has not filed yet is in it, too.
  for (const [file, word] of [
    ["my-messages.json", `left-${annas("chat")}`],
    ["my-corrections.json", "corrected"],
  ] as const)
    expect(pageOf("A call that is closed to you", file)).toContain(word);
  const emails = ([path]: [string, string]) => path.startsWith("emails/");
  const rest = Object.entries(files).filter((file) => !emails(file));
  const all = rest.flat().join("\n");
  for (const place of ["line", "chat", "notes-shared", "notes-mine", "title"])
    expect(all).not.toContain(`left-${bens(place)}`);
  expect(all).not.toContain(bens("title-of-left"));
});

test("[EXPORT-12] while it lies there the store's file shows nothing of it", () => {
  const inside: string[] = [];
  const visit = (directory: string) => {
    for (const name of readdirSync(directory)) {
      const path = join(directory, name);
      if (statSync(path).isDirectory()) visit(path);
      else if (name !== "export-test.zip") inside.push(readFileSync(path).toString("latin1"));
    }
  };
  visit(server.dataDir);
  const bytes = inside.join("\n");
  expect(bytes).toContain("personExportPieces");
  // Its first bytes, as a piece that is not encrypted would hold them, and as they are.
  const beginning = zip.subarray(0, 150);
  expect(bytes).not.toContain(beginning.toString("base64"));
  expect(bytes).not.toContain(beginning.toString("latin1"));
});

test(
  "[EXPORT-6] a server that is killed midway is followed by one that makes it, once",
  { timeout: 300_000 },
  async () => {
    for (let count = 0; count < 15; count += 1)
      await api(anna, "POST", "/api/v1/meetings", { title: `Further call ${count}` });
    await api(anna, "POST", "/api/v1/me/export");
    let seen: OwnExport | null = null;
    await until(async () => ((seen = await status()).progress?.done ?? 99) >= 2, "the first parts");
    await server.kill();
    expect(seen).toMatchObject({ state: "preparing" });
    await server.restart();
    const after = await status();
    expect(after.state).toBe("preparing");
    expect(after.progress?.done).toBeGreaterThanOrEqual(2);
    await ready();
    const response = await fetch(`${server.url}/api/v1/me/export/file`, {
      headers: { authorization: `Bearer ${anna}` },
    });
    const paths = Object.keys(unzipSync(new Uint8Array(await response.arrayBuffer())));
    expect(paths.filter((path) => /Further call \d+ \(\w+\)\/meeting\.json$/.test(path))).toHaveLength(15);
    expect(new Set(paths).size).toBe(paths.length);
    const verified = await runScript("audit-verify", [], { DATA_DIR: server.dataDir });
    expect(verified, verified.stderr).toMatchObject({ code: 0 });
  },
);

test("[EXPORT-1] it works while a deletion waits, and not more than three times a day", async () => {
  await api(anna, "POST", "/api/v1/me/deletion", { confirmation: "delete my account" });
  await api(anna, "POST", "/api/v1/me/export");
  await ready();
  const refused = await sendTo(`${server.url}/api/v1/me/export`, anna, "POST");
  expect([refused.status, refused.text]).toEqual([429, expect.stringContaining("hours")]);
});
