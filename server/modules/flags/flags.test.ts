import { ErrorCode, OpenFeature } from "@openfeature/server-sdk";
import { beforeEach, describe, expect, test } from "vitest";
import type { Actor } from "../../../shared/actor.ts";
import { flagKeys, flags } from "../../../shared/flags.ts";
import type { MeetingId, OrgId, UserId } from "../../../shared/ids.ts";
import type { FlagSettings } from "../../../shared/schemas/flags.ts";
import { FakeClock } from "../../platform/clock.ts";
import { createMemoryBus, type EventBus } from "../../platform/event-bus.ts";
import { systemIds } from "../../platform/ids.ts";
import { silentLogger } from "../../platform/logger.ts";
import { createMetrics } from "../../platform/metrics.ts";
import type { AuditEntry } from "../audit/index.ts";
import { bucketOf, evaluate } from "./flags.evaluate.ts";
import { createFlagsProvider } from "./flags.provider.ts";
import type { StoredFlag } from "./flags.repository.ts";
import { createFlagsService } from "./flags.service.ts";

const key = "transcript.search";
const actor: Actor = {
  userId: "a".repeat(24) as UserId,
  email: "ann@example.org",
  displayName: "Ann",
  orgId: "org_1" as OrgId,
  orgRole: "member",
  sessionId: "s",
  expiresAt: new Date(),
};
const settings = (change: Partial<FlagSettings> = {}): FlagSettings => ({
  on: true,
  percentage: 100,
  onForOrganizations: [],
  offForOrganizations: [],
  onForPeople: [],
  offForPeople: [],
  ...change,
});
const subject = (id: string) => ({ id, email: null, orgId: null });

describe("evaluating", () => {
  test("[FLAGS-1] while nobody has decided the default counts", () => {
    for (const value of [true, false]) {
      expect(evaluate(key, { default: value }, null, subject("a"))).toEqual({ value, reason: "DEFAULT" });
    }
  });

  test("[FLAGS-2] who is in at a percentage stays in at every higher one, and about as many are in as it says", () => {
    const ids = Array.from({ length: 5_000 }, (_, n) => `person-${n}`);
    const inAt = (percentage: number) =>
      ids.filter((id) => evaluate(key, { default: false }, settings({ percentage }), subject(id)).value);
    expect(inAt(0)).toEqual([]);
    expect(inAt(100)).toHaveLength(ids.length);
    const [ten, thirty] = [inAt(10), inAt(30)];
    expect(ten.length / ids.length).toBeCloseTo(0.1, 1);
    expect(thirty.length / ids.length).toBeCloseTo(0.3, 1);
    expect(ten.filter((id) => !thirty.includes(id))).toEqual([]);
    // Fixed for good: a new version must not move people from one side to the other.
    expect(bucketOf("transcript.search", "person-1")).toBeCloseTo(29.638360836543143, 6);
  });

  test("[FLAGS-3] people come before organisations, and those before the percentage", () => {
    const ann = { id: "a", email: "ann@example.org", orgId: "org_1" };
    const cases: [Partial<FlagSettings>, boolean][] = [
      [{ on: false, onForPeople: [ann.email] }, true],
      [{ offForPeople: [ann.email], onForOrganizations: ["org_1" as OrgId] }, false],
      [{ on: false, onForOrganizations: ["org_1" as OrgId] }, true],
      [{ offForOrganizations: ["org_1" as OrgId] }, false],
      [{ on: false, onForPeople: ["ben@example.org"] }, false],
    ];
    for (const [change, value] of cases) {
      expect(evaluate(key, { default: false }, settings(change), ann).value).toBe(value);
    }
  });

  test("[FLAGS-4] a flag that is not in the code is an error, and so is asking for anything but on or off", async () => {
    await OpenFeature.setProviderAndWait(
      "flags-test",
      createFlagsProvider(() => null),
    );
    const client = OpenFeature.getClient("flags-test");
    expect(await client.getBooleanDetails("no.such.flag", true)).toMatchObject({
      errorCode: ErrorCode.FLAG_NOT_FOUND,
    });
    expect(await client.getStringDetails(key, "x")).toMatchObject({ errorCode: ErrorCode.TYPE_MISMATCH });
    expect(await client.getBooleanDetails(key, false)).toMatchObject({ value: true, reason: "DEFAULT" });
  });

  test("[FLAGS-4] every flag says who answers for it and until when", () => {
    for (const each of flagKeys) {
      expect(flags[each].owner).not.toBe("");
      expect(flags[each].description).not.toBe("");
      expect(Number.isNaN(Date.parse(flags[each].expiresOn))).toBe(false);
    }
  });
});

