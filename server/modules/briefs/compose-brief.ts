// A brief out of its sources: each commitment once and first, then ideas with what they rest on. Pure.
import type { UserId } from "../../../shared/ids.ts";
import type { Brief, BriefIdea, BriefSource } from "../../../shared/schemas/briefs.ts";
import type { CitedText } from "../../../shared/schemas/insights.ts";
import type { Commitment } from "../../../shared/schemas/meetings.ts";
import type { Topic } from "../../../shared/schemas/transcripts.ts";
import { contentStems, wordsOf } from "../../platform/text/words.ts";
import type { MeetingRecord } from "../meetings/index.ts";

export interface BriefSources {
  /** Whether the reader coaches in the call to come. */
  coaches: boolean;
  /** Newest first; what is null is not for the reader, or not there. */
  lastCalls: { record: MeetingRecord; outcome: CitedText | null; topics: readonly Topic[] }[];
  /** Newest first; with the line that carries it, and whose words it rests on, where the reader may see that. */
  commitments: readonly (Commitment & { sequence: number | null; speakerIds: readonly string[] })[];
  /** What the others say of themselves to the reader, and the reader to everybody. */
  profiles: {
    userId: UserId;
    name: string;
    own: boolean;
    goals: string | null;
    interests: readonly string[];
  }[];
}

const commitmentsMost = 12;
const ideasMost = 6;
/** From this share of words in common on, of those of both, two sentences say the same. */
const sameFrom = 0.6;
/** A topic that came up once is the past; twice, it goes on. */
const recursFrom = 2;

export function composeBrief(sources: BriefSources): Pick<Brief, "commitments" | "lastCalls" | "ideas"> {
  const commitments = commitmentsOf(sources);
  const told = commitments.map(({ text }) => text);
  return {
    commitments,
    lastCalls: sources.lastCalls.map(({ record, outcome }) => {
      // Led by the commitments already: nothing is said twice.
      const shown = outcome !== null && !told.some((text) => isSame(text, outcome.text)) ? outcome : null;
      return {
        meetingId: record.id,
        title: record.title,
        startedAt: record.startedAt?.toISOString() ?? null,
        outcome: shown?.text ?? null,
        sequence: shown?.citations[0]?.sequence ?? null,
      };
    }),
    ideas: ideasOf(sources, told),
  };
}

/** What was promised again in a later call is that later promise. */
function commitmentsOf({ commitments }: BriefSources): Brief["commitments"] {
  const kept: BriefSources["commitments"][number][] = [];
  for (const one of commitments) {
    if (!kept.some((other) => other.ownerId === one.ownerId && isSame(other.text, one.text))) kept.push(one);
  }
  return kept
    .map((one, place) => ({
      id: one.id,
      text: one.text,
      ownerId: one.ownerId,
      ownerName: one.ownerName,
      // The day it was moved to stands above what was said.
      dueText: one.movedTo ?? one.dueText,
      mine: one.mine,
      relevance: hundredths(
        (one.dueText === null && one.movedTo === null ? 0.8 : 0.95) -
          0.02 * place -
          (one.ownerId === null ? 0.2 : 0),
      ),
      source: callSource(one.meetingId, one.meetingTitle, one.sequence),
    }))
    .sort((one, other) => other.relevance - one.relevance)
    .slice(0, commitmentsMost);
}

function ideasOf(sources: BriefSources, told: readonly string[]): BriefIdea[] {
  const { coaches, lastCalls, profiles } = sources;
  const ideas: BriefIdea[] = [];
  const [last] = lastCalls;
  if (
    last !== undefined &&
    last.outcome !== null &&
    !told.some((text) => isSame(text, last.outcome?.text ?? ""))
  ) {
    const { text, citations } = last.outcome;
    ideas.push({
      type: "precall",
      content: coaches
        ? `Last time ended with “${text}” Ask what has become of it.`
        : `Last time ended with “${text}” Say what has become of it.`,
      relevance: 0.75,
      tags: ["last-call"],
      sources: [callSource(last.record.id, last.record.title, citations[0]?.sequence ?? null)],
    });
  }
  for (const { label, calls } of recurring(lastCalls)) {
    ideas.push({
      type: "precall",
      content: coaches
        ? `“${label}” came up in ${calls.length} of the last ${lastCalls.length} calls: ask what is different by now.`
        : `“${label}” came up in ${calls.length} of the last ${lastCalls.length} calls: what do you want to be different?`,
      relevance: hundredths(Math.min(0.7, 0.5 + 0.1 * calls.length)),
      tags: ["topic", label],
      sources: calls,
    });
  }
  for (const { userId, name, own, goals, interests } of profiles) {
    const source: BriefSource = { kind: "profile", userId, name };
    if (goals !== null && goals.trim() !== "" && own !== coaches) {
      ideas.push({
        type: "precall",
        content: own
          ? `Your profile says: “${shortened(goals)}” Which step of it is this call for?`
          : `${name}'s profile says: “${shortened(goals)}” Ask which step of it this call is for.`,
        relevance: 0.65,
        tags: ["goal"],
        sources: [source],
      });
    } else if (!own && lastCalls.length === 0 && interests.length > 0) {
      ideas.push({
        type: "precall",
        content: `${name} is interested in ${interests.slice(0, 3).join(", ")}: an easy way to begin.`,
        relevance: 0.4,
        tags: ["interest"],
        sources: [source],
      });
    }
  }
  return ideas.sort((one, other) => other.relevance - one.relevance).slice(0, ideasMost);
}

function recurring(lastCalls: BriefSources["lastCalls"]): { label: string; calls: BriefSource[] }[] {
  const found = new Map<string, { label: string; calls: BriefSource[] }>();
  for (const { record, topics } of lastCalls) {
    const here = new Set<string>();
    for (const { labels, firstSequence } of topics)
      for (const label of labels) {
        const key = contentStems(wordsOf(label)).join(" ");
        if (key === "" || here.has(key)) continue;
        here.add(key);
        const known = found.get(key) ?? { label, calls: [] };
        known.calls.push(callSource(record.id, record.title, firstSequence));
        found.set(key, known);
      }
  }
  return [...found.values()].filter(({ calls }) => calls.length >= recursFrom).slice(0, 3);
}

export function callSource(
  meetingId: MeetingRecord["id"],
  title: string,
  sequence: number | null,
): BriefSource {
  return { kind: "call", meetingId, title, sequence };
}

export function isSame(one: string, other: string): boolean {
  const a = new Set(contentStems(wordsOf(one)));
  const b = new Set(contentStems(wordsOf(other)));
  const both = [...a].filter((stem) => b.has(stem)).length;
  return both > 0 && both / (a.size + b.size - both) >= sameFrom;
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= 160 ? line : `${line.slice(0, line.lastIndexOf(" ", 160))}…`;
}

export function hundredths(value: number): number {
  return Math.round(Math.max(0, value) * 100) / 100;
}
