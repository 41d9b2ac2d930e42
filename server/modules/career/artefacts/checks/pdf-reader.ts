// A PDF as a machine reads it, in a thread: its text, fonts and pictures.
import { BoundedThread } from "../bounded-thread.ts";
import type { PdfFont } from "./pdf-fonts.ts";

export interface ReadPdf {
  pages: number;
  text: string;
  fonts: PdfFont[];
  images: number;
}

export type PdfReader = BoundedThread<Uint8Array, ReadPdf>;

export function createPdfReader(): PdfReader {
  const program = new URL("./pdf-reader-worker.ts", import.meta.url);
  return new BoundedThread({ program, name: "pdf-reader", timeoutMs: 60_000 });
}
