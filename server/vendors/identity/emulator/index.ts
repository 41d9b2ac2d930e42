// A small WorkOS of our own for local mode: an API on loopback for the SDK, pages for the browser, webhooks to the product.
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdir } from "node:fs/promises";
import type { Clock } from "../../../platform/clock.ts";
import type { IdSource } from "../../../platform/ids.ts";
import { createApi } from "./api.ts";
import { createAuthority, type ScriptSession } from "./authority.ts";
import { openLocalDirectory } from "./directory.ts";
import { openEventLog } from "./events.ts";
import { loadLocalKeys, type LocalKeys } from "./keys.ts";
import { createOrganizations } from "./organizations.ts";
import { createPages } from "./pages.ts";
import { createCallLimiter, type CallLimit } from "./rate-limit.ts";
import { createState } from "./state.ts";
import { createWebhookSender } from "./webhooks.ts";

export interface EmulatorOptions {
  /** Holds keys, people and events; made where it does not exist. */
  directory: string;
  clock: Clock;
  ids: IdSource;
  allowedHosts: () => string[];
  onThisMachineOnly: boolean;
  /** Where a person accepts an invitation, without its token. */
  acceptUrl?: () => string;
  /** An address of this machine that is told of every event; none: nobody is told. */
  webhookUrl?: string | null;
  /** How many calls are answered; by default any number. */
  callLimit?: () => CallLimit | null;
  accessTokenSeconds?: number;
  refreshGraceMs?: number;
}

export interface Emulator {
  /** Where the API listens on 127.0.0.1. */
  port: number;
  keys: LocalKeys;
  pages: RequestListener;
  /** To be told of every script's token that names an organisation, before it is relied on. */
  meetScript(script: ScriptSession): Promise<void>;
  stop(): Promise<void>;
}

/** Throws StartError where its files cannot be used. */
export async function startIdentityEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { clock, ids } = options;
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const keys = await loadLocalKeys(options.directory);
  const directory = await openLocalDirectory(options.directory);
  const log = await openEventLog(options.directory);
  const url = options.webhookUrl ?? null;
  const sender =
    url === null ? null : createWebhookSender({ log, clock, target: { url, secret: keys.webhookSecret } });
  const state = createState({ directory, log, clock, ids, onEvent: () => sender?.wake() });
  const organizations = createOrganizations(state);
  const authority = createAuthority({
    ...state,
    keys,
    organizations,
    accessTokenSeconds: options.accessTokenSeconds ?? 5 * 60,
    refreshGraceMs: options.refreshGraceMs ?? 60_000,
  });
  const server = createServer(
    createApi({
      authority,
      organizations,
      directory,
      log,
      keys,
      clock,
      acceptUrl: options.acceptUrl ?? (() => "/local-sign-in/accept"),
      countCall: createCallLimiter(clock, options.callLimit ?? (() => null)),
    }),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  // The program must be able to end while this listens.
  server.unref();
  let stopped: Promise<void> | null = null;
  async function stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    await sender?.stop();
    await directory.close();
    await log.close();
  }
  return {
    port: (server.address() as AddressInfo).port,
    keys,
    pages: createPages({
      authority,
      organizations,
      directory,
      keys,
      allowedHosts: options.allowedHosts,
      onThisMachineOnly: options.onThisMachineOnly,
    }),
    async meetScript(script) {
      await directory.refresh();
      await authority.meetScript(script);
    },
    stop: () => (stopped ??= stop()),
  };
}
