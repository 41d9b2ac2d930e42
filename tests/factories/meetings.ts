// The meetings module with everything real behind it: store, users, audit, mail and its jobs; the clock is moved by hand.
import type { z } from "zod";
import { createJobs } from "../../server/jobs/worker.ts";
import { createAuditModule } from "../../server/modules/audit/index.ts";
import {
  createConsentLedger,
  createConsentRepository,
  createConsentService,
  type ConsentService,
} from "../../server/modules/consent/index.ts";
import type { MailService } from "../../server/modules/mail/index.ts";
import { createMailModule } from "../../server/modules/mail/mail.service.ts";
import type { MeetingsService } from "../../server/modules/meetings/index.ts";
import { createMeetingsModule } from "../../server/modules/meetings/meetings.service.ts";
import {
  createBlocks,
  createConnectionsRepository,
  createPeopleModule,
  type PeopleService,
} from "../../server/modules/people/index.ts";
import { createScheduling, type Scheduling } from "../../server/modules/scheduling/index.ts";
import { createUsersModule } from "../../server/modules/users/index.ts";
import { FakeClock } from "../../server/platform/clock.ts";
import { createMemoryBus, type DomainEvents } from "../../server/platform/event-bus.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { createOutboxTransport } from "../../server/vendors/mail/outbox.ts";
import type { Actor } from "../../shared/actor.ts";
import type { OrgId, UserId } from "../../shared/ids.ts";
import type { Mail } from "../../shared/schemas/mail.ts";
import { createMeetingSchema, type Meeting } from "../../shared/schemas/meetings.ts";
import type { TestStore } from "./store.ts";
import { testCipher } from "./cipher.ts";

export interface MeetingsWorld extends Pick<Scheduling, "scheduling" | "calendar" | "planner"> {
  clock: FakeClock;
  meetings: MeetingsService;
  consent: ConsentService;
  peopleService: PeopleService;
  mail: MailService;
  /** Everything published so far. */
  changes: DomainEvents["meeting.changed"][];
  people: DomainEvents["participant.changed"][];
  states: DomainEvents["state.changed"][];
  /** A person with this name and the address `<name>@example.org`. */
  actorOf(name: string, orgId?: OrgId): Promise<Actor>;
  /** Makes them a member of the organisation. */
  join(actor: Actor, orgId: OrgId): void;
  /** Takes them out of all organisations. */
  leave(actor: Actor): void;
  create(host: Actor, input?: Partial<z.input<typeof createMeetingSchema>>): Promise<Meeting>;
  /** Newest first. */
  mailsOf(reader: Actor): Promise<Mail[]>;
  calendarsOf(reader: Actor): Promise<string[]>;
  /** The module once more on the same data, as after a restart. */
  reopen(change?: { mail?: MailService }): Promise<MeetingsService>;
  close(): Promise<void>;
}

const collections = [
  "jobs",
  "outboxMails",
  "meetings",
  "meetingParticipants",
  "meetingState",
  "users",
  "profiles",
  "auditLogs",
  "consents",
  "consentStandings",
  "connections",
  "bookedTimes",
  "calendars",
];

