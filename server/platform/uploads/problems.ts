// What is wrong with a file, in words that say what to do.
import { AppError } from "../../../shared/errors.ts";
import type { UploadRule } from "../../../shared/uploads.ts";

export function damaged(what: string): AppError {
  return new AppError(
    "FILE_DAMAGED",
    `The file is damaged or not complete (${what}). Please choose it again.`,
  );
}

export function unsupported(sentence: string, details?: unknown): AppError {
  return new AppError("UNSUPPORTED_FILE", sentence, details === undefined ? {} : { details });
}

export interface Dimensions {
  width: number;
  height: number;
}

/** Before anything is unpacked: a small file may claim to be a picture that fills all memory. */
export function assertDimensions(
  { width, height }: Dimensions,
  { maxSidePixels, maxPixels }: Pick<UploadRule, "maxSidePixels" | "maxPixels">,
): void {
  if (width === 0 || height === 0) throw damaged("a picture without width or height");
  if (width <= maxSidePixels && height <= maxSidePixels && width * height <= maxPixels) return;
  throw new AppError(
    "PAYLOAD_TOO_LARGE",
    `The picture has ${width} × ${height} pixels: at most ${maxSidePixels} a side and ${maxPixels} in all are accepted.`,
    { details: { width, height, maxSidePixels, maxPixels } },
  );
}
