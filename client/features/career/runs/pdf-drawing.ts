// Opens a PDF of our own making and draws its pages; the drawing program is loaded when the first page is looked at.

export interface OpenPdf {
  pages: number;
  /** Draws a page, from 1, so many dots wide, over what the canvas held; resolves to its text. Throws where it cannot. */
  draw(number: number, canvas: HTMLCanvasElement, widthDots: number): Promise<string>;
  close(): void;
}

/** More dots would be more than a small device has memory for. */
const widthMostDots = 3_000;

/** Throws what the reader throws where the file is damaged. */
export async function openPdf(bytes: Uint8Array<ArrayBuffer>): Promise<OpenPdf> {
  const { getDocument } = await import("unpdf/pdfjs");
  const task = getDocument({ data: bytes, verbosity: 0 });
  const document = await task.promise;
  return {
    pages: document.numPages,
    async draw(number, canvas, widthDots) {
      const page = await document.getPage(number);
      const scale = Math.min(widthDots, widthMostDots) / page.getViewport({ scale: 1 }).width;
      const viewport = page.getViewport({ scale });
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
