// Text as it stands on a page that machines read: one form for each character, and nothing that only looks like text.

/** What takes no room, or only says where a line may end or which way it runs: nothing of it belongs into extracted text. */
const invisible =
  /\u00ad|\u034f|\u061c|[\u115f\u1160]|[\u17b4\u17b5]|[\u180b-\u180e]|[\u200b-\u200f\u202a-\u202e\u2060-\u206f]|[\ufe00-\ufe0f]|\ufeff/gu;

/** Single characters that stand for several, or for an ordinary one in another dress; see `pageText`. */
const dressed =
  /[\ufb00-\ufb06\uff01-\uff5e\u{1d400}-\u{1d7ff}\u0132\u0133\u01c4-\u01cc\u01f1-\u01f3\u2024-\u2026]/gu;

const replaced: Readonly<Record<string, string>> = {
  "\u2010": "-",
  "\u2011": "-",
  "\u2012": "-",
  "\u2013": "-",
  "\u2212": "-",
  "\u2015": "\u2014",
  // Word's own bullet, which its fonts have at a place for private use.
  "\uf0b7": "\u2022",
  "\uf0a7": "\u2022",
  "\u2044": "/",
  "\u2215": "/",
  "\u02bc": "\u2019",
  "\u201b": "\u2018",
  "\u2033": '"',
  "\u2032": "'",
  "\u2043": "-",
  "\u00b4": "'",
  "\u2126": "\u03a9",
  "\u212a": "K",
  "\u212b": "\u00c5",
};
const replaceable = new RegExp(`[${Object.keys(replaced).join("")}]`, "gu");

/**
 * In NFC, on one line, with ASCII hyphens where ranges and compounds have them (an em dash stays), without ligature
 * characters, soft hyphens and other invisible ones. Idempotent. What cannot be printed is left as it is: see `unprintable`.
 */
export function pageText(text: string): string {
  return (
    text
      .toWellFormed()
      .normalize("NFC")
      .replace(dressed, (character) => character.normalize("NFKC"))
      .replace(invisible, "")
      .replace(replaceable, (character) => replaced[character] ?? character)
      .normalize("NFC")
      .replace(/[\s\p{Cc}]+/gu, " ")
      .trim()
      // Readers take a hyphen at a line's end for one of hyphenation, drop it, and join the next line.
      .replace(/-$/u, "\u2014")
  );
}

/** As `pageText`, where a dash of any length is a range's. */
export function rangeText(text: string): string {
  return pageText(pageText(text).replace(/\u2014/gu, "-"));
}

/** Characters that stand for nothing anybody can read: private ones, unassigned ones, U+FFFD. */
export function unprintable(text: string): string[] {
  return [...new Set(text.match(/[\p{Co}\p{Cn}\ufffd\ufffc]/gu) ?? [])];
}

/** As in `U+1F680 🚀`: for sentences to a person. */
export function named(character: string): string {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  return unprintable(character).length > 0 || /\p{M}/u.test(character) ? code : `${character} (${code})`;
}
