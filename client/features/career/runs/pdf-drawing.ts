// Opens a PDF of our own making and draws its pages; the drawing program is loaded when the first page is looked at.

export interface OpenPdf {
  pages: number;
  /** Draws a page, from 1, over what the canvas held, as sharp as print; resolves to its text. Throws where it cannot. */
  draw(number: number, canvas: HTMLCanvasElement): Promise<string>;
  close(): void;
}

/** Dots of the drawing for each point of the page: enough for a page as wide as a screen is, twice as dense. */
const dotsPerPoint = 2.5;

/** Throws what the reader throws where the file is damaged. */
export async function openPdf(bytes: Uint8Array<ArrayBuffer>): Promise<OpenPdf> {
  const { getDocument } = await import("unpdf/pdfjs");
  const task = getDocument({ data: bytes, verbosity: 0 });
  const document = await task.promise;
  return {
    pages: document.numPages,
    async draw(number, canvas) {
      const page = await document.getPage(number);
      const viewport = page.getViewport({ scale: dotsPerPoint });
      // Drawn aside and shown when it is whole: two drawings on one canvas would mix.
      const drawn = globalThis.document.createElement("canvas");
      drawn.width = Math.ceil(viewport.width);
      drawn.height = Math.ceil(viewport.height);
      await page.render({ canvas: drawn, viewport }).promise;
      canvas.width = drawn.width;
      canvas.height = drawn.height;
      canvas.getContext("2d")?.drawImage(drawn, 0, 0);
      const { items } = await page.getTextContent();
      return items.map((item) => ("str" in item ? `${item.str}${item.hasEOL ? "\n" : ""}` : "")).join("");
    },
    close: () => void task.destroy(),
  };
}
