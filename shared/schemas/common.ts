// Building blocks that several schemas share.
import { z } from "zod";
import { limits } from "../limits.ts";

/** ISO 8601 in UTC on the wire. */
export const timestampSchema = z.iso.datetime();

// Lower-cased here, so that one person is one address everywhere.
export const emailSchema = z
  .string()
  .trim()
  .max(254)
  .transform((value) => value.toLowerCase())
  .pipe(z.email());

export const timeZoneSchema = z
  .string()
  .max(64)
  .refine(isTimeZone, "must be an IANA time zone such as Europe/Zurich");

/** Trimmed text in NFC, half surrogates replaced as UTF-8 does, without control characters other than line breaks and tabs. */
export function plainText(maxChars: number) {
  return z
    .string()
    .max(maxChars)
    .transform((value) => value.toWellFormed().normalize("NFC").trim())
    .refine((value) => !hasControlCharacters(value), "must not contain control characters");
}

export function requiredText(maxChars: number) {
  return plainText(maxChars).refine((value) => value.length > 0, "must not be empty");
}

export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(limits.pageMaxItems).default(limits.pageDefaultItems),
  cursor: z.string().max(200).optional(),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

// Half a surrogate would be another one once it is stored, and a key would not be found again.
export const clientKeySchema = z
  .string()
  .min(1)
  .max(limits.clientKeyMaxChars)
  .refine((value) => value.isWellFormed(), "must be well-formed Unicode");

function isTimeZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

function hasControlCharacters(value: string): boolean {
  // eslint-disable-next-line no-control-regex -- the control characters are what is looked for
  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(value);
}
