// The Word document's file: a zip that is the same whenever and wherever it is written.
import { buffer } from "node:stream/consumers";
import type { Readable } from "node:stream";
import yazl from "yazl";
import type { Page } from "../page/page.ts";
import type { Look } from "../page/templates.ts";
import { docxParts } from "./document.ts";

export async function docxOf(page: Page, options: Look): Promise<Uint8Array> {
  const zip = new yazl.ZipFile();
  // The earliest that a zip can say, in whatever time zone: a zip's times are local ones.
  const mtime = new Date(1980, 0, 1);
  for (const [name, text] of docxParts(page, options)) {
    zip.addBuffer(Buffer.from(text), name, { mtime, mode: 0o100644, forceDosTimestamp: true });
  }
  zip.end();
  return buffer(zip.outputStream as Readable);
}
