import { PassThrough } from "node:stream";
import type { Request } from "express";
import { expect, test } from "vitest";
import type { Actor } from "../../../shared/actor.ts";
import { uploadRules } from "../../../shared/uploads.ts";
import { FakeClock } from "../../platform/clock.ts";
import { createMetrics } from "../../platform/metrics.ts";
import { createUploads } from "./uploads.ts";

const person = (userId: string) => ({ userId }) as Actor;

function setUp() {
  const clock = new FakeClock();
  const metrics = createMetrics({ processMetrics: false });
  const uploads = createUploads({ clock, metrics });
  const held = async () =>
    (await metrics.registry.getSingleMetric("connvo_upload_held_bytes")?.get())?.values[0]?.value;
  return { clock, uploads, held };
}

/** A request as far as it is looked at: a stream with headers. */
function requestWith(headers: Record<string, string> = {}): PassThrough & Request {
  const stream = new PassThrough();
  return Object.assign(stream, {
    query: { name: "a.txt" },
    get: (name: string) => headers[name],
    complete: false,
  }) as unknown as PassThrough & Request;
}

/** Everything that has been written has been read. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("[UPLOADS-1] silence ends an upload, and so does taking too long in all, however steadily bytes come", async () => {
  const { clock, uploads, held } = setUp();
  const silent = requestWith();
  const refused = expect(uploads.receive("attachment", person("a"), silent)).rejects.toMatchObject({
    code: "UPLOAD_TOO_SLOW",
    status: 408,
  });
  silent.write("some");
  await settled();
  clock.advance(19_999);
  expect(await held()).toBe(4);
  clock.advance(1);
  await refused;
  expect(await held()).toBe(0);
  // Who is not gone by then is cut off.
  expect(silent.destroyed).toBe(false);
  clock.advance(2_000);
  expect(silent.destroyed).toBe(true);

  const steady = requestWith();
  const tooLong = expect(uploads.receive("attachment", person("a"), steady)).rejects.toMatchObject({
    code: "UPLOAD_TOO_SLOW",
  });
  for (let n = 0; n < 24; n += 1) {
    steady.write("a");
    await settled();
    clock.advance(10_000);
  }
  await tooLong;
});

test("[UPLOADS-1] what is said to be too large is refused unread, and what turns out to be once it has come", async () => {
  const { uploads, held } = setUp();
  const { maxBytes } = uploadRules.photo;
  const said = requestWith({ "content-length": String(maxBytes + 1) });
  await expect(uploads.receive("photo", person("a"), said)).rejects.toMatchObject({ status: 413 });
  const lied = requestWith({ "content-length": "5" });
  const refused = expect(uploads.receive("photo", person("a"), lied)).rejects.toMatchObject({ status: 413 });
  for (let sent = 0; sent <= maxBytes; sent += 64 * 1024) {
    lied.write(Buffer.alloc(64 * 1024));
    await settled();
  }
  await refused;
  expect(await held()).toBe(0);
});

test("[UPLOADS-10] of one person three files arrive at once, of all together so many bytes", async () => {
  const { uploads, held } = setUp();
  const piece = Buffer.alloc(9 * 1024 * 1024, "a");
  const running = ["a", "a", "a", "b", "b", "b", "c"].map((userId) => {
    const request = requestWith();
    const work = uploads.receive("attachment", person(userId), request).catch((error: unknown) => error);
    request.write(piece);
    return { request, work };
  });
  await settled();
  expect(await held()).toBe(7 * piece.length);
  await expect(uploads.receive("attachment", person("a"), requestWith())).rejects.toMatchObject({
    code: "RATE_LIMITED",
  });
  const last = requestWith();
  const refused = expect(uploads.receive("attachment", person("c"), last)).rejects.toMatchObject({
    code: "UNAVAILABLE",
    retryAfterSeconds: 5,
  });
  last.write(piece);
  await refused;
  for (const { request } of running) request.end();
  expect(await Promise.all(running.map(({ work }) => work))).toEqual(
    running.map(() => expect.objectContaining({ type: "text/plain", name: "a.txt" })),
  );
  expect(await held()).toBe(0);
  const next = requestWith();
  next.end("again");
  await expect(uploads.receive("attachment", person("a"), next)).resolves.toMatchObject({
    type: "text/plain",
  });
});

test("[UPLOADS-6] a request that breaks off is no file", async () => {
  const { uploads, held } = setUp();
  const broken = requestWith();
  const refused = expect(uploads.receive("attachment", person("a"), broken)).rejects.toMatchObject({
    code: "MALFORMED_REQUEST",
  });
  broken.write("half");
  await settled();
  broken.destroy();
  await refused;
  expect(await held()).toBe(0);
});
