import { expect, test } from "vitest";
import { createSessionCookies } from "./session-cookies.ts";

const cookiePassword = "a password of at least thirty-two characters";
const cookies = createSessionCookies({ secure: false, cookiePassword });
const now = new Date("2026-01-05T09:00:00Z");
const signIn = { state: "state-abcdefgh", codeVerifier: "verifier", returnTo: "/meetings" };
const sent = (setCookie: string) => setCookie.split(";")[0] ?? "";

test("[SESSION-3] the session cookie cannot be read by scripts nor sent by other sites' forms", () => {
  const header = cookies.session("sealed~2");
  expect(header).toMatch(/HttpOnly/);
  expect(header).toMatch(/SameSite=Lax/);
  expect(header).toMatch(/Path=\//);
  expect(cookies.readSession(sent(header))).toBe("sealed~2");
});

test("[SESSION-4] over HTTPS the session cookie is bound to this host and to HTTPS", () => {
  const secure = createSessionCookies({ secure: true, cookiePassword });
  expect(secure.session("sealed")).toMatch(/^__Host-connvo_session=.*Secure/);
  expect(secure.readSession("connvo_session=planted")).toBeNull();
});

test("[SESSION-5] a sign-in finds what it left behind, hidden from the browser", () => {
  const header = cookies.pending(signIn, now);
  expect(header).not.toContain("verifier");
  expect(cookies.readPending(sent(header), signIn.state, now)).toMatchObject(signIn);
});

test("[SESSION-6] a sign-in that is too old, of another state, or changed on its way is not found", () => {
  const kept = sent(cookies.pending(signIn, now));
  const later = new Date(now.getTime() + 10 * 60_000);
  const foreign = createSessionCookies({ secure: false, cookiePassword: `another ${cookiePassword}` });
  expect(cookies.readPending(kept, signIn.state, later)).toBeNull();
  expect(cookies.readPending(kept, "state-abcdefgX", now)).toBeNull();
  expect(cookies.readPending(kept.slice(0, -3), signIn.state, now)).toBeNull();
  expect(foreign.readPending(kept, signIn.state, now)).toBeNull();
  expect(cookies.readPending(undefined, signIn.state, now)).toBeNull();
});

test("[SESSION-7] two tabs can sign in at once", () => {
  const other = { ...signIn, state: "other-state-1234", returnTo: "/outbox" };
  const both = [cookies.pending(signIn, now), cookies.pending(other, now)].map(sent).join("; ");
  expect(cookies.readPending(both, signIn.state, now)?.returnTo).toBe("/meetings");
  expect(cookies.readPending(both, other.state, now)?.returnTo).toBe("/outbox");
});
