// Exports without a store: when they begin, go on, end and expire, and what a zip made of hostile words is.
import { createHash, randomBytes } from "node:crypto";
import fc from "fast-check";
import { strFromU8, unzipSync } from "fflate";
import { expect, test } from "vitest";
import type { Actor } from "../../../shared/actor.ts";
import { notFound } from "../../../shared/errors.ts";
import type { FileId } from "../../../shared/ids.ts";
import type { FileRecord } from "../files/index.ts";
import type { ExportParts } from "./export.gather.ts";
import { datedName, linkTo, safeName } from "./export.names.ts";
import type { ToldFile } from "./export.sent-files.ts";
import { jsonList, markup } from "./export.text.ts";
import { zipped } from "./export.zip.ts";
import { bytesOf, openExport, person, personId } from "./testing-export.ts";

const dayMs = 24 * 60 * 60 * 1_000;

async function made(world = openExport()) {
  const service = world.open();
  await service.request(person);
  await world.run("person.export");
  return { world, service };
}

test("[EXPORT-1] neither a key nor whoever acts as the person may ask for it or download it", async () => {
  const { service } = await made();
  const others: Actor[] = [
    { ...person, apiKeyId: "k" },
    { ...person, impersonator: "support@example.org" },
  ];
  for (const actor of others) {
    await expect(service.request(actor)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(service.download(actor)).rejects.toMatchObject({ code: "FORBIDDEN" });
  }
});

test("[EXPORT-1] asking again while one is prepared changes nothing", async () => {
  const world = openExport();
  const service = world.open();
  const first = await service.request(person);
  world.clock.advance(1_000);
  expect(await service.request(person)).toEqual(first);
  expect(first).toMatchObject({ state: "preparing", progress: { done: 0, total: 4 } });
  expect(world.waiting).toHaveLength(1);
});

test("[EXPORT-6] a run that ended midway is followed by one that goes on after the last part", async () => {
  const world = openExport({ meetings: 5 });
  let left = 3;
  const broken = {
    ...world.files,
    async stage(...given: Parameters<typeof world.files.stage>) {
      left -= 1;
      if (left < 0) {
        // Half of a part was written before the end.
        for await (const piece of given[2]) {
          const { exportId, fence } = given[0];
          world.files.pieces.push({ exportId, kind: "staged", part: given[1], fence, piece });
          break;
        }
        throw new Error("killed");
      }
      await world.files.stage(...given);
    },
  };
  const service = world.open(broken);
  await service.request(person);
  await expect(world.run("person.export")).rejects.toThrow("killed");
  expect(await service.status(person)).toMatchObject({ state: "preparing", progress: { done: 3, total: 6 } });
  const before = world.asked.length;
  const another = world.open();
  await world.run("person.export");
  expect(new Set(world.asked.slice(before))).toEqual(new Set(world.meetings.slice(2)));
  const { bytes } = await another.download(person);
  const files = Object.keys(unzipSync(await bytesOf(bytes)));
  expect(files.filter((path) => path.endsWith("notes-mine.md"))).toHaveLength(5);
  expect(new Set(files).size).toBe(files.length);
  expect(world.recorded.filter((action) => action === "export.made")).toHaveLength(1);
});

test("[EXPORT-6] what an older run still does while a newer one works does not count", async () => {
  const world = openExport();
  const service = world.open();
  await service.request(person);
  const older = world.repository.stored === null ? null : { ...world.repository.stored, fence: 0.5 };
  await world.run("person.export");
  if (older === null) throw new Error("nothing was asked for");
  const zip = { sizeBytes: 1, sha256: "", expiresAt: world.clock.now(), partsTotal: 1 };
  expect(await world.repository.ready(older, zip)).toBe(false);
  expect(await world.repository.gathered(older, { partsDone: 0, after: null })).toBe(false);
  expect(await service.status(person)).toMatchObject({ state: "ready" });
});

test("[EXPORT-8] it can be downloaded for seven days, then it says that it has expired and its pieces go", async () => {
  const { world, service } = await made();
  expect(world.files.pieces.every(({ kind }) => kind === "zip")).toBe(true);
  world.clock.advance(7 * dayMs - 1);
  await service.download(person);
  expect(await service.status(person)).toMatchObject({
    state: "ready",
    expiresAt: "2026-02-08T09:00:00.000Z",
  });
  world.clock.advance(1);
  // Also before the job has run.
  expect(await service.status(person)).toMatchObject({ state: "expired", sizeBytes: null });
  await expect(service.download(person)).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringContaining("expired"),
  });
  await world.run("person.export-expire");
  expect(world.files.pieces).toEqual([]);
  expect(world.repository.stored).toMatchObject({ state: "expired" });
});

