// The HTTP application with real identity, people and store, before modules that only note what they are asked.
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { WorkOS } from "@workos-inc/node";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createJobs } from "../../server/jobs/index.ts";
import { createApiKeysModule } from "../../server/modules/api-keys/index.ts";
import { createAuditModule } from "../../server/modules/audit/index.ts";
import { createIdentityModule, type IdentityService } from "../../server/modules/identity/index.ts";
import { createMailModule, type MailService } from "../../server/modules/mail/index.ts";
import {
  createOrganizationsModule,
  type OrganizationsService,
} from "../../server/modules/organizations/index.ts";
import { createUsersModule, type UsersService } from "../../server/modules/users/index.ts";
import { systemClock, type Clock } from "../../server/platform/clock.ts";
import { createMemoryBus, type DomainEvents, type EventBus } from "../../server/platform/event-bus.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { silentLogger, type Logger } from "../../server/platform/logger.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { createHttpApp } from "../../server/transport/http/app.ts";
import { createIdempotencyStore } from "../../server/transport/http/idempotency.mongo.ts";
import { createIdempotency } from "../../server/transport/http/idempotency.ts";
import { createRateLimitStore } from "../../server/transport/http/rate-limits.mongo.ts";
import { createRateLimiter, noRateLimits } from "../../server/transport/http/rate-limits.ts";
import type { HttpServices } from "../../server/transport/http/handlers.ts";
import type { IdentityVendor } from "../../server/vendors/identity/index.ts";
import { openStreamWebhook } from "../../server/vendors/video/stream-webhooks.ts";
import { createOutboxTransport } from "../../server/vendors/mail/outbox.ts";
import { startLocalVendor } from "../../server/vendors/identity/local.ts";
import type { MeetingId, UserId } from "../../shared/ids.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import type { TestStore } from "./store.ts";
import { testCipher } from "./cipher.ts";

export const sampleMeeting: Meeting = {
  id: "a".repeat(24) as MeetingId,
  organizerId: "b".repeat(24) as UserId,
  title: "Sample",
  description: null,
  scheduledAt: null,
  durationMinutes: null,
  timeZone: null,
  series: null,
  template: "grow",
  recapDelivery: "automatic",
  state: "scheduled",
  startedAt: null,
  endedAt: null,
  myRole: "host",
  participants: [],
  createdAt: "2026-01-05T09:00:00.000Z",
  updatedAt: "2026-01-05T09:00:00.000Z",
};

export const webhookSecret = "a secret for tests that is long enough";

export interface ModuleCall {
  name: string;
  args: unknown[];
}

export interface HttpWorld {
  url: string;
  identity: IdentityService;
  users: UsersService;
  organizations: OrganizationsService;
  mail: MailService;
  vendor: IdentityVendor;
  bus: EventBus;
  /** The vendor's own SDK, as an operator would use it. */
  workos: WorkOS;
  webhookSecret: string;
  /** What the modules behind the routes were asked, in order. */
  calls: ModuleCall[];
  /** What a module does instead of answering with a sample; by `module.function`. */
  instead: Map<string, (...args: unknown[]) => unknown>;
  endedSessions: DomainEvents["session.ended"][];
  token(email: string, name?: string): Promise<string>;
  setReady(ready: boolean): void;
  close(): Promise<void>;
}

export interface HttpWorldOptions {
  logger?: Logger;
  rateLimits?: boolean;
  trustedProxies?: string[];
  transcriptWebhookSecrets?: string[];
  clientDir?: string;
  clock?: Clock;
  /** False: the emulated vendor tells nothing by itself. */
  webhooks?: boolean;
  /** Kept at `close`, for a start on the same data; without it there is a directory of its own. */
  dataDir?: string;
}

