// A posting's text as lines with their places, and under which heading each stands.

export type LineState = "must" | "nice" | "duties" | "other" | "unknown";

export interface PostingLine {
  /** Without bullet sign and white space at its ends; a piece of the posting, letter by letter. */
  text: string;
  start: number;
  end: number;
  isListed: boolean;
  isHeading: boolean;
  /** By the last heading before it. */
  state: LineState;
}

const headings: readonly { state: LineState; pattern: RegExp }[] = [
  {
    state: "nice",
    pattern:
      /\b(?:desirable|preferred|nice[- ]to[- ]haves?|bonus(?: points)?|advantageous|optional|good to have|pluses|a plus|even better|extra credit|would be great|assets?)\b/iu,
  },
  {
    state: "must",
    pattern:
      /\b(?:essential|require(?:d|ments?)|must[- ]haves?|qualifications?|minimum|basic|you (?:have|bring|need|are)|your (?:profile|skills|experience|background)|who you are|what you(?:'|’)?ll need|what you bring|what we(?:'|’)?re looking for|what we look for|skills|about you|person specification|experience)\b/iu,
  },
  {
    state: "duties",
    pattern:
      /\b(?:responsibilities|duties|what you(?:'|’)?ll (?:do|be doing)|your (?:role|tasks|mission)|the role|role|job description|day[- ]to[- ]day|key accountabilities|tasks)\b/iu,
  },
  {
    state: "other",
    pattern:
      /\b(?:benefits|perks|we offer|what we offer|about (?:us|the company|the team)|who we are|our (?:company|values|culture)|how to apply|application|equal opportunit|diversity|compensation|salary|pay range|location|privacy|the offer|why (?:join|work))\b/iu,
  },
];
const bulletSign = /^[\s\u00a0]*(?:[-–—*•·▪◦‣●○+]|\d{1,2}[.)]|[a-z]\))[\s\u00a0]+/u;

export function postingLines(text: string): PostingLine[] {
  const lines: PostingLine[] = [];
  let state: LineState = "unknown";
  for (const match of text.matchAll(/[^\r\n]+/gu)) {
    const raw = match[0];
    const sign = bulletSign.exec(raw)?.[0] ?? /^[\s\u00a0]*/u.exec(raw)?.[0] ?? "";
    const own = raw.slice(sign.length).trimEnd();
    if (own === "") continue;
    const isListed = sign.trim() !== "";
    const found = isListed ? null : headingState(own);
    if (found !== null) state = found;
    const start = match.index + sign.length;
    lines.push({ text: own, start, end: start + own.length, isListed, isHeading: found !== null, state });
  }
  return lines;
}

/** Short, without a full stop, and of the words that headings are made of; null where it is none. */
function headingState(line: string): LineState | null {
  const words = line.split(/\s+/u).length;
  if (words > 8 || /[.;,]$/u.test(line) || /\d{2}/u.test(line)) return null;
  const looks = line.endsWith(":") || line === line.toUpperCase() || words <= 4 || /^#+\s|^\*\*/u.test(line);
  if (!looks) return null;
  for (const { state, pattern } of headings) if (pattern.test(line)) return state;
  return line.endsWith(":") && words <= 5 ? "unknown" : null;
}
