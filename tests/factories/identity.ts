// The local emulator with the identity port over it: a world for contract tests, on a directory of its own.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WorkOS } from "@workos-inc/node";
import { expect } from "vitest";
import { systemIds } from "../../server/platform/ids.ts";
import { localIssuer, signScriptToken } from "../../server/vendors/identity/emulator/access-token.ts";
import { startIdentityEmulator, type Emulator } from "../../server/vendors/identity/emulator/index.ts";
import type { IdentityVendor, LocalPerson, VendorSession } from "../../server/vendors/identity/index.ts";
import { createWorkosVendor } from "../../server/vendors/identity/workos.ts";
import { MovableClock } from "./clock.ts";
import { serve, submitSignInPage, type PagesServer } from "./sign-in.ts";

export const anna = { email: "Anna.Bell@example.org", name: "Anna Bell" };

export interface EmulatorWorld {
  clock: MovableClock;
  /** How many calls the emulator answers in a minute from now on. */
  limitCalls(max: number): void;
  emulator: Emulator;
  pages: PagesServer;
  vendor: IdentityVendor;
  /** The port over the same emulator with something changed. */
  vendorWith(change: { apiKey?: string; cookiePassword?: string }): IdentityVendor;
  /** The port as it runs before WorkOS itself. */
  asWorkos(): IdentityVendor;
  sdk(): WorkOS;
  codeFor(person: { email: string; name?: string }): Promise<{ code: string; codeVerifier: string }>;
  signIn(person?: { email: string; name?: string }): Promise<{ sealed: string; session: VendorSession }>;
  scriptToken(person: LocalPerson): Promise<string>;
  /** Another emulator on the same files, while this one still runs. */
  another(): Promise<EmulatorWorld>;
  close(): Promise<void>;
}

export async function openEmulatorWorld(given?: {
  directory: string;
  clock: MovableClock;
}): Promise<EmulatorWorld> {
  const directory = given?.directory ?? (await mkdtemp(join(tmpdir(), "connvo-identity-")));
  const clock = given?.clock ?? new MovableClock();
  let maxCalls: number | null = null;
  const emulator = await startIdentityEmulator({
    directory,
    clock,
    ids: systemIds,
    allowedHosts: () => [],
    onThisMachineOnly: true,
    refreshGraceMs: 30_000,
    callLimit: () => (maxCalls === null ? null : { max: maxCalls, windowMs: 60_000 }),
  });
  const { keys } = emulator;
  const pages = await serve(emulator.pages);
  const base = {
    apiKey: keys.apiKey,
    clientId: keys.clientId,
    cookiePassword: keys.cookiePassword,
    issuers: [localIssuer],
    apiPort: emulator.port,
  };
  const vendorWith: EmulatorWorld["vendorWith"] = (change) =>
    createWorkosVendor({
      ...base,
      ...change,
      local: {
        pagesPath: pages.url,
        pages: emulator.pages,
        token: (person) => signScriptToken(keys, person, clock.now()),
        meet: () => Promise.resolve(),
        stop: () => emulator.stop(),
      },
    });
  const vendor = vendorWith({});

  async function codeFor(person: { email: string; name?: string }) {
    const started = await vendor.startSignIn({ redirectUri: "/auth/callback" });
    const answer = await submitSignInPage(started.url, person);
    expect(answer.status).toBe(303);
    const back = new URL(answer.headers.get("location") ?? "", "http://site");
    expect(back.pathname).toBe("/auth/callback");
    expect(back.searchParams.get("state")).toBe(started.state);
    return { code: back.searchParams.get("code") ?? "", codeVerifier: started.codeVerifier };
  }

  return {
    clock,
    limitCalls: (max) => void (maxCalls = max),
    emulator,
    pages,
    vendor,
    vendorWith,
    asWorkos: () => createWorkosVendor(base),
    sdk: () =>
      new WorkOS({
        apiKey: keys.apiKey,
        clientId: keys.clientId,
        apiHostname: "127.0.0.1",
        port: emulator.port,
        https: false,
        maxRetries: 0,
      }),
    codeFor,
    signIn: async (person = anna) =>
      await vendor.exchangeCode({ ...(await codeFor(person)), ipAddress: "127.0.0.1", userAgent: "test" }),
    async scriptToken(person) {
      if (vendor.localToken === null) throw new Error("local mode mints tokens");
      return await vendor.localToken(person);
    },
    another: () => openEmulatorWorld({ directory, clock }),
    async close() {
      await pages.close();
      await vendor.stop();
      if (given === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}
