// The identity port over the real WorkOS SDK, against the local emulator: what the product relies on, and what it refuses.
import { createHmac, randomUUID } from "node:crypto";
import { get } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OauthException, WorkOS } from "@workos-inc/node";
import { decodeJwt, exportSPKI, generateKeyPair, importJWK, SignJWT, type JWTPayload } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemIds } from "../../server/platform/ids.ts";
import {
  localIssuer,
  signAccessToken,
  signScriptToken,
} from "../../server/vendors/identity/emulator/access-token.ts";
import { startIdentityEmulator, type Emulator } from "../../server/vendors/identity/emulator/index.ts";
import type { IdentityVendor, LocalPerson } from "../../server/vendors/identity/index.ts";
import { createWorkosVendor } from "../../server/vendors/identity/workos.ts";
import { MovableClock } from "../factories/clock.ts";
import { serve, submitSignInPage, type PagesServer } from "../factories/sign-in.ts";

const anna = { email: "Anna.Bell@example.org", name: "Anna Bell" };

let directory: string;
let clock: MovableClock;
let emulator: Emulator;
let pages: PagesServer;
let vendor: IdentityVendor;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "connvo-identity-"));
  clock = new MovableClock();
  await start();
});

afterEach(async () => {
  await stop();
  await rm(directory, { recursive: true, force: true });
});

async function start(): Promise<void> {
  emulator = await startIdentityEmulator({
    directory,
    clock,
    ids: systemIds,
    allowedHosts: () => [],
    showRecentPeople: true,
    refreshGraceMs: 30_000,
  });
  pages = await serve(emulator.pages);
  vendor = vendorWith({});
}

async function stop(): Promise<void> {
  await pages.close();
  await vendor.stop();
}

function vendorWith(change: { apiKey?: string; cookiePassword?: string }): IdentityVendor {
  const { keys } = emulator;
  return createWorkosVendor({
    apiKey: change.apiKey ?? keys.apiKey,
    clientId: keys.clientId,
    cookiePassword: change.cookiePassword ?? keys.cookiePassword,
    issuers: [localIssuer],
    local: {
      port: emulator.port,
      pagesPath: pages.url,
      pages: emulator.pages,
      token: (person) => signScriptToken(keys, person, clock.now()),
      stop: () => emulator.stop(),
    },
  });
}

const sdk = () =>
  new WorkOS({
    apiKey: emulator.keys.apiKey,
    clientId: emulator.keys.clientId,
    apiHostname: "127.0.0.1",
    port: emulator.port,
    https: false,
    maxRetries: 0,
  });

async function codeFor(person: { email: string; name?: string }) {
  const started = await vendor.startSignIn({ redirectUri: "/auth/callback" });
  const answer = await submitSignInPage(started.url, person);
  expect(answer.status).toBe(303);
  const back = new URL(answer.headers.get("location") ?? "", "http://site");
  expect(back.pathname).toBe("/auth/callback");
  expect(back.searchParams.get("state")).toBe(started.state);
  return { code: back.searchParams.get("code") ?? "", codeVerifier: started.codeVerifier };
}

async function signIn(person = anna) {
  return await vendor.exchangeCode({
    ...(await codeFor(person)),
    ipAddress: "127.0.0.1",
    userAgent: "test",
  });
}

async function scriptToken(person: LocalPerson): Promise<string> {
  if (vendor.localToken === null) throw new Error("local mode mints tokens");
  return await vendor.localToken(person);
}

const refusal = (code: string) => expect.objectContaining({ code }) as unknown;

