// Bytes that are not quite HTTP, sent as they are, and the first answer to them.
import { connect } from "node:net";
import fc from "fast-check";
import { Raw } from "./hostile.ts";
import { inTime, type HttpAnswer } from "./judge.ts";

const lines = (...parts: string[]) => parts.join("\r\n");

/** Bytes that are not quite HTTP. `AUTH` stands for a good proof. */
export const brokenWire: fc.Arbitrary<Raw> = fc
  .tuple(
    fc.constantFrom(
      lines(
        "POST /api/v1/meetings HTTP/1.1",
        "Host: h",
        "AUTH",
        "Content-Type: application/json",
        "Content-Length: 500",
        "",
        '{"title":',
      ),
      lines(
        "POST /api/v1/meetings HTTP/1.1",
        "Host: h",
        "AUTH",
        "Content-Type: application/json",
        "Content-Length: 3",
        "",
        '{"title":"x"}',
      ),
      lines("POST /api/v1/meetings HTTP/1.1", "Host: h", "AUTH", "Content-Length: -1", "", ""),
      lines(
        "POST /api/v1/meetings HTTP/1.1",
        "Host: h",
        "AUTH",
        "Content-Length: 2",
        "Transfer-Encoding: chunked",
        "",
        "0",
        "",
        "",
      ),
      lines(
        "POST /api/v1/meetings HTTP/1.1",
        "Host: h",
        "AUTH",
        "Content-Type: application/json",
        "Transfer-Encoding: chunked",
        "",
        "zz",
        "{}",
        "0",
        "",
        "",
      ),
      lines(
        "POST /api/v1/meetings HTTP/1.1",
        "Host: h",
        "AUTH",
        "Content-Type: application/json",
        "Transfer-Encoding: chunked",
        "",
        "5",
        "{",
        "",
      ),
      lines("GET /api/v1/me HTTP/1.1", "AUTH", "", ""),
      lines("GET /api/v1/me HTTP/9.9", "Host: h", "", ""),
      lines("GET http://elsewhere.example/api/v1/me HTTP/1.1", "Host: elsewhere.example", "AUTH", "", ""),
      lines("GET //api//v1/me HTTP/1.1", "Host: h", "AUTH", "", ""),
      lines("GET /../../package.json HTTP/1.1", "Host: h", "", ""),
      lines("OPTIONS * HTTP/1.1", "Host: h", "", ""),
      lines("CONNECT h:80 HTTP/1.1", "Host: h", "", ""),
      lines("TRACE / HTTP/1.1", "Host: h", "", ""),
      lines("BREW /api/v1/me HTTP/1.1", "Host: h", "", ""),
      lines("GET /api/v1/me HTTP/1.1", "Host: h", `X-Long: ${"x".repeat(20_000)}`, "", ""),
      lines("GET /notes/x HTTP/1.1", "Host: h", "Upgrade: websocket", "Connection: Upgrade", "", ""),
      lines("GET /socket.io/?EIO=99&transport=nonsense HTTP/1.1", "Host: h", "", ""),
      lines(
        "POST /socket.io/?EIO=4&transport=polling&sid=nobody HTTP/1.1",
        "Host: h",
        "Content-Length: 2",
        "",
        "40",
      ),
    ),
    fc.nat({ max: 6 }),
    fc.string({ unit: "binary", maxLength: 4 }),
  )
  .map(
    ([text, cutFrom, garbage]) => new Raw(cutFrom === 0 ? text.slice(0, text.length >> 1) + garbage : text),
  );

/** The status of the first answer, 0 where the connection ended without one. */
export function sendBytes(base: URL, bytes: string): Promise<HttpAnswer> {
  const answer = new Promise<HttpAnswer>((resolve) => {
    const parts: Buffer[] = [];
    const socket = connect(Number(base.port), base.hostname, () => socket.end(Buffer.from(bytes, "latin1")));
    socket.on("data", (part: Buffer) => parts.push(part));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      const text = Buffer.concat(parts).toString("utf8");
      const [head = "", ...rest] = text.split("\r\n\r\n");
      const body = Buffer.from(rest.join("\r\n\r\n"));
      // What follows may be the answer to what came behind the request.
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? body.length);
      resolve({
        status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0),
        type: /content-type: (.*)/i.exec(head)?.[1] ?? "",
        text: /transfer-encoding: chunked/i.test(head)
          ? unchunked(body)
          : body.subarray(0, length).toString("utf8"),
      });
    });
  });
  return inTime(answer, `raw ${bytes.slice(0, 60)}`);
}

/** As far as it came. */
function unchunked(body: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const end = body.indexOf("\r\n", at);
    const size = end < 0 ? 0 : Number.parseInt(body.toString("latin1", at, end), 16);
    if (!(size > 0)) break;
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(parts).toString("utf8");
}
