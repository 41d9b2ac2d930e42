// Whether a recording is whole: its parts are walked through by their sizes; nothing of the sound itself is decoded.
import { soundTypes, type FileType } from "../../../shared/uploads.ts";
import { damaged } from "./problems.ts";

export type SoundType = (typeof soundTypes)[number];

export function isSoundType(type: FileType): type is SoundType {
  return (soundTypes as readonly FileType[]).includes(type);
}

/** Throws FILE_DAMAGED where it breaks off, or holds no sound. */
export function assertSound(bytes: Buffer, type: SoundType): void {
  const holdsSound = { "audio/webm": walkWebm, "audio/ogg": walkOgg, "audio/mp4": walkMp4 }[type](bytes);
  if (!holdsSound) throw damaged("there is no sound in it");
}

/** Segment and Cluster: what lies in them is walked through like what lies beside them. */
const webmParents: ReadonlySet<number> = new Set([0x18538067, 0x1f43b675]);
/** SimpleBlock and BlockGroup. */
const webmBlocks: ReadonlySet<number> = new Set([0xa3, 0xa0]);

function walkWebm(bytes: Buffer): boolean {
  let at = 0;
  let blocks = 0;
  while (at < bytes.length) {
    const id = variableNumber(bytes, at, 4);
    const size = variableNumber(bytes, at + id.length, 8);
    const start = at + id.length + size.length;
    // Recorders that write as they go do not know how much will come.
    const unknown = size.value === 2 ** (7 * size.length) - 1;
    const parent = webmParents.has(id.raw);
    if (unknown && !parent) throw damaged("a part of it has no size");
    if (!unknown && start + size.value > bytes.length) throw brokenOff();
    if (webmBlocks.has(id.raw)) blocks += 1;
    at = parent ? start : start + size.value;
  }
  return blocks > 0;
}

/** As EBML writes numbers: how many bytes follow is said by the zeros before the first one. */
function variableNumber(
  bytes: Buffer,
  at: number,
  lengthMost: number,
): { raw: number; value: number; length: number } {
  const first = bytes[at];
  if (first === undefined) throw brokenOff();
  const length = Math.clz32(first) - 23;
  if (length > lengthMost) throw damaged("it is no WebM");
  if (at + length > bytes.length) throw brokenOff();
  let raw = first;
  let value = first & (0xff >> length);
  for (let index = 1; index < length; index += 1) {
    const next = bytes[at + index] ?? 0;
    raw = raw * 256 + next;
    value = value * 256 + next;
  }
  return { raw, value, length };
}

const oggHeaderBytes = 27;

function walkOgg(bytes: Buffer): boolean {
  let at = 0;
  let pages = 0;
  while (at < bytes.length) {
    const segments = bytes[at + oggHeaderBytes - 1];
    if (segments === undefined) throw brokenOff();
    if (bytes.toString("latin1", at, at + 4) !== "OggS") throw damaged("it is no Ogg");
    const sizes = bytes.subarray(at + oggHeaderBytes, at + oggHeaderBytes + segments);
    if (sizes.length < segments) throw brokenOff();
    at += oggHeaderBytes + segments + sizes.reduce((sum, size) => sum + size, 0);
    if (at > bytes.length) throw brokenOff();
    pages += 1;
  }
  // The first two are about the sound.
  return pages > 2;
}

function walkMp4(bytes: Buffer): boolean {
  const kinds = new Set<string>();
  let at = 0;
  while (at < bytes.length) {
    if (at + 8 > bytes.length) throw brokenOff();
    const size = bytes.readUInt32BE(at);
    kinds.add(bytes.toString("latin1", at + 4, at + 8));
    // 0 and 1 (to the end, and a size of eight bytes) are for files far larger than these.
    if (size < 8) throw damaged("a part of it has no size");
    at += size;
    if (at > bytes.length) throw brokenOff();
  }
  return kinds.has("moov") && kinds.has("mdat");
}

function brokenOff(): Error {
  return damaged("it breaks off");
}
