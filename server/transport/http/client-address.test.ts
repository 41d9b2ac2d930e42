import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { createAddressOf } from "./client-address.ts";

const from = (remoteAddress: string | undefined, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
  }) as unknown as IncomingMessage;

test("[PROXY-10] a WebSocket's address is found as a request's is: what trusted proxies say, and nobody else", () => {
  const addressOf = createAddressOf(["loopback", "10.0.0.0/8"]);
  expect(addressOf(from("203.0.113.7", "198.51.100.1"))).toBe("203.0.113.7");
  expect(addressOf(from("127.0.0.1", "198.51.100.1"))).toBe("198.51.100.1");
  expect(addressOf(from("127.0.0.1", "192.0.2.1, 198.51.100.1, 10.1.2.3"))).toBe("198.51.100.1");
  expect(addressOf(from("127.0.0.1"))).toBe("127.0.0.1");
  expect(addressOf(from(undefined))).toBeNull();
});
