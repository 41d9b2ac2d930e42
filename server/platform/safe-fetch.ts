// Fetches an address that a person has given, without becoming their way into the network this server stands in.
import { lookup as systemLookup, type LookupAddress } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import type { Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { Agent, request } from "undici";
import { AppError } from "../../shared/errors.ts";
import { isPublicAddress } from "./public-address.ts";

export interface Fetched {
  /** Where the answer came from, after redirects. */
  url: string;
  /** Without parameters, in lower case; empty where the answer names none. */
  contentType: string;
  /** As the answer names it, in lower case; null where it does not. */
  charset: string | null;
  body: Buffer;
}

export interface SafeFetchOptions {
  /** Media types that are taken, such as `text/html`; `text/*` for all of a kind. */
  accept: readonly string[];
  /** Of the unpacked body. */
  maxBytes: number;
  /** For everything together: names, redirects, body. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

export interface SafeFetcher {
  /**
   * Throws ADDRESS_REFUSED where the address, or one it leads to, is not one of the public internet; FETCH_FAILED, with
   * `details.reason`, where nothing usable came from it. Both in words for the person who gave the address.
   */
  fetch(address: string, options: SafeFetchOptions): Promise<Fetched>;
  close(): Promise<void>;
}

export type FetchFailure =
  "network" | "timeout" | "status" | "redirects" | "type" | "encoding" | "too-large" | "broken";

export interface SafeFetcherParts {
  userAgent: string;
  lookup?: typeof systemLookup;
  isAllowed?: (address: string) => boolean;
  ports?: readonly string[];
}

const redirectsMost = 5;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);
const addressMaxChars = 2_048;

export function createSafeFetcher({
  userAgent,
  lookup = systemLookup,
  isAllowed = isPublicAddress,
  // An empty port is the scheme's own.
  ports = ["", "80", "443"],
}: SafeFetcherParts): SafeFetcher {
  // Checked here, where the address is used: a name that answers differently the second time gains nothing by it.
  const guardedLookup: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      const [first] = found ?? [];
      if (error !== null) return callback(error, "", 0);
      // All of them: who mixes public and private ones is up to something.
      if (first === undefined || !found.every(({ address }) => isAllowed(address)))
        return callback(new NotPublic(), "", 0);
      if (options.all === true) return callback(null, found);
      callback(null, first.address, first.family);
    });
  };
  const agent = new Agent({
    connect: { lookup: guardedLookup },
    // Nothing of one fetch is left for another.
    pipelining: 0,
    connections: 8,
    maxHeaderSize: 16 * 1024,
  });

  function checked(address: string, base?: string): URL {
    if (address.length > addressMaxChars) throw refused("The address is too long.");
    const url = URL.canParse(address, base) ? new URL(address, base) : null;
    if (url === null) throw refused("This is not an address of a web page.");
    if (url.protocol !== "https:" && url.protocol !== "http:")
      throw refused("Only addresses that begin with https:// or http:// can be fetched.");
    if (url.username !== "" || url.password !== "") throw refused("The address must not carry a password.");
    if (!ports.includes(url.port)) throw refused("Only the usual ports of the web can be fetched.");
    const host = url.hostname.replace(/^\[|\]$/g, "");
    // Where the host is an address, no name is looked up.
    if (host === "" || (isIP(host) !== 0 && !isAllowed(host))) throw notPublic();
    return url;
  }

  return {
    async fetch(address, options) {
      const late = AbortSignal.timeout(options.timeoutMs);
      const signal = options.signal === undefined ? late : AbortSignal.any([options.signal, late]);
      try {
        return await follow(checked(address), options, signal);
      } catch (error) {
        if (error instanceof AppError) throw error;
        if (options.signal?.aborted === true) throw error;
        if (late.aborted) throw failed("timeout", "The page took too long to answer.", error);
        if (isNotPublic(error)) throw notPublic();
        throw failed("network", "The page could not be reached.", error);
      }
    },
    close: () => agent.destroy(),
  };

  async function follow(start: URL, options: SafeFetchOptions, signal: AbortSignal): Promise<Fetched> {
    let url = start;
    for (let step = 0; step <= redirectsMost; step += 1) {
      const answer = await request(url, {
        dispatcher: agent,
        signal,
        reset: true,
        headers: {
          "user-agent": userAgent,
          accept: options.accept.join(", "),
          "accept-encoding": "gzip, deflate, br",
        },
      });
      const { statusCode, headers, body } = answer;
      // Who reads hears of it there; what is left unread is broken off, and that is no error.
      body.on("error", () => undefined);
      const location = single(headers["location"]);
      if (redirectStatuses.has(statusCode) && location !== null) {
        body.destroy();
        url = checked(location, url.href);
        continue;
      }
      try {
        if (statusCode !== 200) throw failed("status", `The page answered with an error (${statusCode}).`);
        const { contentType, charset } = mediaType(single(headers["content-type"]) ?? "");
        if (!options.accept.some((one) => matches(one, contentType)))
          throw failed("type", "There is something else at this address than what was expected.");
        const length = Number(single(headers["content-length"]) ?? 0);
        if (length > options.maxBytes) throw tooLarge(options.maxBytes);
        const unpacked = await unpack(
          body,
          single(headers["content-encoding"]) ?? "",
          options.maxBytes,
          signal,
        );
        return { url: url.href, contentType, charset, body: unpacked };
      } finally {
        body.destroy();
      }
    }
    throw failed("redirects", "The address leads in circles.");
  }
}

