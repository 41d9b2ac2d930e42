// What WorkOS tells of organisations: webhooks forged, late, zipped, repeated and reordered, and the events API.
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { webhookSignature } from "../../server/vendors/identity/emulator/webhooks.ts";
import type { DirectoryEvent } from "../../server/vendors/identity/index.ts";
import type { OrgId } from "../../shared/ids.ts";
import { openHttpWorld, type HttpWorld } from "../factories/http-app.ts";
import { openOrganizationsWorld, type OrganizationsWorld } from "../factories/organizations.ts";
import { signInAt } from "../factories/sign-in.ts";
import type { TestStore } from "../factories/store.ts";

let organizations: OrganizationsWorld;
let store: TestStore;
let world: HttpWorld;

beforeAll(async () => {
  organizations = await openOrganizationsWorld();
  ({ store, world } = organizations);
});
afterAll(() => organizations.close());

const practice: OrganizationsWorld["practice"] = (name) => organizations.practice(name);
const organizationOf: OrganizationsWorld["organizationOf"] = (jar) => organizations.organizationOf(jar);

describe("webhooks one by one", () => {
  let sent = 0;

  function delivery(event: string, data: Record<string, unknown>, id = `event_test_${(sent += 1)}`) {
    return JSON.stringify({ id, event, created_at: new Date().toISOString(), data });
  }

  function post(body: string, options: { stampMs?: number; secret?: string; gzip?: boolean } = {}) {
    const { stampMs = Date.now(), secret = world.webhookSecret, gzip = false } = options;
    return fetch(`${world.url}/webhooks/workos`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "workos-signature": webhookSignature(secret, stampMs, body),
        ...(gzip ? { "content-encoding": "gzip" } : {}),
      },
      body: gzip ? new Uint8Array(gzipSync(body)) : body,
    });
  }

  const organization = (id: string, name: string, updatedAt: string) => ({
    object: "organization",
    id,
    name,
    domains: [],
    metadata: {},
    created_at: "2030-01-01T00:00:00.000Z",
    updated_at: updatedAt,
  });
  const membership = (id: string, orgId: string, role: string, updatedAt: string) => ({
    object: "organization_membership",
    id,
    user_id: "user_of_tests",
    organization_id: orgId,
    organization_name: "Any",
    status: "active",
    role: { slug: role },
    created_at: "2030-01-01T00:00:00.000Z",
    updated_at: updatedAt,
  });
  const nameOf = async (id: string) =>
    (await store.connection.collection("organizations").findOne({ _id: id as never }))?.["name"] as unknown;
  const auditCount = (id: string) =>
    store.connection.collection("auditLogs").countDocuments({ resourceId: id });

  test("[ORGHOOK-1] forged, late, early and unsigned deliveries are refused and change nothing", async () => {
    const body = delivery(
      "organization.created",
      organization("org_forged", "X", "2030-01-02T00:00:00.000Z"),
    );
    const minute = 60_000;
    const attempts: [string, Promise<Response>][] = [
      ["another secret", post(body, { secret: "s".repeat(32) })],
      ["late", post(body, { stampMs: Date.now() - 4 * minute })],
      ["early", post(body, { stampMs: Date.now() + 2 * minute })],
      ["in seconds", post(body, { stampMs: Math.floor(Date.now() / 1000) })],
      [
        "another body",
        fetch(`${world.url}/webhooks/workos`, {
          method: "POST",
          headers: { "workos-signature": webhookSignature(world.webhookSecret, Date.now(), body) },
          body: `${body} `,
        }),
      ],
      ["unsigned", fetch(`${world.url}/webhooks/workos`, { method: "POST", body })],
      [
        "a stamp that is no number",
        fetch(`${world.url}/webhooks/workos`, {
          method: "POST",
          headers: { "workos-signature": `t=now, v1=${"0".repeat(64)}` },
          body,
        }),
      ],
    ];
    for (const [name, answer] of attempts) expect([name, (await answer).status]).toEqual([name, 401]);
    expect(await nameOf("org_forged")).toBeUndefined();
  });

  test("[ORGHOOK-2] a delivery repeated a thousand times, at once and one after another, counts once", async () => {
    const body = delivery(
      "organization.created",
      organization("org_repeated", "Once", "2030-01-02T00:00:00.000Z"),
      "event_repeated",
    );
    for (let round = 0; round < 20; round += 1) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => post(body)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    }
    expect(await nameOf("org_repeated")).toBe("Once");
    expect(await auditCount("event_repeated")).toBe(1);
  });

  test("[ORGHOOK-3] of reordered deliveries the newest state stays, whichever comes last", async () => {
    const states = ["A", "B", "C", "D", "E", "F"].map((name, index) =>
      organization("org_orders", name, `2030-01-0${index + 1}T00:00:00.000Z`),
    );
    for (const index of [3, 0, 5, 1, 4, 2]) {
      expect((await post(delivery("organization.updated", states[index] ?? {}))).status).toBe(200);
    }
    expect(await nameOf("org_orders")).toBe("F");
    const roles = (stamp: string, role: string) => membership("om_orders", "org_orders", role, stamp);
    await Promise.all([
      post(delivery("organization_membership.updated", roles("2030-01-03T00:00:00.000Z", "admin"))),
      post(delivery("organization_membership.created", roles("2030-01-01T00:00:00.000Z", "member"))),
      post(delivery("organization_membership.updated", roles("2030-01-02T00:00:00.000Z", "coach"))),
    ]);
    const standing = await world.organizations.standing("user_of_tests", "org_orders" as OrgId);
    expect(standing).toMatchObject({ role: "admin", active: true });
  });

  test("[ORGHOOK-4] what was deleted stays so, though an older state comes after it", async () => {
    const at = (stamp: string) => membership("om_gone", "org_orders2", "admin", stamp);
    await post(
      delivery("organization.created", organization("org_orders2", "O", "2030-01-01T00:00:00.000Z")),
    );
    await post(delivery("organization_membership.deleted", at("2030-01-01T00:00:00.000Z")));
    await post(delivery("organization_membership.updated", at("2030-01-05T00:00:00.000Z")));
    const standing = await world.organizations.standing("user_of_tests", "org_orders2" as OrgId);
    expect(standing).toMatchObject({ active: false });
  });

  test("[ORGHOOK-5] a gzipped delivery is checked and taken as what it unpacks to", async () => {
    const body = delivery(
      "organization.created",
      organization("org_zipped", "Z", "2030-01-02T00:00:00.000Z"),
    );
    expect((await post(body, { gzip: true })).status).toBe(200);
    expect(await nameOf("org_zipped")).toBe("Z");
    expect((await post(body, { gzip: true, secret: "s".repeat(32) })).status).toBe(401);
  });

  test("[ORGHOOK-6] an event that is not known is taken and changes nothing; a damaged one is refused", async () => {
    expect((await post(delivery("moon.rose", { id: "moon_1" }))).status).toBe(200);
    expect((await post(delivery("organization.created", { id: 7 }))).status).toBe(400);
    expect((await post("not json")).status).toBe(400);
  });
});

