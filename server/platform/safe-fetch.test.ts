// The fetcher for addresses that people give, against local servers that misbehave in every way we know of.
import type { LookupAddress } from "node:dns";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { AppError } from "../../shared/errors.ts";
import { isPublicAddress } from "./public-address.ts";
import { createSafeFetcher, type SafeFetcher } from "./safe-fetch.ts";

const options = { accept: ["text/html", "application/json"], maxBytes: 64 * 1024, timeoutMs: 20_000 };
const open: { server?: Server; fetcher?: SafeFetcher }[] = [];

afterEach(async () => {
  for (const { server, fetcher } of open.splice(0)) {
    await fetcher?.close();
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(null) : server.close(resolve)));
  }
});

/** Names under `.test` lead to the local server, which counts as public here; others as `names` says. */
async function world(
  listener: RequestListener,
  names: Record<string, string[]> = {},
): Promise<{ fetcher: SafeFetcher; at: (path: string, host?: string) => string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.headers.host?.split(":")[0]}${request.url}`);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const lookup = (name: string, _: unknown, callback: (error: null, found: LookupAddress[]) => void) =>
    callback(
      null,
      (names[name] ?? ["127.0.0.1"]).map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  const fetcher = createSafeFetcher({
    userAgent: "Connvo test",
    lookup: lookup as never,
    isAllowed: (address) => address === "127.0.0.1" || isPublicAddress(address),
    ports: ["", String(port)],
  });
  open.push({ server, fetcher });
  return { fetcher, asked, at: (path, host = "page.test") => `http://${host}:${port}${path}` };
}

const html: RequestListener = (_, response) =>
  response.setHeader("content-type", "Text/HTML; charset=UTF-8").end("<p>Hello</p>");

async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "fetched";
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { reason } = (error.details ?? {}) as { reason?: string };
    return reason === undefined ? error.code : `${error.code} ${reason}`;
  }
}

test("a page is fetched with its type and charset", async () => {
  const { fetcher, at } = await world(html);
  expect(await fetcher.fetch(at("/job"), options)).toMatchObject({
    url: at("/job"),
    contentType: "text/html",
    charset: "utf-8",
    body: Buffer.from("<p>Hello</p>"),
  });
});

describe("addresses that are refused before anything is asked", () => {
  test.each([
    "ftp://page.test/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "http://user:secret@page.test/",
    "http://page.test:22/",
    "http://127.0.0.2/",
    "http://127.2/",
    "http://2130706434/",
    "http://0x7f.0.0.2/",
    "http://0/",
    "http://10.1.2.3/",
    "http://169.254.169.254/latest/meta-data/",
    "http://192.168.0.1/",
    "http://172.16.0.9/",
    "http://100.64.0.1/",
    "http://[::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[64:ff9b::a00:1]/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
    "http://[2002:a00:1::]/",
    "http://[::127.0.0.1]/",
    "http://168.63.129.16/",
    "not an address",
    "",
    `http://page.test/${"x".repeat(3_000)}`,
  ])("%s", async (address) => {
    const { fetcher, asked } = await world(html);
    expect(await outcome(fetcher.fetch(address, options))).toBe("ADDRESS_REFUSED");
    expect(asked).toEqual([]);
  });
});

test("names that lead inside are refused, also where one of their addresses is public", async () => {
  const { fetcher, at, asked } = await world(html, {
    "inside.test": ["10.0.0.5"],
    "mixed.test": ["127.0.0.1", "169.254.169.254"],
    "six.test": ["::1"],
  });
  for (const host of ["inside.test", "mixed.test", "six.test"])
    expect(await outcome(fetcher.fetch(at("/", host), options))).toBe("ADDRESS_REFUSED");
  expect(asked).toEqual([]);
});

test("a name that leads elsewhere the next time is checked at each use", async () => {
  const names = { "rebind.test": ["127.0.0.1"] };
  const { fetcher, at, asked } = await world(html, names);
  expect(await outcome(fetcher.fetch(at("/", "rebind.test"), options))).toBe("fetched");
  names["rebind.test"] = ["10.0.0.5"];
  expect(await outcome(fetcher.fetch(at("/", "rebind.test"), options))).toBe("ADDRESS_REFUSED");
  expect(asked).toEqual(["rebind.test/"]);
});

test("the address that was looked up and checked is the one that is connected to", async () => {
  let lookups = 0;
  const server = createServer(html);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const fetcher = createSafeFetcher({
    userAgent: "Connvo test",
    // Public for the check, inside for whoever would look it up once more.
    lookup: ((_: string, __: unknown, callback: (error: null, found: LookupAddress[]) => void) =>
      callback(null, [{ address: (lookups += 1) === 1 ? "127.0.0.1" : "10.0.0.5", family: 4 }])) as never,
    isAllowed: (address) => address === "127.0.0.1",
    ports: ["", String(port)],
  });
  open.push({ server, fetcher });
  expect(await outcome(fetcher.fetch(`http://rebind.test:${port}/`, options))).toBe("fetched");
  expect(lookups).toBe(1);
});

