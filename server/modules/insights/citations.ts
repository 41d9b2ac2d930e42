// The evidence rule: what a language provider says is shown only with words that stand in the transcript.
import { createHash } from "node:crypto";
import {
  actionItemIdSchema,
  userIdSchema,
  type ActionItemId,
  type MeetingId,
  type UserId,
} from "../../../shared/ids.ts";
import type { ActionItem, Citation, CitedText } from "../../../shared/schemas/insights.ts";
import type { Segment, TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import type {
  ConversationReading,
  Evidence,
  Grounded,
  SuggestionKind,
} from "../../vendors/language/index.ts";
import { addressesIn, linksMost, type SaidLink } from "./shared-links.ts";

export interface Suggestion extends CitedText {
  kind: SuggestionKind;
  /** Null for everybody who talks in the call. */
  forId: UserId | null;
}

export interface Facts {
  outcome: CitedText | null;
  summary: CitedText[];
  decisions: CitedText[];
  actions: Omit<ActionItem, "done" | "movedTo" | "milestone">[];
  suggestions: Suggestion[];
  /** Addresses that were said. */
  links: SaidLink[];
  topics: string[];
  /** Statements and single citations that the transcript does not carry: left out. */
  droppedStatements: number;
  droppedCitations: number;
  /** Statements beyond what a recap shows. */
  leftOver: number;
}

interface Source {
  meetingId: MeetingId;
  chunks: readonly TranscriptChunk[];
  segments: readonly Segment[];
  /** Who may own an action. */
  people: readonly UserId[];
}

const longestQuoteChars = 400;
/** What a recap shows at most; what lies beyond is counted and said. */
const most = { summary: 12, decisions: 20, actions: 50 } as const;

export function groundFacts(reading: ConversationReading, source: Source): Facts {
  const bySequence = new Map(source.chunks.map((chunk) => [chunk.sequence, chunk]));
  let droppedStatements = 0;
  let droppedCitations = 0;
  let leftOver = 0;

  function cite({ text, evidence }: Grounded): CitedText | null {
    const citations = evidence.flatMap((one) => citationOf(one, bySequence, source.segments) ?? []);
    droppedCitations += evidence.length - citations.length;
    if (citations.length > 0 && text.trim() !== "") return { text, citations };
    droppedStatements += 1;
    return null;
  }
  function bounded<Item>(items: Item[], max: number): Item[] {
    leftOver += Math.max(0, items.length - max);
    return items.slice(0, max);
  }

  function personOf(id: string | null): UserId | null {
    const person = userIdSchema.safeParse(id);
    return person.success && source.people.includes(person.data) ? person.data : null;
  }

  const outcome = reading.outcome === null ? null : cite(reading.outcome);
  const summary = reading.summary.flatMap((one) => cite(one) ?? []);
  const decisions = reading.decisions.flatMap((one) => cite(one) ?? []);
  const actions = reading.actions.flatMap((action) => {
    const cited = cite(action);
    if (cited === null) return [];
    return {
      ...cited,
      id: actionIdOf(source.meetingId, cited),
      ownerId: personOf(action.ownerId),
      // A date that was not said is no date.
      dueText: action.dueText !== null && isSaid(action.dueText, cited) ? action.dueText : null,
    };
  });
  const suggestions = reading.suggestions.flatMap((suggestion) => {
    const cited = cite(suggestion);
    return cited === null ? [] : { ...cited, kind: suggestion.kind, forId: personOf(suggestion.forId) };
  });
  const distinct = [...new Map(actions.map((action) => [action.id, action])).values()];
  return {
    outcome,
    summary: bounded(summary, most.summary),
    decisions: bounded(decisions, most.decisions),
    actions: bounded(distinct, most.actions),
    suggestions,
    links: saidLinks(source),
    topics: reading.topics,
    droppedStatements,
    droppedCitations,
    leftOver,
  };
}

function saidLinks({ chunks, segments }: Source): SaidLink[] {
  const byUrl = new Map<string, SaidLink>();
  for (const chunk of chunks) {
    for (const found of addressesIn(chunk.text, { spoken: true })) {
      const segment = byUrl.has(found.url) || byUrl.size >= linksMost ? null : segmentOf(chunk, segments);
      if (segment === null) continue;
      const { sequence, startMs, speakerId, text } = chunk;
      const quote = text.slice(0, longestQuoteChars);
      byUrl.set(found.url, {
        ...found,
        citation: { segmentId: segment.id, sequence, startMs, speakerId, quote },
      });
    }
  }
  return [...byUrl.values()];
}

function citationOf(
  { sequence, quote }: Evidence,
  bySequence: ReadonlyMap<number, TranscriptChunk>,
  segments: readonly Segment[],
): Citation | null {
  const chunk = bySequence.get(sequence);
  if (chunk === undefined || quote.trim() === "" || !chunk.text.includes(quote)) return null;
  const segment = segmentOf(chunk, segments);
  if (segment === null) return null;
  const { speakerId, startMs } = chunk;
  return { segmentId: segment.id, sequence, startMs, speakerId, quote };
}

/** Ranges overlap where lines came late: the chunk stands in the text of its own segment. */
function segmentOf({ sequence, text }: TranscriptChunk, segments: readonly Segment[]): Segment | null {
  const held = segments.filter(
    ({ firstSequence, lastSequence }) => firstSequence <= sequence && sequence <= lastSequence,
  );
  return held.find((segment) => segment.text.includes(text)) ?? null;
}

function isSaid(dueText: string, { citations }: CitedText): boolean {
  const said = dueText.toLowerCase();
  return citations.some(({ quote }) => quote.toLowerCase().includes(said));
}

/** Follows from what was said and where, so that preparing a recap again keeps what people ticked off. */
function actionIdOf(meetingId: MeetingId, { text, citations }: CitedText): ActionItemId {
  const place = `action/${meetingId}/${citations[0]?.sequence ?? 0}/${text}`;
  return actionItemIdSchema.parse(createHash("sha256").update(place).digest("hex").slice(0, 24));
}
