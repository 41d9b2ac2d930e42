// Local mode: the WorkOS adapter before our own emulator.
import { isLoopback } from "../../platform/config.ts";
import type { Clock } from "../../platform/clock.ts";
import type { IdSource } from "../../platform/ids.ts";
import { localIdentityDirectory, localIssuer, signScriptToken } from "./emulator/access-token.ts";
import { startIdentityEmulator } from "./emulator/index.ts";
import type { IdentityVendor } from "./index.ts";
import { createWorkosVendor } from "./workos.ts";

export const localPagesPath = "/local-sign-in";

export interface LocalVendorOptions {
  dataDir: string;
  /** Where the product listens: decides whether the sign-in page may list who was here before. */
  host: string;
  publicUrl: string;
  clock: Clock;
  ids: IdSource;
}

export async function startLocalVendor(
  options: LocalVendorOptions,
): Promise<{ vendor: IdentityVendor; cookiePassword: string }> {
  const { clock, ids } = options;
  const onThisMachineOnly = isLoopback(options.host);
  const emulator = await startIdentityEmulator({
    directory: localIdentityDirectory(options.dataDir),
    clock,
    ids,
    // Who opened the local sign-in to other machines has accepted every name it is reached by.
    allowedHosts: () => (onThisMachineOnly ? [new URL(options.publicUrl).host] : ["*"]),
    onThisMachineOnly,
  });
  const { keys } = emulator;
  const vendor = createWorkosVendor({
    apiKey: keys.apiKey,
    clientId: keys.clientId,
    cookiePassword: keys.cookiePassword,
    issuers: [localIssuer],
    apiPort: emulator.port,
    local: {
      pagesPath: localPagesPath,
      pages: emulator.pages,
      token: (person) => signScriptToken(keys, person, clock.now()),
      stop: () => emulator.stop(),
    },
  });
  return { vendor, cookiePassword: keys.cookiePassword };
}
