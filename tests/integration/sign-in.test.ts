// Sign-in, session cookie, refresh and sign-out over HTTP, with the emulated vendor and a real store.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { UserId } from "../../shared/ids.ts";
import { MovableClock } from "../factories/clock.ts";
import { openHttpWorld, type HttpWorld } from "../factories/http-app.ts";
import { CookieJar, signInAt } from "../factories/sign-in.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;
let world: HttpWorld;

beforeAll(async () => {
  store = await openTestStore();
  world = await openHttpWorld(store);
});

afterAll(async () => {
  await world.close();
  await store.close();
});

const ownPage = () => ({ origin: world.url, "x-connvo-client": "1" });

function ask(
  method: string,
  path: string,
  jar: CookieJar,
  headers: Record<string, string> = {},
  body?: unknown,
) {
  return fetch(world.url + path, {
    method,
    redirect: "manual",
    headers: {
      cookie: jar.header,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { error: { code: string } }).error.code;
}

describe("signing in", () => {
  test("[SIGNIN-1] leads back to where one came from, and the cookie then says who one is", async () => {
    const { jar, landedAt } = await signInAt(
      world.url,
      { email: "anna@example.org", name: "Anna Bell" },
      "/meetings/1?tab=notes",
    );
    expect(landedAt).toBe("/meetings/1?tab=notes");
    const me = await ask("GET", "/api/v1/me", jar);
    expect(await me.json()).toMatchObject({
      email: "anna@example.org",
      displayName: "Anna Bell",
      orgId: null,
    });
  });

  test("[SIGNIN-2] a callback with a state that this browser did not begin is refused with a page for people", async () => {
    const jar = new CookieJar();
    const answer = await ask("GET", "/auth/callback?code=abc&state=not-begun-here", jar);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("content-type")).toContain("text/html");
    expect(await answer.text()).toContain("/auth/sign-in");
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  test("[SIGNIN-3] an invited person is the same person once they sign in", async () => {
    const invited = await world.users.ensureByEmail("Invited.Person@example.org");
    expect(invited).toMatchObject({ displayName: "Invited Person", workosUserId: null });
    const { jar } = await signInAt(world.url, { email: "invited.person@example.org", name: "Ines" });
    const me = (await (await ask("GET", "/api/v1/me", jar)).json()) as { id: UserId; displayName: string };
    expect(me).toMatchObject({ id: invited.id, displayName: "Ines" });
  });

  test("[SIGNIN-4] a name chosen by oneself outlasts the next sign-in", async () => {
    const { jar } = await signInAt(world.url, { email: "carla@example.org", name: "Carla" });
    const change = { displayName: "Coach Carla", timeZone: "Europe/Zurich" };
    const changed = await ask("PATCH", "/api/v1/me", jar, ownPage(), change);
    expect(await changed.json()).toMatchObject(change);
    const again = await signInAt(world.url, { email: "carla@example.org", name: "Carla Two" });
    expect(await (await ask("GET", "/api/v1/me", again.jar)).json()).toMatchObject(change);
  });

  test("[SIGNIN-5] twenty first requests of one new person make one person", async () => {
    const token = await world.token("crowd@example.org", "Crowd");
    const ids = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        if (index % 2 === 0) return (await world.users.ensureByEmail("crowd@example.org")).id;
        return (await world.identity.resolve({ token })).actor.userId;
      }),
    );
    expect(new Set(ids).size).toBe(1);
  });
});

describe("the cookie", () => {
  test("[SIGNIN-6] changes nothing unless the request proves that it comes from our own page", async () => {
    const { jar } = await signInAt(world.url, { email: "anna@example.org" });
    const attempts: [Record<string, string>, number][] = [
      [{}, 403],
      [{ "x-connvo-client": "1" }, 403],
      [{ origin: world.url }, 403],
      [{ origin: "https://evil.example", "x-connvo-client": "1" }, 403],
      [{ origin: "null", "x-connvo-client": "1" }, 403],
      [{ ...ownPage(), "sec-fetch-site": "cross-site" }, 403],
      [{ ...ownPage(), "sec-fetch-site": "same-site" }, 403],
      [ownPage(), 201],
      [{ "sec-fetch-site": "same-origin", "x-connvo-client": "1" }, 201],
    ];
    for (const [headers, status] of attempts) {
      const answer = await ask("POST", "/api/v1/meetings", jar, headers, { title: "A" });
      expect([JSON.stringify(headers), answer.status]).toEqual([JSON.stringify(headers), status]);
      if (status === 403) expect(await codeOf(answer)).toBe("CSRF_REJECTED");
    }
    expect((await ask("GET", "/api/v1/me", jar)).status).toBe(200);
  });

  test("[SIGNIN-7] that is not ours is taken back", async () => {
    const jar = new CookieJar();
    for (const forged of ["garbage", "Fe26.2*1*a*b*c*d*e*f~2"]) {
      jar.set("connvo_session", forged);
      const answer = await ask("GET", "/api/v1/me", jar);
      expect([answer.status, await codeOf(answer)]).toEqual([401, "SESSION_EXPIRED"]);
      expect(answer.headers.getSetCookie()[0]).toMatch(/^connvo_session=;.*Max-Age=0/);
    }
  });

  test("[SIGNIN-8] does not stand in for a token that is refused", async () => {
    const { jar } = await signInAt(world.url, { email: "anna@example.org" });
    expect((await ask("GET", "/api/v1/me", jar, { authorization: "Bearer wrong" })).status).toBe(401);
  });
});

