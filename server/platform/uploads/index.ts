// What a file that somebody sends is, by its bytes alone, and what of it is kept. The rules: SPEC.md.
import {
  fileTypes,
  isPictureType,
  uploadRules,
  type FileType,
  type UploadPurpose,
  type UploadRule,
} from "../../../shared/uploads.ts";
import { assertPdf, isMarkup, isText, officeTypeOf } from "./documents.ts";
import { safeFileName } from "./file-name.ts";
import { rebuildJpeg, type RebuiltPicture } from "./jpeg.ts";
import { rebuildPng } from "./png.ts";
import { damaged, unsupported, type Dimensions } from "./problems.ts";
import { assertSound, isSoundType } from "./sound.ts";
import { rebuildWebp } from "./webp.ts";

export interface SentFile {
  bytes: Buffer;
  /** The header `content-type`; null where there is none. */
  declaredType: string | null;
  name: string | null;
}

export interface AcceptedFile {
  /** A picture's are put together anew. */
  bytes: Buffer;
  type: FileType;
  /** Safe to show, to store and to offer for saving. */
  name: string;
  /** Of pictures, as they are looked at. */
  picture: Dimensions | null;
}

/** Throws UNSUPPORTED_FILE, FILE_DAMAGED, PAYLOAD_TOO_LARGE with what to do about it. */
export async function acceptFile(purpose: UploadPurpose, sent: SentFile): Promise<AcceptedFile> {
  const rule: UploadRule = uploadRules[purpose];
  const { bytes } = sent;
  if (bytes.length === 0) throw damaged("it is empty");
  const declared = declaredTypeOf(sent.declaredType);
  const type = typeOf(bytes, declared, rule);
  if (declared !== null && declared !== type) {
    throw unsupported(
      `The file says that it is ${shortName(declared)}, but its content is ${shortName(type)}. Choose the file itself, or save it anew.`,
      { declared, found: type },
    );
  }
  const rebuilt = isPictureType(type) ? await rebuilders[type as "image/png"](bytes, rule) : null;
  if (type === "application/pdf") assertPdf(bytes);
  if (isSoundType(type)) assertSound(bytes, type);
  return {
    bytes: rebuilt?.bytes ?? bytes,
    type,
    name: safeFileName(sent.name, type),
    picture: rebuilt === null ? null : { width: rebuilt.width, height: rebuilt.height },
  };
}

const rebuilders: Record<
  "image/jpeg" | "image/png" | "image/webp",
  (bytes: Buffer, rule: UploadRule) => RebuiltPicture | Promise<RebuiltPicture>
> = { "image/jpeg": rebuildJpeg, "image/png": rebuildPng, "image/webp": rebuildWebp };

/** Null where nothing is said: browsers say `application/octet-stream` of what they do not know. */
function declaredTypeOf(header: string | null): string | null {
  const type = header?.split(";")[0]?.trim().toLowerCase() ?? "";
  return type === "" || type === "application/octet-stream" ? null : type;
}

const signatures: readonly (readonly [FileType, RegExp])[] = [
  ["image/jpeg", /^\xff\xd8\xff/],
  // eslint-disable-next-line no-control-regex -- they are part of it, so that a text is not taken for one
  ["image/png", /^\x89PNG\r\n\x1a\n/],
  ["image/webp", /^RIFF[^]{4}WEBP/],
  ["application/pdf", /^%PDF-[12]\.\d/],
  // eslint-disable-next-line no-control-regex -- as above
  ["audio/webm", /^\x1aE\xdf\xa3/],
  ["audio/ogg", /^OggS/],
  ["audio/mp4", /^[^]{4}ftyp/],
];
const texts: readonly FileType[] = ["text/plain", "text/markdown", "text/csv"];

/** What the bytes are, among what this purpose accepts. */
function typeOf(bytes: Buffer, declared: string | null, rule: UploadRule): FileType {
  const found = recognised(bytes, declared, rule);
  if (found !== null && rule.types.includes(found)) return found;
  const shown = found === null ? "" : `, and this is ${shortName(found)}`;
  throw unsupported(`Files of this kind are not accepted here${shown}. Choose ${rule.accepts}.`, {
    accepted: rule.types,
  });
}

function recognised(bytes: Buffer, declared: string | null, rule: UploadRule): FileType | null {
  const start = bytes.subarray(0, 16).toString("latin1");
  const signed = signatures.find(([, pattern]) => pattern.test(start));
  if (signed !== undefined) return signed[0];
  if (start.startsWith("PK\x03\x04")) return officeTypeOf(bytes);
  if (!isText(bytes)) return null;
  if (isMarkup(bytes)) {
    // Where pages are asked for they are read and not kept: nobody's browser gets them.
    if (rule.types.includes("text/html")) return "text/html";
    throw unsupported(
      "Web pages, SVG drawings and other files with markup are not accepted: save it as PDF or as a picture.",
    );
  }
  // Texts look alike: which of them it is the sender knows.
  return texts.find((type) => type === declared) ?? "text/plain";
}

function shortName(type: string): string {
  const [ending] = (fileTypes as Partial<Record<string, readonly string[]>>)[type] ?? [];
  return ending === undefined ? type.slice(0, 80) : ending.toUpperCase();
}
