// The mail module on a real store, with a real SMTP server where that is asked for, and a clock that tests turn.
import { createJobs } from "../../server/jobs/worker.ts";
import type { Jobs } from "../../server/jobs/index.ts";
import { createAuditModule } from "../../server/modules/audit/index.ts";
import { createMailModule, type MailDraft, type MailService } from "../../server/modules/mail/index.ts";
import { createUsersModule } from "../../server/modules/users/index.ts";
import { FakeClock } from "../../server/platform/clock.ts";
import { createMemoryBus, type DomainEvents, type EventBus } from "../../server/platform/event-bus.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import type { MailTransport } from "../../server/vendors/mail/index.ts";
import { createSmtpTransport } from "../../server/vendors/mail/smtp.ts";
import type { Actor } from "../../shared/actor.ts";
import { userIdSchema, type MailId } from "../../shared/ids.ts";
import type { MailSummary } from "../../shared/schemas/mail.ts";
import { testCipher } from "./cipher.ts";
import { headersOf, startSmtpServer, type TestSmtpServer } from "./smtp.ts";
import type { TestStore } from "./store.ts";

export interface MailWorld {
  mail: MailService;
  jobs: Jobs;
  clock: FakeClock;
  bus: EventBus;
  changes: DomainEvents["mail.changed"][];
}

export interface MailWorlds {
  open(transport: MailTransport, options?: { start?: boolean }): Promise<MailWorld>;
  openSmtp(): Promise<MailWorld & { server: TestSmtpServer }>;
  empty(): Promise<void>;
  close(): Promise<void>;
  waiting(): Promise<number>;
  running(): Promise<number>;
}

export function mailWorlds(store: () => TestStore): MailWorlds {
  const cleanups: (() => Promise<unknown>)[] = [];
  const jobsIn = (state: string) => store().connection.collection("jobs").countDocuments({ state });

  const open: MailWorlds["open"] = async (transport, options = {}) => {
    const connection = store().connection.useDb(store().connection.name);
    const clock = new FakeClock();
    const cipher = testCipher;
    const shared = { connection, cipher, clock, ids: systemIds, logger: silentLogger };
    const metrics = createMetrics({ processMetrics: false });
    const bus = createMemoryBus(silentLogger);
    const changes: MailWorld["changes"] = [];
    bus.subscribe("mail.changed", (event) => changes.push(event));
    const jobs = await createJobs({ ...shared, metrics });
    const mail = await createMailModule({
      ...shared,
      users: await createUsersModule(shared),
      audit: await createAuditModule({ ...shared, metrics, heads: null }),
      publicUrl: () => "http://localhost:3000",
      metrics,
      bus,
      jobs,
      transport,
      mailFrom: "Connvo <connvo@example.org>",
    });
    if (options.start !== false) jobs.start();
    cleanups.push(async () => {
      await jobs.stop(0);
      await transport.close();
    });
    return { mail, jobs, clock, bus, changes };
  };

  return {
    open,
    async openSmtp() {
      const server = await startSmtpServer();
      cleanups.push(() => server.close());
      return { ...(await open(createSmtpTransport({ url: server.url }))), server };
    },
    async empty() {
      for (const name of ["jobs", "outboxMails", "mailSettings", "mailBounces", "auditLogs"])
        await store().connection.collection(name).deleteMany({});
    },
    async close() {
      for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    },
    waiting: () => jobsIn("waiting"),
    running: () => jobsIn("running"),
  };
}

function actor(name: string): Actor {
  return {
    userId: userIdSchema.parse(Buffer.from(name.padEnd(12).slice(0, 12)).toString("hex")),
    email: `${name}@example.org`,
    displayName: name,
    orgId: null,
    orgRole: "member",
    sessionId: name,
    expiresAt: new Date("2030-01-01T00:00:00Z"),
  };
}

export const ann = actor("ann");
export const eve = actor("eve");

export function draft(key: string, change: Partial<MailDraft> = {}): MailDraft {
  return {
    key,
    kind: "invitation",
    meetingId: null,
    to: { userId: ann.userId, email: ann.email, name: "Ann" },
    subject: "Invitation: First call",
    html: "<p>Hello</p>",
    text: "Hello\n",
    attachments: [
      {
        filename: "invitation.ics",
        contentType: "text/calendar; charset=utf-8; method=REQUEST",
        content: "BEGIN",
      },
    ],
    ...change,
  };
}

export const summaryOf = async ({ mail }: MailWorld, id: MailId): Promise<MailSummary> => mail.get(ann, id);
export const messageIds = ({ mails }: TestSmtpServer) =>
  mails.flatMap(({ source }) => headersOf(source).get("message-id") ?? []);