describe("deciding", () => {
  let clock: FakeClock;
  let bus: EventBus;
  let stored: Map<string, StoredFlag>;
  let entries: AuditEntry[];
  let down: boolean;

  beforeEach(() => {
    clock = new FakeClock();
    bus = createMemoryBus(silentLogger);
    stored = new Map();
    entries = [];
    down = false;
  });

  const open = (environment = "production") =>
    createFlagsService({
      environment,
      clock,
      bus,
      ids: systemIds,
      logger: silentLogger,
      metrics: createMetrics({ processMetrics: false }),
      audit: { record: (entry) => Promise.resolve(void entries.push(entry)) },
      repository: {
        all(of) {
          if (down) return Promise.reject(new Error("the store is away"));
          return Promise.resolve(
            [...stored].filter(([id]) => id.startsWith(`${of}/`)).map(([, flag]) => flag),
          );
        },
        write(of, flag) {
          const id = `${of}/${flag.key}`;
          if ((stored.get(id)?.version ?? 0) !== flag.version - 1) return Promise.resolve(false);
          stored.set(id, flag);
          return Promise.resolve(true);
        },
      },
    });

  test("[FLAGS-5] a change counts at once, in every process that hears of it, and is in the audit log", async () => {
    const [here, there] = [await open(), await open()];
    await Promise.all([here.start(), there.start()]);
    expect(await there.isOn(key, actor)).toBe(true);
    const changed = await here.change(actor, key, { version: 0, on: false });
    expect(changed).toMatchObject({ version: 1, settings: { on: false, percentage: 100 } });
    expect(await here.isOn(key, actor)).toBe(false);
    await expect.poll(() => there.isOn(key, actor)).toBe(false);
    expect(await there.forClient(actor)).toEqual({ [key]: false });
    expect(entries).toMatchObject([
      { action: "flag.change", resourceId: key, metadata: { on: false, wasOn: null } },
    ]);
  });

  test("[FLAGS-5] where the event is lost, half a minute later", async () => {
    const there = await open();
    await there.start();
    const elsewhere = createMemoryBus(silentLogger);
    const own = bus;
    bus = elsewhere;
    await (await open()).change(actor, key, { version: 0, on: false });
    bus = own;
    clock.advance(30_000);
    await expect.poll(() => there.isOn(key, actor)).toBe(false);
  });

  test("[FLAGS-6] of two changes at once one is refused", async () => {
    const service = await open();
    const both = [{ on: false }, { percentage: 10 }].map((change) =>
      service.change(actor, key, { version: 0, ...change }),
    );
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(entries).toHaveLength(1);
  });

  test("[FLAGS-7] another environment is not concerned", async () => {
    const [production, staging] = [await open(), await open("staging")];
    await production.change(actor, key, { version: 0, on: false });
    expect((await staging.list()).flags.find((flag) => flag.key === key)).toMatchObject({ settings: null });
    expect(await staging.isOn(key, actor)).toBe(true);
  });

  test("[FLAGS-8] while the store is away what is known goes on to count, and defaults where nothing is", async () => {
    const known = await open();
    await known.change(actor, key, { version: 0, on: false });
    down = true;
    clock.advance(30_000);
    expect(await known.isOn(key, actor)).toBe(false);
    const fresh = await open();
    await fresh.start();
    expect(await fresh.isOn(key, actor)).toBe(flags[key].default);
    expect(await fresh.isOn("prompts.lull", { meetingId: "m" as MeetingId })).toBe(
      flags["prompts.lull"].default,
    );
  });

  test("[FLAGS-9] an organisation's administrators see how it stands for theirs, and nothing of others", async () => {
    const service = await open();
    const standing = (orgId: string) => {
      const found = service.forOrganization(orgId as OrgId).flags.find((flag) => flag.key === key);
      return [found?.state, found?.percentage];
    };
    expect(standing("org_1")).toEqual(["on", 100]);
    await service.change(actor, key, { version: 0, percentage: 20, offForOrganizations: ["org_2" as OrgId] });
    expect(standing("org_1")).toEqual(["for-some", 20]);
    expect(standing("org_2")).toEqual(["off", 0]);
    expect(JSON.stringify(service.forOrganization("org_1" as OrgId))).not.toContain("org_2");
  });
});
