// Keys as use cases, and from a key to the actor it acts as.
import { createHash } from "node:crypto";
import type mongoose from "mongoose";
import { isOrgAdmin, type Actor } from "../../../shared/actor.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import type { ApiKeyId, OrgId } from "../../../shared/ids.ts";
import type { ApiKey } from "../../../shared/schemas/api-keys.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { FieldCipher } from "../../platform/privacy/field-cipher.ts";
import type { Logger } from "../../platform/logger.ts";
import type { AuditService } from "../audit/index.ts";
import type { OrganizationsService } from "../organizations/index.ts";
import type { UsersService } from "../users/index.ts";
import {
  createApiKeysRepository,
  type ApiKeysRepository,
  type StoredApiKey,
} from "./api-keys.repository.mongo.ts";
import type { ApiKeysService } from "./index.ts";

const keyPrefix = "cvo_";
const secretBytes = 32;
const shownChars = keyPrefix.length + 6;
const form = /^cvo_[A-Za-z0-9_-]{43}$/;
const livingMost = 50;
const listMost = 200;
/** How often the last use is written down. */
const usedEveryMs = 60_000;
/** How long a key is believed without the store; a revocation is heard of by the bus before. */
const freshMs = 15_000;
const maxKnown = 5_000;
/** A request by a key is over long before. */
const actorLifetimeMs = 5 * 60_000;

export interface ApiKeysOptions {
  users: UsersService;
  organizations: Pick<OrganizationsService, "standing">;
  audit: AuditService;
  bus: EventBus;
  clock: Clock;
  ids: IdSource;
  logger: Logger;
}

export async function createApiKeysModule({
  connection,
  cipher,
  ...options
}: ApiKeysOptions & { connection: mongoose.Connection; cipher: FieldCipher }): Promise<ApiKeysService> {
  return createApiKeysService({ ...options, repository: await createApiKeysRepository(connection, cipher) });
}

export function createApiKeysService(
  options: ApiKeysOptions & { repository: ApiKeysRepository },
): ApiKeysService {
  const { repository, users, organizations, audit, bus, clock, ids, logger } = options;
  const known = new Map<string, { actor: Promise<Actor>; untilMs: number }>();
  const usedAtMs = new Map<ApiKeyId, number>();
  bus.subscribe("people.changed", () => known.clear());
  bus.subscribe("person.ended", () => known.clear());
  bus.subscribe("api-key.revoked", () => known.clear());

  async function present(keys: StoredApiKey[]): Promise<ApiKey[]> {
    const makers = await users.byIds([...new Set(keys.map(({ createdBy }) => createdBy))].slice(0, 200));
    const names = new Map(makers.map(({ id, displayName }) => [id, displayName]));
    return keys.map(
      ({ id, name, prefix, scopes, createdBy, createdAt, lastUsedAt, expiresAt, revokedAt }) => ({
        id,
        name,
        prefix,
        scopes,
        createdBy,
        createdByName: names.get(createdBy) ?? "Unknown person",
        createdAt: createdAt.toISOString(),
        lastUsedAt: lastUsedAt?.toISOString() ?? null,
        expiresAt: expiresAt?.toISOString() ?? null,
        revokedAt: revokedAt?.toISOString() ?? null,
      }),
    );
  }

  async function load(hash: string): Promise<Actor> {
    const key = await repository.byHash(hash);
    const now = clock.now();
    if (key === null || key.revokedAt !== null) throw refused();
    if (key.expiresAt !== null && key.expiresAt <= now) throw refused();
    const [maker] = await users.byIds([key.createdBy]);
    if (maker === undefined || maker.workosUserId === null || maker.deletedAt !== null) throw refused();
    const standing = await organizations.standing(maker.workosUserId, key.orgId);
    if (standing?.active !== true) throw refused();
    const soon = new Date(now.getTime() + actorLifetimeMs);
    return {
      userId: maker.id,
      email: maker.email,
      displayName: maker.displayName,
      orgId: key.orgId,
      orgRole: standing.role,
      sessionId: `key_${key.id}`,
      apiKeyId: key.id,
      scopes: key.scopes,
      expiresAt: key.expiresAt !== null && key.expiresAt < soon ? key.expiresAt : soon,
    };
  }

  function noteUse(id: ApiKeyId): void {
    const nowMs = clock.now().getTime();
    if (nowMs - (usedAtMs.get(id) ?? -Infinity) < usedEveryMs) return;
    if (usedAtMs.size >= maxKnown) usedAtMs.clear();
    usedAtMs.set(id, nowMs);
    repository.markUsed(id, clock.now()).catch((error: unknown) => {
      logger.warn({ error: error as Error }, "the use of a key could not be written down");
    });
  }

  const record = (actor: Actor, id: ApiKeyId, action: string, metadata: Record<string, string> = {}) =>
    audit.record({
      actorUserId: actor.userId,
      resourceType: "api-key",
      resourceId: id,
      action,
      outcome: "done",
      metadata,
    });

  return {
    async list(actor) {
      return await present(await repository.ofOrganization(administered(actor), listMost));
    },

    async create(actor, { name, scopes, expiresAt }) {
      const orgId = administered(actor);
      const now = clock.now();
      const ends = expiresAt === undefined ? null : new Date(expiresAt);
      if (ends !== null && ends <= now) {
        throw new AppError("VALIDATION_ERROR", "The key would have run out already: choose a later day.");
      }
      if ((await repository.countLiving(orgId)) >= livingMost) {
        throw new AppError("CONFLICT", `An organisation has at most ${livingMost} keys: revoke one first.`);
      }
      const secret = `${keyPrefix}${ids.secret(secretBytes)}`;
      const key: StoredApiKey = {
        id: ids.objectId() as ApiKeyId,
        name,
        prefix: secret.slice(0, shownChars),
        secretHash: hashOf(secret),
        scopes,
        orgId,
        createdBy: actor.userId,
        createdAt: now,
        lastUsedAt: null,
        expiresAt: ends,
        revokedAt: null,
      };
      await repository.insert(key);
      await record(actor, key.id, "api-key.create", { scopes: scopes.join(" ") });
      const [shown] = await present([key]);
      if (shown === undefined) throw notFound("This key");
      return { ...shown, secret };
    },

    async revoke(actor, id) {
      const revoked = await repository.revoke(id, administered(actor), clock.now());
      if (revoked === null) throw notFound("This key");
      bus.publish("api-key.revoked", { apiKeyId: id });
      await record(actor, id, "api-key.revoke");
    },

    looksLikeKey: (token) => token.startsWith(keyPrefix),

    async resolve(token) {
      if (!form.test(token)) throw refused();
      const hash = hashOf(token);
      const nowMs = clock.monotonicMs();
      let entry = known.get(hash);
      if (entry === undefined || entry.untilMs <= nowMs) {
        if (known.size >= maxKnown) known.clear();
        entry = { actor: load(hash), untilMs: nowMs + freshMs };
        known.set(hash, entry);
        const made = entry;
        entry.actor.catch(() => known.get(hash) === made && known.delete(hash));
      }
      const actor = await entry.actor;
      if (actor.expiresAt <= clock.now()) throw refused();
      noteUse(actor.apiKeyId as ApiKeyId);
      return actor;
    },
  };
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function refused(): AppError {
  return new AppError("UNAUTHENTICATED", "This key is not known, has run out or was revoked.");
}

function administered(actor: Actor): OrgId {
  if (!isOrgAdmin(actor)) throw new AppError("FORBIDDEN", "This is for administrators of an organisation.");
  return actor.orgId;
}
