// Plain text as LaTeX text, and addresses as the argument of `\href`; nothing of either is ever read as a command.
import { linkTarget } from "../page/links.ts";
import { lineUnits } from "../page/words.ts";

const commands: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  $: "\\$",
  "&": "\\&",
  "#": "\\#",
  "%": "\\%",
  _: "\\_",
  "^": "\\textasciicircum{}",
  "~": "\\textasciitilde{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "\\textquotedbl{}",
  "'": "\\textquotesingle{}",
  "`": "\\textasciigrave{}",
  // After `\\` or `\item` it would begin an option.
  "[": "{[}",
  "]": "{]}",
  "\u2192": "\\ensuremath{\\rightarrow}",
  "\u2190": "\\ensuremath{\\leftarrow}",
  "\u2191": "\\ensuremath{\\uparrow}",
  "\u2193": "\\ensuremath{\\downarrow}",
  "\u2265": "\\ensuremath{\\geq}",
  "\u2264": "\\ensuremath{\\leq}",
  "\u2248": "\\ensuremath{\\approx}",
  "\u221e": "\\ensuremath{\\infty}",
};
const special = new RegExp(
  `[${Object.keys(commands)
    .map((one) => `\\u{${one.codePointAt(0)?.toString(16)}}`)
    .join("")}]`,
  "gu",
);

/** Of one line, as `pageText` makes it. Two characters that fonts would draw as another one (`--`, `,,`) stay two. */
export function latexText(text: string): string {
  return lineUnits(text)
    .map((pieces) => pieces.map(escaped).join("\\hspace{0pt}"))
    .join(" ");
}

/** Null where it is no address of a kind that a page should link to. */
export function latexAddress(address: string): string | null {
  const target = linkTarget(address);
  return target === null ? null : target.replace(/[%#&_]/gu, (character) => `\\${character}`);
}

function escaped(text: string): string {
  return text
    .replace(special, (character) => commands[character] ?? character)
    .replace(/-(?=-)/gu, "-{}")
    .replace(/,(?=,)/gu, ",{}")
    .replaceAll(" ", "~");
}
