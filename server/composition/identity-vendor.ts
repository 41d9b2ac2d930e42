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
  /** Where this process is reached on this machine. */
  localUrl: string;
}

/** The vendor, and the password that seals what the browser keeps. */
export async function createIdentityVendor(options: Options): Promise<{
  vendor: IdentityVendor;
  cookiePassword: string;
  secureCookies: boolean;
  webhookSecrets: string[];
}> {
  const { config, clock, ids, publicUrl, localUrl } = options;
  const secureCookies = publicUrl.startsWith("https:");
  if (config.identity.mode === "local") {
    const { sdk: _forTests, ...local } = await startLocalVendor({
      dataDir: config.dataDir,
      host: config.host,
      publicUrl,
      // A worker of its own hears of everything by the events API.
      webhookUrl: config.roles.has("api") ? `${localUrl}/webhooks/workos` : null,
      clock,
      ids,
    });
    return { ...local, secureCookies };
  }
  const { apiKey, clientId, cookiePassword, webhookSecrets } = config.identity;
  const issuers = workosIssuers(clientId, config.identity.issuers);
  const vendor = createWorkosVendor({ apiKey, clientId, cookiePassword, issuers });
  return { vendor, cookiePassword, secureCookies, webhookSecrets };
}
