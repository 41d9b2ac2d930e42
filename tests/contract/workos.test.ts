// The identity port over the real WorkOS SDK, against the local emulator: what the product relies on, and what it refuses.
import { createHmac, randomUUID } from "node:crypto";
import { OauthException } from "@workos-inc/node";
import { decodeJwt, exportSPKI, generateKeyPair, importJWK, SignJWT, type JWTPayload } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { localIssuer, signAccessToken } from "../../server/vendors/identity/emulator/access-token.ts";
import { workosIssuers } from "../../server/vendors/identity/workos.ts";
import { anna, openEmulatorWorld, type EmulatorWorld } from "../factories/identity.ts";

let world: EmulatorWorld;

beforeEach(async () => {
  world = await openEmulatorWorld();
});
afterEach(() => world.close());

const refusal = (code: string) => expect.objectContaining({ code }) as unknown;

describe("sign-in", () => {
  test("[IDENTITY-1] a code and its verifier become a sealed session of the person", async () => {
    const { sealed, session } = await world.signIn();
    expect(session.person).toMatchObject({
      email: "anna.bell@example.org",
      firstName: "Anna",
      lastName: "Bell",
    });
    expect(session.orgId).toBeNull();
    expect(await world.vendor.check(sealed)).toEqual({ outcome: "valid", session });
    // Verified by the keys too, not only remembered.
    const checked = await world.vendorWith({}).check(sealed);
    expect(checked).toMatchObject({ outcome: "valid", session: { sessionId: session.sessionId } });
    expect(Buffer.byteLength(encodeURIComponent(sealed))).toBeLessThan(3_800);
  });

  test("[IDENTITY-2] a code is good once", async () => {
    const request = { ...(await world.codeFor(anna)), ipAddress: undefined, userAgent: undefined };
    await world.vendor.exchangeCode(request);
    await expect(world.vendor.exchangeCode(request)).rejects.toEqual(refusal("UNAUTHENTICATED"));
  });

  test("[IDENTITY-3] a code without the verifier of its sign-in is worth nothing", async () => {
    const { code } = await world.codeFor(anna);
    const { codeVerifier } = await world.vendor.startSignIn({ redirectUri: "/auth/callback" });
    await expect(
      world.vendor.exchangeCode({ code, codeVerifier, ipAddress: undefined, userAgent: undefined }),
    ).rejects.toEqual(refusal("UNAUTHENTICATED"));
  });

  test("[IDENTITY-4] a code runs out after ten minutes", async () => {
    const request = { ...(await world.codeFor(anna)), ipAddress: undefined, userAgent: undefined };
    world.clock.shiftMs += 10 * 60_000;
    await expect(world.vendor.exchangeCode(request)).rejects.toEqual(refusal("UNAUTHENTICATED"));
  });

  test("[IDENTITY-5] the same address is the same person, by page and by token", async () => {
    const first = await world.signIn();
    const again = await world.signIn({ email: "anna.bell@EXAMPLE.org", name: "" });
    const token = await world.vendor.verifyToken(await world.scriptToken({ email: anna.email }));
    expect(again.session.person.id).toBe(first.session.person.id);
    expect(again.session.person.firstName).toBe("Anna");
    expect(again.session.sessionId).not.toBe(first.session.sessionId);
    expect(token.person.id).toBe(first.session.person.id);
  });
});

