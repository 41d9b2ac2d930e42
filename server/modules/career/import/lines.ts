// Lines of a résumé as a reader sees them, whatever file they come from: what is read of them starts here.

/** What stands together in a line; the next one stands apart, as a date at the right margin does. */
export interface Segment {
  x: number;
  text: string;
}

export interface TextLine {
  /** From 1. */
  page: number;
  /** Points from the left edge; in documents without pages the indent. */
  x: number;
  /** Where its last letter ends; 0 where nobody knows. */
  right: number;
  /** Points, or a rank that grows with it. */
  size: number;
  bold: boolean;
  /** The sign before it is taken away. */
  bullet: boolean;
  /** Told to be a heading by the file itself. */
  heading: boolean;
  segments: readonly Segment[];
  text: string;
}

/** Also what symbol fonts have in their place, in the private area. */
const bulletSign = /^\s*(?:[•‣▪●○◦■□▢∙⁃➢➣➤➔➜►▶▸▹▻✓✔✗❖◆◇◈✦✧★☆»\p{Co}\p{Cc}]|[·–—*+>→⇒-](?=\s))\s*/u;

// eslint-disable-next-line no-control-regex -- what fonts without a table of characters have for their signs
const mute = /^[\u0001-\u0008\u000e-\u001f\u0080-\u009f]\s*(?=\S)/u;
const drawn = /^\s*[*#@\u00a7\p{Co}\u2600-\u27bf\u25a0-\u25ff]\s+(?=[\p{L}\d])/u;

/** Of a sign with its space, in sizes of its letters. */
const signWidth = 0.5;

export function isBulletSign(text: string): boolean {
  return bulletSign.test(`${text} `) && text.replace(bulletSign, "").trim().length === 0;
}

export function lineOf(parts: {
  page: number;
  size: number;
  bold: boolean;
  right?: number;
  segments: readonly Segment[];
  bullet?: boolean;
  heading?: boolean;
}): TextLine | null {
  const tidied = parts.segments
    .map(({ x, text }, index) => ({
      x,
      // A sign that its font has no character for; a drawing before words further on.
      text: plain(index === 0 ? text.replace(mute, "\u2022 ") : text.replace(drawn, "")),
    }))
    .filter(({ text }) => text !== "");
  const [first, second] = tidied;
  if (first === undefined) return null;
  const signAlone = isBulletSign(first.text);
  const bullet = parts.bullet === true || bulletSign.test(first.text) || signAlone;
  const segments = (signAlone ? tidied.slice(1) : tidied)
    .map(({ x, text }, index) => ({
      x,
      text: index === 0 && !signAlone ? text.replace(bulletSign, "") : text,
    }))
    .filter(({ text }) => text !== "");
  if (segments.length === 0) return null;
  return {
    page: parts.page,
    // Of the words, not of the sign: what follows hangs below them.
    x: signAlone
      ? (second?.x ?? first.x)
      : first.x + (parts.right !== undefined && bulletSign.test(first.text) ? parts.size * signWidth : 0),
    right: parts.right ?? 0,
    size: parts.size,
    bold: parts.bold,
    bullet,
    heading: parts.heading ?? false,
    segments,
    text: segments.map(({ text }) => text).join(" "),
  };
}

const accents: Readonly<Record<string, string>> = {
  "\u00a8": "\u0308",
  "\u00b4": "\u0301",
  "\u02c7": "\u030c",
  "\u02d8": "\u0306",
  "\u02d9": "\u0307",
  "\u02da": "\u030a",
  "\u02dd": "\u030b",
};

/** TeX's own encoding of letters that are drawn as one, and of dashes: what its fonts of dots say in place of characters. */
const drawnAsOne: Readonly<Record<string, string>> = {
  "\u0015": "\u2013",
  "\u0016": "\u2014",
  "\u001b": "ff",
  "\u001c": "fi",
  "\u001d": "fl",
  "\u001e": "ffi",
  "\u001f": "ffl",
};

/** Within words and between dates; elsewhere the same codes are signs of other fonts. */
export function withTexLetters(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex -- as TeX has them
      .replace(/(?<=\p{L})[\u001b-\u001f]|[\u001b-\u001f](?=\p{Ll}|-$)/gu, (code) => drawnAsOne[code] ?? code)
      // eslint-disable-next-line no-control-regex -- as TeX has them
      .replace(/(?<=[\p{L}\d]\s?)[\u0015\u0016](?=\s?[\p{L}\d]|\s?$)/gu, (code) => drawnAsOne[code] ?? code)
  );
}

