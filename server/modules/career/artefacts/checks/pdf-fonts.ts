// The fonts of a PDF as its own objects describe them, read without any reader that mends what is missing.
import { inflateSync } from "node:zlib";

export interface PdfFont {
  name: string;
  isType3: boolean;
  /** It has a table of its own that says which characters its glyphs are. */
  saysCharacters: boolean;
}

/** Of all objects that are unpacked together; a résumé's are some kilobytes. */
const unpackedMaxBytes = 64 * 1024 * 1024;

/** Every font that text may be set in; the parts of which composite fonts are made are none of their own. */
export function fontsInPdf(bytes: Uint8Array): PdfFont[] {
  return objectsOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    .filter(
      (object) => /\/Type\s*\/Font(?![A-Za-z])/.test(object) && !/\/Subtype\s*\/CIDFontType/.test(object),
    )
    .map((object) => ({
      name: /\/(?:BaseFont|Name)\s*\/([^\s/<>[\]()]+)/.exec(object)?.[1] ?? "without a name",
      isType3: /\/Subtype\s*\/Type3(?![A-Za-z0-9])/.test(object),
      saysCharacters: /\/ToUnicode\s+\d+\s+\d+\s+R/.test(object),
    }));
}

/** Also those that are packed into streams, as PDF has them since 1.5. */
function objectsOf(file: Buffer): string[] {
  const text = file.toString("latin1");
  const objects: string[] = [];
  let unpacked = 0;
  for (const { 0: whole, 1: body = "", index } of text.matchAll(/\d+\s+\d+\s+obj\b([\s\S]*?)endobj/g)) {
    const stream = /stream\r?\n/.exec(body);
    const dictionary = stream === null ? body : body.slice(0, stream.index);
    objects.push(dictionary);
    if (stream === null || !/\/Type\s*\/ObjStm/.test(dictionary)) continue;
    const from = index + whole.indexOf(body) + stream.index + stream[0].length;
    const length = Number(/\/Length\s+(\d+)(?!\s+\d+\s+R)/.exec(dictionary)?.[1] ?? 0);
    const packed = file.subarray(from, length > 0 ? from + length : undefined);
    const plain = /\/FlateDecode/.test(dictionary)
      ? inflateSync(packed, { maxOutputLength: unpackedMaxBytes - unpacked })
      : packed;
    unpacked += plain.length;
    objects.push(...packedObjects(plain.toString("latin1"), dictionary));
  }
  return objects;
}

/** A stream of objects begins with their numbers and places. */
function packedObjects(plain: string, dictionary: string): string[] {
  const first = Number(/\/First\s+(\d+)/.exec(dictionary)?.[1] ?? 0);
  const numbers = plain.slice(0, first).trim().split(/\s+/).map(Number);
  const places = numbers.filter((_, at) => at % 2 === 1);
  return places.map((place, at) => plain.slice(first + place, first + (places[at + 1] ?? plain.length)));
}
