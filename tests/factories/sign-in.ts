// Signing in as a browser does, without one: the emulator's pages behind a real HTTP server, or a whole product.
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { parseSetCookie } from "cookie";

export interface SignInPerson {
  email: string;
  name?: string;
  /** Who is really there. */
  impersonator?: string;
}

export interface PagesServer {
  url: string;
  close(): Promise<void>;
}

/** Serves one handler on a free port of this machine. */
export async function serve(handler: RequestListener): Promise<PagesServer> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Fills in the local sign-in page at `address`; the answer is not followed. */
export function submitSignInPage(
  address: string,
  person: SignInPerson,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(address, {
    method: "POST",
    redirect: "manual",
    headers: { origin: new URL(address).origin, ...headers },
    body: new URLSearchParams({
      email: person.email,
      name: person.name ?? "",
      impersonator: person.impersonator ?? "",
    }),
  });
}

/** What a browser would send back after these answers. */
export class CookieJar {
  readonly #cookies = new Map<string, string>();

  take(response: Response): void {
    for (const header of response.headers.getSetCookie()) {
      const { name, value, maxAge } = parseSetCookie(header);
      if (maxAge === 0 || value === undefined) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }

  get(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  set(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  get header(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("; ");
  }
}

/** Goes through sign-in at a running product in local mode; the jar then holds the session. */
export async function signInAt(
  url: string,
  person: SignInPerson,
  returnTo = "/",
): Promise<{ jar: CookieJar; landedAt: string | null }> {
  const jar = new CookieJar();
  const start = await fetch(`${url}/auth/sign-in?returnTo=${encodeURIComponent(returnTo)}`, {
    redirect: "manual",
  });
  jar.take(start);
  const page = new URL(start.headers.get("location") ?? "", url).href;
  const submitted = await submitSignInPage(page, person);
  const callback = new URL(submitted.headers.get("location") ?? "", url).href;
  const finished = await fetch(callback, { redirect: "manual", headers: { cookie: jar.header } });
  jar.take(finished);
  return { jar, landedAt: finished.headers.get("location") };
}
