// Organisations over HTTP with the emulated WorkOS: who comes and goes, invitations, roles, switching, sessions.
import { testCipher } from "../factories/cipher.ts";
import type { WorkOS } from "@workos-inc/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PendingInvitation, SignInSession } from "../../shared/schemas/organizations.ts";
import type { HttpWorld } from "../factories/http-app.ts";
import { eventually, openOrganizationsWorld, type OrganizationsWorld } from "../factories/organizations.ts";
import { CookieJar, signInAt, submitSignInPage } from "../factories/sign-in.ts";
import type { TestStore } from "../factories/store.ts";

let organizations: OrganizationsWorld;
let store: TestStore;
let world: HttpWorld;
let workos: WorkOS;

beforeAll(async () => {
  organizations = await openOrganizationsWorld();
  ({ store, world, workos } = organizations);
});
afterAll(() => organizations.close());

const api: OrganizationsWorld["api"] = (...args) => organizations.api(...args);
const practice: OrganizationsWorld["practice"] = (name) => organizations.practice(name);
const memberOf: OrganizationsWorld["memberOf"] = (...args) => organizations.memberOf(...args);
const statusOf: OrganizationsWorld["statusOf"] = (jar) => organizations.statusOf(jar);
const organizationOf: OrganizationsWorld["organizationOf"] = (jar) => organizations.organizationOf(jar);