describe("sign-in", () => {
  test("[IDENTITY-1] a code and its verifier become a sealed session of the person", async () => {
    const { sealed, session } = await signIn();
    expect(session.person).toMatchObject({
      email: "anna.bell@example.org",
      firstName: "Anna",
      lastName: "Bell",
    });
    expect(session.orgId).toBeNull();
    expect(await vendor.check(sealed)).toEqual({ outcome: "valid", session });
    // Verified by the keys too, not only remembered.
    const checked = await vendorWith({}).check(sealed);
    expect(checked).toMatchObject({ outcome: "valid", session: { sessionId: session.sessionId } });
    expect(Buffer.byteLength(encodeURIComponent(sealed))).toBeLessThan(3_800);
  });

  test("[IDENTITY-2] a code is good once", async () => {
    const request = { ...(await codeFor(anna)), ipAddress: undefined, userAgent: undefined };
    await vendor.exchangeCode(request);
    await expect(vendor.exchangeCode(request)).rejects.toEqual(refusal("UNAUTHENTICATED"));
  });

  test("[IDENTITY-3] a code without the verifier of its sign-in is worth nothing", async () => {
    const { code } = await codeFor(anna);
    const { codeVerifier } = await vendor.startSignIn({ redirectUri: "/auth/callback" });
    await expect(
      vendor.exchangeCode({ code, codeVerifier, ipAddress: undefined, userAgent: undefined }),
    ).rejects.toEqual(refusal("UNAUTHENTICATED"));
  });

  test("[IDENTITY-4] a code runs out after ten minutes", async () => {
    const request = { ...(await codeFor(anna)), ipAddress: undefined, userAgent: undefined };
    clock.shiftMs += 10 * 60_000;
    await expect(vendor.exchangeCode(request)).rejects.toEqual(refusal("UNAUTHENTICATED"));
  });

  test("[IDENTITY-5] the same address is the same person, by page and by token", async () => {
    const first = await signIn();
    const again = await signIn({ email: "anna.bell@EXAMPLE.org", name: "" });
    const token = await vendor.verifyToken(await scriptToken({ email: anna.email }));
    expect(again.session.person.id).toBe(first.session.person.id);
    expect(again.session.person.firstName).toBe("Anna");
    expect(again.session.sessionId).not.toBe(first.session.sessionId);
    expect(token.person.id).toBe(first.session.person.id);
  });
});

describe("refresh", () => {
  test("[IDENTITY-6] a refresh keeps the session and brings a new proof", async () => {
    clock.shiftMs = -10 * 60_000;
    const { sealed, session } = await signIn();
    expect(await vendor.check(sealed)).toEqual({ outcome: "stale", sessionId: session.sessionId });
    clock.shiftMs = 0;
    const refreshed = await vendor.refresh(sealed);
    expect(refreshed).toMatchObject({ outcome: "refreshed", session: { sessionId: session.sessionId } });
    if (refreshed.outcome !== "refreshed") return;
    expect(refreshed.sealed).not.toBe(sealed);
    expect((await vendor.check(refreshed.sealed)).outcome).toBe("valid");
  });

  test("[IDENTITY-7] a refresh token is good once, but for a short grace", async () => {
    const { sealed } = await signIn();
    expect((await vendor.refresh(sealed)).outcome).toBe("refreshed");
    expect((await vendor.refresh(sealed)).outcome).toBe("refreshed");
    clock.shiftMs += 31_000;
    expect(await vendor.refresh(sealed)).toEqual({ outcome: "over" });
  });

  test("[IDENTITY-8] an unknown refresh token is refused as invalid_grant, in OAuth's shape", async () => {
    const asked = sdk().userManagement.authenticateWithRefreshToken({ refreshToken: "unknown" });
    await expect(asked).rejects.toBeInstanceOf(OauthException);
    await expect(asked).rejects.toMatchObject({ error: "invalid_grant", status: 400 });
  });

  test("[IDENTITY-9] after sign-out by address a refresh is refused", async () => {
    const { sealed, session } = await signIn();
    const address = vendor.signOutUrl({ sessionId: session.sessionId, returnTo: "/" });
    const answer = await fetch(address, { redirect: "manual" });
    expect(answer.headers.get("location")).toBe("/");
    expect(await vendor.refresh(sealed)).toEqual({ outcome: "over" });
  });

  test("[IDENTITY-10] after revocation a refresh is refused, and revoking again is no error", async () => {
    const { sealed, session } = await signIn();
    await vendor.revoke(session.sessionId);
    expect(await vendor.refresh(sealed)).toEqual({ outcome: "over" });
    await vendor.revoke(session.sessionId);
  });

  test("[IDENTITY-11] where the vendor cannot be asked, the session is not given up", async () => {
    const { sealed } = await signIn();
    await emulator.stop();
    expect(await vendor.refresh(sealed)).toMatchObject({ outcome: "unavailable" });
  });

  test("[IDENTITY-12] sign-ins survive a restart on the same directory, and one without a goodbye", async () => {
    const { sealed, session } = await signIn();
    const token = await scriptToken({ email: "script@example.org" });
    // A second emulator on the same files while the first still runs: nothing was kept for a stop to write.
    const before = emulator;
    const pagesBefore = pages;
    await start();
    expect(await vendor.refresh(sealed)).toMatchObject({
      outcome: "refreshed",
      session: { sessionId: session.sessionId },
    });
    expect((await vendor.verifyToken(token)).person.email).toBe("script@example.org");
    await pagesBefore.close();
    await before.stop();
  });
});

