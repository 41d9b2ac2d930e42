import { request } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startHarness, type Harness } from "./testing/harness.ts";

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

const handshake = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};
const somewhere = `/notes/${"a".repeat(24)}`;

/** The answer to a handshake that is none, read until the server has closed. */
function refusalOf(
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; code: unknown }> {
  return new Promise((resolve, reject) => {
    request(`http://127.0.0.1:${harness.port}${path}`, { headers: { ...handshake, ...headers } })
      .on("error", reject)
      .on("response", (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (more: string) => (text += more));
        response.on("end", () => {
          const { error } = JSON.parse(text) as { error: { code: unknown; requestId: unknown } };
          expect(error.requestId).toBe(response.headers["x-request-id"]);
          resolve({ status: response.statusCode ?? 0, code: error.code });
        });
      })
      .end();
  });
}

test.each([
  ["an address with nothing behind it", "/elsewhere", {}, 404, "NOT_FOUND"],
  ["a meeting that has no name of one", "/notes/x", {}, 404, "NOT_FOUND"],
  ["a page of another origin", somewhere, { origin: "https://elsewhere.example" }, 403, "FORBIDDEN"],
  ["a handshake without a key", somewhere, { "sec-websocket-key": "short" }, 400, "MALFORMED_REQUEST"],
  ["a version nobody speaks", somewhere, { "sec-websocket-version": "7" }, 400, "MALFORMED_REQUEST"],
])("[NOTES-14] %s is answered as every error is", async (_what, path, headers, status, code) => {
  expect(await refusalOf(path, headers)).toEqual({ status, code });
});
