// Writes audit entries, bounded, with what the request that is being served knows; reads them for one organisation.
import type mongoose from "mongoose";
import { z } from "zod";
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { OrgId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { Clock } from "../../platform/clock.ts";
import { decodeCursor, encodeCursor } from "../../platform/cursor.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { FieldCipher } from "../../platform/privacy/field-cipher.ts";
import { currentRequest } from "../../platform/request-context.ts";
import { digestOf, personalHashOf } from "./audit.chain.ts";
import type { AuditRepository, EntryFilter } from "./audit.repository.ts";
import { createAuditRepository } from "./audit.repository.mongo.ts";
import { pruneLog } from "./audit.prune.ts";
import { createSealer, type TamperingKind } from "./audit.sealer.ts";
import type { AuditEntry, AuditService, HeadKeeper, StoredAuditEntry } from "./index.ts";

const userAgentMaxChars = 300;
const valueMaxChars = 200;
const refusalRepeatedMs = 60_000;
const refusalsMax = 10_000;
const exportPage = 1_000;

const cursorSchema = z.tuple([z.number().int(), z.string().regex(/^[0-9a-f]{24}$/)]);

export interface AuditParts {
  clock: Clock;
  ids: IdSource;
  logger: Logger;
  metrics: Metrics;
  /** Null where nothing outside the store is to hold the chain's heads. */
  heads: HeadKeeper | null;
}

export async function createAuditModule(
  options: AuditParts & { connection: mongoose.Connection; cipher: FieldCipher },
): Promise<AuditService> {
  const { connection, cipher, ...parts } = options;
  return createAuditService({ ...parts, repository: await createAuditRepository(connection, cipher) });
}

export function createAuditService(parts: AuditParts & { repository: AuditRepository }): AuditService {
  const { clock, ids, logger, metrics, heads, repository } = parts;
  const written = metrics.counter("audit_entries_total", "Audit entries by outcome", ["outcome"]);
  const sealed = metrics.counter("audit_sealed_total", "Audit entries sealed into the chain by this process");
  const tampered = metrics.counter("audit_tampering_total", "Changes of the audit log by others, as found", [
    "kind",
  ]);
  // Shown as 0 from the start, so that an alarm on it can be tested.
  for (const kind of ["changed", "dropped", "chain-cut"]) tampered.inc({ kind }, 0);
  const sealer = createSealer({
    repository,
    clock,
    logger,
    heads,
    onTampering: found,
    onSealed: (entries) => sealed.inc(entries),
  });
  function found(kind: TamperingKind, entryId: string | null): void {
    tampered.inc({ kind });
    logger.error({ kind, entryId }, "the audit log was changed: run npm run audit:verify");
    record({
      actorUserId: null,
      resourceType: "audit",
      resourceId: entryId ?? "chain",
      action: "audit.tampering-found",
      outcome: "done",
      metadata: { kind },
    }).catch((error: unknown) => logger.error({ error: error as Error }, "tampering could not be recorded"));
  }

  const refusals = new Map<string, number>();

  async function record(entry: AuditEntry): Promise<void> {
    const stored = toStored(entry);
    await repository.append(stored);
    written.inc({ outcome: entry.outcome });
    sealer.wrote(stored.id, digestOf(stored));
  }

  function toStored(entry: AuditEntry): StoredAuditEntry {
    const request = currentRequest();
    const actor = request?.actor?.userId === entry.actorUserId ? (request.actor ?? null) : null;
    const personal = {
      salt: ids.secret(12),
      ipAddress: bounded(entry.ipAddress ?? request?.ipAddress ?? null, valueMaxChars),
      userAgent: bounded(entry.userAgent ?? request?.userAgent ?? null, userAgentMaxChars),
    };
    return {
      id: ids.objectId(),
      timestamp: clock.now(),
      orgId: entry.orgId === undefined ? (actor?.orgId ?? null) : entry.orgId,
      actorUserId: entry.actorUserId,
      ...actingThrough(actor, entry.impersonator ?? null),
      action: entry.action,
      resourceType: entry.resourceType,
      resourceId: bounded(entry.resourceId, valueMaxChars) ?? "",
      outcome: entry.outcome,
      metadata: Object.fromEntries(
        Object.entries(entry.metadata ?? {}).map(([name, value]) => [
          name,
          typeof value === "string" ? bounded(value, valueMaxChars) : value,
        ]),
      ),
      requestId: request?.requestId ?? null,
      ...personal,
      personalHash: personalHashOf(personal),
      sequence: null,
      hash: null,
    };
  }

  function isRepeated(key: string): boolean {
    const nowMs = clock.monotonicMs();
    const before = refusals.get(key);
    if (before !== undefined && nowMs - before < refusalRepeatedMs) return true;
    refusals.delete(key);
    refusals.set(key, nowMs);
    const oldest = refusals.keys().next().value;
    if (refusals.size > refusalsMax && oldest !== undefined) refusals.delete(oldest);
    return false;
  }

  async function read(orgId: OrgId, filter: EntryFilter, limit: number, cursor: string | undefined) {
    const after = cursor === undefined ? null : decodeCursor(cursor, cursorSchema);
    const found = await repository.page(orgId, filter, {
      limit: limit + 1,
      after: after === null ? null : { timestamp: new Date(after[0]), id: after[1] },
    });
    const entries = found.slice(0, limit);
    const last = entries.at(-1);
    return {
      entries,
      nextCursor:
        found.length > limit && last !== undefined ? encodeCursor([last.timestamp.getTime(), last.id]) : null,
    };
  }

  return {
    record,

    async recordRefusal({ code, ...entry }) {
      const address = currentRequest()?.ipAddress ?? "";
      const key = [entry.actorUserId ?? address, entry.action, entry.resourceId, code].join("\n");
      if (isRepeated(key)) return;
      try {
        await record({ ...entry, outcome: "refused", metadata: { ...entry.metadata, code } });
      } catch (error) {
        refusals.delete(key);
        logger.error({ error: error as Error, action: entry.action }, "a refusal could not be recorded");
      }
    },

    page: (orgId, { limit, cursor, ...filter }) => read(orgId, filterOf(filter), limit, cursor),

    historyOf: (resource, limit) => repository.historyOf(resource, limit),
    ofPerson: (userId) => repository.ofPerson(userId),

    async all(orgId, query) {
      const filter = filterOf(query);
      const max = limits.auditExportMaxItems;
      if ((await repository.count(orgId, filter, max + 1)) > max) {
        throw new AppError(
          "VALIDATION_ERROR",
          `That is more than ${max} entries: choose a shorter time, or search for less.`,
          { details: { maxItems: max } },
        );
      }
      return (async function* pages() {
        let cursor: string | null = null;
        do {
          const page: Awaited<ReturnType<typeof read>> = await read(
            orgId,
            filter,
            exportPage,
            cursor ?? undefined,
          );
          yield page.entries;
          cursor = page.nextCursor;
        } while (cursor !== null);
      })();
    },

    async prune(before, signal) {
      const removed = await pruneLog({ repository, clock, record, onTampering: found }, before, signal);
      if (removed > 0) logger.info({ entries: removed }, "audit entries whose time is over were pruned");
      return removed;
    },

    start: () => sealer.start(),
    stop: () => sealer.stop(),
  };
}

/** Somebody who acts as the person, and the key of a machine, where the identity says so. */
function actingThrough(
  actor: Actor | null,
  said: string | null,
): Pick<StoredAuditEntry, "impersonator" | "apiKeyId"> {
  return {
    impersonator: bounded(said ?? actor?.impersonator ?? null, valueMaxChars),
    apiKeyId: bounded(actor?.apiKeyId ?? null, valueMaxChars),
  };
}

function filterOf({ from, to, ...equal }: Omit<Parameters<AuditService["all"]>[1], never>): EntryFilter {
  return {
    ...equal,
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
  };
}

// What the store would change by itself must not enter a digest: half surrogates become another character there.
function bounded(text: string | null, maxChars: number): string | null {
  return text === null ? null : text.slice(0, maxChars).toWellFormed();
}
