// Typst, which comes as WebAssembly, in a thread: the first document takes a second or more, those after it far less.
import { BoundedThread } from "../bounded-thread.ts";

export interface TypstInput {
  source: string;
  /** JSON, which the source finds as `page.json`. */
  data: string;
}
export interface TypstOutput {
  pdf: Uint8Array;
  pages: number;
  /** How far down the last one text goes, 0 to 1. */
  filled: number;
}

export type Typst = BoundedThread<TypstInput, TypstOutput>;

export function createTypst(): Typst {
  return new BoundedThread({ program: new URL("./typst-worker.ts", import.meta.url), name: "typst" });
}