test("[EXPORT-8] a job that comes too early waits for the end of the seven days", async () => {
  const { world } = await made();
  world.clock.advance(dayMs);
  await world.run("person.export-expire");
  expect(world.files.pieces).not.toEqual([]);
  expect(world.waiting).toMatchObject([
    { name: "person.export-expire", runAt: new Date("2026-02-08T09:00:00Z") },
  ]);
});

test("[EXPORT-9] a file that is not what was made breaks off before its last piece", async () => {
  const { world, service } = await made();
  const first = world.files.pieces[0];
  if (first === undefined) throw new Error("nothing was made");
  first.piece = Buffer.from(first.piece as Uint8Array).fill(1, 10, 11);
  const { bytes, sizeBytes } = await service.download(person);
  const got: Uint8Array[] = [];
  const reading = (async () => {
    for await (const piece of bytes) got.push(piece);
  })();
  await expect(reading).rejects.toMatchObject({ code: "INTERNAL" });
  expect(Buffer.concat(got).byteLength).toBeLessThan(sizeBytes);
});

test("[EXPORT-10] a new one takes the place of the one before", async () => {
  const { world, service } = await made();
  const before = world.files.pieces;
  world.clock.advance(1_000);
  await service.request(person);
  expect(world.files.pieces).toEqual([]);
  await expect(service.download(person)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await world.run("person.export");
  expect(world.files.pieces.some((piece) => before.includes(piece))).toBe(false);
  // What the former one has ordered touches nothing of this one.
  await world.run("person.export-expire");
  expect(await service.status(person)).toMatchObject({ state: "ready" });
});

test("[EXPORT-10] what a run writes while the person goes, goes with them", async () => {
  const world = openExport();
  const slow = {
    ...world.files,
    async stage(...given: Parameters<typeof world.files.stage>) {
      if (given[1] === 2) await service.removeOf(personId);
      await world.files.stage(...given);
    },
    remove: (...given: Parameters<typeof world.files.remove>) => world.files.remove(...given),
  };
  const service = world.open(slow);
  await service.request(person);
  await world.run("person.export");
  expect(world.files.pieces).toEqual([]);
  expect(await service.status(person)).toMatchObject({ state: "none" });
});

test("[EXPORT-11] one that could not be made says so, leaves nothing, and can be asked for again", async () => {
  const world = openExport();
  const service = world.open({ ...world.files, put: () => Promise.reject(new Error("no room")) });
  await service.request(person);
  await expect(world.run("person.export")).rejects.toThrow("no room");
  await world.giveUp("person.export");
  expect(await service.status(person)).toMatchObject({ state: "failed", progress: null });
  const again = world.open();
  expect(await again.request(person)).toMatchObject({ state: "preparing" });
  world.waiting.shift();
  await world.run("person.export");
  expect(await again.status(person)).toMatchObject({ state: "ready" });
});

test("[EXPORT-5] titles that would lead elsewhere and words that would run are names and words", async () => {
  const { service } = await made();
  const { bytes } = await service.download(person);
  const files = unzipSync(await bytesOf(bytes));
  const paths = Object.keys(files);
  expect(paths).toContain("README.md");
  for (const path of paths) expect(path.split("/")).not.toContain("..");
  const pages = paths.filter((path) => path.endsWith(".html"));
  expect(pages).toHaveLength(4);
  for (const path of pages) {
    const page = strFromU8(files[path] ?? new Uint8Array());
    expect(page).toContain("Content-Security-Policy");
    expect(page).not.toMatch(/<script|<b>Anna| (src|on\w+)=/);
  }
  const index = strFromU8(files["index.html"] ?? new Uint8Array());
  for (const [, link = ""] of index.matchAll(/href="([^"]+)"/g))
    expect(paths).toContain(decodeURIComponent(link));
});

test("[EXPORT-5] any title makes one name that is safe on every system", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "..",
      ".",
      "",
      "CON",
      "nul.txt",
      "a/../../b",
      "C:\\x",
      " . ",
      "a\u202etxt.exe",
      "\ud800",
      "x.".repeat(99),
    ),
  );
  fc.assert(
    fc.property(hostile, (title) => {
      const name = safeName(title);
      expect(name).toMatch(/^[^\p{Cc}\p{Cf}/\\:*?"<>|]+$/u);
      expect(name).not.toMatch(/^\.|[. ]$|^(con|nul|prn|aux)(\.|$)/i);
      expect(name.isWellFormed()).toBe(true);
      expect(decodeURIComponent(linkTo(`a/${name}`))).toBe(`a/${name}`);
    }),
    { numRuns: 50 },
  );
  const at = new Date("2026-03-12T10:00:00Z");
  expect(datedName(at, "Ziele & Pläne: 1/2", "0123456789abcdef01234567")).toBe(
    "2026-03-12 Ziele & Pläne 1 2 (01234567)",
  );
});