describe("without webhooks", () => {
  test("[ORGEVENTS-1] the events API brings what no webhook told, once, from where it was read to", async () => {
    const quiet = await openHttpWorld(store, { webhooks: false });
    try {
      const made = await quiet.workos.organizations.createOrganization({ name: "Quiet" });
      const { jar } = await signInAt(quiet.url, { email: "quiet@example.org" });
      const me = () => fetch(`${quiet.url}/api/v1/me`, { headers: { cookie: jar.header } });
      expect((await me()).status).toBe(200);
      const { data } = await quiet.workos.userManagement.listUsers({ email: "quiet@example.org" });
      const sessions = await quiet.workos.userManagement.listSessions(data[0]?.id ?? "");
      await quiet.workos.userManagement.revokeSession({ sessionId: sessions.data[0]?.id ?? "" });
      expect((await me()).status).toBe(200);
      await store.connection.collection("identityCursors").deleteMany({});
      await quiet.identity.reconcile();
      expect((await me()).status).toBe(401);
      const kept = await store.connection.collection("organizations").findOne({ _id: made.id as never });
      expect(kept?.["name"]).toBe("Quiet");
      const read: DirectoryEvent[] = await quiet.vendor.directory.events({
        after: String((await store.connection.collection("identityCursors").findOne({}))?.["after"]),
        since: new Date(0),
      });
      expect(read).toEqual([]);
    } finally {
      await quiet.close();
    }
  });

  test("[ORGEVENTS-2] where the vendor has forgotten the last event, its organisations are read anew", async () => {
    const { orgId, admin } = await practice("Forgotten");
    await organizationOf(admin);
    await store.connection
      .collection("organizations")
      .updateOne({ _id: orgId as never }, { $set: { name: "Stale", vendorUpdatedAt: new Date(0) } });
    await store.connection
      .collection("identityCursors")
      .updateOne(
        { _id: "events" as never },
        { $set: { after: "event_gone", updatedAt: new Date() } },
        { upsert: true },
      );
    await world.identity.reconcile();
    expect((await organizationOf(admin)).name).toBe("Forgotten");
  });
});
