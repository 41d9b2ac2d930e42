// What is no HTTP request, as bytes over a connection, and how it is answered.
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  answerBrokenRequests,
  refusingHostless,
  requestOptions,
} from "../../server/transport/http/broken-requests.ts";
import { silentLogger } from "../../server/platform/logger.ts";

let server: Server;
beforeAll(async () => {
  server = createServer(
    { ...requestOptions, headersTimeout: 300, requestTimeout: 600, connectionsCheckingInterval: 50 },
    refusingHostless((request, response) => {
      if (request.url === "/begun") response.write("begun");
      request.resume();
      request.once("end", () => response.end("done"));
      request.once("error", () => undefined);
    }),
  );
  answerBrokenRequests(server, { logger: silentLogger });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

interface Told {
  head: string;
  body: string;
}

/** Everything that comes until the server has closed; this end is never closed by us. */
function told(...parts: string[]): Promise<Told> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect({
      port: (server.address() as AddressInfo).port,
      host: "127.0.0.1",
      allowHalfOpen: true,
    });
    for (const part of parts) socket.write(part);
    socket.setEncoding("utf8");
    socket.on("data", (more: string) => (text += more));
    socket.on("error", reject);
    socket.on("end", () => {
      const [head = "", body = ""] = text.split("\r\n\r\n");
      socket.destroy();
      resolve({ head, body });
    });
  });
}

const secret = "quillfeather";
const chunked = `POST / HTTP/1.1\r\nHost: h\r\nX-Own: ${secret}\r\nTransfer-Encoding: chunked\r\n\r\n`;
const cases: [string, number, string, string[]][] = [
  [
    "an overlong head",
    431,
    "HEAD_TOO_LARGE",
    [`GET / HTTP/1.1\r\nHost: h\r\nX-Long: ${secret.repeat(8_000)}\r\n\r\n`],
  ],
  [
    "an overlong address",
    431,
    "HEAD_TOO_LARGE",
    [`GET /${secret.repeat(8_000)} HTTP/1.1\r\nHost: h\r\n\r\n`],
  ],
  ["a method that is none", 400, "MALFORMED_REQUEST", [`${secret} / HTTP/1.1\r\nHost: h\r\n\r\n`]],
  ["a header that is none", 400, "MALFORMED_REQUEST", [`GET / HTTP/1.1\r\nHost: h\r\n${secret}\r\n\r\n`]],
  ["a chunk without a size", 400, "MALFORMED_REQUEST", [chunked, `zz\r\n${secret}\r\n0\r\n\r\n`]],
  [
    "chunks with long extensions",
    413,
    "PAYLOAD_TOO_LARGE",
    [chunked, `1;${secret.repeat(2_000)}\r\nx\r\n0\r\n\r\n`],
  ],
  ["half a head", 408, "REQUEST_TOO_SLOW", [`GET / HTTP/1.1\r\nHost: h\r\nX-Own: ${secret}`]],
  [
    "half a body",
    408,
    "REQUEST_TOO_SLOW",
    [`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 500\r\n\r\n${secret}`],
  ],
  ["no host", 400, "MALFORMED_REQUEST", [`GET / HTTP/1.1\r\nX-Own: ${secret}\r\n\r\n`]],
  [
    "an expectation",
    400,
    "MALFORMED_REQUEST",
    [`GET / HTTP/1.1\r\nHost: h\r\nExpect: ${secret}\r\nConnection: close\r\n\r\n`],
  ],
];

for (const [name, status, code, parts] of cases)
  test(`[HTTP-27] ${name} is answered as every error is, repeats nothing, and the connection is closed`, async () => {
    const { head, body } = await told(...parts);
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} \\w`));
    expect(head).toMatch(/^content-type: application\/json/im);
    expect(head).toMatch(/^connection: close$/im);
    expect(head).toMatch(new RegExp(`^content-length: ${Buffer.byteLength(body)}$`, "im"));
    const { error } = JSON.parse(body) as { error: { code: string; message: string; requestId: string } };
    expect(error).toMatchObject({ code, message: expect.stringMatching(/\w+/) as string });
    expect(head).toContain(error.requestId);
    expect(head + body).not.toContain(secret);
    expect(head.length + body.length).toBeLessThan(1_000);
  });

test("[HTTP-27] where an answer had begun, no second one is put into it", async () => {
  const { head, body } = await told(
    "POST /begun HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n",
    "zz\r\n",
  ).catch((error: NodeJS.ErrnoException) => ({ head: "", body: String(error.code) }));
  expect(head + body).not.toContain("MALFORMED_REQUEST");
});

test("[HTTP-27] whoever goes on sending is cut off, and answered once", async () => {
  const gone = new Promise<string>((resolve) => {
    let text = "";
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    socket.on("data", (more) => (text += more.toString()));
    socket.on("error", () => undefined);
    const send = () => {
      if (socket.writable) socket.write("nonsense\r\n\r\n", () => setImmediate(send));
    };
    socket.once("connect", send);
    socket.on("close", () => resolve(text));
  });
  expect((await gone).match(/MALFORMED_REQUEST/g)?.length ?? 0).toBeLessThanOrEqual(1);
  await expect
    .poll(() => new Promise((resolve) => server.getConnections((_error, count) => resolve(count))))
    .toBe(0);
});
