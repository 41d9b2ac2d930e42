// A thread that reads PDFs with pdf.js, so that nobody else waits, and nobody else ends where one is hostile.
import { parentPort } from "node:worker_threads";
import { getDocumentProxy, getResolvedPDFJS } from "unpdf";
import { giveWay } from "../../../../platform/thread-priority.ts";
import type { FromThread, ToThread } from "../bounded-thread.ts";
import { fontsInPdf } from "./pdf-fonts.ts";
import type { ReadPdf } from "./pdf-reader.ts";

if (parentPort === null) throw new Error("this program runs as a thread");
const port = parentPort;
giveWay();
port.on("message", (message: ToThread<Uint8Array>) => void answer(message));

/** Pages that are looked at; a résumé of more is none. */
const pagesAtMost = 40;

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;
type PdfPage = Awaited<ReturnType<PdfDocument["getPage"]>>;

async function answer({ id, input }: ToThread<Uint8Array>): Promise<void> {
  try {
    port.postMessage({ id, output: await read(input) } satisfies FromThread<ReadPdf>);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    port.postMessage({ id, error: said } satisfies FromThread<ReadPdf>);
  }
}

async function read(bytes: Uint8Array): Promise<ReadPdf> {
  // Before the reader takes the bytes, and from the file itself: readers make up what a font does not say.
  const fonts = fontsInPdf(bytes);
  const document = await getDocumentProxy(bytes, { verbosity: 0 });
  try {
    const found: ReadPdf = { pages: document.numPages, text: "", fonts, images: 0 };
    for (let number = 1; number <= Math.min(document.numPages, pagesAtMost); number += 1) {
      const page = await document.getPage(number);
      found.text += `${await textOf(page)}\n`;
      await addDrawn(page, found);
    }
    return found;
  } finally {
    await document.cleanup();
  }
}

async function textOf(page: PdfPage): Promise<string> {
  const { items } = await page.getTextContent({ disableNormalization: true });
  return items.map((item) => ("str" in item ? `${item.str}${item.hasEOL ? "\n" : ""}` : "")).join("");
}

async function addDrawn(page: PdfPage, found: ReadPdf): Promise<void> {
  const { OPS } = await getResolvedPDFJS();
  const pictures = new Set<number>(
    Object.entries(OPS).flatMap(([name, code]) => (/^paint.*Image/u.test(name) ? [code as number] : [])),
  );
  const { fnArray } = await page.getOperatorList();
  found.images += fnArray.filter((code) => pictures.has(code)).length;
}
