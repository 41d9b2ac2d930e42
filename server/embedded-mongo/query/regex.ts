// Regular expressions as queries write them, turned into JavaScript's.
import { StoreError, badValue } from "../errors.ts";
import { BoundedRegExp } from "./bounded-regex.ts";
import type { RegexCondition } from "./filter.ts";

const maxPatternLength = 32_764;

/** Options i, m, s and u are understood; x (extended) is refused. */
export function regexCondition(pattern: string, flags: string): RegexCondition {
  if (pattern.includes("\0")) throw badValue("Regular expression cannot contain an embedded null byte");
  if (pattern.length > maxPatternLength) throw new StoreError(51091, "Regular expression is too long");
  for (const flag of flags)
    if (!"imsu".includes(flag)) throw new StoreError(51108, `invalid flag in regex options: ${flag}`);
  let source = pattern;
  let effective = flags;
  const inline = /^\(\?([ims]+)\)/.exec(source);
  if (inline !== null) {
    source = source.slice(inline[0].length);
    effective += inline[1] ?? "";
  }
  const jsFlags = [..."ims"].filter((flag) => effective.includes(flag)).join("");
  return {
    regex: build(source, jsFlags),
    pattern,
    flags: [...new Set(flags)].sort().join(""),
    prefix: jsFlags === "" || jsFlags === "s" ? literalPrefix(source) : "",
  };
}

function build(source: string, flags: string): RegExp {
  try {
    return new BoundedRegExp(source, `${flags}u`);
  } catch {
    // The "u" mode refuses escapes such as \- that PCRE allows: try without it before giving up.
    try {
      return new BoundedRegExp(source, flags);
    } catch (error) {
      throw new StoreError(
        51091,
        `Regular expression is invalid: ${error instanceof Error ? error.message : "unknown reason"}`,
      );
    }
  }
}

/** The plain text after "^", without the last character where a quantifier could make it optional. */
function literalPrefix(source: string): string {
  if (!source.startsWith("^") || source.includes("|")) return "";
  const literal = /^[\p{L}\p{N} _\-:/@,;=<>!"'%&~`#]*/u.exec(source.slice(1))?.[0] ?? "";
  const next = source.charAt(1 + literal.length);
  return "?*{".includes(next) && next !== "" ? [...literal].slice(0, -1).join("") : literal;
}