describe("redirects", () => {
  test("are followed, each checked like the first", async () => {
    const { fetcher, at, asked } = await world((request, response) => {
      if (request.url === "/end") return void html(request, response);
      const to = { "/start": "/end", "/inside": "http://169.254.169.254/", "/scheme": "file:///etc/passwd" };
      response.writeHead(302, { location: to[request.url as keyof typeof to] }).end();
    });
    expect((await fetcher.fetch(at("/start"), options)).url).toBe(at("/end"));
    expect(await outcome(fetcher.fetch(at("/inside"), options))).toBe("ADDRESS_REFUSED");
    expect(await outcome(fetcher.fetch(at("/scheme"), options))).toBe("ADDRESS_REFUSED");
    expect(asked).toEqual(["page.test/start", "page.test/end", "page.test/inside", "page.test/scheme"]);
  });

  test("that lead in circles come to an end", async () => {
    const { fetcher, at, asked } = await world((_, response) =>
      response.writeHead(301, { location: "/again" }).end(),
    );
    expect(await outcome(fetcher.fetch(at("/"), options))).toBe("FETCH_FAILED redirects");
    expect(asked).toHaveLength(6);
  });
});

describe("answers that are refused", () => {
  const kB = 1024;
  const cases: [string, string, RequestListener][] = [
    ["an error", "status", (_, response) => response.writeHead(500).end()],
    ["another type", "type", (_, response) => response.setHeader("content-type", "image/png").end("x")],
    ["no type", "type", (_, response) => response.end("x")],
    [
      "a length over the bound",
      "too-large",
      (_, response) =>
        response.writeHead(200, { "content-type": "text/html", "content-length": 99_999_999 }).flushHeaders(),
    ],
    [
      "a body over the bound, in pieces without end",
      "too-large",
      (_, response) => {
        response.setHeader("content-type", "text/html");
        const more = () => {
          while (!response.destroyed && response.write("x".repeat(16 * kB)));
        };
        response.on("drain", more);
        more();
      },
    ],
    [
      "a small body that unpacks to a very large one",
      "too-large",
      (_, response) =>
        response
          .writeHead(200, { "content-type": "text/html", "content-encoding": "gzip" })
          .end(gzipSync(Buffer.alloc(50 * kB * kB))),
    ],
    [
      "the same by brotli",
      "too-large",
      (_, response) =>
        response
          .writeHead(200, { "content-type": "text/html", "content-encoding": "br" })
          .end(brotliCompressSync(Buffer.alloc(5 * kB * kB))),
    ],
    [
      "a damaged packing",
      "broken",
      (_, response) =>
        response.writeHead(200, { "content-type": "text/html", "content-encoding": "gzip" }).end("not gzip"),
    ],
    [
      "a packing that is not known",
      "encoding",
      (_, response) =>
        response.writeHead(200, { "content-type": "text/html", "content-encoding": "zip" }).end("x"),
    ],
    ["a connection that breaks", "network", (request) => request.socket.destroy()],
    [
      "a body that breaks off",
      "network",
      (_, response) => {
        response.writeHead(200, { "content-type": "text/html", "content-length": 100 });
        response.write("half", () => response.destroy());
      },
    ],
  ];
  test.each(cases)("%s", async (_, reason, listener) => {
    const { fetcher, at } = await world(listener);
    expect(await outcome(fetcher.fetch(at("/"), options))).toBe(`FETCH_FAILED ${reason}`);
  });

  test("one that never comes, and one that drips", async () => {
    const brief = { ...options, timeoutMs: 300 };
    const silent = await world(() => undefined);
    expect(await outcome(silent.fetcher.fetch(silent.at("/"), brief))).toBe("FETCH_FAILED timeout");
    const dripping = await world((_, response) => {
      response.setHeader("content-type", "text/html").write("x");
      const drip = setInterval(() => response.write("x"), 50);
      response.on("close", () => clearInterval(drip));
    });
    expect(await outcome(dripping.fetcher.fetch(dripping.at("/"), brief))).toBe("FETCH_FAILED timeout");
  });
});

test("whoever asked may give up", async () => {
  const { fetcher, at } = await world(() => undefined);
  const abort = new AbortController();
  const fetching = fetcher.fetch(at("/"), { ...options, signal: abort.signal });
  abort.abort(new Error("closed the page"));
  await expect(fetching).rejects.toThrow("closed the page");
});