test("[EXPORT-5] whatever text comes out of the zip as it went in, and out of a page as words", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: "grapheme" }), { maxLength: 5 }), async (texts) => {
      async function* pieces() {
        for (const [index, text] of texts.entries())
          yield await Promise.resolve({ path: `${index}.txt`, text });
        yield* jsonList(
          "list.json",
          (async function* () {
            for (const text of texts) yield await Promise.resolve(text);
          })(),
        );
      }
      const files = unzipSync(await bytesOf(zipped(pieces(), new Date("2026-01-01T00:00:00Z"))));
      for (const [index, text] of texts.entries())
        expect(strFromU8(files[`${index}.txt`] ?? new Uint8Array())).toBe(text);
      expect(JSON.parse(strFromU8(files["list.json"] ?? new Uint8Array()))).toEqual(texts);
    }),
    { numRuns: 30 },
  );
  expect(markup`<p>${"<i>&\"'"}</p>`.markup).toBe("<p>&#60;i&#62;&#38;&#34;&#39;</p>");
});

test("[EXPORT-7] a zip is read as it is written: whoever stops reading stops the rest", async () => {
  let given = 0;
  async function* endless() {
    for (;;) {
      given += 1;
      yield await Promise.resolve({
        path: "a.txt",
        text: Array.from({ length: 2_000 }, (_, n) => n * given * 7919).join(),
      });
    }
  }
  for await (const piece of zipped(endless(), new Date("2026-01-01T00:00:00Z"))) {
    expect(piece.byteLength).toBeGreaterThan(0);
    if (given > 50) break;
  }
  const then = given;
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  expect(given - then).toBeLessThan(20);
});

test("[EXPORT-7] what fails while it is read fails the zip", async () => {
  async function* broken() {
    yield await Promise.resolve({ path: "a.txt", text: "a" });
    throw new Error("cannot be read");
  }
  await expect(bytesOf(zipped(broken(), new Date("2026-01-01T00:00:00Z")))).rejects.toThrow("cannot be read");
});

