// Answers what is no HTTP request (too long a head, no known method, a bad chunk, half a head) as every other error is answered.
import { randomUUID } from "node:crypto";
import {
  STATUS_CODES,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import type { Duplex } from "node:stream";
import { AppError, errorBody } from "../../../shared/errors.ts";
import type { Logger } from "../../platform/logger.ts";

/** So long what was on its way is still taken and thrown away: closed at once, the answer would be lost with it. */
const lingerMs = 1_000;

/** What Node would refuse by itself, in a form of its own, is refused here. */
export const requestOptions: ServerOptions = { requireHostHeader: false };

/** Before the handler: a request of HTTP/1.1 says which host it is for. */
export function refusingHostless(handler: RequestListener): RequestListener {
  return (request, response) => {
    if (request.headers.host === undefined && request.httpVersion === "1.1") refuse(response);
    else handler(request, response);
  };
}

function refuse(response: ServerResponse): void {
  const requestId = randomUUID();
  const body = bodyOf(unreadable(), requestId);
  response.writeHead(400, { ...headersOf(body, requestId), Connection: "close" }).end(body);
}

/** One answer for each connection, which is closed after it. Where another one has begun, the connection ends without. */
export function answerBrokenRequests(server: Server, { logger }: { logger: Logger }): void {
  const answers = new WeakMap<Duplex, Set<ServerResponse>>();
  const ending = new WeakSet<Duplex>();

  server.on("request", ({ socket }, response) => {
    const open = answers.get(socket) ?? new Set();
    answers.set(socket, open.add(response));
    response.once("close", () => open.delete(response));
  });

  // An expectation that nobody here can meet.
  server.on("checkExpectation", (_request, response) => refuse(response));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // What still arrives is told as an error for each piece.
    if (ending.has(socket)) return;
    ending.add(socket);
    const begun = [...(answers.get(socket) ?? [])].some(({ headersSent }) => headersSent);
    if (begun || !socket.writable || error.code === "ECONNRESET") return void socket.destroy();
    const failure = failureOf(error);
    const requestId = randomUUID();
    logger.debug({ requestId, code: failure.code, status: failure.status }, "what came was no request");
    const timer = setTimeout(() => socket.destroy(), lingerMs);
    socket.once("close", () => clearTimeout(timer));
    socket.on("error", () => socket.destroy());
    socket.end(answerOf(failure, requestId));
    socket.resume();
  });
}

/** By Node's codes; says nothing of what was sent. */
function failureOf(error: NodeJS.ErrnoException): AppError {
  switch (error.code) {
    case "HPE_HEADER_OVERFLOW":
      return new AppError("HEAD_TOO_LARGE", "The address and headers of this request are too long.");
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return new AppError("PAYLOAD_TOO_LARGE", "The extensions of this request's chunks are too long.");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new AppError("REQUEST_TOO_SLOW", "The request did not arrive in time. Send it again.");
    default:
      return unreadable();
  }
}

function unreadable(): AppError {
  return new AppError("MALFORMED_REQUEST", "The request could not be read.");
}

function answerOf(failure: AppError, requestId: string): string {
  const body = bodyOf(failure, requestId);
  const headers = { Date: new Date().toUTCString(), ...headersOf(body, requestId), Connection: "close" };
  return [
    `HTTP/1.1 ${failure.status} ${STATUS_CODES[failure.status] ?? "Error"}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    "",
    body,
  ].join("\r\n");
}

function bodyOf(failure: AppError, requestId: string): string {
  return JSON.stringify({ error: { ...errorBody(failure), requestId } });
}

function headersOf(body: string, requestId: string) {
  return {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": String(Buffer.byteLength(body)),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Request-Id": requestId,
  };
}
