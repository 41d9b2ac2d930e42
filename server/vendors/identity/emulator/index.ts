// A small WorkOS of our own for local mode: an API on loopback for the SDK, and pages for the browser.
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdir } from "node:fs/promises";
import type { Clock } from "../../../platform/clock.ts";
import type { IdSource } from "../../../platform/ids.ts";
import { createApi } from "./api.ts";
import { createAuthority } from "./authority.ts";
import { openLocalDirectory } from "./directory.ts";
import { loadLocalKeys, type LocalKeys } from "./keys.ts";
import { createPages } from "./pages.ts";

export interface EmulatorOptions {
  /** Holds keys and people; made where it does not exist. */
  directory: string;
  clock: Clock;
  ids: IdSource;
  allowedHosts: () => string[];
  onThisMachineOnly: boolean;
  accessTokenSeconds?: number;
  refreshGraceMs?: number;
}

export interface Emulator {
  /** Where the API listens on 127.0.0.1. */
  port: number;
  keys: LocalKeys;
  pages: RequestListener;
  stop(): Promise<void>;
}

/** Throws StartError where its files cannot be used. */
export async function startIdentityEmulator(options: EmulatorOptions): Promise<Emulator> {
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const keys = await loadLocalKeys(options.directory);
  const directory = await openLocalDirectory(options.directory);
  const authority = createAuthority({
    directory,
    keys,
    clock: options.clock,
    ids: options.ids,
    accessTokenSeconds: options.accessTokenSeconds ?? 5 * 60,
    refreshGraceMs: options.refreshGraceMs ?? 60_000,
  });
  const server = createServer(createApi({ authority, directory, keys }));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  // The program must be able to end while this listens.
  server.unref();
  return {
    port: (server.address() as AddressInfo).port,
    keys,
    pages: createPages({
      authority,
      keys,
      allowedHosts: options.allowedHosts,
      onThisMachineOnly: options.onThisMachineOnly,
    }),
    async stop() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await directory.close();
    },
  };
}
