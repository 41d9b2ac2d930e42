// The address behind a connection that Express does not see (WebSockets), by the same rule about trusted proxies.
import type { IncomingMessage } from "node:http";
import express from "express";

export type AddressOf = (request: IncomingMessage) => string | null;

/** As `request.ip` of an application whose `trust proxy` is this list. */
export function createAddressOf(trustedProxies: string[]): AddressOf {
  const app = express();
  app.set("trust proxy", trustedProxies);
  const trusted = app.get("trust proxy fn") as (address: string, hop: number) => boolean;
  return ({ socket, headers }) => {
    const forwarded = headers["x-forwarded-for"];
    const named = (typeof forwarded === "string" ? forwarded : "").split(",").map((part) => part.trim());
    const hops = [socket.remoteAddress ?? "", ...named.reverse()].filter((hop) => hop !== "");
    // The first that nobody we trust vouches for, or else the furthest.
    return hops.find((hop, index) => !trusted(hop, index)) ?? hops.at(-1) ?? null;
  };
}
