// The local emulator of WorkOS guards its doors, and does for the SDK what the product and its scripts need.
import { get } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { anna, openEmulatorWorld, type EmulatorWorld } from "../factories/identity.ts";
import { submitSignInPage } from "../factories/sign-in.ts";

let world: EmulatorWorld;

beforeEach(async () => {
  world = await openEmulatorWorld();
});
afterEach(() => world.close());

const refusal = (code: string) => expect.objectContaining({ code }) as unknown;

test("[IDENTITY-19] a wrong client secret or API key opens nothing", async () => {
  const stranger = world.vendorWith({ apiKey: "sk_local_wrong" });
  const request = { ...(await world.codeFor(anna)), ipAddress: undefined, userAgent: undefined };
  await expect(stranger.exchangeCode(request)).rejects.toEqual(refusal("UNAUTHENTICATED"));
  const answer = await fetch(`http://127.0.0.1:${world.emulator.port}/user_management/users`);
  expect(answer.status).toBe(401);
});

test("[IDENTITY-20] the page says that it is local mode and asks for no password, and lists who was here", async () => {
  await world.signIn();
  const { url } = await world.vendor.startSignIn({
    redirectUri: "/auth/callback",
    loginHint: "new@example.org",
  });
  const answer = await fetch(url);
  const html = await answer.text();
  expect(answer.status).toBe(200);
  expect(html).toMatch(/Local mode\..*no password/);
  expect(html).not.toMatch(/<script|type="password"/);
  expect(html).toContain('value="new@example.org"');
  expect(html).toContain("Anna Bell");
});

test("[IDENTITY-21] what is typed wrongly is said beside its field, and kept as text", async () => {
  const { url } = await world.vendor.startSignIn({ redirectUri: "/auth/callback" });
  const answer = await submitSignInPage(url, { email: '"><script>alert(1)</script>', name: "x" });
  const html = await answer.text();
  expect(answer.status).toBe(422);
  expect(html).toContain('aria-invalid="true"');
  expect(html).not.toContain("<script>");
});

test("[IDENTITY-22] no code leaves for another site, and no other site or host name gets in", async () => {
  const { url } = await world.vendor.startSignIn({ redirectUri: "https://evil.example/callback" });
  expect((await submitSignInPage(url, anna)).status).toBe(400);
  for (const redirectUri of ["//evil.example", "/\\evil.example", "javascript:alert(1)"]) {
    const started = await world.vendor.startSignIn({ redirectUri });
    expect((await fetch(started.url)).status, redirectUri).toBe(400);
  }
  const good = await world.vendor.startSignIn({ redirectUri: "/auth/callback" });
  expect((await submitSignInPage(good.url, anna, { origin: "https://evil.example" })).status).toBe(403);
  expect((await submitSignInPage(good.url, anna, { "sec-fetch-site": "cross-site" })).status).toBe(403);
  expect(await statusFor(good.url, "evil.example:3000")).toBe(403);
  expect(await statusFor(good.url, "localhost:8080")).toBe(200);
  const logout = `${world.pages.url}/logout?session_id=none&return_to=https://evil.example`;
  expect((await fetch(logout, { redirect: "manual" })).headers.get("location")).toBe("/");
});

test("[IDENTITY-23] the SDK's people, organisations and memberships work, and a member signs in to theirs", async () => {
  const workos = world.sdk();
  const user = await workos.userManagement.createUser({ email: "berta@example.org", firstName: "Berta" });
  const organization = await workos.organizations.createOrganization({ name: "Acme" });
  await workos.userManagement.createOrganizationMembership({
    userId: user.id,
    organizationId: organization.id,
    roleSlug: "admin",
  });
  const found = await workos.userManagement.listUsers({ email: "berta@example.org" });
  expect(found.data.map((one) => one.id)).toEqual([user.id]);
  const memberships = await workos.userManagement.listOrganizationMemberships({ userId: user.id });
  expect(memberships.data[0]).toMatchObject({ organizationId: organization.id, status: "active" });
  await expect(workos.userManagement.getUser("user_nobody")).rejects.toMatchObject({ status: 404 });
  const { session } = await world.signIn({ email: "berta@example.org", name: "" });
  expect(session).toMatchObject({ orgId: organization.id, role: "admin" });
});

test("[IDENTITY-24] a refresh into an organisation of others is refused", async () => {
  const workos = world.sdk();
  const organization = await workos.organizations.createOrganization({ name: "Others" });
  const { sealed } = await world.signIn();
  const content = await workos.userManagement.getSessionFromCookie({
    sessionData: sealed,
    cookiePassword: world.emulator.keys.cookiePassword,
  });
  await expect(
    workos.userManagement.authenticateWithRefreshToken({
      refreshToken: content?.refreshToken ?? "",
      organizationId: organization.id,
    }),
  ).rejects.toMatchObject({ error: "invalid_grant" });
});

/** Status of a page asked for under another host name, as a browser would whose DNS was led astray. */
function statusFor(address: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(address, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on("error", reject);
  });
}
