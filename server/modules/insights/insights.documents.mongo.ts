// Insights' documents as the module knows them, and back. Only the repository uses it.
import mongoose from "mongoose";
import {
  actionItemIdSchema,
  insightIdSchema,
  mailIdSchema,
  meetingIdSchema,
  segmentIdSchema,
  userIdSchema,
} from "../../../shared/ids.ts";
import type { Citation, CitedText } from "../../../shared/schemas/insights.ts";
import type { Segment } from "../../../shared/schemas/transcripts.ts";
import type {
  ActionDocument,
  CitationDocument,
  CitedDocument,
  InsightDocument,
  RecapDocument,
  SegmentDocument,
} from "./insights.models.mongo.ts";
import type { StoredAction, StoredInsight, StoredRecap } from "./insights.repository.ts";

const { ObjectId } = mongoose.Types;
type ObjectId = mongoose.Types.ObjectId;

function fromCitation({ segmentId, speakerId, sequence, startMs, quote }: Citation): CitationDocument {
  return {
    segmentId: new ObjectId(segmentId),
    speakerId: new ObjectId(speakerId),
    sequence,
    startMs,
    quote,
  };
}

function toCitation({ segmentId, speakerId, sequence, startMs, quote }: CitationDocument): Citation {
  return {
    segmentId: segmentIdSchema.parse(hex(segmentId)),
    speakerId: userIdSchema.parse(hex(speakerId)),
    sequence,
    startMs,
    quote,
  };
}

function fromCited({ text, citations }: CitedText): CitedDocument {
  return { text, citations: citations.map(fromCitation) };
}

function toCited({ text, citations }: CitedDocument): CitedText {
  return { text, citations: citations.map(toCitation) };
}

export function fromSegment({ id: _, meetingId, speakers, ...segment }: Segment) {
  return {
    ...segment,
    meetingId: new ObjectId(meetingId),
    speakers: speakers.map((speaker) => new ObjectId(speaker)),
  };
}

export function toSegment(document: SegmentDocument): Segment {
  const { _id, meetingId, speakers, createdAt: _created, updatedAt: _updated, ...segment } = document;
  return {
    ...segment,
    // Segments of before were not divided by topics.
    stretch: segment.stretch ?? null,
    keyTerms: segment.keyTerms ?? [],
    id: segmentIdSchema.parse(hex(_id)),
    meetingId: meetingIdSchema.parse(hex(meetingId)),
    speakers: speakers.map((speaker) => userIdSchema.parse(hex(speaker))),
  };
}

export function fromAction(action: Omit<StoredAction, "id" | "done" | "movedTo" | "createdAt">) {
  return {
    meetingId: new ObjectId(action.meetingId),
    meetingTitle: action.meetingTitle,
    text: action.text,
    ownerId: action.ownerId === null ? null : new ObjectId(action.ownerId),
    dueText: action.dueText,
    citations: action.citations.map(fromCitation),
    visibleTo: action.visibleTo.map((userId) => new ObjectId(userId)),
  };
}

export function toAction(document: ActionDocument): StoredAction {
  const { meetingTitle, text, dueText, movedTo = null, done, createdAt } = document;
  return {
    id: actionItemIdSchema.parse(hex(document._id)),
    meetingId: meetingIdSchema.parse(hex(document.meetingId)),
    meetingTitle,
    text,
    ownerId: document.ownerId === null ? null : userIdSchema.parse(hex(document.ownerId)),
    dueText,
    movedTo,
    done,
    citations: document.citations.map(toCitation),
    visibleTo: document.visibleTo.map((userId) => userIdSchema.parse(hex(userId))),
    createdAt,
  };
}

export function fromInsight(insight: Omit<StoredInsight, "id" | "createdAt" | "mailId">) {
  const { userId, meetingId, outcome, summary, decisions, actionItemIds } = insight;
  return {
    userId: new ObjectId(userId),
    meetingId: new ObjectId(meetingId),
    outcome: outcome === null ? null : fromCited(outcome),
    summary: summary.map(fromCited),
    decisions: decisions.map(fromCited),
    actionItems: actionItemIds.map((one) => new ObjectId(one)),
    recommendations: insight.recommendations.map(({ citations, ...one }) => ({
      ...one,
      citations: citations.map(fromCitation),
    })),
    links: insight.links.map(({ citation, ...link }) => ({ ...link, citation: fromCitation(citation) })),
    topics: insight.topics,
    generatedBy: insight.generatedBy,
    missing: insight.missing,
  };
}

export function toInsight(document: InsightDocument): StoredInsight {
  const { outcome, topics, generatedBy, missing, createdAt } = document;
  return {
    id: insightIdSchema.parse(hex(document._id)),
    meetingId: meetingIdSchema.parse(hex(document.meetingId)),
    userId: userIdSchema.parse(hex(document.userId)),
    outcome: outcome === null ? null : toCited(outcome),
    summary: document.summary.map(toCited),
    decisions: document.decisions.map(toCited),
    actionItemIds: document.actionItems.map((one) => actionItemIdSchema.parse(hex(one))),
    recommendations: document.recommendations.map(({ type, content, confidence, citations }) => ({
      type,
      content,
      confidence,
      citations: citations.map(toCitation),
    })),
    links: document.links.map(({ url, title, citation }) => ({ url, title, citation: toCitation(citation) })),
    topics: [...topics],
    generatedBy,
    missing: [...missing],
    mailId: document.mailId === null ? null : mailIdSchema.parse(hex(document.mailId)),
    createdAt,
  };
}

export function toRecap(document: RecapDocument): StoredRecap {
  const { _id, status, problem, delivery, edition = 0, speakers = [], withheld = null } = document;
  const { mode = null, revision = null, createdAt } = document;
  return {
    meetingId: meetingIdSchema.parse(hex(_id)),
    status,
    problem,
    delivery,
    edition,
    speakers: toUserIds(speakers),
    withheld: withheld === null ? null : toUserIds(withheld),
    mode,
    revision,
    begunAt: createdAt,
  };
}

function toUserIds(ids: readonly ObjectId[]) {
  return ids.map((id) => userIdSchema.parse(hex(id)));
}

export function hex(id: ObjectId): string {
  return id.toHexString();
}
