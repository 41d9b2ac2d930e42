// The zip itself: written while its files are read, so that of any size only a few pieces are in memory.
import { once } from "node:events";
import { PassThrough, type Readable } from "node:stream";
import yazl from "yazl";
import type { ZipPiece } from "./export.files.ts";

/**
 * Pieces of a file follow each other. UTF-8 names, and Zip64 where there is need of it. All entries carry `at`: nothing in
 * the zip depends on when it was written. Throws what the pieces throw.
 */
export async function* zipped(pieces: AsyncIterable<ZipPiece>, at: Date): AsyncGenerator<Uint8Array> {
  const zip = new yazl.ZipFile();
  const output = zip.outputStream as Readable;
  zip.on("error", (error: unknown) => output.destroy(error as Error));
  let file: PassThrough | null = null;
  // Whoever reads has stopped, or something has failed: nobody waits for room any more.
  output.once("close", () => file?.destroy(new Error("the zip is not read any more")));

  async function feed(): Promise<void> {
    let path: string | null = null;
    for await (const piece of pieces) {
      if (output.destroyed) return;
      if (file === null || piece.path !== path) {
        file?.end();
        ({ path } = piece);
        file = new PassThrough();
        // Its end is told to whoever waits below.
        file.on("error", () => {});
        zip.addReadStream(file, path, { mtime: at, mode: 0o100644 });
      }
      if (!file.write("text" in piece ? piece.text : piece.bytes)) await once(file, "drain");
    }
    file?.end();
    zip.end();
  }

  const feeding = feed().catch((error: unknown) => void output.destroy(error as Error));
  yield* output as AsyncIterable<Uint8Array>;
  await feeding;
}
