// Names of files and folders in the zip, made of titles: safe on every system, and never a way out of the folder.

const maxChars = 80;
/** Windows opens devices by these names, whatever follows their first dot. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** One name: without separators, control characters and what Windows refuses; never empty, `.` or `..`. */
export function safeName(title: string): string {
  const name = title
    .toWellFormed()
    .normalize("NFC")
    // Also what only hides or turns text around: a name must look like what it is.
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}/\\:*?"<>|]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  const cut = [...name]
    .slice(0, maxChars)
    .join("")
    .replace(/^[. ]+|[. ]+$/g, "");
  const [stem = ""] = cut.split(".");
  return cut === "" || devices.test(stem) ? `_${cut}` : cut;
}

/** Unlike any other: ids of meetings and emails rise with time, and differ in their last digits. */
export function datedName(at: Date, title: string, id: string): string {
  return `${at.toISOString().slice(0, 10)} ${safeName(title)} (${id.slice(-8)})`;
}

/** A path of the zip as a link in one of its pages. */
export function linkTo(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
