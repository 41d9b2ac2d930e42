// Practices over HTTP with the emulated WorkOS behind them: administrators, members, and what they ask.
import type { WorkOS } from "@workos-inc/node";
import { vi } from "vitest";
import type { Organization } from "../../shared/schemas/organizations.ts";
import { openHttpWorld, type HttpWorld } from "./http-app.ts";
import { signInAt, type CookieJar } from "./sign-in.ts";
import { openTestStore, type TestStore } from "./store.ts";

export interface OrganizationsWorld {
  store: TestStore;
  world: HttpWorld;
  /** As whoever runs WorkOS would use it. */
  workos: WorkOS;
  api<Answer>(
    jar: CookieJar,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Answer }>;
  /** An organisation of its own with an administrator, `admin@<name>.example`, who is signed in. */
  practice(name: string): Promise<{ orgId: string; admin: CookieJar }>;
  memberOf(orgId: string, email: string, role?: string): Promise<{ userId: string; membershipId: string }>;
  organizationOf(admin: CookieJar): Promise<Organization>;
  /** 200 while the session lives. */
  statusOf(jar: CookieJar): Promise<number>;
  close(): Promise<void>;
}

export const eventually = <Result>(look: () => Promise<Result> | Result) =>
  vi.waitFor(look, { timeout: 30_000, interval: 50 });

export async function openOrganizationsWorld(): Promise<OrganizationsWorld> {
  const store = await openTestStore();
  const world = await openHttpWorld(store);
  const { workos } = world;

  async function api<Answer>(jar: CookieJar, method: string, path: string, body?: unknown) {
    const response = await fetch(world.url + path, {
      method,
      redirect: "manual",
      headers: {
        cookie: jar.header,
        origin: world.url,
        "x-connvo-client": "1",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    jar.take(response);
    const text = await response.text();
    return { status: response.status, body: (text === "" ? null : JSON.parse(text)) as Answer };
  }

  async function memberOf(orgId: string, email: string, role = "member") {
    const user = await workos.userManagement.createUser({ email });
    const { id } = await workos.userManagement.createOrganizationMembership({
      userId: user.id,
      organizationId: orgId,
      roleSlug: role,
    });
    return { userId: user.id, membershipId: id };
  }

  return {
    store,
    world,
    workos,
    api,
    memberOf,
    async practice(name) {
      const organization = await workos.organizations.createOrganization({ name });
      const email = `admin@${name.toLowerCase()}.example`;
      await workos.userManagement.createUser({ email, firstName: "Ada", lastName: name });
      await memberOf(organization.id, email, "admin");
      const { jar } = await signInAt(world.url, { email });
      return { orgId: organization.id, admin: jar };
    },
    organizationOf: async (admin) =>
      (await api<Organization>(admin, "GET", "/api/v1/admin/organization")).body,
    statusOf: async (jar) => (await api(jar, "GET", "/api/v1/me")).status,
    async close() {
      await world.close();
      await store.close();
    },
  };
}