/** Of somebody who has sent these to every meeting, and a photo of themselves. */
function sentFilesOf(stored: Record<string, { bytes: Uint8Array; kept?: Uint8Array | null }>) {
  const records = Object.entries(stored).map(([name, { bytes }], index): FileRecord => ({
    id: String(index).padStart(24, "0") as FileId,
    ownerId: personId,
    purpose: "attachment",
    meetingId: null,
    clientKey: name,
    name,
    type: "text/plain",
    bytes: bytes.byteLength,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    width: null,
    height: null,
    state: "used",
    usedBy: "m",
    usedAt: null,
    createdAt: new Date("2026-01-05T10:00:00Z"),
  }));
  const sent: ExportParts["sent"] = {
    sentBy: () => Promise.resolve(records),
    async *read(id) {
      const { bytes, kept } = Object.values(stored)[Number(id)] ?? {};
      if (bytes === undefined || kept === null) throw notFound("This file");
      yield await Promise.resolve(kept ?? bytes);
    },
  };
  return sent;
}

test("[EXPORT-13] what the person has sent is in it byte by byte; what is gone or is not what they sent is listed as missing", async () => {
  const photo = { "../me <b>.txt": { bytes: randomBytes(300_000) } };
  const others = {
    "plan.txt": { bytes: Buffer.from("Plan"), kept: Buffer.from("Plot") },
    "gone.txt": { bytes: Buffer.from("Gone"), kept: null },
    "empty.txt": { bytes: Buffer.alloc(0) },
  };
  const { service } = await made(openExport({ meetings: 1, sent: sentFilesOf({ ...photo, ...others }) }));
  const files = unzipSync(await bytesOf((await service.download(person)).bytes));
  const told = JSON.parse(strFromU8(files["files.json"] ?? new Uint8Array())) as ToldFile[];
  // Of the account and of the one meeting.
  expect(told.map(({ missing }) => missing)).toEqual([
    ...[null, "damaged", "gone", null],
    ...[null, "damaged", "gone", null],
  ]);
  for (const { path, missing, sha256 } of told.slice(4)) {
    expect(path in files).toBe(missing === null);
    if (missing === null)
      expect(
        createHash("sha256")
          .update(files[path] ?? "")
          .digest("hex"),
      ).toBe(sha256);
  }
  const index = strFromU8(files["index.html"] ?? new Uint8Array());
  for (const [, link = ""] of index.matchAll(/href="([^"]+)"/g))
    expect(Object.keys(files)).toContain(decodeURIComponent(link));
  expect(index).toContain("gone.txt");
  expect(index).toContain("it is no longer stored");
  expect(index).not.toContain("me <b>");
});

test("[EXPORT-13] while the store of files does not answer, the export waits for it", async () => {
  const sent = sentFilesOf({ "plan.txt": { bytes: Buffer.from("Plan") } });
  const world = openExport({
    sent: {
      ...sent,
      async *read() {
        yield await Promise.reject<Uint8Array>(new Error("no answer"));
      },
    },
  });
  const service = world.open();
  await service.request(person);
  await expect(world.run("person.export")).rejects.toThrow("no answer");
  expect(await service.status(person)).toMatchObject({ state: "preparing" });
});

test("[EXPORT-7] of a large file only a few pieces are in memory", async () => {
  let given = 0;
  let taken = 0;
  let most = 0;
  async function* file() {
    for (let piece = 0; piece < 64; piece += 1) {
      const bytes = randomBytes(128 * 1024);
      given += bytes.byteLength;
      most = Math.max(most, given - taken);
      yield await Promise.resolve({ path: "large.bin", bytes });
    }
  }
  for await (const bytes of zipped(file(), new Date("2026-01-01T00:00:00Z"))) taken += bytes.byteLength;
  expect(taken).toBeGreaterThan(64 * 128 * 1024);
  expect(most).toBeLessThan(1024 * 1024);
});
