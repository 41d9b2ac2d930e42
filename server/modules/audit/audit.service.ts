// Writes audit entries, bounded, in the order in which they come.
import type mongoose from "mongoose";
import type { Clock } from "../../platform/clock.ts";
import { createAuditRepository } from "./audit.repository.mongo.ts";
import type { AuditService } from "./index.ts";

const userAgentMaxChars = 300;
const valueMaxChars = 200;

export async function createAuditModule(options: {
  connection: mongoose.Connection;
  clock: Clock;
}): Promise<AuditService> {
  const repository = await createAuditRepository(options.connection);
  return {
    async record(entry) {
      const metadata = Object.fromEntries(
        Object.entries(entry.metadata ?? {}).map(([name, value]) => [
          name,
          typeof value === "string" ? value.slice(0, valueMaxChars) : value,
        ]),
      );
      const userAgent = entry.userAgent?.slice(0, userAgentMaxChars) ?? null;
      await repository.append({ ...entry, metadata, userAgent }, options.clock.now());
    },
  };
}