/** Empties the collections first. */
export async function openMeetings(store: TestStore): Promise<MeetingsWorld> {
  for (const name of collections) await store.connection.collection(name).deleteMany({});
  const clock = new FakeClock();
  const connection = store.connection.useDb(store.connection.name);
  const shared = { connection, cipher: testCipher, clock, ids: systemIds, logger: silentLogger };
  const metrics = createMetrics({ processMetrics: false });
  const bus = createMemoryBus(silentLogger);
  const changes: MeetingsWorld["changes"] = [];
  const people: MeetingsWorld["people"] = [];
  const states: MeetingsWorld["states"] = [];
  bus.subscribe("meeting.changed", (event) => changes.push(event));
  bus.subscribe("participant.changed", (event) => people.push(event));
  bus.subscribe("state.changed", (event) => states.push(event));
  const audit = await createAuditModule({ ...shared, metrics, heads: null });
  const users = await createUsersModule({ connection, cipher: testCipher, clock, ids: systemIds });
  const jobs = await createJobs({ ...shared, metrics });
  const mailFrom = "Connvo <connvo@example.org>";
  const mail = await createMailModule({
    ...shared,
    metrics,
    bus,
    jobs,
    transport: createOutboxTransport(),
    mailFrom,
    users,
    audit,
    publicUrl: () => "http://localhost:3000",
  });
  jobs.start();
  const consents = await createConsentLedger({
    repository: await createConsentRepository(connection),
    clock,
  });
  const connections = await createConnectionsRepository(connection);
  const blocks = createBlocks(connections);
  const members = new Set<string>();
  const membersAmong = (orgId: OrgId | null, userIds: readonly UserId[]) =>
    new Set(userIds.filter((userId) => members.has(`${orgId} ${userId}`)));
  const reopen: MeetingsWorld["reopen"] = (change = {}) =>
    createMeetingsModule({
      blocks,
      consents,
      connection: store.connection.useDb(store.connection.name),
      clock,
      ids: systemIds,
      bus,
      users,
      mail: change.mail ?? mail,
      organizations: {
        membersAmong: (orgId, userIds) => Promise.resolve(membersAmong(orgId, userIds)),
      },
      audit,
      publicUrl: () => "http://localhost:3000",
      mailFrom,
    });
  const meetings = await reopen();
  const consent = createConsentService({ ledger: consents, meetings, bus, audit, metrics });
  const peopleService = createPeopleModule({
    repository: connections,
    users,
    organizations: {
      membersAmong: (orgId, userIds) => Promise.resolve(membersAmong(orgId, userIds)),
      // Nobody here is known to an identity vendor.
      members: () => Promise.resolve({ members: [], next: null }),
    },
    meetings,
    bus,
    audit,
    metrics,
    clock,
  });
  const { scheduling, calendar, planner } = await createScheduling({
    ...{ ...shared, metrics, audit, mail, users, meetings, people: peopleService },
    organizations: {
      membersAmong: (orgId, userIds) => Promise.resolve(membersAmong(orgId, userIds)),
    },
    // No job runs here.
    jobs: { register: () => undefined, enqueue: () => Promise.resolve() },
    fetcher: { fetch: () => Promise.reject(new Error("nothing is fetched here")) },
    secret: () => systemIds.uuid().replaceAll("-", "").padEnd(43, "A"),
    publicUrl: () => "http://localhost:3000",
  });
  const mailsOf = async (reader: Actor): Promise<Mail[]> => {
    const { items } = await mail.list(reader, { limit: 50 });
    return Promise.all(items.map(({ id }) => mail.get(reader, id)));
  };
  return {
    clock,
    meetings,
    consent,
    mail,
    changes,
    people,
    peopleService,
    scheduling,
    calendar,
    planner,
    states,
    mailsOf,
    reopen,
    close: () => jobs.stop(0),
    leave({ userId }) {
      for (const membership of members) if (membership.endsWith(` ${userId}`)) members.delete(membership);
    },
    join: ({ userId }, orgId) => void members.add(`${orgId} ${userId}`),
    async actorOf(name, orgId) {
      const { id, email, displayName } = await users.ensureByEmail(`${name}@example.org`);
      return {
        userId: id,
        email,
        displayName,
        orgId: orgId ?? null,
        orgRole: "member",
        sessionId: name,
        expiresAt: new Date("2030-01-01T00:00:00Z"),
      };
    },
    create: (host, input = {}) =>
      meetings.create(host, createMeetingSchema.parse({ title: "First call", ...input })),
    async calendarsOf(reader) {
      const mails = await mailsOf(reader);
      return Promise.all(mails.map(async ({ id }) => (await mail.attachment(reader, id, 0)).content));
    },
  };
}

/** `ok` or the code of the error, in order. */
export function codesOf(results: PromiseSettledResult<unknown>[]): string[] {
  return results.map((result) =>
    result.status === "fulfilled" ? "ok" : (result.reason as { code: string }).code,
  );
}
