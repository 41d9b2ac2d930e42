// Which part of a posting each item belongs to: the likeliest course through duties, what is required, what is welcome and offers.
import { cuesOf } from "./cues.ts";
import type { HeadingKind } from "./headings.ts";
import type { PostingLine } from "./lines.ts";

export type Section = "duties" | "must" | "nice" | "other";

const sections: readonly Section[] = ["duties", "must", "nice", "other"];
type Costs = Readonly<Record<Section, Readonly<Record<Section, number>>>>;

/**
 * What it costs to go from one part to another, in steps of the words' evidence. Postings go from duties to what is
 * required, to what is welcome, to what is offered; they seldom go back.
 */
const within: Costs = {
  duties: { duties: 0, must: 3, nice: 5, other: 6 },
  must: { duties: 6, must: 0, nice: 1.6, other: 5 },
  nice: { duties: 6, must: 4.5, nice: 0, other: 5 },
  other: { duties: 6, must: 5, nice: 6, other: 0 },
};
/** A heading above the list says that all of it is required, or leaves it open. */
const wishesWithin = { must: 5, asked: 3.5 };
/** Two lists without a word between them rarely are one. */
const atGap: Costs = {
  duties: { duties: 1.5, must: 0, nice: 2.5, other: 1 },
  must: { duties: 2, must: 2.5, nice: 0, other: 0.8 },
  nice: { duties: 3, must: 3, nice: 1.5, other: 0 },
  other: { duties: 1, must: 0.7, nice: 3, other: 1 },
};
const atHeading: Costs = {
  duties: { duties: 0.3, must: 0.3, nice: 2.5, other: 0.7 },
  must: { duties: 1.5, must: 0.3, nice: 0.6, other: 0.7 },
  nice: { duties: 2, must: 1.2, nice: 0.5, other: 0.4 },
  other: { duties: 0.5, must: 0.5, nice: 2.5, other: 0.4 },
};
const atStart: Readonly<Record<Section, number>> = { duties: 0.5, must: 1, nice: 3, other: 1.2 };
/** What a heading says of the first item below it. */
const said: Readonly<Record<HeadingKind, Partial<Record<Section, number>>>> = {
  must: { must: 5 },
  nice: { nice: 5 },
  asked: { must: 3, nice: 1.5 },
  duties: { duties: 4 },
  other: { other: 4 },
  unknown: {},
};
/** What such a heading says of each item below it, before and after a gap. */
const underHeading = { near: 3, far: 1 };
/** What a line says of itself is beyond doubt. */
const ownMark = 20;
/** Under a heading that says so, a gap is a gap. */
const stayUnderHeading = 0.5;

/** For each item of a list its section, in their order. */
export function sectionsOf(items: readonly PostingLine[]): Section[] {
  const ways: { score: Record<Section, number>; from: Record<Section, Section> }[] = [];
  let gaps = 0;
  for (const item of items) {
    if (item.beginsGroup) gaps = item.isHeaded ? 0 : gaps + 1;
    const cues = cuesOf(item.text);
    const { under } = item;
    if (under === "must" || under === "nice")
      cues[under] += gaps === 0 ? underHeading.near : underHeading.far;
    // "Dealing with conflict" under "Experience" is no duty.
    if (gaps === 0 && (under === "must" || under === "nice" || under === "asked"))
      cues.duties -= underHeading.far;
    if (item.mark !== null) cues[item.mark] += ownMark;
    const before = ways.at(-1)?.score;
    const score = {} as Record<Section, number>;
    const from = {} as Record<Section, Section>;
    for (const to of sections) {
      const heading = item.isHeaded && item.under !== null ? (said[item.under][to] ?? 0) : 0;
      const reached = sections.map((one) => ({
        one,
        value: before === undefined ? -atStart[to] : before[one] - costOf(item, one, to),
      }));
      const best = reached.reduce((a, b) => (b.value > a.value ? b : a));
      score[to] = best.value + heading + cues[to];
      from[to] = best.one;
    }
    ways.push({ score, from });
  }
  let at = sections.reduce((a, b) => ((ways.at(-1)?.score[b] ?? 0) > (ways.at(-1)?.score[a] ?? 0) ? b : a));
  return [...ways]
    .reverse()
    .map(({ from }) => {
      const here = at;
      at = from[here];
      return here;
    })
    .reverse();
}

function costOf(item: PostingLine, from: Section, to: Section): number {
  const { under } = item;
  if (!item.beginsGroup) {
    const wishes = from === "must" && to === "nice" && (under === "must" || under === "asked");
    return wishes ? wishesWithin[under] : within[from][to];
  }
  if (item.isHeaded) return atHeading[from][to];
  if (from === to && under === from) return Math.min(stayUnderHeading, atGap[from][to]);
  return atGap[from][to];
}
