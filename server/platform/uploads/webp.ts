// WebP taken apart and put together from what draws it: one still picture, its transparency and its colours.
import type { UploadRule } from "../../../shared/uploads.ts";
import type { RebuiltPicture } from "./jpeg.ts";
import { assertDimensions, damaged, unsupported, type Dimensions } from "./problems.ts";

const profileMaxBytes = 64 * 1024;
const flags = { animation: 0x02, alpha: 0x10, profile: 0x20 } as const;

interface Chunk {
  type: string;
  data: Buffer;
}

/** Throws FILE_DAMAGED, UNSUPPORTED_FILE, PAYLOAD_TOO_LARGE. */
export function rebuildWebp(
  source: Buffer,
  rule: Pick<UploadRule, "maxSidePixels" | "maxPixels">,
): RebuiltPicture {
  const chunks = chunksOf(source);
  const extended = chunks.find(({ type }) => type === "VP8X");
  const moves = chunks.some(({ type }) => type === "ANIM" || type === "ANMF");
  if (moves || ((extended?.data[0] ?? 0) & flags.animation) !== 0) {
    throw unsupported("Moving pictures are not accepted: choose a still one.");
  }
  const [frame, second] = chunks.filter(({ type }) => type === "VP8 " || type === "VP8L");
  if (frame === undefined) throw damaged("a WebP without a picture");
  if (second !== undefined) throw damaged("a WebP with two pictures in one");
  const size = frame.type === "VP8 " ? lossySize(frame.data) : losslessSize(frame.data);
  assertDimensions(size, rule);
  if (extended !== undefined) assertCanvas(extended.data, size);

  const profile = chunks.find(({ type, data }) => type === "ICCP" && data.length <= profileMaxBytes);
  const alpha = frame.type === "VP8 " ? chunks.find(({ type }) => type === "ALPH") : undefined;
  const alphaInside = frame.type === "VP8L" && ((frame.data[4] ?? 0) & 0x10) !== 0;
  const drawing = [
    ...(profile === undefined ? [] : [profile]),
    ...(alpha === undefined ? [] : [alpha]),
    frame,
  ];
  const said =
    (profile === undefined ? 0 : flags.profile) | (alpha !== undefined || alphaInside ? flags.alpha : 0);
  const parts = drawing.length === 1 ? drawing : [extendedHead(said, size), ...drawing];
  const body = Buffer.concat([Buffer.from("WEBP", "latin1"), ...parts.map(written)]);
  const head = Buffer.from("RIFF\0\0\0\0", "latin1");
  head.writeUInt32LE(body.length, 4);
  return { bytes: Buffer.concat([head, body]), ...size };
}

function chunksOf(source: Buffer): Chunk[] {
  const end = 8 + source.readUInt32LE(4);
  if (end > source.length) throw damaged("a WebP that ends too early");
  const chunks: Chunk[] = [];
  for (let at = 12; at < end;) {
    if (at + 8 > end) throw damaged("a WebP that ends too early");
    const length = source.readUInt32LE(at + 4);
    if (at + 8 + length > end) throw damaged("a WebP that ends too early");
    chunks.push({
      type: source.subarray(at, at + 4).toString("latin1"),
      data: source.subarray(at + 8, at + 8 + length),
    });
    at += 8 + length + (length % 2);
  }
  return chunks;
}

function lossySize(data: Buffer): Dimensions {
  const isKeyFrame = data.length >= 10 && ((data[0] ?? 1) & 1) === 0;
  if (!isKeyFrame || data.readUIntBE(3, 3) !== 0x9d012a) throw damaged("a WebP whose size cannot be read");
  return { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff };
}

function losslessSize(data: Buffer): Dimensions {
  if (data.length < 5 || data[0] !== 0x2f) throw damaged("a WebP whose size cannot be read");
  const bits = data.readUInt32LE(1);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

function assertCanvas(data: Buffer, { width, height }: Dimensions): void {
  const canvas = data.length >= 10 ? [data.readUIntLE(4, 3) + 1, data.readUIntLE(7, 3) + 1] : [];
  if (canvas[0] !== width || canvas[1] !== height) throw damaged("a WebP that says two sizes");
}

function extendedHead(said: number, { width, height }: Dimensions): Chunk {
  const data = Buffer.alloc(10);
  data[0] = said;
  data.writeUIntLE(width - 1, 4, 3);
  data.writeUIntLE(height - 1, 7, 3);
  return { type: "VP8X", data };
}

function written({ type, data }: Chunk): Buffer {
  const head = Buffer.from(`${type}\0\0\0\0`, "latin1");
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}
