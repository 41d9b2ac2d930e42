// The two cookies of identity: the sealed session, and what a sign-in under way must find again when it comes back.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { parseCookie, stringifySetCookie } from "cookie";
import { z } from "zod";

const sessionMaxAgeSeconds = 30 * 24 * 60 * 60;
const signInMaxAgeSeconds = 10 * 60;
const signInPath = "/auth";
const choiceName = "connvo_organization_choice";
/** Browsers keep about 4 000 characters of one cookie. */
const cookieMaxChars = 3_800;

const pendingSchema = z.object({
  state: z.string(),
  codeVerifier: z.string(),
  returnTo: z.string(),
  expiresAtMs: z.number(),
});
export type PendingSignIn = z.infer<typeof pendingSchema>;

// Sealed as the first one, and told from it by what it holds.
const choiceSchema = z.object({
  pendingToken: z.string(),
  organizations: z.array(z.object({ id: z.string(), name: z.string() })),
  returnTo: z.string(),
  expiresAtMs: z.number(),
});
/** A sign-in that waits for the choice of an organisation. */
export type PendingChoice = Omit<z.infer<typeof choiceSchema>, "expiresAtMs">;

export interface SessionCookies {
  readSession(cookieHeader: string | undefined): string | null;
  session(sealed: string): string;
  /** Makes the browser forget the session. */
  noSession: string;
  /** Null where there is none for this state, or it is too old or not ours. */
  readPending(cookieHeader: string | undefined, state: string, now: Date): PendingSignIn | null;
  pending(signIn: Omit<PendingSignIn, "expiresAtMs">, now: Date): string;
  noPending(state: string): string;
  /** Null where there is none, or it is too old or not ours. */
  readChoice(cookieHeader: string | undefined, now: Date): PendingChoice | null;
  /** As many organisations as a cookie holds. */
  choice(choice: PendingChoice, now: Date): string;
  noChoice: string;
}

export function createSessionCookies(options: { secure: boolean; cookiePassword: string }): SessionCookies {
  // With the prefix, no other host of the same domain can set this cookie for us.
  const sessionName = options.secure ? "__Host-connvo_session" : "connvo_session";
  const key = Buffer.from(hkdfSync("sha256", options.cookiePassword, "", "connvo sign-in", 32));
  const common = { httpOnly: true, secure: options.secure, sameSite: "lax" } as const;
  // Named by its state, so that two tabs can sign in at once.
  const pendingName = (state: string) => `connvo_sign_in_${state.replace(/[^A-Za-z0-9]/g, "").slice(0, 12)}`;
  const write = (name: string, value: string, path: string, maxAge: number) =>
    stringifySetCookie({ name, value, ...common, path, maxAge });

  return {
    readSession(cookieHeader) {
      const value = parseCookie(cookieHeader ?? "")[sessionName];
      return value === undefined || value === "" ? null : value;
    },
    session: (sealed) => write(sessionName, sealed, "/", sessionMaxAgeSeconds),
    noSession: write(sessionName, "", "/", 0),
    readPending(cookieHeader, state, now) {
      const value = parseCookie(cookieHeader ?? "")[pendingName(state)];
      const pending = pendingSchema.safeParse(value === undefined ? null : unseal(key, value));
      if (!pending.success || pending.data.state !== state) return null;
      return pending.data.expiresAtMs > now.getTime() ? pending.data : null;
    },
    pending(signIn, now) {
      const expiresAtMs = now.getTime() + signInMaxAgeSeconds * 1000;
      return write(
        pendingName(signIn.state),
        seal(key, { ...signIn, expiresAtMs }),
        signInPath,
        signInMaxAgeSeconds,
      );
    },
    readChoice(cookieHeader, now) {
      const value = parseCookie(cookieHeader ?? "")[choiceName];
      const choice = choiceSchema.safeParse(value === undefined ? null : unseal(key, value));
      return choice.success && choice.data.expiresAtMs > now.getTime() ? choice.data : null;
    },
    choice({ organizations, ...rest }, now) {
      const expiresAtMs = now.getTime() + signInMaxAgeSeconds * 1000;
      const fitting = organizations.map(({ id, name }) => ({ id, name: name.slice(0, 60) }));
      for (;;) {
        const sealed = seal(key, { ...rest, organizations: fitting, expiresAtMs });
        if (sealed.length <= cookieMaxChars || fitting.pop() === undefined) {
          return write(choiceName, sealed, signInPath, signInMaxAgeSeconds);
        }
      }
    },
    noChoice: write(choiceName, "", signInPath, 0),
    noPending: (state) => write(pendingName(state), "", signInPath, 0),
  };
}

function seal(key: Buffer, content: unknown): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  const encrypted = Buffer.concat([cipher.update(JSON.stringify(content), "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), encrypted]).toString("base64url");
}

function unseal(key: Buffer, sealed: string): unknown {
  try {
    const bytes = Buffer.from(sealed, "base64url");
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12), { authTagLength: 16 });
    decipher.setAuthTag(bytes.subarray(12, 28));
    return JSON.parse(
      Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8"),
    );
  } catch {
    return null;
  }
}
