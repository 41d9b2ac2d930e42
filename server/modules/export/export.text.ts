// Pieces of text that files are made of: JSON that is written while it is read, and words inside HTML.
import type { StagedPiece } from "./export.files.ts";

export function jsonFile(path: string, value: unknown): StagedPiece {
  return { path, text: `${JSON.stringify(value, null, 2)}\n` };
}

/** A list of any length, one item a line; never in memory as a whole. */
export async function* jsonList(path: string, items: AsyncIterable<unknown>): AsyncGenerator<StagedPiece> {
  let separator = "[\n";
  for await (const item of items) {
    yield { path, text: separator + JSON.stringify(item) };
    separator = ",\n";
  }
  yield { path, text: separator === "[\n" ? "[]\n" : "\n]\n" };
}

/** Markup that is known to be safe. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

type Part = string | number | Html | readonly Html[];

/** A template whose values are text, unless they are markup themselves. */
export function markup(fixed: TemplateStringsArray, ...values: Part[]): Html {
  return new Html(fixed.reduce((markup, text, index) => markup + shown(values[index - 1] ?? "") + text));
}

function shown(part: Part): string {
  if (part instanceof Html) return part.markup;
  if (typeof part === "object") return part.map(({ markup }) => markup).join("\n");
  return String(part).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
