// `npm run token`: tokens for scripts, without a server, in local mode only.
import { spawn } from "node:child_process";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { mintLocalToken } from "../../scripts/token.ts";

const root = join(import.meta.dirname, "..", "..");
let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "connvo-token-"));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

function run(args: string[], environment: Record<string, string> = {}) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn(process.execPath, [join(root, "scripts", "token.ts"), ...args], {
      cwd: root,
      env: { PATH: process.env["PATH"] ?? "", DATA_DIR: dataDir, ...environment },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

test("[TOKEN-1] prints the token and nothing else, on a data directory that never held a server", async () => {
  const args = ["Anna@Example.org", "--name", "Anna Bell", "--org", "Acme", "--role", "admin"];
  const { code, stdout, stderr } = await run(args);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  expect(decodeJwt(stdout.trim())).toMatchObject({
    email: "anna@example.org",
    name: "Anna Bell",
    role: "admin",
    org_id: expect.stringMatching(/^org_/) as string,
  });
});

test("[TOKEN-2] two first tokens at once are signed by the same key, which only its owner may read", async () => {
  const tokens = await Promise.all(
    ["anna", "ben", "carla", "dora"].map((name) => mintLocalToken({ dataDir, email: `${name}@example.org` })),
  );
  expect(new Set(tokens.map((token) => decodeProtectedHeader(token).kid)).size).toBe(1);
  const { mode } = await stat(join(dataDir, "identity", "keys.json"));
  if (process.platform !== "win32") expect(mode & 0o077).toBe(0);
});

test("[TOKEN-3] with WorkOS configured it refuses in one sentence", async () => {
  const { code, stdout, stderr } = await run(["anna@example.org"], {
    WORKOS_API_KEY: "sk_test",
    WORKOS_CLIENT_ID: "client_test",
    WORKOS_COOKIE_PASSWORD: "a password of at least thirty-two characters",
  });
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr.trim()).toMatch(/^Tokens for scripts are for local mode only.*$/);
});

test.each([
  [[], /^Usage: /],
  [["not-an-address"], /cannot be named so/],
  [["anna@example.org", "--nonsense"], /--nonsense/],
])("[TOKEN-4] what cannot be understood is said in one sentence: %j", async (args, message) => {
  const { code, stdout, stderr } = await run(args);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain("    at ");
});

test("[TOKEN-5] damaged keys are not replaced in silence", async () => {
  await run(["anna@example.org"]);
  await writeFile(join(dataDir, "identity", "keys.json"), "{}");
  const { code, stderr } = await run(["anna@example.org"]);
  expect(code).toBe(1);
  expect(stderr).toContain("is damaged");
});