describe("kept in step by webhooks", () => {
  test("[ORG-1] members who come, change and go at the vendor do so here, and what they have open ends", async () => {
    const { orgId, admin } = await practice("Steps");
    const { membershipId } = await memberOf(orgId, "ben@steps.example");
    await eventually(async () => {
      const { members } = await organizationOf(admin);
      expect(members.map(({ email, role, state }) => [email, role, state])).toEqual([
        ["admin@steps.example", "admin", "active"],
        ["ben@steps.example", "member", "active"],
      ]);
    });
    const { jar } = await signInAt(world.url, { email: "ben@steps.example" });
    expect((await api(jar, "GET", "/api/v1/admin/organization")).status).toBe(403);
    await workos.userManagement.updateOrganizationMembership(membershipId, { roleSlug: "admin" });
    // At once, although the proof in the cookie still says otherwise.
    await eventually(async () =>
      expect((await api(jar, "GET", "/api/v1/admin/organization")).status).toBe(200),
    );
    await workos.userManagement.deleteOrganizationMembership(membershipId);
    await eventually(async () => expect(await statusOf(jar)).toBe(401));
    expect((await organizationOf(admin)).members.map(({ email }) => email)).toEqual(["admin@steps.example"]);
  });

  test("[ORG-2] an organisation renamed at the vendor is renamed here; one that is deleted lets nobody in", async () => {
    const { orgId, admin } = await practice("Before");
    await organizationOf(admin);
    await workos.organizations.updateOrganization({ organization: orgId, name: "After" });
    await eventually(async () => expect((await organizationOf(admin)).name).toBe("After"));
    await workos.organizations.deleteOrganization(orgId);
    await eventually(async () => expect(await statusOf(admin)).toBe(401));
  });

  test("[ORG-3] a session revoked at the vendor is over here at once, and told to open streams", async () => {
    const { jar } = await signInAt(world.url, { email: "revoked@example.org" });
    const [session] = (await api<{ items: SignInSession[] }>(jar, "GET", "/api/v1/me/sessions")).body.items;
    await workos.userManagement.revokeSession({ sessionId: session?.id ?? "" });
    await eventually(async () => expect(await statusOf(jar)).toBe(401));
    expect(world.endedSessions).toContainEqual({ sessionId: session?.id });
  });

  test("[ORG-4] a person deleted at the vendor is let in nowhere, with cookie or token", async () => {
    const { jar } = await signInAt(world.url, { email: "deleted@example.org" });
    const token = await world.token("deleted@example.org");
    const me = () => fetch(`${world.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    expect((await me()).status).toBe(200);
    const { data } = await workos.userManagement.listUsers({ email: "deleted@example.org" });
    await workos.userManagement.deleteUser(data[0]?.id ?? "");
    await eventually(async () => {
      expect((await me()).status).toBe(401);
      expect(await statusOf(jar)).toBe(401);
    });
  });
});

describe("administration", () => {
  test("[ORG-5] an invitation goes out by email, is accepted by its address alone, and leads into the organisation", async () => {
    const { admin, orgId } = await practice("Inviting");
    const invited = await api<PendingInvitation>(admin, "POST", "/api/v1/admin/invitations", {
      email: "Carla@Example.org",
      role: "coach",
    });
    expect([invited.status, invited.body]).toMatchObject([
      201,
      { email: "carla@example.org", role: "coach" },
    ]);
    const again = await api(admin, "POST", "/api/v1/admin/invitations", { email: "carla@example.org" });
    expect(again.status).toBe(409);
    const mail = await store.connection
      .collection("outboxMails")
      .findOne({ toEmailHash: testCipher.hashOfEmail("carla@example.org") });
    const html = testCipher
      .of("outboxMails")
      .open(String(mail?._id.toHexString()), "html", String(mail?.["html"]));
    const link = /href="([^"]+)"/.exec(html)?.[1] ?? "";
    const page = await (await fetch(link)).text();
    expect(page).toContain("Ada Inviting invites you to join");
    const start = /href="(\/auth\/sign-in\?[^"]+)"/.exec(page)?.[1]?.replaceAll("&#38;", "&") ?? "";
    const jar = new CookieJar();
    const started = await fetch(world.url + start, { redirect: "manual" });
    jar.take(started);
    const form = new URL(started.headers.get("location") ?? "", world.url).href;
    expect((await submitSignInPage(form, { email: "stranger@example.org" })).status).toBe(422);
    const back = await submitSignInPage(form, { email: "carla@example.org", name: "Carla Coach" });
    const callback = new URL(back.headers.get("location") ?? "", world.url).href;
    jar.take(await fetch(callback, { redirect: "manual", headers: { cookie: jar.header } }));
    const me = await api<{ orgId: string; orgRole: string }>(jar, "GET", "/api/v1/me");
    expect(me.body).toMatchObject({ orgId, orgRole: "coach" });
    const pending = await api<{ items: PendingInvitation[] }>(admin, "GET", "/api/v1/admin/invitations");
    expect(pending.body.items).toEqual([]);
    expect((await fetch(link)).status).toBe(410);
  });

  test("[ORG-6] an invitation that is taken back opens nothing", async () => {
    const { admin } = await practice("Revoking");
    const { body } = await api<PendingInvitation>(admin, "POST", "/api/v1/admin/invitations", {
      email: "dora@example.org",
    });
    const { acceptUrl } = await world.vendor.directory.invitation(body.id);
    expect((await api(admin, "DELETE", `/api/v1/admin/invitations/${body.id}`)).status).toBe(204);
    expect((await fetch(acceptUrl)).status).toBe(410);
  });

  test("[ORG-7] roles and removal are felt at once; the last administrator stays one", async () => {
    const { admin, orgId } = await practice("Roles");
    const { membershipId } = await memberOf(orgId, "emil@roles.example");
    const { jar } = await signInAt(world.url, { email: "emil@roles.example" });
    await eventually(async () => expect((await organizationOf(admin)).members).toHaveLength(2));
    const path = `/api/v1/admin/members/${membershipId}`;
    expect((await api(admin, "PATCH", path, { role: "admin" })).status).toBe(200);
    expect((await api(jar, "GET", "/api/v1/admin/organization")).status).toBe(200);
    expect((await api(admin, "PATCH", path, { role: "member" })).status).toBe(200);
    expect((await api(jar, "GET", "/api/v1/admin/organization")).status).toBe(403);
    expect((await api(admin, "DELETE", path)).status).toBe(204);
    expect(await statusOf(jar)).toBe(401);
    const own = (await organizationOf(admin)).members[0];
    expect((await api(admin, "DELETE", `/api/v1/admin/members/${own?.id}`)).status).toBe(409);
    expect((await api(admin, "PATCH", `/api/v1/admin/members/${own?.id}`, { role: "member" })).status).toBe(
      409,
    );
  });

  test("[ORG-8] administrators of another organisation see and change nothing of this one", async () => {
    const [here, there] = [await practice("Alpha"), await practice("Omega")];
    const { membershipId } = await memberOf(here.orgId, "fred@alpha.example");
    await eventually(async () => expect((await organizationOf(here.admin)).members).toHaveLength(2));
    const { body: invitation } = await api<PendingInvitation>(
      here.admin,
      "POST",
      "/api/v1/admin/invitations",
      {
        email: "gina@alpha.example",
      },
    );
    const tries: [string, string, unknown?][] = [
      ["PATCH", `/api/v1/admin/members/${membershipId}`, { role: "admin" }],
      ["DELETE", `/api/v1/admin/members/${membershipId}`],
      ["DELETE", `/api/v1/admin/invitations/${invitation.id}`],
    ];
    for (const [method, path, body] of tries) {
      expect([method, path, (await api(there.admin, method, path, body)).status]).toEqual([
        method,
        path,
        404,
      ]);
    }
    const seen = await api(there.admin, "GET", "/api/v1/admin/organization");
    expect(JSON.stringify(seen.body)).not.toContain("alpha.example");
    const invitations = await api(there.admin, "GET", "/api/v1/admin/invitations");
    expect(JSON.stringify(invitations.body)).not.toContain("alpha.example");
  });
});

describe("several organisations", () => {
  async function inTwo(name: string): Promise<{ email: string; first: string; second: string }> {
    const [a, b] = [await practice(`${name}A`), await practice(`${name}B`)];
    const email = `both@${name.toLowerCase()}.example`;
    await memberOf(a.orgId, email);
    await memberOf(b.orgId, email, "admin");
    return { email, first: a.orgId, second: b.orgId };
  }

  async function choose(email: string, organizationId: string): Promise<CookieJar> {
    const { jar, landedAt } = await signInAt(world.url, { email }, "/schedule");
    expect(landedAt).toBe("/auth/organization");
    expect((await api(jar, "GET", "/api/v1/me")).status).toBe(401);
    const page = await fetch(`${world.url}/auth/organization`, { headers: { cookie: jar.header } });
    expect(await page.text()).toContain(organizationId);
    const chosen = await fetch(`${world.url}/auth/organization`, {
      method: "POST",
      redirect: "manual",
      headers: { cookie: jar.header, origin: world.url },
      body: new URLSearchParams({ organizationId }),
    });
    expect([chosen.status, chosen.headers.get("location")]).toEqual([303, "/schedule"]);
    jar.take(chosen);
    return jar;
  }

  test("[ORG-9] who belongs to several chooses at sign-in, and is nobody before", async () => {
    const { email, second } = await inTwo("Choose");
    const jar = await choose(email, second);
    expect((await api(jar, "GET", "/api/v1/me")).body).toMatchObject({ orgId: second, orgRole: "admin" });
  });

  test("[ORG-10] an organisation that was not offered cannot be chosen, and no other site can choose", async () => {
    const { email, first } = await inTwo("Forced");
    const foreign = await practice("Foreign");
    const { jar } = await signInAt(world.url, { email });
    const post = (organizationId: string, origin: string) =>
      fetch(`${world.url}/auth/organization`, {
        method: "POST",
        redirect: "manual",
        headers: { cookie: jar.header, origin },
        body: new URLSearchParams({ organizationId }),
      });
    expect((await post(foreign.orgId, world.url)).status).toBe(401);
    expect((await post(first, "https://evil.example")).status).toBe(403);
    expect((await post(first, world.url)).status).toBe(303);
  });

  test("[ORG-11] switching moves the session, with its cookie, beside twenty requests at once; to others' organisations never", async () => {
    const { email, first, second } = await inTwo("Switch");
    const foreign = await practice("Elsewhere");
    const jar = await choose(email, first);
    const choices = await api<{ items: { id: string; current: boolean }[] }>(
      jar,
      "GET",
      "/api/v1/me/organizations",
    );
    expect(choices.body.items.map(({ id, current }) => [id, current])).toEqual([
      [first, true],
      [second, false],
    ]);
    const copy = new CookieJar();
    copy.set("connvo_session", jar.get("connvo_session") ?? "");
    const [switched, ...others] = await Promise.all([
      api(jar, "POST", "/auth/switch-organization", { organizationId: second }),
      ...Array.from({ length: 20 }, () => api(copy, "GET", "/api/v1/me")),
    ]);
    expect(switched.status).toBe(204);
    expect(new Set(others.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await api(jar, "GET", "/api/v1/me")).body).toMatchObject({ orgId: second, orgRole: "admin" });
    const refused = await api(jar, "POST", "/auth/switch-organization", { organizationId: foreign.orgId });
    expect(refused.status).toBe(403);
    // Refused, not signed out.
    expect((await api(jar, "GET", "/api/v1/me")).body).toMatchObject({ orgId: second });
    const fromElsewhere = await fetch(`${world.url}/auth/switch-organization`, {
      method: "POST",
      headers: { cookie: jar.header, origin: "https://evil.example", "content-type": "application/json" },
      body: JSON.stringify({ organizationId: first }),
    });
    expect(fromElsewhere.status).toBe(403);
  });
});

describe("where one is signed in", () => {
  test("[ORG-12] one's sessions are listed with the present one first, and end one by one or all others at once", async () => {
    const person = { email: "hans@example.org" };
    const jars = [];
    for (let count = 0; count < 4; count += 1) jars.push((await signInAt(world.url, person)).jar);
    const [first, second, third, fourth] = jars as [CookieJar, CookieJar, CookieJar, CookieJar];
    const list = async () =>
      (await api<{ items: SignInSession[] }>(first, "GET", "/api/v1/me/sessions")).body.items;
    const [own, ...rest] = await list();
    expect([own?.current, rest.length]).toEqual([true, 3]);
    const newest = rest[0]?.id ?? "";
    expect((await api(first, "DELETE", `/api/v1/me/sessions/${newest}`)).status).toBe(204);
    expect(await statusOf(fourth)).toBe(401);
    const ended = await api(first, "POST", "/api/v1/me/sessions/end-others");
    expect(ended.body).toEqual({ ended: 2 });
    expect([await statusOf(second), await statusOf(third), await statusOf(first)]).toEqual([401, 401, 200]);
    expect(await list()).toHaveLength(1);
  });

  test("[ORG-13] a session as somebody else says who is really there, to the person and in the audit log", async () => {
    const { jar } = await signInAt(world.url, {
      email: "ida@example.org",
      impersonator: "support@example.org",
    });
    expect((await api(jar, "GET", "/api/v1/me")).body).toMatchObject({
      email: "ida@example.org",
      impersonator: "support@example.org",
    });
    const { items } = (await api<{ items: SignInSession[] }>(jar, "GET", "/api/v1/me/sessions")).body;
    expect(items[0]?.impersonator).toBe("support@example.org");
    const entry = await store.connection.collection("auditLogs").findOne({ resourceId: items[0]?.id ?? "" });
    const impersonator = testCipher
      .of("auditLogs")
      .open(String(entry?._id.toHexString()), "impersonator", String(entry?.["impersonator"]));
    expect(impersonator).toBe("support@example.org");
    expect(JSON.stringify(entry)).not.toContain("support@");
  });
});