describe("signing out", () => {
  test("[SIGNIN-9] ends the session at once, for copies of the cookie too, and tells open streams", async () => {
    const { jar } = await signInAt(world.url, { email: "dora@example.org" });
    const copy = new CookieJar();
    copy.set("connvo_session", jar.get("connvo_session") ?? "");
    const answer = await ask("POST", "/auth/sign-out", jar, ownPage());
    const { redirectTo } = (await answer.json()) as { redirectTo: string };
    expect(redirectTo).toMatch(/^\/local-sign-in\/logout\?session_id=/);
    jar.take(answer);
    expect(jar.get("connvo_session")).toBeUndefined();
    const left = await fetch(world.url + redirectTo, { redirect: "manual" });
    expect(left.headers.get("location")).toBe("/");
    expect(await codeOf(await ask("GET", "/api/v1/me", copy))).toBe("SESSION_EXPIRED");
    expect(world.endedSessions.map((event) => redirectTo.includes(event.sessionId))).toContain(true);
  });

  test("[SIGNIN-10] cannot be done to a person by another site", async () => {
    const { jar } = await signInAt(world.url, { email: "dora@example.org" });
    const answer = await ask("POST", "/auth/sign-out", jar, { origin: "https://evil.example" });
    expect([answer.status, await codeOf(answer)]).toEqual([403, "CSRF_REJECTED"]);
    expect((await ask("GET", "/api/v1/me", jar)).status).toBe(200);
  });

  test("[SIGNIN-11] stays done after a restart, while the others stay signed in", async () => {
    const { dataDir, cleanUp } = await temporaryDirectory();
    const first = await openHttpWorld(store, { dataDir });
    const { jar: leaving } = await signInAt(first.url, { email: "emil@example.org" });
    const { jar: staying } = await signInAt(first.url, { email: "frida@example.org" });
    const copy = new CookieJar();
    copy.set("connvo_session", leaving.get("connvo_session") ?? "");
    await fetch(`${first.url}/auth/sign-out`, {
      method: "POST",
      headers: { cookie: leaving.header, origin: first.url },
    });
    await first.close();
    const second = await openHttpWorld(store, { dataDir });
    const statusOf = async (jar: CookieJar) =>
      (await fetch(`${second.url}/api/v1/me`, { headers: { cookie: jar.header } })).status;
    expect([await statusOf(copy), await statusOf(staying)]).toEqual([401, 200]);
    await second.close();
    await cleanUp();
  });
});

describe("refreshing", () => {
  let clock: MovableClock;
  let moving: HttpWorld;

  beforeAll(async () => {
    clock = new MovableClock();
    moving = await openHttpWorld(store, { clock });
  });
  afterAll(() => moving.close());

  async function expiredJar(email: string): Promise<CookieJar> {
    clock.shiftMs = -10 * 60_000;
    const { jar } = await signInAt(moving.url, { email });
    clock.shiftMs = 0;
    return jar;
  }
  const me = (jar: CookieJar) => fetch(`${moving.url}/api/v1/me`, { headers: { cookie: jar.header } });

  test("[SIGNIN-13] twenty requests with an expired cookie are all served and get the same new one", async () => {
    const jar = await expiredJar("race@example.org");
    const answers = await Promise.all(Array.from({ length: 20 }, () => me(jar)));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    const renewed = new Set(answers.map((answer) => answer.headers.getSetCookie().join()));
    expect(renewed.size).toBe(1);
    expect([...renewed][0]).toMatch(/^connvo_session=Fe26/);
  });

  test("[SIGNIN-14] a refresh made for a socket, which cannot hand out a cookie, is found by the next request", async () => {
    const jar = await expiredJar("socket@example.org");
    await moving.identity.resolve({ cookieHeader: jar.header });
    // Long after the vendor would still have taken the old refresh token.
    clock.shiftMs = 2 * 60_000;
    const answer = await me(jar);
    expect(answer.status).toBe(200);
    jar.take(answer);
    expect((await me(jar)).headers.getSetCookie()).toEqual([]);
  });

  test("[SIGNIN-15] a session ended at the vendor is over at its next refresh, and its cookie taken back", async () => {
    const jar = await expiredJar("ended@example.org");
    const { actor } = await moving.identity.resolve({ cookieHeader: jar.header });
    await fetch(`${moving.url}/local-sign-in/logout?session_id=${actor.sessionId}`, { redirect: "manual" });
    // As if the proof that the refresh has just brought had run out: only the vendor can be asked then.
    await store.connection
      .collection("sessions")
      .updateOne({ _id: actor.sessionId as never }, { $set: { sealed: null } });
    const answer = await me(jar);
    expect(answer.status).toBe(401);
    expect(answer.headers.getSetCookie()[0]).toContain("Max-Age=0");
  });
});

async function temporaryDirectory(): Promise<{ dataDir: string; cleanUp(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), "connvo-sign-in-"));
  return { dataDir, cleanUp: () => rm(dataDir, { recursive: true, force: true }) };
}

test("[SIGNIN-12] starts and ends of sessions are in the audit log, without names", async () => {
  const { jar } = await signInAt(world.url, { email: "audited@example.org", name: "Audited" });
  await ask("POST", "/auth/sign-out", jar, ownPage());
  const entries = await store.connection.collection("auditLogs").find({ resourceType: "session" }).toArray();
  expect(new Set(entries.map((entry) => String(entry["action"])))).toEqual(
    new Set(["session.start", "session.end"]),
  );
  expect(JSON.stringify(entries)).not.toMatch(/audited@example/i);
});
