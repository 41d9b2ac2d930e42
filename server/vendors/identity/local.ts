// Local mode: the WorkOS adapter before our own emulator.
import { WorkOS } from "@workos-inc/node";
import { z } from "zod";
import { isLoopback } from "../../platform/config.ts";
import type { Clock } from "../../platform/clock.ts";
import type { IdSource } from "../../platform/ids.ts";
import {
  localIdentityDirectory,
  localIssuer,
  scriptSessionPrefix,
  signScriptToken,
} from "./emulator/access-token.ts";
import { startIdentityEmulator } from "./emulator/index.ts";
import type { IdentityVendor } from "./index.ts";
import { createWorkosVendor } from "./workos.ts";

const maxMet = 10_000;
/** A script's token that says to which organisation its bearer belongs. */
const scriptSchema = z.object({
  sid: z.string().startsWith(scriptSessionPrefix),
  sub: z.string(),
  email: z.string(),
  name: z.string().optional(),
  org_id: z.string(),
  org_name: z.string().optional(),
  role: z.string().optional(),
});

export const localPagesPath = "/local-sign-in";

export interface LocalVendorOptions {
  dataDir: string;
  /** Where the product listens: decides whether the sign-in page may list who was here before. */
  host: string;
  publicUrl: string;
  /** Where this process is reached on this machine, and is told of what happens; null: it is told of nothing. */
  webhookUrl: string | null;
  clock: Clock;
  ids: IdSource;
}

export interface LocalVendor {
  vendor: IdentityVendor;
  cookiePassword: string;
  webhookSecrets: string[];
  /** The SDK before the emulator, as whoever runs WorkOS would use it. */
  sdk(): WorkOS;
}

export async function startLocalVendor(options: LocalVendorOptions): Promise<LocalVendor> {
  const { clock, ids } = options;
  const onThisMachineOnly = isLoopback(options.host);
  const emulator = await startIdentityEmulator({
    directory: localIdentityDirectory(options.dataDir),
    clock,
    ids,
    // Who opened the local sign-in to other machines has accepted every name it is reached by.
    allowedHosts: () => (onThisMachineOnly ? [new URL(options.publicUrl).host] : ["*"]),
    onThisMachineOnly,
    acceptUrl: () => `${options.publicUrl}${localPagesPath}/accept`,
    webhookUrl: options.webhookUrl,
  });
  const met = new Set<string>();
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
      async meet(claims) {
        const script = scriptSchema.safeParse(claims).data;
        if (script === undefined || met.has(script.sid)) return;
        await emulator.meetScript({
          sessionId: script.sid,
          userId: script.sub,
          email: script.email,
          name: script.name ?? null,
          orgId: script.org_id,
          orgName: script.org_name ?? null,
          role: script.role ?? null,
        });
        if (met.size >= maxMet) met.clear();
        met.add(script.sid);
      },
      stop: () => emulator.stop(),
    },
  });
  return {
    vendor,
    cookiePassword: keys.cookiePassword,
    webhookSecrets: [keys.webhookSecret],
    sdk: () =>
      new WorkOS({
        apiKey: keys.apiKey,
        clientId: keys.clientId,
        apiHostname: "127.0.0.1",
        port: emulator.port,
        https: false,
        maxRetries: 0,
      }),
  };
}
