// Refuses a WebSocket before it is one, in the form of every other error.
import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { AppError, errorBody, type ErrorCode } from "../shared/errors.ts";

const sentences = {
  MALFORMED_REQUEST: "This is no handshake of a WebSocket.",
  FORBIDDEN: "Pages of another origin open nothing here.",
  NOT_FOUND: "There is nothing at this address.",
  SHUTTING_DOWN: "This process is stopping: connect again.",
} as const satisfies Partial<Record<ErrorCode, string>>;

export function rejectUpgrade(socket: Duplex, code: keyof typeof sentences): void {
  const error = new AppError(code, sentences[code]);
  const requestId = randomUUID();
  const body = JSON.stringify({ error: { ...errorBody(error), requestId } });
  const answer = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? "Error"}`,
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    "Cache-Control: no-store",
    "X-Content-Type-Options: nosniff",
    "Connection: close",
    "",
    body,
  ].join("\r\n");
  socket.on("error", () => undefined);
  // Not left half open for a client that never closes its side.
  socket.end(answer, () => socket.destroy());
}
