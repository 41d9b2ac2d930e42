// PNG taken apart and put together from what draws it; its pixels are counted as they unpack, and not kept.
import { createInflate, crc32 } from "node:zlib";
import { pipeline } from "node:stream/promises";
import { Readable, Writable } from "node:stream";
import type { UploadRule } from "../../../shared/uploads.ts";
import type { RebuiltPicture } from "./jpeg.ts";
import { assertDimensions, damaged, unsupported, type Dimensions } from "./problems.ts";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Chunks that colours and shapes are made of; everything else is said about the picture, or moves it. */
const drawing = new Set(["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT"]);
const profileMaxBytes = 64 * 1024;
const channels: Partial<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const depths: Partial<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
/** Adam7: where each pass begins and how far its pixels lie apart. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

interface Header extends Dimensions {
  bitsPerPixel: number;
  palette: boolean;
  interlaced: boolean;
}

/** Throws FILE_DAMAGED, UNSUPPORTED_FILE, PAYLOAD_TOO_LARGE. */
export async function rebuildPng(
  source: Buffer,
  rule: Pick<UploadRule, "maxSidePixels" | "maxPixels">,
): Promise<RebuiltPicture> {
  const kept: Buffer[] = [signature];
  const pixels: Buffer[] = [];
  let header: Header | null = null;
  let hasPalette = false;
  let ended = false;
  for (let at = signature.length; !ended;) {
    const { type, data, whole } = chunkAt(source, at);
    at += whole.length;
    if (header === null) {
      if (type !== "IHDR") throw damaged("a PNG without its head");
      header = headerOf(data);
      assertDimensions(header, rule);
    } else if (type === "IHDR") throw damaged("a PNG with two heads");
    hasPalette ||= type === "PLTE";
    if (type === "IDAT") pixels.push(data);
    ended = type === "IEND";
    const isCritical = /^[A-Z]/.test(type);
    if (!drawing.has(type) && isCritical)
      throw unsupported("This PNG has parts that nobody knows: save it anew.");
    if (drawing.has(type) && (type !== "iCCP" || data.length <= profileMaxBytes)) kept.push(whole);
  }
  if (header === null || pixels.length === 0) throw damaged("a PNG without a picture");
  if (header.palette && !hasPalette) throw damaged("a PNG without its colours");
  await assertPixels(pixels, unpackedBytes(header));
  return { bytes: Buffer.concat(kept), width: header.width, height: header.height };
}

function chunkAt(source: Buffer, at: number): { type: string; data: Buffer; whole: Buffer } {
  if (at + 12 > source.length) throw damaged("a PNG that ends too early");
  const length = source.readUInt32BE(at);
  const end = at + 12 + length;
  if (end > source.length) throw damaged("a PNG that ends too early");
  const typed = source.subarray(at + 4, at + 8 + length);
  const type = typed.subarray(0, 4).toString("latin1");
  if (!/^[A-Za-z]{4}$/.test(type)) throw damaged("a PNG with a part that has no name");
  if (crc32(typed) !== source.readUInt32BE(end - 4)) throw damaged("a PNG that was changed on its way");
  return { type, data: typed.subarray(4), whole: source.subarray(at, end) };
}

function headerOf(data: Buffer): Header {
  if (data.length !== 13) throw damaged("a PNG whose head cannot be read");
  const [depth = 0, colour = 0, compression = 0, filter = 0, interlace = 0] = data.subarray(8);
  const perPixel = channels[colour];
  if (perPixel === undefined || depths[colour]?.includes(depth) !== true)
    throw damaged("a PNG of unknown colours");
  if (compression !== 0 || filter !== 0 || interlace > 1) throw damaged("a PNG whose head cannot be read");
  return {
    width: data.readUInt32BE(0),
    height: data.readUInt32BE(4),
    bitsPerPixel: perPixel * depth,
    palette: colour === 3,
    interlaced: interlace === 1,
  };
}

function unpackedBytes({ width, height, bitsPerPixel, interlaced }: Header): number {
  const rows = (columns: number, lines: number) =>
    columns === 0 ? 0 : lines * (1 + Math.ceil((columns * bitsPerPixel) / 8));
  if (!interlaced) return rows(width, height);
  return passes.reduce(
    (sum, [x, y, dx, dy]) =>
      sum + rows(Math.max(0, Math.ceil((width - x) / dx)), Math.max(0, Math.ceil((height - y) / dy))),
    0,
  );
}

/** What unpacks to more than its head says is a bomb, to less is cut off. Never more than a piece of it is in memory. */
async function assertPixels(pixels: Buffer[], expected: number): Promise<void> {
  let unpacked = 0;
  const count = new Writable({
    write(piece: Buffer, _encoding, done) {
      unpacked += piece.length;
      done(unpacked > expected ? damaged("a PNG with more pixels than it says") : null);
    },
  });
  try {
    await pipeline(Readable.from(pixels), createInflate(), count);
  } catch (error) {
    if (unpacked > expected) throw error;
    throw damaged("a PNG whose pixels cannot be read");
  }
  if (unpacked < expected) throw damaged("a PNG that ends too early");
}
