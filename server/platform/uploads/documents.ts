// Documents are kept as they came, after a look at what they are: Office documents by their parts, texts by their characters.
import type { FileType } from "../../../shared/uploads.ts";
import { damaged, unsupported } from "./problems.ts";

const office = "application/vnd.openxmlformats-officedocument.";
/** The part that each kind of document is about. */
const officeKinds: readonly (readonly [string, FileType])[] = [
  ["word/document.xml", `${office}wordprocessingml.document`],
  ["xl/workbook.xml", `${office}spreadsheetml.sheet`],
  ["ppt/presentation.xml", `${office}presentationml.presentation`],
];
const partsMax = 5_000;
/** What an Office document may claim to unpack to, on the machine of whoever opens it. */
const unpackedMaxBytes = 250 * 1024 * 1024;
const endRecordBytes = 22;
const commentMaxBytes = 0xffff;

/** An Office document without programs; null for any other archive. Throws FILE_DAMAGED, UNSUPPORTED_FILE. */
export function officeTypeOf(source: Buffer): FileType | null {
  const parts = archiveParts(source);
  const names = new Set(parts.map(({ name }) => name));
  if (!names.has("[Content_Types].xml")) return null;
  const found = officeKinds.filter(([part]) => names.has(part));
  const [kind] = found;
  if (kind === undefined || found.length > 1) return null;
  if (parts.some(({ name }) => /vbaproject|\.bin$|activex/i.test(name) && !/printersettings/i.test(name))) {
    throw unsupported("Documents that hold programs (macros) are not accepted: save it without them.");
  }
  if (parts.some(({ encrypted }) => encrypted)) {
    throw unsupported("Documents with a password are not accepted: save it without one.");
  }
  if (parts.reduce((sum, { bytes }) => sum + bytes, 0) > unpackedMaxBytes) {
    throw unsupported("This document would unpack to more than its readers' machines may hold.");
  }
  return kind[1];
}

interface ArchivePart {
  name: string;
  bytes: number;
  encrypted: boolean;
}

/** By the list at a ZIP's end, which readers go by. */
function archiveParts(source: Buffer): ArchivePart[] {
  const from = Math.max(0, source.length - endRecordBytes - commentMaxBytes);
  const end = source.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  if (end < from || end + endRecordBytes > source.length) throw damaged("an archive that ends too early");
  const count = source.readUInt16LE(end + 10);
  let at = source.readUInt32LE(end + 16);
  if (count > partsMax) throw unsupported("This document has too many parts.");
  const parts: ArchivePart[] = [];
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > end || source.readUInt32LE(at) !== 0x02014b50) throw damaged("an archive without its list");
    const nameBytes = source.readUInt16LE(at + 28);
    const rest = source.readUInt16LE(at + 30) + source.readUInt16LE(at + 32);
    const next = at + 46 + nameBytes + rest;
    if (next > end) throw damaged("an archive without its list");
    const name = source.subarray(at + 46, at + 46 + nameBytes).toString("utf8");
    if (name.split(/[/\\]/).includes("..") || /^[/\\]|\0/.test(name)) {
      throw unsupported("This document holds files that would lie outside of it.");
    }
    parts.push({
      name,
      bytes: source.readUInt32LE(at + 24),
      encrypted: (source.readUInt16LE(at + 8) & 1) === 1,
    });
    at = next;
  }
  return parts;
}

/** Throws FILE_DAMAGED where it is cut off. */
export function assertPdf(source: Buffer): void {
  // Readers look for it in the last kilobyte; some programs write line ends or zeros behind it.
  if (!source.subarray(-2_048).includes("%%EOF")) throw damaged("a PDF that ends too early");
}

/** Whether it is a text in UTF-8: without it no program of ours could show it, and many take it for something else. */
export function isText(source: Buffer): boolean {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(source);
  } catch {
    return false;
  }
  // eslint-disable-next-line no-control-regex -- the control characters are what is looked for
  return !/[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f]/.test(text);
}

/** Pages and drawings that browsers run scripts of, whatever else they may be read as. */
export function isMarkup(source: Buffer): boolean {
  const start = source.subarray(0, 4_096).toString("latin1");
  const begins = /^(?:ï»¿)?\s*<(?:[!?]|[a-z])/i.test(start);
  return begins || /<(?:!doctype|html|head|body|script|iframe|svg|object|embed)[\s>/]/i.test(start);
}
