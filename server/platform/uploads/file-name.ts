// Names of files as they may be shown, stored and offered for saving: no paths, no tricks of writing direction, an honest ending.
import { endingOf, fileTypes, type FileType } from "../../../shared/uploads.ts";
import { limits } from "../../../shared/limits.ts";

/** What no system's file names may hold, besides what separates folders. */
const forbidden = /[<>:"|?*]/g;
/** Control and format characters, among them those that turn the writing direction, and what is no character at all. */
const unseen = /\p{C}/gu;
/** Devices on Windows, whatever ending they have. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** The name that a file of this type is kept under, never empty, at most `limits.fileNameMaxChars` characters. */
export function safeFileName(given: string | null, type: FileType): string {
  const last = (given ?? "").toWellFormed().normalize("NFC").split(/[/\\]/).at(-1) ?? "";
  const tidy = last
    .replace(unseen, "")
    .replace(/\s+/g, " ")
    .replace(forbidden, "_")
    .replace(/^[. ]+|[. ]+$/g, "");
  const harmless = devices.test(tidy) ? `_${tidy}` : tidy;
  const named = harmless === "" ? "file" : harmless;
  const endings: readonly string[] = fileTypes[type];
  const ending = endingOf(named);
  // An ending that promises something else is kept as a part of the name: `holiday.exe` of a picture is `holiday.exe.png`.
  const fits = endings.includes(ending);
  const stem = fits ? named.slice(0, -ending.length - 1) : named;
  const suffix = `.${fits ? ending : (endings[0] ?? "")}`;
  return shortened(stem, limits.fileNameMaxChars - suffix.length) + suffix;
}

/** By whole characters: half of one would be another one. */
function shortened(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  let kept = "";
  for (const { segment } of new Intl.Segmenter("en").segment(text)) {
    if (kept.length + segment.length > maxChars) break;
    kept += segment;
  }
  // One character of hundreds of marks.
  return kept === "" ? "file" : kept.trimEnd();
}
