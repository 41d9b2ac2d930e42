// Keys for machines over HTTP: what opens to them, what never does, and how they end.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EndpointSpec } from "../../shared/contract/endpoint.ts";
import { endpoints } from "../../shared/contract/endpoints.ts";
import { apiScopes, type ApiKey, type ApiScope } from "../../shared/schemas/api-keys.ts";
import type { AuditEntryView } from "../../shared/schemas/audit.ts";
import { eventually, openOrganizationsWorld, type OrganizationsWorld } from "../factories/organizations.ts";
import { signInAt, type CookieJar } from "../factories/sign-in.ts";

let organizations: OrganizationsWorld;
let admin: CookieJar;
let orgId: string;

type Created = ApiKey & { secret: string };
const keysPath = "/api/v1/admin/api-keys";

beforeAll(async () => {
  organizations = await openOrganizationsWorld();
  ({ admin, orgId } = await organizations.practice("Keys"));
});
afterAll(() => organizations.close());

async function keyFor(scopes: readonly ApiScope[], as = admin, more: object = {}): Promise<Created> {
  const { status, body } = await organizations.api<Created>(as, "POST", keysPath, {
    name: "Importer",
    scopes,
    ...more,
  });
  expect(status).toBe(201);
  return body;
}

async function ask(secret: string, method: string, path: string, body?: unknown) {
  const response = await fetch(organizations.world.url + path, {
    method,
    headers: {
      authorization: `Bearer ${secret}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const code = /^\{"error":\{"code":"([A-Z_]+)"/.exec(await response.text())?.[1] ?? null;
  return { status: response.status, code };
}

const guarded = Object.entries<EndpointSpec>(endpoints).filter(
  ([, { access }]) => access !== "public" && access !== "webhook",
);
const addressOf = ({ path }: EndpointSpec) => path.replace(/:[A-Za-z]+/g, "a".repeat(24));

describe("scopes", () => {
  test("[APIKEY-1] a key with every scope opens no endpoint that names none", async () => {
    const { secret } = await keyFor(apiScopes);
    const closed = guarded.filter(([, { scope }]) => scope === undefined);
    expect(closed.length).toBeGreaterThan(20);
    for (const [name, spec] of closed) {
      expect([name, await ask(secret, spec.method, addressOf(spec))]).toEqual([
        name,
        { status: 403, code: "FORBIDDEN" },
      ]);
    }
  });

  test("[APIKEY-2] each scope opens the endpoints that name it, and no other", async () => {
    for (const scope of apiScopes) {
      const { secret } = await keyFor([scope]);
      for (const [name, spec] of guarded.filter(([, one]) => one.scope !== undefined)) {
        const { status } = await ask(secret, spec.method, addressOf(spec), spec.body && {});
        expect([scope, name, status === 403]).toEqual([scope, name, spec.scope !== scope]);
      }
    }
  });

  test("[APIKEY-3] modules are told that a key asks, for whom, and in which organisation", async () => {
    const { id, secret, createdBy } = await keyFor(["meetings:write"]);
    organizations.world.calls.length = 0;
    expect((await ask(secret, "POST", "/api/v1/meetings", { title: "By a machine" })).status).toBe(201);
    const actor = organizations.world.calls.find(({ name }) => name === "meetings.create")?.args[0];
    expect(actor).toMatchObject({ userId: createdBy, orgId, orgRole: "admin", apiKeyId: id });
  });

  test("[APIKEY-4] the creator's own layer of notes is closed to their key", async () => {
    const { secret } = await keyFor(["notes:read"]);
    const notes = `/api/v1/meetings/${"a".repeat(24)}/notes`;
    expect((await ask(secret, "GET", `${notes}?layer=mine`)).status).toBe(403);
  });
});

describe("the audit log", () => {
  test("[AUDIT-1] [APIKEY-11] what a key does and is refused stands in its organisation's log, with the key beside the person", async () => {
    const { id, secret, createdBy } = await keyFor(["audit:read"]);
    expect((await ask(secret, "GET", "/api/v1/admin/audit/export.csv")).status).toBe(200);
    expect((await ask(secret, "POST", `/api/v1/meetings/${"c".repeat(24)}/end`)).status).toBe(403);
    for (const [action, outcome] of [
      ["audit.export", "done"],
      ["meeting.end", "refused"],
    ] as const) {
      const { body } = await organizations.api<{ items: AuditEntryView[] }>(
        admin,
        "GET",
        `/api/v1/admin/audit?action=${action}&outcome=${outcome}`,
      );
      const written = body.items.filter(({ apiKeyId }) => apiKeyId === id);
      expect([action, written.map(({ person }) => person?.id)]).toEqual([action, [createdBy]]);
    }
  });
});

describe("the secret", () => {
  test("[APIKEY-5] is told once, and kept nowhere: not in the list, the store, the audit log or for a repeated request", async () => {
    const response = await fetch(organizations.world.url + keysPath, {
      method: "POST",
      headers: {
        cookie: admin.header,
        origin: organizations.world.url,
        "x-connvo-client": "1",
        "content-type": "application/json",
        "idempotency-key": "make-one-key",
      },
      body: JSON.stringify({ name: "Secret", scopes: ["audit:read"] }),
    });
    const { secret, prefix } = (await response.json()) as Created;
    expect(secret).toMatch(/^cvo_[A-Za-z0-9_-]{43}$/);
    expect(secret.startsWith(prefix)).toBe(true);
    const { body } = await organizations.api<{ items: ApiKey[] }>(admin, "GET", keysPath);
    expect(JSON.stringify(body)).not.toContain(secret);
    const { db } = organizations.store.connection;
    for (const { name } of (await db?.listCollections().toArray()) ?? []) {
      const documents = await organizations.store.connection.collection(name).find({}).toArray();
      expect([name, JSON.stringify(documents).includes(secret)]).toEqual([name, false]);
    }
  });

  test("[APIKEY-6] one that is not known, cut short or of another form opens nothing", async () => {
    const { secret } = await keyFor(["meetings:read"]);
    const wrong = [`cvo_${"A".repeat(43)}`, secret.slice(0, -1), `${secret}x`, "cvo_", secret.toUpperCase()];
    for (const attempt of wrong) expect((await ask(attempt, "GET", "/api/v1/meetings")).status).toBe(401);
    expect((await ask(secret, "GET", "/api/v1/meetings")).status).toBe(200);
  });
});

describe("the end of a key", () => {
  test("[APIKEY-7] revoked, it opens nothing from the next request on", async () => {
    const { id, secret } = await keyFor(["meetings:read"]);
    expect((await ask(secret, "GET", "/api/v1/meetings")).status).toBe(200);
    expect((await organizations.api(admin, "DELETE", `${keysPath}/${id}`)).status).toBe(204);
    expect((await ask(secret, "GET", "/api/v1/meetings")).status).toBe(401);
    expect((await organizations.api(admin, "DELETE", `${keysPath}/${id}`)).status).toBe(204);
  });

  test("[APIKEY-8] it ends with the membership of whoever made it, and has their role while it lasts", async () => {
    const email = "second@keys.example";
    const { membershipId } = await organizations.memberOf(orgId, email, "admin");
    const { jar } = await signInAt(organizations.world.url, { email });
    const { secret } = await keyFor(["meetings:read", "audit:read"], jar);
    expect((await ask(secret, "GET", "/api/v1/admin/audit")).status).not.toBe(403);
    await organizations.workos.userManagement.updateOrganizationMembership(membershipId, {
      roleSlug: "member",
    });
    await eventually(async () => expect((await ask(secret, "GET", "/api/v1/admin/audit")).status).toBe(403));
    expect((await ask(secret, "GET", "/api/v1/meetings")).status).toBe(200);
    await organizations.workos.userManagement.deleteOrganizationMembership(membershipId);
    await eventually(async () => expect((await ask(secret, "GET", "/api/v1/meetings")).status).toBe(401));
  });

  test("[APIKEY-9] it runs out when it was made to", async () => {
    const past = await organizations.api(admin, "POST", keysPath, {
      name: "Past",
      scopes: ["meetings:read"],
      expiresAt: "2020-01-01T00:00:00Z",
    });
    expect(past.status).toBe(400);
    const { secret, id } = await keyFor(["meetings:read"]);
    await organizations.store.connection
      .collection("apiKeys")
      .updateOne({ prefix: secret.slice(0, 10) }, { $set: { expiresAt: new Date(0) } });
    expect((await ask(secret, "GET", "/api/v1/meetings")).status).toBe(401);
    expect(id).toBeTruthy();
  });

  test("[APIKEY-10] another organisation's administrators neither see nor revoke it", async () => {
    const { id, secret } = await keyFor(["meetings:read"]);
    const other = await organizations.practice("Elsewhere");
    const { body } = await organizations.api<{ items: ApiKey[] }>(other.admin, "GET", keysPath);
    expect(body.items).toEqual([]);
    expect((await organizations.api(other.admin, "DELETE", `${keysPath}/${id}`)).status).toBe(404);
    expect((await ask(secret, "GET", "/api/v1/meetings")).status).toBe(200);
  });
});