describe("tokens", () => {
  test("[IDENTITY-13] a script's token carries person, organisation and role, for 12 hours", async () => {
    const token = await scriptToken({ ...anna, org: "Acme", role: "admin" });
    const session = await vendor.verifyToken(token);
    expect(session.person.email).toBe("anna.bell@example.org");
    expect(session).toMatchObject({ role: "admin", orgId: expect.stringMatching(/^org_/) as string });
    const { iat = 0, exp = 0, iss, jti } = decodeJwt(token);
    expect(exp - iat).toBe(12 * 60 * 60);
    expect(iss).toBe(localIssuer);
    expect(jti).toBeTruthy();
  });

  test("[IDENTITY-14] a token that has run out says so", async () => {
    clock.shiftMs = -13 * 60 * 60_000;
    const token = await scriptToken(anna);
    await expect(vendor.verifyToken(token)).rejects.toEqual(refusal("SESSION_EXPIRED"));
  });

  test("[IDENTITY-15] forged tokens are refused: no algorithm, the public key as a secret, a foreign key, another issuer", async () => {
    const genuine = await scriptToken(anna);
    const payload = decodeJwt(genuine);
    const { kid, publicJwk } = emulator.keys;
    const publicKey = await importJWK({ ...publicJwk, ext: true }, "RS256", { extractable: true });
    if (publicKey instanceof Uint8Array) throw new TypeError("expected a key");
    const { privateKey: foreign } = await generateKeyPair("RS256");
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const unsigned = (header: object) => `${encode({ typ: "JWT", ...header })}.${encode(payload)}`;
    const hs256 = unsigned({ alg: "HS256", kid });
    const hmac = createHmac("sha256", await exportSPKI(publicKey))
      .update(hs256)
      .digest("base64url");
    const signed = (key: Parameters<SignJWT["sign"]>[0], keyId: string, claims: object = payload) =>
      new SignJWT(claims as JWTPayload).setProtectedHeader({ alg: "RS256", kid: keyId }).sign(key);
    const forgeries = {
      "alg none": `${unsigned({ alg: "none", kid })}.`,
      "HS256 with the public key": `${hs256}.${hmac}`,
      "a foreign key under our key id": await signed(foreign, kid),
      "a foreign key under its own id": await signed(foreign, randomUUID()),
      "another issuer": await signed(emulator.keys.privateKey, kid, {
        ...payload,
        iss: "https://evil.example",
      }),
      "no session id": await signed(emulator.keys.privateKey, kid, { ...payload, sid: null }),
      "no expiry": await signed(emulator.keys.privateKey, kid, { ...payload, exp: "never" }),
      "a changed payload": genuine.replace(
        /\.[^.]+\./,
        `.${encode({ ...payload, email: "x@example.org" })}.`,
      ),
      garbage: "not-a-token",
    };
    for (const [name, token] of Object.entries(forgeries)) {
      await expect(vendor.verifyToken(token), name).rejects.toEqual(refusal("UNAUTHENTICATED"));
    }
    expect((await vendor.verifyToken(genuine)).person.email).toBe("anna.bell@example.org");
  });

  test("[IDENTITY-16] keys that cannot be fetched are the vendor's trouble, not the person's", async () => {
    const token = await scriptToken(anna);
    await emulator.stop();
    await expect(vendor.verifyToken(token)).rejects.toEqual(refusal("VENDOR_ERROR"));
  });
});

describe("sealed sessions", () => {
  test("[IDENTITY-17] what we have not sealed is malformed, whatever its form", async () => {
    const { sealed } = await signIn();
    const forms = [
      "",
      "garbage",
      "Fe26.2*1*a*b*c*d*e*f~2",
      "Fe26.2*1*a*b*c**e*f~2",
      sealed.slice(0, -20),
      `${sealed.slice(0, 40)}x${sealed.slice(41)}`,
    ];
    for (const form of forms) expect(await vendor.check(form), form).toEqual({ outcome: "malformed" });
    const stranger = vendorWith({ cookiePassword: "another password of 32 characters or more" });
    expect(await stranger.check(sealed)).toEqual({ outcome: "malformed" });
    expect(await stranger.refresh(sealed)).toEqual({ outcome: "over" });
  });

  test("[IDENTITY-18] a session signed by a key that is not known is refreshed, not thrown away", async () => {
    const { sealed, session } = await signIn();
    const { privateKey } = await generateKeyPair("RS256");
    // The SDK seals only what a vendor has answered; its own sealing is what is needed here.
    const sealer = sdk().userManagement as unknown as {
      sealSessionDataFromAuthenticationResponse(options: object): Promise<string>;
    };
    const content = await sdk().userManagement.getSessionFromCookie({
      sessionData: sealed,
      cookiePassword: emulator.keys.cookiePassword,
    });
    if (content === undefined) throw new Error("the session cannot be read");
    const rotated = await sealer.sealSessionDataFromAuthenticationResponse({
      authenticationResponse: {
        user: content.user,
        refreshToken: content.refreshToken,
        accessToken: await signAccessToken(
          { ...emulator.keys, kid: "rotated-away", privateKey },
          {
            userId: content.user.id,
            email: content.user.email,
            name: null,
            sessionId: session.sessionId,
            orgId: null,
            role: null,
            issuedAt: new Date(),
            lifetimeSeconds: 300,
          },
        ),
      },
      cookiePassword: emulator.keys.cookiePassword,
    });
    const other = vendorWith({});
    expect(await other.check(rotated)).toEqual({ outcome: "stale", sessionId: session.sessionId });
    expect((await other.refresh(rotated)).outcome).toBe("refreshed");
  });
});

