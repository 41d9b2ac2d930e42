// Postings with what is required and what is welcome: by their own headings, which are taken away, or by a list beside them.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export type Kind = "must" | "nice";
export const kinds: readonly Kind[] = ["must", "nice"];

/** What a posting asks for, and the text without the headings that say how firmly. */
export interface LabelledPosting {
  name: string;
  text: string;
  /** As it was written, with all of its headings. */
  source: string;
  asked: { kind: Kind; line: string }[];
}

/** Texts (`*.txt`) with both kinds; `NAME.truth` beside one has its labels, a line each, as `must: words of the text`. */
export async function labelledPostings(directory: string): Promise<LabelledPosting[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".txt")).sort();
  const all = await Promise.all(
    names.map(async (name) => {
      const source = await readFile(join(directory, name), "utf8");
      const truth = await readFile(join(directory, name.replace(/txt$/u, "truth")), "utf8").catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code === "ENOENT") return null;
          throw error;
        },
      );
      return {
        name,
        ...(truth === null ? labelled(source) : { text: source, source, asked: listed(truth, source) }),
      };
    }),
  );
  return all.filter(({ asked }) => kinds.every((kind) => asked.some((one) => one.kind === kind)));
}

function listed(truth: string, source: string): LabelledPosting["asked"] {
  return truth
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [, kind, words] = /^(must|nice): (.+)$/u.exec(line) ?? [];
      if (words === undefined || !source.includes(words)) throw new Error(`no label of this text: ${line}`);
      return { kind: kind as Kind, line: words };
    });
}

const role = "(?:criteria|skills?|experience|qualifications?|requirements?|knowledge|attributes|and)";
/** Whole headings: what only mentions such a word is none. */
const headings: readonly [Kind, RegExp][] = [
  [
    "nice",
    new RegExp(
      `^(?:(?:highly )?(?:desirable|desired|preferred)(?: ${role})*|(?:nice|good)[- ]to[- ]haves?|bonus(?: points)?(?: if you have| for)?|extra points for|(?:added )?advantages?|asset qualifications|advantageous|highly regarded|assets?|pluses|ideally|what (?:would|might) (?:help|be a plus|set you apart)|would be nice|even better if you have|we(?:'|’)d love it if you had|it would be an advantage to have|you may also have|not essential but welcome|optional)$`,
      "iu",
    ),
  ],
  [
    "must",
    new RegExp(
      `^(?:(?:essential|required|minimum|basic|mandatory|job|key)(?: ${role})*|requirements?(?: include)?|must[- ]haves?|(?:what )?you must have|qualifications?(?: and experience)?|your (?:profile|background)|what (?:we ask|you need|you bring|we(?:'|’)re looking for|you must have|you(?:'|’)ll need)|who you are|about you|you (?:have|need)|to (?:succeed,? you will have|be considered you will need))$`,
      "iu",
    ),
  ],
];
const anyHeading = /^[^-•*–].{0,60}:$|^\p{Lu}[\p{L}' ]{2,40}$|^#{1,4} /u;
const itemSign = /^(?:[-•*–]|\d{1,2}[.)])\s+/u;

/** Lines under such headings are the labels; the headings go, others stay. */
export function labelled(source: string): Omit<LabelledPosting, "name"> {
  const kept: string[] = [];
  const asked: LabelledPosting["asked"] = [];
  let kind: Kind | null = null;
  /** Of the lines under the heading: with signs or without. */
  let signs: boolean | null = null;
  for (const line of source.split(/\r?\n/u)) {
    const own = line.trim();
    const bare = own.replace(/^[#*\s]+|[*:\s]+$/gu, "");
    const heading = itemSign.test(own) ? undefined : headings.find(([, pattern]) => pattern.test(bare));
    // Where the lines below have no signs, a heading stands apart.
    const former = kept.at(-1)?.trim() ?? "";
    if (heading !== undefined && (signs !== false || former === "")) {
      [kind, signs] = [heading[0], null];
      continue;
    }
    kept.push(line);
    if (kind === null || own === "") {
      if (signs === false) kind = null;
      continue;
    }
    signs ??= itemSign.test(own);
    if (signs === itemSign.test(own) && (signs || former !== "" || asked.at(-1)?.kind !== kind))
      asked.push({ kind, line: own.replace(itemSign, "") });
    else if (!signs || anyHeading.test(own)) kind = null;
  }
  return { text: kept.join("\n"), source, asked };
}
