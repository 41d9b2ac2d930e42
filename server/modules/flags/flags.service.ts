// Flags as use cases: evaluated from memory, changed by operators, kept in step with other processes.
import { OpenFeature } from "@openfeature/server-sdk";
import type mongoose from "mongoose";
import { AppError } from "../../../shared/errors.ts";
import { clientFlagKeys, flagKeys, flags, type FlagDefinition, type FlagKey } from "../../../shared/flags.ts";
import type { ClientFlags, Flag, FlagSettings } from "../../../shared/schemas/flags.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { FieldCipher } from "../../platform/privacy/field-cipher.ts";
import type { AuditService } from "../audit/index.ts";
import { createFlagsProvider } from "./flags.provider.ts";
import type { FlagsRepository, StoredFlag } from "./flags.repository.ts";
import { createFlagsRepository } from "./flags.repository.mongo.ts";
import type { FlagsService, FlagSubject } from "./index.ts";

/** For changes whose event was lost. */
const readAgainMs = 30_000;

export interface FlagsParts {
  /** Its flags are its own: staging decides nothing for production. */
  environment: string;
  audit: Pick<AuditService, "record">;
  bus: EventBus;
  clock: Clock;
  ids: IdSource;
  logger: Logger;
  metrics: Metrics;
}

export async function createFlagsModule({
  connection,
  cipher,
  ...parts
}: FlagsParts & { connection: mongoose.Connection; cipher: FieldCipher }): Promise<FlagsService> {
  return await createFlagsService({ ...parts, repository: await createFlagsRepository(connection, cipher) });
}

