// JPEG taken apart and put together from what draws it: no places, cameras, comments, thumbnails, nor anything behind its end.
import type { UploadRule } from "../../../shared/uploads.ts";
import { assertDimensions, damaged, unsupported, type Dimensions } from "./problems.ts";

const maxScans = 64;
/** Markers by their second byte, as ITU-T T.81 names them. */
const marker = { soi: 0xd8, eoi: 0xd9, sos: 0xda, dqt: 0xdb, dri: 0xdd, dht: 0xc4, app0: 0xe0 } as const;
/** Baseline, extended and progressive with Huffman codes: what every browser shows. */
const frames = new Set([0xc0, 0xc1, 0xc2]);
/** Lossless, hierarchical and arithmetic ones, which browsers refuse. */
const otherFrames = new Set([0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);

export interface RebuiltPicture extends Dimensions {
  bytes: Buffer;
}

/** Throws FILE_DAMAGED, UNSUPPORTED_FILE, PAYLOAD_TOO_LARGE. */
export function rebuildJpeg(
  source: Buffer,
  rule: Pick<UploadRule, "maxSidePixels" | "maxPixels">,
): RebuiltPicture {
  const kept: Buffer[] = [];
  let size: Dimensions | null = null;
  let orientation = 1;
  let scans = 0;
  let at = 2;
  for (;;) {
    if (source[at] !== 0xff) throw damaged("a JPEG without its next part");
    while (source[at] === 0xff) at += 1;
    const code = source[at] ?? -1;
    if (code === marker.eoi) break;
    const segment = segmentAt(source, at);
    const whole = () => kept.push(Buffer.from([0xff, code]), segment.whole);
    at = segment.end;
    if (frames.has(code)) {
      if (size !== null) throw damaged("a JPEG with two pictures in one");
      size = sizeOf(segment.data);
      assertDimensions(size, rule);
      whole();
    } else if (otherFrames.has(code)) {
      throw unsupported("This kind of JPEG is not accepted: save the picture anew as JPEG or PNG.");
    } else if (code === marker.sos) {
      scans += 1;
      if (size === null) throw damaged("a JPEG without its size");
      if (scans > maxScans) throw unsupported("This JPEG has too many layers: save the picture anew.");
      whole();
      const end = endOfScan(source, at);
      kept.push(source.subarray(at, end));
      at = end;
    } else if (code === marker.dqt || code === marker.dht || code === marker.dri) {
      whole();
    } else if (code >= marker.app0 && code <= 0xef) {
      if (code === 0xe1) orientation = orientationOf(segment.data) ?? orientation;
      const drawing = drawingPart(code, segment.data);
      if (drawing !== null) kept.push(drawing);
    }
  }
  if (size === null || scans === 0) throw damaged("a JPEG without a picture");
  const turned = orientation >= 5;
  return {
    bytes: Buffer.concat([
      Buffer.from([0xff, marker.soi]),
      ...(orientation === 1 ? [] : [onlyOrientation(orientation)]),
      ...kept,
      Buffer.from([0xff, marker.eoi]),
    ]),
    width: turned ? size.height : size.width,
    height: turned ? size.width : size.height,
  };
}

interface Segment {
  /** With its length. */
  whole: Buffer;
  data: Buffer;
  end: number;
}

/** `at` is the marker's second byte. */
function segmentAt(source: Buffer, at: number): Segment {
  const code = source[at] ?? 0;
  const standsAlone = code < 0xc0 || (code >= 0xd0 && code <= 0xd8);
  if (standsAlone || at + 3 > source.length) throw damaged("a JPEG that ends too early");
  const length = source.readUInt16BE(at + 1);
  const end = at + 1 + length;
  if (length < 2 || end > source.length) throw damaged("a JPEG that ends too early");
  return { whole: source.subarray(at + 1, end), data: source.subarray(at + 3, end), end };
}

function sizeOf(data: Buffer): Dimensions {
  const components = data[5] ?? 0;
  if (data.length !== 6 + 3 * components || ![1, 3, 4].includes(components)) {
    throw damaged("a JPEG whose size cannot be read");
  }
  if (data[0] !== 8) throw unsupported("JPEGs of more than 8 bits a colour are not accepted.");
  return { height: data.readUInt16BE(1), width: data.readUInt16BE(3) };
}

/** Where the compressed picture ends: at the next marker that is neither an escaped byte nor a restart. */
function endOfScan(source: Buffer, from: number): number {
  for (let at = source.indexOf(0xff, from); at !== -1; at = source.indexOf(0xff, at + 1)) {
    const next = source[at + 1];
    if (next === undefined) break;
    const goesOn = next === 0 || next === 0xff || (next >= 0xd0 && next <= 0xd7);
    if (!goesOn) return at;
  }
  throw damaged("a JPEG that ends too early");
}

/** Of the parts that programs add, those by which colours are right. */
function drawingPart(code: number, data: Buffer): Buffer | null {
  const starts = (text: string) => data.subarray(0, text.length).toString("latin1") === text;
  if (code === 0xe0 && starts("JFIF\0") && data.length >= 14) {
    // Without its thumbnail, which may show what was cut away.
    return segmentOf(code, Buffer.concat([data.subarray(0, 12), Buffer.from([0, 0])]));
  }
  if (code === 0xee && starts("Adobe") && data.length >= 12) return segmentOf(code, data.subarray(0, 12));
  // A colour profile in one piece: longer ones are of printers.
  if (code === 0xe2 && starts("ICC_PROFILE\0") && data[13] === 1) return segmentOf(code, data);
  return null;
}

function segmentOf(code: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, code, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

/** From 1 to 8, as the camera was held; null where nothing readable says so. */
function orientationOf(data: Buffer): number | null {
  if (data.subarray(0, 6).toString("latin1") !== "Exif\0\0") return null;
  const tiff = data.subarray(6);
  if (tiff.length < 8) return null;
  const little = tiff.subarray(0, 2).toString("latin1") === "II";
  const short = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const first = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (first + 2 > tiff.length) return null;
  const entries = short(first);
  for (let index = 0; index < entries; index += 1) {
    const at = first + 2 + 12 * index;
    if (at + 12 > tiff.length) return null;
    if (short(at) !== 0x0112) continue;
    const value = short(at + 8);
    return value >= 1 && value <= 8 ? value : null;
  }
  return null;
}

/** Without it pictures of phones would lie on their side. */
function onlyOrientation(orientation: number): Buffer {
  const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
  const tiff = [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, ...entry, 0, 0, 0, 0];
  return segmentOf(0xe1, Buffer.concat([Buffer.from("Exif\0\0", "latin1"), Buffer.from(tiff)]));
}
