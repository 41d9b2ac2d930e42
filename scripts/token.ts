// `npm run -s token -- EMAIL [--name NAME] [--org ORG] [--role ROLE]`: prints a bearer token for scripts, in local mode.
import { z } from "zod";
import { systemClock } from "../server/platform/clock.ts";
import { readConfig, StartError } from "../server/platform/config.ts";
import { mintTokenFor } from "../server/vendors/identity/emulator/access-token.ts";
import { readArguments, UsageError } from "./arguments.ts";

const usage = "Usage: npm run -s token -- EMAIL [--name NAME] [--org ORG] [--role ROLE]";

export interface TokenRequest {
  dataDir: string;
  email: string;
  name?: string;
  org?: string;
  role?: string;
}

/** A token of 12 hours. No server need run: the person exists from the token's first use on. */
export async function mintLocalToken({ dataDir, ...person }: TokenRequest): Promise<string> {
  return await mintTokenFor(dataDir, person, systemClock.now());
}

if (import.meta.main) {
  try {
    console.log(await main(process.argv.slice(2)));
  } catch (error) {
    console.error(describe(error));
    process.exitCode = 1;
  }
}

async function main(args: string[]): Promise<string> {
  const { values, positionals } = readArguments(usage, {
    args,
    allowPositionals: true,
    options: { name: { type: "string" }, org: { type: "string" }, role: { type: "string" } },
  });
  const [email] = positionals;
  if (email === undefined || positionals.length > 1) {
    throw new UsageError(usage);
  }
  const config = readConfig(process.env);
  if (config.identity.mode !== "local") {
    throw new StartError("Tokens for scripts are for local mode only: the WORKOS_ variables are set.");
  }
  return await mintLocalToken({ dataDir: config.dataDir, email, ...values });
}

function describe(error: unknown): string {
  if (error instanceof z.ZodError) return `The person cannot be named so: ${error.issues[0]?.message ?? ""}.`;
  return error instanceof Error ? error.message : String(error);
}