describe("the emulator guards its doors", () => {
  test("[IDENTITY-19] a wrong client secret or API key opens nothing", async () => {
    const stranger = vendorWith({ apiKey: "sk_local_wrong" });
    const request = { ...(await codeFor(anna)), ipAddress: undefined, userAgent: undefined };
    await expect(stranger.exchangeCode(request)).rejects.toEqual(refusal("UNAUTHENTICATED"));
    const answer = await fetch(`http://127.0.0.1:${emulator.port}/user_management/users`);
    expect(answer.status).toBe(401);
  });

  test("[IDENTITY-20] the page says that it is local mode and asks for no password, and lists who was here", async () => {
    await signIn();
    const { url } = await vendor.startSignIn({ redirectUri: "/auth/callback", loginHint: "new@example.org" });
    const answer = await fetch(url);
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(html).toMatch(/Local mode\..*no password/);
    expect(html).not.toMatch(/<script|type="password"/);
    expect(html).toContain('value="new@example.org"');
    expect(html).toContain("Anna Bell");
  });

  test("[IDENTITY-21] what is typed wrongly is said beside its field, and kept as text", async () => {
    const { url } = await vendor.startSignIn({ redirectUri: "/auth/callback" });
    const answer = await submitSignInPage(url, { email: '"><script>alert(1)</script>', name: "x" });
    const html = await answer.text();
    expect(answer.status).toBe(422);
    expect(html).toContain('aria-invalid="true"');
    expect(html).not.toContain("<script>");
  });

  test("[IDENTITY-22] no code leaves for another site, and no other site or host name gets in", async () => {
    const { url } = await vendor.startSignIn({ redirectUri: "https://evil.example/callback" });
    expect((await submitSignInPage(url, anna)).status).toBe(400);
    for (const redirectUri of ["//evil.example", "/\\evil.example", "javascript:alert(1)"]) {
      const started = await vendor.startSignIn({ redirectUri });
      expect((await fetch(started.url)).status, redirectUri).toBe(400);
    }
    const good = await vendor.startSignIn({ redirectUri: "/auth/callback" });
    expect((await submitSignInPage(good.url, anna, { origin: "https://evil.example" })).status).toBe(403);
    expect((await submitSignInPage(good.url, anna, { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect(await statusFor(good.url, "evil.example:3000")).toBe(403);
    expect(await statusFor(good.url, "localhost:8080")).toBe(200);
    const logout = `${pages.url}/logout?session_id=none&return_to=https://evil.example`;
    expect((await fetch(logout, { redirect: "manual" })).headers.get("location")).toBe("/");
  });

  test("[IDENTITY-23] the SDK's people, organisations and memberships work, and a member signs in to theirs", async () => {
    const workos = sdk();
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
    const { session } = await signIn({ email: "berta@example.org", name: "" });
    expect(session).toMatchObject({ orgId: organization.id, role: "admin" });
  });

  test("[IDENTITY-24] a refresh into an organisation of others is refused", async () => {
    const workos = sdk();
    const organization = await workos.organizations.createOrganization({ name: "Others" });
    const { sealed } = await signIn();
    const content = await workos.userManagement.getSessionFromCookie({
      sessionData: sealed,
      cookiePassword: emulator.keys.cookiePassword,
    });
    await expect(
      workos.userManagement.authenticateWithRefreshToken({
        refreshToken: content?.refreshToken ?? "",
        organizationId: organization.id,
      }),
    ).rejects.toMatchObject({ error: "invalid_grant" });
  });
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
