// Every query about sessions, organisations and keys.
import type { Connection } from "mongoose";
import { createApiKeysRepository } from "../../server/modules/api-keys/api-keys.repository.mongo.ts";
import { createVideoDeliveriesRepository } from "../../server/modules/video/video-deliveries.repository.mongo.ts";
import { createDirectorySyncRepository } from "../../server/modules/identity/directory-sync.repository.mongo.ts";
import { createSessionsRepository } from "../../server/modules/identity/sessions.repository.mongo.ts";
import { createOrganizationsRepository } from "../../server/modules/organizations/organizations.repository.mongo.ts";
import { createRotationRepository } from "../../server/modules/encryption/rotation.repository.mongo.ts";
import { begunWalk } from "../../server/modules/encryption/rotation.walk.ts";
import { createKeyRegistry } from "../../server/platform/privacy/key-registry.mongo.ts";
import { ensureSearchHashes } from "../../server/platform/privacy/search-hashes.mongo.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { systemIds } from "../../server/platform/ids.ts";
import type { ApiKeyId, OrgId, UserId } from "../../shared/ids.ts";
import { testCipher } from "./cipher.ts";

const now = new Date("2026-02-01T09:00:00Z");

export async function identities(connection: Connection, userId: UserId): Promise<void> {
  const organizations = await createOrganizationsRepository(connection);
  const orgId = "org_1" as OrgId;
  const fromVendor = { state: "active", vendorUpdatedAt: now } as const;
  await organizations.keepOrganization({ id: orgId, name: "Acme", ...fromVendor }, now);
  await organizations.organization(orgId);
  const membership = { id: "om_1", workosUserId: "user_1", orgId, role: "member", ...fromVendor };
  await organizations.keepMembership(membership, now);
  await organizations.keepMembership({ ...membership, state: "deleted" }, now);
  await organizations.activeOrganizations(10);
  await organizations.membership("om_1");
  await organizations.membersOf(orgId, 10);
  for (const after of [null, "om_0"]) await organizations.activeMembers(orgId, { limit: 10, after });
  await organizations.activeAmong(orgId, ["user_1"]);
  await organizations.membershipsOf("user_1");
  await organizations.membershipsOf("user_1", orgId);
  const sessions = await createSessionsRepository(connection);
  await sessions.find("session_1");
  await sessions.keep("session_1", "sealed", { workosUserId: "user_1", orgId: null }, now);
  await sessions.claim("session_1", now, new Date(now.getTime() + 1_000));
  await sessions.release("session_1", new Date(now.getTime() + 1_000));
  await sessions.end("session_1", now);
  await sessions.endedSince(now);
  await sessions.livingOf("user_1", null);
  await sessions.livingOf("user_1", "org_1");
  const apiKeys = await createApiKeysRepository(connection, testCipher);
  const keyId = systemIds.objectId() as ApiKeyId;
  await apiKeys.insert({
    id: keyId,
    name: "Importer",
    prefix: "cvo_abc",
    secretHash: "hash",
    scopes: ["meetings:read"],
    orgId,
    createdBy: userId,
    createdAt: now,
    lastUsedAt: null,
    expiresAt: null,
    revokedAt: null,
  });
  await apiKeys.byHash("hash");
  await apiKeys.ofOrganization(orgId, 10);
  await apiKeys.countLiving(orgId);
  await apiKeys.markUsed(keyId, now);
  await apiKeys.revoke(keyId, orgId, now);
  const registry = createKeyRegistry(connection);
  await registry.register({ id: "test", check: "check", now });
  await registry.retire(["other"], now);
  await registry.keys();
  await registry.searchSecret((bytes) => bytes.toString("base64"));
  await registry.searchSecret((bytes) => bytes.toString("base64"));
  // As it was written before there were hashes.
  await connection
    .collection("users")
    .insertOne({ email: "before@example.org", orgId: null, orgRole: "member" });
  await ensureSearchHashes(connection, { registry, cipher: testCipher, logger: silentLogger });
  const rotations = createRotationRepository(connection);
  const begun = begunWalk({ target: "test", total: 0, startedBy: null }, null, now);
  await rotations.write(begun, null);
  await rotations.write({ ...begun, step: 2 }, await rotations.progress());
  const [walked] = await rotations.page("users", { after: null, limit: 1, fields: ["email"] });
  if (walked === undefined) throw new Error("nobody is there");
  await rotations.page("users", { after: walked._id, limit: 1, fields: ["email"] });
  const change = { from: { email: "x" }, to: { email: "y" } };
  await rotations.apply("users", [{ _id: walked._id, change }]);
  await rotations.size("users");
  const sync = await createDirectorySyncRepository(connection);
  await sync.isHandled("event_1");
  await sync.markHandled("event_1", now);
  await sync.cursor();
  await sync.keepCursor("event_1", now);
  const deliveries = await createVideoDeliveriesRepository(connection);
  await deliveries.isTaken(["body:1", "id:1"]);
  await deliveries.markTaken(["body:1", "id:1"], now);
}
