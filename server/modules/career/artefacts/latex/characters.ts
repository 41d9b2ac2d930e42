// Which characters LaTeX's own fonts print so that they can be read out again.

/**
 * Of the T1 and TS1 encodings under Times and Helvetica, as they come with TeX: other accented letters are drawn of two
 * pieces, which some readers take apart; their euro is a drawn C,
 * and their sign of inequality reads as an exclamation mark.
 */
const ranges =
  "\u0020-\u007e\u00a1-\u00ac\u00ae\u00b0-\u00ff\u0131\u0141\u0142\u0152\u0153\u0160\u0161\u0178\u017d\u017e";
const singles =
  "\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2030\u2039\u203a\u2122\u2190-\u2193\u2264\u2265\u2248\u221e";
const outside = new RegExp(`[^${ranges}${singles}]`, "gu");

/** Each once; none where pdfLaTeX prints the text. */
export function outsideLatexFonts(text: string): string[] {
  return [...new Set(text.match(outside) ?? [])];
}