class NotPublic extends Error {}

/** A client may wrap what the lookup threw, or gather it with what other addresses of the name did. */
function isNotPublic(error: unknown): boolean {
  if (error instanceof NotPublic) return true;
  if (error instanceof AggregateError && error.errors.some(isNotPublic)) return true;
  return error instanceof Error && error.cause !== undefined && isNotPublic(error.cause);
}

function notPublic(): AppError {
  return refused("This address does not lead to a page of the public internet.");
}

function refused(message: string): AppError {
  return new AppError("ADDRESS_REFUSED", message);
}

function failed(reason: FetchFailure, message: string, cause?: unknown): AppError {
  return new AppError("FETCH_FAILED", message, {
    details: { reason },
    ...(cause === undefined ? {} : { cause }),
  });
}

function tooLarge(maxBytes: number): AppError {
  return failed("too-large", `The page is larger than ${Math.floor(maxBytes / 1024)} kB.`);
}

function single(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null;
}

function mediaType(header: string): { contentType: string; charset: string | null } {
  const [type = "", ...parameters] = header.split(";").map((part) => part.trim().toLowerCase());
  const charset = parameters.find((one) => one.startsWith("charset="))?.slice("charset=".length);
  return { contentType: type, charset: charset?.replace(/^"|"$/g, "") ?? null };
}

function matches(accepted: string, contentType: string): boolean {
  return accepted.endsWith("/*") ? contentType.startsWith(accepted.slice(0, -1)) : contentType === accepted;
}

/** Counted as it is unpacked: a small answer may unpack to a very large one. */
async function unpack(
  body: Readable,
  encoding: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  const unpacking = unpackerOf(encoding.trim().toLowerCase());
  const source = unpacking === null ? body : body.pipe(unpacking);
  // `pipe` passes on no errors, and no end that came too early.
  if (unpacking !== null) body.on("error", (error) => unpacking.destroy(error));
  const stop = () => source.destroy(signal.reason as Error);
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const part of source as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && String(error.code).startsWith("Z_"))
      throw failed("broken", "The page's answer is damaged.", error);
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
    source.destroy();
  }
  return Buffer.concat(parts);
}

function unpackerOf(encoding: string) {
  switch (encoding) {
    case "":
    case "identity":
      return null;
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      throw failed("encoding", "The page's answer is packed in a way that is not known here.");
  }
}