describe("refresh", () => {
  test("[IDENTITY-6] a refresh keeps the session and brings a new proof", async () => {
    world.clock.shiftMs = -10 * 60_000;
    const { sealed, session } = await world.signIn();
    expect(await world.vendor.check(sealed)).toEqual({ outcome: "stale", sessionId: session.sessionId });
    world.clock.shiftMs = 0;
    const refreshed = await world.vendor.refresh(sealed);
    expect(refreshed).toMatchObject({ outcome: "refreshed", session: { sessionId: session.sessionId } });
    if (refreshed.outcome !== "refreshed") return;
    expect(refreshed.sealed).not.toBe(sealed);
    expect((await world.vendor.check(refreshed.sealed)).outcome).toBe("valid");
  });

  test("[IDENTITY-7] a refresh token is good once, but for a short grace", async () => {
    const { sealed } = await world.signIn();
    expect((await world.vendor.refresh(sealed)).outcome).toBe("refreshed");
    expect((await world.vendor.refresh(sealed)).outcome).toBe("refreshed");
    world.clock.shiftMs += 31_000;
    expect(await world.vendor.refresh(sealed)).toEqual({ outcome: "over" });
  });

  test("[IDENTITY-8] an unknown refresh token is refused as invalid_grant, in OAuth's shape", async () => {
    const asked = world.sdk().userManagement.authenticateWithRefreshToken({ refreshToken: "unknown" });
    await expect(asked).rejects.toBeInstanceOf(OauthException);
    await expect(asked).rejects.toMatchObject({ error: "invalid_grant", status: 400 });
  });

  test("[IDENTITY-9] after sign-out by address a refresh is refused", async () => {
    const { sealed, session } = await world.signIn();
    const address = world.vendor.signOutUrl({ sessionId: session.sessionId, returnTo: "/" });
    const answer = await fetch(address, { redirect: "manual" });
    expect(answer.headers.get("location")).toBe("/");
    expect(await world.vendor.refresh(sealed)).toEqual({ outcome: "over" });
  });

  test("[IDENTITY-10] after revocation a refresh is refused, and revoking again is no error", async () => {
    const { sealed, session } = await world.signIn();
    await world.vendor.revoke(session.sessionId);
    expect(await world.vendor.refresh(sealed)).toEqual({ outcome: "over" });
    await world.vendor.revoke(session.sessionId);
  });

  test("[IDENTITY-11] where the vendor cannot be asked, the session is not given up", async () => {
    const { sealed, session } = await world.signIn();
    await world.emulator.stop();
    expect(await world.vendor.refresh(sealed)).toMatchObject({ outcome: "unavailable" });
    expect(await world.vendor.sessionIdOf(sealed)).toBe(session.sessionId);
  });

  test("[IDENTITY-28] where the vendor asks for time, the session is kept for as long", async () => {
    const { sealed } = await world.signIn();
    world.limitCalls(0);
    const refused = await world.vendorWith({}).refresh(sealed);
    if (refused.outcome !== "unavailable") throw new Error("the limit was not felt");
    expect(refused.retryAfterSeconds).toBeGreaterThan(1);
    expect(refused.retryAfterSeconds).toBeLessThanOrEqual(60);
    await expect(world.vendor.directory.organization("org_1")).rejects.toMatchObject({
      code: "VENDOR_ERROR",
    });
  });

  test("[IDENTITY-12] sign-ins survive a restart on the same directory, and one without a goodbye", async () => {
    const { sealed, session } = await world.signIn();
    const token = await world.scriptToken({ email: "script@example.org" });
    // A second emulator on the same files while the first still runs: nothing was kept for a stop to write.
    const second = await world.another();
    expect(await second.vendor.refresh(sealed)).toMatchObject({
      outcome: "refreshed",
      session: { sessionId: session.sessionId },
    });
    expect((await second.vendor.verifyToken(token)).person.email).toBe("script@example.org");
    await second.close();
  });
});

describe("tokens", () => {
  test("[IDENTITY-13] a script's token carries person, organisation and role, for 12 hours", async () => {
    const token = await world.scriptToken({ ...anna, org: "Acme", role: "admin" });
    const session = await world.vendor.verifyToken(token);
    expect(session.person.email).toBe("anna.bell@example.org");
    expect(session).toMatchObject({ role: "admin", orgId: expect.stringMatching(/^org_/) as string });
    const { iat = 0, exp = 0, iss, jti } = decodeJwt(token);
    expect(exp - iat).toBe(12 * 60 * 60);
    expect(iss).toBe(localIssuer);
    expect(jti).toBeTruthy();
  });

  test("[IDENTITY-14] a token that has run out says so", async () => {
    world.clock.shiftMs = -13 * 60 * 60_000;
    const token = await world.scriptToken(anna);
    await expect(world.vendor.verifyToken(token)).rejects.toEqual(refusal("SESSION_EXPIRED"));
  });

  test("[IDENTITY-15] forged tokens are refused: no algorithm, the public key as a secret, a foreign key, another issuer", async () => {
    const genuine = await world.scriptToken(anna);
    const payload = decodeJwt(genuine);
    const { kid, publicJwk } = world.emulator.keys;
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
      "another issuer": await signed(world.emulator.keys.privateKey, kid, {
        ...payload,
        iss: "https://evil.example",
      }),
      "no session id": await signed(world.emulator.keys.privateKey, kid, { ...payload, sid: null }),
      "no expiry": await signed(world.emulator.keys.privateKey, kid, { ...payload, exp: "never" }),
      "a changed payload": genuine.replace(
        /\.[^.]+\./,
        `.${encode({ ...payload, email: "x@example.org" })}.`,
      ),
      garbage: "not-a-token",
    };
    for (const [name, token] of Object.entries(forgeries)) {
      await expect(world.vendor.verifyToken(token), name).rejects.toEqual(refusal("UNAUTHENTICATED"));
    }
    expect((await world.vendor.verifyToken(genuine)).person.email).toBe("anna.bell@example.org");
  });

  test("[IDENTITY-16] keys that cannot be fetched are the vendor's trouble, not the person's", async () => {
    const token = await world.scriptToken(anna);
    await world.emulator.stop();
    await expect(world.vendor.verifyToken(token)).rejects.toEqual(refusal("VENDOR_ERROR"));
  });
});

