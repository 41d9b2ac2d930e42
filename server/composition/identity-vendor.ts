// Which identity vendor this installation signs in with: WorkOS where it is configured, else the local emulator of it.
import type { Clock } from "../platform/clock.ts";
import type { Config } from "../platform/config.ts";
import type { IdSource } from "../platform/ids.ts";
import type { IdentityVendor } from "../vendors/identity/index.ts";
import { startLocalVendor } from "../vendors/identity/local.ts";
import { createWorkosVendor, workosIssuers } from "../vendors/identity/workos.ts";

interface Options {
  config: Config;
  clock: Clock;
  ids: IdSource;
  publicUrl: string;
}

/** The vendor, and the password that seals what the browser keeps. */
export async function createIdentityVendor(
  options: Options,
): Promise<{ vendor: IdentityVendor; cookiePassword: string; secureCookies: boolean }> {
  const { config, clock, ids, publicUrl } = options;
  const secureCookies = publicUrl.startsWith("https:");
  if (config.identity.mode === "local") {
    const local = await startLocalVendor({
      dataDir: config.dataDir,
      host: config.host,
      publicUrl,
      clock,
      ids,
    });
    return { ...local, secureCookies };
  }
  const { apiKey, clientId, cookiePassword } = config.identity;
  const vendor = createWorkosVendor({ apiKey, clientId, cookiePassword, issuers: workosIssuers(clientId) });
  return { vendor, cookiePassword, secureCookies };
}