export async function openHttpWorld(store: TestStore, options: HttpWorldOptions = {}): Promise<HttpWorld> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "connvo-http-")));
  const connection = store.connection.useDb(store.connection.name);
  const logger = options.logger ?? silentLogger;
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const publicUrl = () => url;
  const clock = options.clock ?? systemClock;
  const ids = systemIds;
  const cipher = testCipher;
  const bus = createMemoryBus(logger);
  const endedSessions: DomainEvents["session.ended"][] = [];
  bus.subscribe("session.ended", (event) => endedSessions.push(event));
  const metrics = createMetrics({ processMetrics: false });
  const audit = await createAuditModule({ connection, cipher, clock, ids, logger, metrics, heads: null });
  const users = await createUsersModule({ connection, cipher, clock, ids });
  const local = await startLocalVendor({
    dataDir,
    host: "127.0.0.1",
    publicUrl: url,
    webhookUrl: options.webhooks === false ? null : `${url}/webhooks/workos`,
    clock,
    ids,
  });
  const jobs = await createJobs({ connection, clock, ids, logger, metrics });
  const transport = createOutboxTransport();
  const mailFrom = "Connvo <connvo@localhost>";
  const mail = await createMailModule({
    connection,
    cipher,
    clock,
    ids,
    bus,
    jobs,
    transport,
    logger,
    metrics,
    mailFrom,
    users,
    audit,
    publicUrl,
  });
  const shared = { connection, cipher, users, audit, bus, clock, ids, logger, publicUrl, jobs };
  const organizations = await createOrganizationsModule({
    ...shared,
    directory: local.vendor.directory,
    mail,
  });
  const apiKeys = await createApiKeysModule({ ...shared, organizations });
  const identity = await createIdentityModule({
    ...local,
    ...shared,
    organizations,
    deletePerson: () => Promise.resolve(),
    secureCookies: false,
  });
  const calls: ModuleCall[] = [];
  const instead: HttpWorld["instead"] = new Map();
  let ready = true;
  const limited = options.rateLimits ?? false;
  const handler = createHttpApp({
    services: {
      ...notingServices(calls, instead),
      audit,
      users,
      organizations,
      apiKeys,
      operators: new Set(),
    },
    identity,
    rateLimiter: limited
      ? createRateLimiter({
          durable: await createRateLimitStore(connection),
          shared: null,
          clock,
          logger,
          metrics,
        })
      : noRateLimits,
    idempotency: createIdempotency({
      store: await createIdempotencyStore(connection, cipher),
      clock,
      logger,
    }),
    clock,
    logger,
    metrics,
    publicUrl,
    clientDir: options.clientDir ?? join(dataDir, "no-pages"),
    workosWebhookSecrets: local.webhookSecrets,
    mailWebhookSecrets: [webhookSecret],
    streamWebhook: {
      secrets: [webhookSecret],
      open: (body, signature) =>
        Promise.resolve().then(() =>
          openStreamWebhook(
            { body, signature, apiKey: "key", webhookId: undefined },
            { apiKey: "key", secret: webhookSecret },
          ),
        ),
    },
    transcriptWebhookSecrets: options.transcriptWebhookSecrets ?? [webhookSecret],
    trustedProxies: options.trustedProxies ?? ["loopback"],
    status: {
      signIn: "local",
      store: "embedded",
      mail: "outbox",
      video: "peer-to-peer",
      language: "rules",
    },
    ready: () => (ready ? Promise.resolve() : Promise.reject(new Error("store away"))),
  });
  server.on("request", handler);
  return {
    url,
    identity,
    users,
    organizations,
    mail,
    vendor: local.vendor,
    bus,
    workos: local.sdk(),
    webhookSecret: local.webhookSecrets[0] ?? "",
    calls,
    instead,
    endedSessions,
    token: (email, name) => identity.localToken({ email, name }),
    setReady: (now) => (ready = now),
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await identity.stop();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const samples: Record<string, unknown> = {
  "meetings.create": sampleMeeting,
  "meetings.get": sampleMeeting,
  "meetings.list": { items: [sampleMeeting], nextCursor: null },
  "meetings.overview": { next: null, upcoming: [], recent: [] },
  "meetings.invitationFile": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
  "meetings.authorize": { meetingId: sampleMeeting.id },
  "insights.openCommitments": [],
  "flags.isOn": true,
  "transcripts.append": { firstSequence: 1, lastSequence: 1 },
  "video.access": { provider: "peer-to-peer", maxPeers: 4, iceServers: [] },
};

// Every function of every module exists here and is noted; the routes under test decide which ones are asked.
function notingServices(calls: ModuleCall[], instead: HttpWorld["instead"]): HttpServices {
  const moduleNamed = (module: string) =>
    new Proxy(
      {},
      {
        get:
          (_target, property) =>
          (...args: unknown[]) => {
            const name = `${module}.${String(property)}`;
            calls.push({ name, args });
            const other = instead.get(name);
            return other === undefined ? Promise.resolve(samples[name] ?? null) : other(...args);
          },
      },
    );
  const named = (modules: string[]) => Object.fromEntries(modules.map((name) => [name, moduleNamed(name)]));
  return {
    ...named([
      "meetings",
      "transcripts",
      "messaging",
      "notes",
      "prompts",
      "insights",
      "mail",
      "video",
      "flags",
      "encryption",
      "deletion",
    ]),
    career: named(["resumes", "postings", "applications", "runs"]),
  } as unknown as HttpServices;
}
