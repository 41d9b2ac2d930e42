// What matching stands on, on a test store as one process has it: people, blocks, their meetings and the emails about them.
import type { Connection } from "mongoose";
import type { OrgId, UserId } from "../../shared/ids.ts";
import { createJobs } from "../../server/jobs/worker.ts";
import { createAuditModule } from "../../server/modules/audit/index.ts";
import { createConsentLedger, createConsentRepository } from "../../server/modules/consent/index.ts";
import { createMailModule } from "../../server/modules/mail/mail.service.ts";
import { createMeetingsModule } from "../../server/modules/meetings/meetings.service.ts";
import { createBlocks, createConnectionsRepository } from "../../server/modules/people/index.ts";
import { createUsersModule } from "../../server/modules/users/index.ts";
import { systemClock, type Clock } from "../../server/platform/clock.ts";
import { createMemoryBus } from "../../server/platform/event-bus.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { createOutboxTransport } from "../../server/vendors/mail/outbox.ts";
import { testCipher } from "./cipher.ts";

const publicUrl = () => "http://localhost:3000";
const mailFrom = "Connvo <connvo@example.org>";

export type MatchingModules = Awaited<ReturnType<typeof createMatchingModules>>;

/** Its jobs stand still until they are started: until then emails are queued and stay there. */
export async function createMatchingModules(
  connection: Connection,
  organizations: { membersAmong(orgId: OrgId | null, userIds: readonly UserId[]): Promise<Set<UserId>> },
  clock: Clock = systemClock,
) {
  const shared = { connection, cipher: testCipher, clock, ids: systemIds, logger: silentLogger };
  const metrics = createMetrics({ processMetrics: false });
  const bus = createMemoryBus(silentLogger);
  const audit = await createAuditModule({ ...shared, metrics, heads: null });
  const users = await createUsersModule(shared);
  const jobs = await createJobs({ ...shared, metrics });
  const transport = createOutboxTransport();
  const mail = await createMailModule({
    ...{ ...shared, metrics, bus, jobs, transport, mailFrom, users, audit, publicUrl },
  });
  const consents = await createConsentLedger({
    repository: await createConsentRepository(connection),
    clock,
  });
  const connections = await createConnectionsRepository(connection);
  const blocks = createBlocks(connections);
  const meetings = await createMeetingsModule({
    ...{ ...shared, bus, users, mail, organizations, blocks, audit, consents, publicUrl, mailFrom },
  });
  return { ...shared, metrics, bus, audit, users, jobs, mail, connections, blocks, meetings, publicUrl };
}