export async function createFlagsService(
  parts: FlagsParts & { repository: FlagsRepository },
): Promise<FlagsService> {
  const { environment, audit, bus, clock, ids, logger, metrics, repository } = parts;
  const evaluations = metrics.counter("flag_evaluations_total", "Feature flags by answer and reason", [
    "flag",
    "value",
    "reason",
  ]);
  let stored = new Map<string, StoredFlag>();
  let reading: Promise<void> | null = null;
  let readAgain = false;
  let cancel = () => {};
  let stopped = false;

  const provider = createFlagsProvider((key) => stored.get(key) ?? null);
  // OpenFeature keeps its providers for the process; a domain of its own lets several of these live in one.
  const domain = `connvo-${ids.uuid()}`;
  await OpenFeature.setProviderAndWait(domain, provider);
  const client = OpenFeature.getClient(domain);

  async function readAll(): Promise<void> {
    try {
      do {
        readAgain = false;
        const found = new Map((await repository.all(environment)).map((flag) => [flag.key, flag]));
        const moved = flagKeys.filter((key) => stored.get(key)?.version !== found.get(key)?.version);
        stored = found;
        if (moved.length > 0) provider.changed(moved);
      } while (readAgain);
    } catch (error) {
      // What is known goes on to count; without anything known, the defaults do.
      logger.warn({ error: error as Error }, "flags could not be read");
    }
  }

  function read(): Promise<void> {
    readAgain = true;
    reading ??= readAll().finally(() => (reading = null));
    return reading;
  }

  function readLater(): void {
    if (stopped) return;
    cancel = clock.schedule(readAgainMs, () => void read().finally(readLater));
  }

  const unsubscribe = bus.subscribe("flag.changed", () => void read());

  async function isOn(key: FlagKey, subject: FlagSubject): Promise<boolean> {
    const context =
      "meetingId" in subject
        ? { targetingKey: subject.meetingId }
        : { targetingKey: subject.userId, email: subject.email, orgId: subject.orgId };
    const { value, reason } = await client.getBooleanDetails(key, flags[key].default, context);
    evaluations.inc({ flag: key, value: String(value), reason: reason ?? "UNKNOWN" });
    return value;
  }

  function view(key: FlagKey): Flag {
    const { description, owner, expiresOn, subject, default: otherwise }: FlagDefinition = flags[key];
    const flag = stored.get(key);
    return {
      key,
      description,
      owner,
      default: otherwise,
      expiresOn,
      expired: clock.now().toISOString().slice(0, 10) > expiresOn,
      subject,
      settings: flag === undefined ? null : settingsOf(flag),
      version: flag?.version ?? 0,
      updatedAt: flag?.updatedAt.toISOString() ?? null,
    };
  }

  return {
    isOn,

    async forClient(actor) {
      const values = await Promise.all(
        clientFlagKeys.map(async (key) => [key, await isOn(key, actor)] as const),
      );
      return Object.fromEntries(values) as ClientFlags;
    },

    async list() {
      await read();
      return { environment, flags: flagKeys.map(view) };
    },

    async change(actor, key, { version, ...change }) {
      await read();
      const before = stored.get(key);
      if ((before?.version ?? 0) !== version) throw changedMeanwhile();
      const settings = {
        ...(before === undefined ? undecided(flags[key]) : settingsOf(before)),
        ...definedIn(change),
      };
      const next: StoredFlag = {
        key,
        ...settings,
        version: version + 1,
        updatedBy: actor.userId,
        updatedAt: clock.now(),
      };
      if (!(await repository.write(environment, next))) throw changedMeanwhile();
      await audit.record({
        actorUserId: actor.userId,
        resourceType: "flag",
        resourceId: key,
        action: "flag.change",
        outcome: "done",
        // Whom it is on or off for by name is in the flag; here it is how many.
        metadata: {
          environment,
          on: next.on,
          percentage: next.percentage,
          organizations: next.onForOrganizations.length + next.offForOrganizations.length,
          people: next.onForPeople.length + next.offForPeople.length,
          wasOn: before?.on ?? null,
          wasPercentage: before?.percentage ?? null,
        },
      });
      stored = new Map(stored).set(key, next);
      provider.changed([key]);
      bus.publish("flag.changed", { key });
      return view(key);
    },

    forOrganization: (orgId) => ({
      flags: flagKeys
        .filter((key) => flags[key].exposed)
        .map((key) => ({
          key,
          description: flags[key].description,
          ...standingFor(orgId, key, stored.get(key)),
        })),
    }),

    settled: () => reading ?? Promise.resolve(),

    async start() {
      await read();
      readLater();
      for (const key of flagKeys.filter((each) => view(each).expired)) {
        logger.warn({ flag: key }, "a feature flag is past its time: decide it and take it out");
      }
    },

    async stop() {
      stopped = true;
      cancel();
      unsubscribe();
      await reading;
    },
  };
}

function standingFor(orgId: string, key: FlagKey, flag: StoredFlag | undefined) {
  const named = (list: readonly string[]) => list.includes(orgId);
  const whole = (on: boolean) => ({
    state: on ? ("on" as const) : ("off" as const),
    percentage: on ? 100 : 0,
  });
  if (flag === undefined) return whole(flags[key].default);
  if (named(flag.offForOrganizations)) return whole(false);
  if (named(flag.onForOrganizations)) return whole(true);
  if (!flag.on || flag.percentage === 0) return whole(false);
  if (flag.percentage === 100) return whole(true);
  return { state: "for-some" as const, percentage: flag.percentage };
}

function undecided(definition: FlagDefinition): FlagSettings {
  return {
    on: definition.default,
    percentage: 100,
    onForOrganizations: [],
    offForOrganizations: [],
    onForPeople: [],
    offForPeople: [],
  };
}

function settingsOf({ on, percentage, ...flag }: StoredFlag): FlagSettings {
  const { onForOrganizations, offForOrganizations, onForPeople, offForPeople } = flag;
  return { on, percentage, onForOrganizations, offForOrganizations, onForPeople, offForPeople };
}

function definedIn<Fields extends object>(fields: Fields): Partial<FlagSettings> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function changedMeanwhile(): AppError {
  return new AppError("CONFLICT", "Somebody else has changed this flag. Load it again.");
}