const typedSign = /^o\s+(?=[\p{Lu}\d])/u;
const typedLeast = 3;

/** An "o" that was typed before each item is its sign, where several lines begin with one. */
export function withTypedSigns(lines: readonly TextLine[]): TextLine[] {
  const typed = ({ bullet, segments: [first] }: TextLine) => !bullet && typedSign.test(first?.text ?? "");
  if (lines.filter(typed).length < typedLeast) return [...lines];
  return lines.map((line) => {
    if (!typed(line)) return line;
    const segments = line.segments.map(({ x, text }, at) => ({
      x,
      text: at === 0 ? text.replace(typedSign, "") : text,
    }));
    return { ...line, bullet: true, segments, text: segments.map(({ text }) => text).join(" ") };
  });
}

/** Ligatures, soft hyphens and odd spaces as what they stand for. */
export function plain(text: string): string {
  return (
    text
      // TeX draws some accents before their letters, at times a little apart; one that stands alone is a sign.
      .replace(
        /([\u00a8\u00b4\u02c7\u02d8\u02d9\u02da\u02dd])(?:(?<=\p{L}.)\s)?(\p{L})/gu,
        (all, accent: string, letter: string) => {
          const one = (letter + (accents[accent] ?? "")).normalize("NFC");
          return one.length === 1 ? one : all;
        },
      )
      .normalize("NFC")
      // Ligatures, letters of another width and mathematical ones; "½" and "m²" stay.
      .replace(
        /[\u0132\u0133\u01c4-\u01cc\u01f1-\u01f3\ufb00-\ufb06\uff01-\uff5e\u{1d400}-\u{1d7ff}]/gu,
        (one) => one.normalize("NFKC"),
      )
      .replace(/[\u00ad\u200b-\u200f\u2060\ufeff\ufffd]/gu, "")
      // eslint-disable-next-line no-control-regex -- what fonts without a table of characters leave behind
      .replace(/[\u0000-\u001f\u007f-\u009f\s]+/gu, " ")
      .trim()
  );
}

/** Words before a hyphen that belongs there, also at the end of a line. */
const keepsHyphen =
  /(?:^|[\s(-])(?:high|low|self|cross|real|full|end|end-to|large|long|short|open|data|well|best|multi|non|pre|post|co|on|off|in|up|back|front|client|server|customer|user|cost|time|award|world|state|decision|event|test|third|first|second|one|two|three|four|five|six|ten|low|mid|part|year|day|e|object|cloud|fault|role|risk|team|risk|peer|hands|problem|patient|evidence|model|rule|community|company|enterprise|industry)-$/i;

/** A line and its continuation as one text. */
export function joined(text: string, next: string): string {
  if (text === "") return next;
  if (/\p{L}-$/u.test(text) && /^\p{Ll}/u.test(next))
    return keepsHyphen.test(text) ? text + next : text.slice(0, -1) + next;
  if (/[/]$/.test(text)) return text + next;
  return `${text} ${next}`;
}

/** Whether the line's first word would not have fitted into the one before. */
export function wraps(
  former: Pick<TextLine, "x" | "right" | "text">,
  line: Pick<TextLine, "text">,
  margin: number,
): boolean {
  const letter = (former.right - former.x) / Math.max(1, former.text.length);
  const [word = ""] = line.text.split(" ");
  return former.right + (word.length + 0.5) * letter > margin;
}
