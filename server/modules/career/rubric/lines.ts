// A posting's text as lines with their places: headings, items of lists in their groups, and prose.
import { withColumns, withMarks, type RawLine } from "./columns.ts";
import { headingKindOf, isMarkedHeading, mayBeHeading, type HeadingKind } from "./headings.ts";
import type { Mark } from "./marks.ts";

export interface PostingLine {
  /** Without bullet sign and white space at its ends; a piece of the posting, letter by letter. */
  text: string;
  start: number;
  end: number;
  isListed: boolean;
  /** Null where it is none. */
  heading: HeadingKind | null;
  /** A new group of items begins with it: after a gap, a heading or prose, or with another sign. */
  beginsGroup: boolean;
  /** The last heading before it; null where there is none. */
  under: HeadingKind | null;
  /** A heading stands between it and the item before. */
  isHeaded: boolean;
  /** What the line, or its column, says of itself: required or welcome. */
  mark: Mark | null;
}

const bulletSign = /^[\s\u00a0]*(?:[-–—*•·▪◦‣●○+➢✓✔]|\(?\d{1,2}[.)]|\(?[a-z]\))[\s\u00a0]+/u;
/** Lines without signs are items where so many of them follow each other. */
const plainItemsLeast = 3;
const plainItemMostWords = 18;

export function postingLines(text: string): PostingLine[] {
  const raw = withMarks(withColumns(rawLines(text)));
  const plain = plainItems(raw);
  const listed = raw.map(({ sign, mark }, at) => sign !== "" || mark !== null || plain.has(at));
  const spaced = isSpaced(raw, listed);
  let under: HeadingKind | null = null;
  let former: { at: number; sign: string } | null = null;
  let headed = false;
  return raw.map((line, at) => {
    const isListed = listed[at] === true;
    const heading = isListed ? null : headingAt(raw, listed, at);
    if (heading !== null) {
      under = heading;
      headed = true;
    }
    const { text: own, start, sign, afterGap, mark } = line;
    const beginsGroup =
      isListed &&
      (former === null ||
        former.at !== at - 1 ||
        (afterGap && !spaced) ||
        (sign !== "" && former.sign !== "" && isOtherList(former.sign, sign)));
    const found: PostingLine = {
      text: own,
      start,
      end: start + own.length,
      isListed,
      heading,
      beginsGroup,
      under,
      isHeaded: isListed && headed,
      mark,
    };
    if (isListed) [former, headed] = [{ at, sign }, false];
    return found;
  });
}

function rawLines(text: string): RawLine[] {
  const lines: RawLine[] = [];
  let afterGap = true;
  for (const match of text.matchAll(/[^\r\n]*(?:\r\n|\r|\n|$)/gu)) {
    const raw = match[0].replace(/[\r\n]+$/u, "");
    if (raw.trim() === "") {
      afterGap = true;
      continue;
    }
    const sign = bulletSign.exec(raw)?.[0] ?? "";
    const before = sign === "" ? (/^[\s\u00a0]*/u.exec(raw)?.[0] ?? "") : sign;
    const own = raw.slice(before.length).trimEnd();
    if (own === "") continue;
    lines.push({ text: own, start: match.index + before.length, sign: sign.trim(), afterGap, mark: null });
    afterGap = false;
  }
  return lines;
}

/**
 * Short lines that do not end as sentences do are items without signs: where several follow each other, and where a heading
 * says that something is asked for. The posting's head is no list.
 */
function plainItems(lines: readonly RawLine[]): ReadonlySet<number> {
  const found = new Set<number>();
  let run: number[] = [];
  /** Below such a heading, over gaps, until something else begins. */
  let asks = false;
  const close = () => {
    // What introduces a list stands above it and is no item of it.
    const [first] = run;
    const introduces = first !== undefined && isPlainHeading(lines[first]?.text ?? "");
    const items = introduces ? run.slice(1) : run;
    if (!run.includes(0) && (asks || items.length >= plainItemsLeast)) for (const at of items) found.add(at);
    run = [];
  };
  lines.forEach(({ text, sign: own, mark, afterGap }, at) => {
    const sign = mark === null ? own : "|";
    const isHeading = sign === "" && (isMarkedHeading(text) || (afterGap && isPlainHeading(text)));
    const isShort = text.split(/\s+/u).length <= plainItemMostWords && !/[.!?:]$/u.test(text);
    if (afterGap || isHeading) close();
    if (isHeading) asks = ["must", "nice", "asked"].includes(headingKindOf(text));
    else if (sign === "" && isShort) run.push(at);
    else [run, asks] = [[], false];
  });
  close();
  return found;
}

/** "Skills and abilities" stands above a list, "IT skills" in one. */
const ofHeadingsAlone =
  /^(?:(?:and|or|the|your|our|you|we|who|what|are|is|have|bring|need|know|about|key|core|other|personal|professional|technical|candidate|applicant|ideal|successful|person|skills?|abilit(?:y|ies)|experience|knowledge|qualifications?|education|training|attributes|qualities|profile|background|competenc(?:y|ies|es)|specification|criteria|selection|looking|for|from|strengths|requirements?|aptitudes?|attainments?|values|behaviours?|work|&|\/|,|we(?:'|’)re|you(?:'|’)ll|will)\b[\s,&/]*)+$/iu;

/** "Knowledge of trees" asks; "Essential criteria" stands above what does. */
function isPlainHeading(text: string): boolean {
  return (
    mayBeHeading(text) &&
    text.split(/\s+/u).length <= 5 &&
    headingKindOf(text) !== "unknown" &&
    !/\b(?:of|in|with|for)\b/u.test(text) &&
    (headingKindOf(text) !== "asked" || ofHeadingsAlone.test(text))
  );
}

/** Where nearly all items stand apart, gaps say nothing. */
function isSpaced(lines: readonly RawLine[], listed: readonly boolean[]): boolean {
  const pairs = lines.flatMap(({ afterGap }, at) =>
    listed[at] === true && listed[at - 1] === true ? [afterGap] : [],
  );
  return pairs.length >= 3 && pairs.filter(Boolean).length > 0.6 * pairs.length;
}

function isOtherList(former: string, sign: string): boolean {
  const [one, other] = [former, sign].map((each) => Number(/\d+/u.exec(each)?.[0] ?? Number.NaN));
  if (one === undefined || other === undefined) return false;
  if (Number.isNaN(one) !== Number.isNaN(other)) return true;
  if (!Number.isNaN(one)) return other <= one;
  return /[a-z]/iu.test(former) !== /[a-z]/iu.test(sign) || (!/[a-z]/iu.test(sign) && former !== sign);
}

function headingAt(lines: readonly RawLine[], listed: readonly boolean[], at: number): HeadingKind | null {
  const line = lines[at];
  if (line === undefined) return null;
  const { text, afterGap } = line;
  const words = text.split(/\s+/u).length;
  const kind = headingKindOf(text);
  const aboveList = listed[at + 1] === true;
  if (isMarkedHeading(text)) return kind === "unknown" && !aboveList && words > 5 ? null : kind;
  if (!mayBeHeading(text))
    return aboveList && words <= 12 && /[^.!]$/u.test(text) && kind !== "unknown" ? kind : null;
  const standsApart = afterGap || listed[at - 1] === true;
  if (aboveList) return at === 0 && kind === "unknown" ? null : kind;
  return standsApart && isPlainHeading(text) ? kind : null;
}
