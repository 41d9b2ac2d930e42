// What a machine that reads the page must find in its text: each line once, in order, and no character that is none.
import type { PageCheck } from "../index.ts";
import { textsOf, type Page } from "../page/page.ts";
import type { ExpectedLine } from "./lines.ts";
import type { ReadPdf } from "./pdf-reader.ts";

/** Names the check of how long it is. */
export const pagesCheck = "pages";

/** Between lines a template may set these, and nothing else. */
const separators = /[|\u2022]/u;

/** U+FFFD, soft hyphens and other invisible characters, ligatures, private ones, and dashes that ranges must not have. */
const unwanted = /[\ufffd\u00ad\u200b-\u200f\u2060\ufeff\ufb00-\ufb06\p{Co}\u2010-\u2013\u2212]/gu;

/** Of one of our templates, by what pdf.js read. */
export function pdfChecks(read: ReadPdf, expected: readonly ExpectedLine[], pageLimit: number): PageCheck[] {
  const type3 = read.fonts.filter(({ isType3 }) => isType3);
  const mute = read.fonts.filter(({ saysCharacters }) => !saysCharacters);
  return [
    ...textChecks(read.text, expected),
    check(
      "fonts",
      type3.length + mute.length === 0 && read.fonts.length > 0
        ? null
        : "A font does not say which characters it shows.",
    ),
    check("images", read.images === 0 ? null : `There are ${read.images} pictures on it.`),
    check(
      pagesCheck,
      read.pages <= pageLimit ? null : `It has ${read.pages} pages, and ${pageLimit} were asked for.`,
    ),
  ];
}

/** Of a template of one's own, whose order is its owner's: each line is there. */
export function customChecks(read: ReadPdf, page: Page, pageLimit: number): PageCheck[] {
  const text = withoutSpace(read.text);
  const missing = textsOf(page).filter((line) => !text.includes(withoutSpace(line.text)));
  const [, , ...others] = pdfChecks(read, [], pageLimit);
  return [
    ...textChecks(read.text, []).filter(({ name }) => name === "characters"),
    check(
      "lines",
      missing.length === 0 ? null : `Not found whole: ${missing.map(({ where }) => where).join("; ")}.`,
    ),
    ...others,
  ];
}

/** Where text ends and space begins is each reader's own; all else is compared letter by letter. */
export function textChecks(extracted: string, expected: readonly ExpectedLine[]): PageCheck[] {
  const found = [...new Set(extracted.match(unwanted) ?? [])];
  return [
    check(
      "characters",
      found.length === 0
        ? null
        : `The text holds ${found.map((one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`).join(", ")}.`,
    ),
    check("lines", lineFinding(extracted, expected)),
  ];
}

/** The first line that is not where it belongs, in words; null where all are. */
export function lineFinding(extracted: string, expected: readonly ExpectedLine[]): string | null {
  const text = withoutSpace(extracted);
  let at = 0;
  for (const { text: line, kind, where } of expected) {
    const wanted = withoutSpace(line);
    while (!text.startsWith(wanted, at) && separators.test(text[at] ?? "")) at += 1;
    if (!text.startsWith(wanted, at)) {
      const later = text.indexOf(wanted, at);
      const how =
        later >= 0
          ? "has other text before it"
          : text.includes(wanted)
            ? "is out of order"
            : "is not found whole";
      return `A ${kind} of ${where} ${how}.`;
    }
    at += wanted.length;
  }
  return [...text.slice(at)].every((character) => separators.test(character))
    ? null
    : "There is text after the last line.";
}

export function check(name: string, finding: string | null): PageCheck {
  return finding === null ? { name, passed: true } : { name, passed: false, finding };
}

export function withoutSpace(text: string): string {
  return text.normalize("NFC").replace(/\s+/gu, "");
}