describe("with WorkOS itself", () => {
  test("[IDENTITY-25] a token's person is asked for by id, once for many requests, whatever else the token claims", async () => {
    const { session } = await world.signIn();
    const token = await signAccessToken(world.emulator.keys, {
      userId: session.person.id,
      email: "somebody.else@example.org",
      name: "Somebody Else",
      sessionId: session.sessionId,
      orgId: null,
      role: null,
      issuedAt: new Date(),
      lifetimeSeconds: 300,
    });
    const asWorkos = world.asWorkos();
    const verified = await Promise.all(Array.from({ length: 5 }, () => asWorkos.verifyToken(token)));
    expect(new Set(verified.map((one) => one.person.email))).toEqual(new Set(["anna.bell@example.org"]));
    await world.emulator.stop();
    expect((await asWorkos.verifyToken(token)).person.lastName).toBe("Bell");
  });

  test("[IDENTITY-26] a token of a person whom the vendor does not know is refused", async () => {
    const token = await world.scriptToken({ email: "unknown@example.org" });
    await expect(world.asWorkos().verifyToken(token)).rejects.toEqual(refusal("UNAUTHENTICATED"));
  });

  test("[IDENTITY-27] there are no pages of ours and no tokens for the asking", async () => {
    const asWorkos = world.asWorkos();
    expect([asWorkos.mode, asWorkos.pages, asWorkos.localToken]).toEqual(["workos", null, null]);
    const { url } = await asWorkos.startSignIn({ redirectUri: "https://connvo.example/auth/callback" });
    const { pathname, searchParams } = new URL(url);
    expect(pathname).toBe("/user_management/authorize");
    expect(searchParams.get("code_challenge_method")).toBe("S256");
    expect(searchParams.get("provider")).toBe("authkit");
  });
});

test("[IDENTITY-29] issuers of one's own count beside WorkOS's, each with and without a slash at the end", () => {
  const issuers = workosIssuers("client_1", ["https://auth.example.org/", "https://api.workos.com"]);
  expect(issuers).toContain("https://auth.example.org");
  expect(issuers).toContain("https://auth.example.org/");
  expect(issuers).toContain("https://api.workos.com/user_management/client_1/");
  expect(new Set(issuers).size).toBe(issuers.length);
});

describe("sealed sessions", () => {
  test("[IDENTITY-17] what we have not sealed is malformed, whatever its form", async () => {
    const { sealed } = await world.signIn();
    const forms = [
      "",
      "garbage",
      "Fe26.2*1*a*b*c*d*e*f~2",
      "Fe26.2*1*a*b*c**e*f~2",
      sealed.slice(0, -20),
      `${sealed.slice(0, 40)}x${sealed.slice(41)}`,
    ];
    for (const form of forms) expect(await world.vendor.check(form), form).toEqual({ outcome: "malformed" });
    const stranger = world.vendorWith({ cookiePassword: "another password of 32 characters or more" });
    expect(await stranger.check(sealed)).toEqual({ outcome: "malformed" });
    expect(await stranger.refresh(sealed)).toEqual({ outcome: "over" });
  });

  test("[IDENTITY-18] a session signed by a key that is not known is refreshed, not thrown away", async () => {
    const { sealed, session } = await world.signIn();
    const { privateKey } = await generateKeyPair("RS256");
    // The SDK seals only what a vendor has answered; its own sealing is what is needed here.
    const sealer = world.sdk().userManagement as unknown as {
      sealSessionDataFromAuthenticationResponse(options: object): Promise<string>;
    };
    const content = await world.sdk().userManagement.getSessionFromCookie({
      sessionData: sealed,
      cookiePassword: world.emulator.keys.cookiePassword,
    });
    if (content === undefined) throw new Error("the session cannot be read");
    const rotated = await sealer.sealSessionDataFromAuthenticationResponse({
      authenticationResponse: {
        user: content.user,
        refreshToken: content.refreshToken,
        accessToken: await signAccessToken(
          { ...world.emulator.keys, kid: "rotated-away", privateKey },
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
      cookiePassword: world.emulator.keys.cookiePassword,
    });
    const other = world.vendorWith({});
    expect(await other.check(rotated)).toEqual({ outcome: "stale", sessionId: session.sessionId });
    expect((await other.refresh(rotated)).outcome).toBe("refreshed");
  });
});
