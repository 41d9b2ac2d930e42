// Sends a stored file: as what it was found to be, never to be run, for the browser of the person alone.
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Request, Response } from "express";
import type { FileAnswer } from "../../../shared/contract/endpoint.ts";

/** Where a browser shows it by itself, nothing in it may run or be fetched, and it belongs to no site. */
const policy = "default-src 'none'; sandbox; frame-ancestors 'none'";

export async function sendFile(request: Request, response: Response, file: FileAnswer): Promise<void> {
  const etag = `"${file.version}"`;
  response
    .setHeader("etag", etag)
    .setHeader(
      "cache-control",
      file.freshSeconds > 0 ? `private, max-age=${file.freshSeconds}` : "private, no-cache",
    )
    .setHeader("vary", "Authorization, Cookie")
    .setHeader("x-content-type-options", "nosniff")
    .setHeader("content-security-policy", policy)
    .setHeader("cross-origin-resource-policy", "same-origin")
    .setHeader("content-disposition", disposition(file))
    .setHeader("accept-ranges", "bytes");
  if (isKnown(request.get("if-none-match"), etag)) return void response.status(304).end();
  const range = rangeOf(request, file.bytes, etag);
  if (range === "beyond") {
    return void response.status(416).setHeader("content-range", `bytes */${file.bytes}`).end();
  }
  response.setHeader(
    "content-type",
    file.type.startsWith("text/") ? `${file.type}; charset=utf-8` : file.type,
  );
  if (range === null) response.status(200).setHeader("content-length", file.bytes);
  else {
    response
      .status(206)
      .setHeader("content-length", range.end - range.start + 1)
      .setHeader("content-range", `bytes ${range.start}-${range.end}/${file.bytes}`);
  }
  if (request.method === "HEAD") return void response.end();
  try {
    // Before the first piece has come nothing has been sent: a file that is not there any more can still be said so.
    const pieces = file.read(range ?? undefined)[Symbol.asyncIterator]();
    const first = await pieces.next();
    await pipeline(Readable.from(from(first, pieces)), response);
  } catch (error) {
    // Whoever asked has gone: no trouble of ours.
    if ((error as NodeJS.ErrnoException).code === "ERR_STREAM_PREMATURE_CLOSE") return;
    if (!response.headersSent) for (const name of ofFiles) response.removeHeader(name);
    throw error;
  }
}

const ofFiles = [
  "etag",
  "content-disposition",
  "content-length",
  "content-range",
  "content-type",
  "accept-ranges",
];

async function* from(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
}

/** By RFC 6266: the plain name for old programs, the whole one for all others. */
function disposition({ name, shown }: FileAnswer): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const whole = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `${shown ? "inline" : "attachment"}; filename="${plain}"; filename*=UTF-8''${whole}`;
}

function isKnown(header: string | undefined, etag: string): boolean {
  return header?.split(",").some((one) => [etag, `W/${etag}`].includes(one.trim())) === true;
}

/** One range of bytes, as players and downloads ask for it; several, or what cannot be read, mean the whole. */
function rangeOf(
  request: Request,
  bytes: number,
  etag: string,
): { start: number; end: number } | "beyond" | null {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(request.get("range") ?? "");
  const [, first = "", last = ""] = asked ?? [];
  const condition = request.get("if-range");
  if ((first === "" && last === "") || (condition !== undefined && condition !== etag)) return null;
  const start = first === "" ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === "" || last === "" ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (first !== "" && last !== "" && Number(last) < Number(first)) return null;
  return start > end ? "beyond" : { start, end };
}
