// Opaque page cursors: a list of plain values, encoded for a query string and checked when it comes back.
import type { z } from "zod";
import { AppError } from "../../shared/errors.ts";

/** Short enough for `cursor` of the page query schema as long as the parts are ids, times and figures. */
export function encodeCursor(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/** Throws VALIDATION_ERROR where the cursor is not one that this list has handed out. */
export function decodeCursor<Parts extends z.ZodType>(cursor: string, parts: Parts): z.output<Parts> {
  try {
    return parts.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
  } catch (error) {
    throw new AppError("VALIDATION_ERROR", "The cursor is not valid: start again from the first page.", {
      cause: error,
      details: { field: "cursor" },
    });
  }
}
