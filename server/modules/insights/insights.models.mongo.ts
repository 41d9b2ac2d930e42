// The collections behind a recap. Only this file and the repository know how they are stored.
import mongoose from "mongoose";
import type { InsightStatus } from "../../../shared/schemas/insights.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { StoredRecap } from "./insights.repository.ts";

type ObjectId = mongoose.Types.ObjectId;
const { ObjectId: ObjectIdType } = mongoose.Schema.Types;

const strictly = { autoIndex: false, autoCreate: false, versionKey: false, strict: "throw" } as const;

export interface CitationDocument {
  segmentId: ObjectId;
  sequence: number;
  startMs: number;
  speakerId: ObjectId;
  quote: string;
}

export interface CitedDocument {
  text: string;
  citations: CitationDocument[];
}

const citationSchema = new mongoose.Schema<CitationDocument>(
  {
    segmentId: { type: ObjectIdType, required: true },
    sequence: { type: Number, required: true },
    startMs: { type: Number, required: true },
    speakerId: { type: ObjectIdType, required: true },
    quote: { type: String, required: true },
  },
  { _id: false, strict: "throw" },
);
const citedSchema = new mongoose.Schema<CitedDocument>(
  { text: { type: String, required: true }, citations: { type: [citationSchema], required: true } },
  { _id: false, strict: "throw" },
);

export interface RecommendationDocument {
  type: string;
  content: string;
  confidence: number;
  citations: CitationDocument[];
}

export interface LinkDocument {
  url: string;
  title: string;
  citation: CitationDocument;
}

const recommendationSchema = new mongoose.Schema<RecommendationDocument>(
  {
    type: { type: String, required: true },
    content: { type: String, required: true },
    confidence: { type: Number, required: true },
    citations: { type: [citationSchema], required: true },
  },
  { _id: false, strict: "throw" },
);
const linkSchema = new mongoose.Schema<LinkDocument>(
  {
    url: { type: String, required: true },
    title: { type: String, required: true },
    citation: { type: citationSchema, required: true },
  },
  { _id: false, strict: "throw" },
);

export interface SegmentDocument {
  _id: ObjectId;
  meetingId: ObjectId;
  startMs: number;
  endMs: number;
  firstSequence: number;
  lastSequence: number;
  speakers: ObjectId[];
  text: string;
  stretch: number | null;
  topics: string[];
  keyTerms: string[];
  sentiment: number | null;
  createdAt: Date;
  updatedAt: Date;
}

// The seeds' fields, and the sequences that citations and deep links need. `embeddingId` comes with embeddings.
const segmentSchema = new mongoose.Schema<SegmentDocument>(
  {
    meetingId: { type: ObjectIdType, required: true },
    startMs: { type: Number, required: true },
    endMs: { type: Number, required: true },
    firstSequence: { type: Number, required: true },
    lastSequence: { type: Number, required: true },
    speakers: { type: [ObjectIdType], required: true },
    text: { type: String, required: true },
    stretch: { type: Number, default: null },
    topics: { type: [String], required: true },
    keyTerms: { type: [String], default: [] },
    sentiment: { type: Number, default: null },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: "transcriptSegments", ...strictly },
);
segmentSchema.index({ meetingId: 1, firstSequence: 1 }, { unique: true });
segmentSchema.index({ meetingId: 1, startMs: 1 });
segmentSchema.index({ topics: 1 });

export interface ActionDocument {
  _id: ObjectId;
  meetingId: ObjectId;
  meetingTitle: string;
  /** Place in the recap, from 0. */
  position: number;
  text: string;
  ownerId: ObjectId | null;
  dueText: string | null;
  /** Missing in those of before it could be moved. */
  movedTo?: string | null;
  done: boolean;
  doneBy: ObjectId | null;
  doneAt: Date | null;
  citations: CitationDocument[];
  visibleTo: ObjectId[];
  createdAt: Date;
  updatedAt: Date;
}

// The seeds keep action items as strings inside each person's insight. Ticked off by one person, an item must change
// for everybody, so that each is a document of its own here, and the insights name them by id.
const actionSchema = new mongoose.Schema<ActionDocument>(
  {
    meetingId: { type: ObjectIdType, required: true },
    meetingTitle: { type: String, required: true },
    position: { type: Number, required: true },
    text: { type: String, required: true },
    ownerId: { type: ObjectIdType, default: null },
    dueText: { type: String, default: null },
    movedTo: { type: String, default: null },
    done: { type: Boolean, required: true },
    doneBy: { type: ObjectIdType, default: null },
    doneAt: { type: Date, default: null },
    citations: { type: [citationSchema], required: true },
    visibleTo: { type: [ObjectIdType], required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: "actionItems", ...strictly },
);
actionSchema.index({ meetingId: 1, position: 1 });
actionSchema.index({ visibleTo: 1, done: 1, createdAt: -1, _id: -1 });

export interface InsightDocument {
  _id: ObjectId;
  userId: ObjectId;
  meetingId: ObjectId;
  outcome: CitedDocument | null;
  summary: CitedDocument[];
  decisions: CitedDocument[];
  actionItems: ObjectId[];
  topics: string[];
  recommendations: RecommendationDocument[];
  links: LinkDocument[];
  generatedBy: string;
  missing: string[];
  mailId: ObjectId | null;
  createdAt: Date;
  updatedAt: Date;
}

// The seeds' fields; summary, outcome and decisions are cited statements instead of one text. Links are those that were
// said: what people wrote in chat and notes is read where it stands, as it is when somebody looks.
const insightSchema = new mongoose.Schema<InsightDocument>(
  {
    userId: { type: ObjectIdType, required: true },
    meetingId: { type: ObjectIdType, required: true },
    outcome: { type: citedSchema, default: null },
    summary: { type: [citedSchema], required: true },
    decisions: { type: [citedSchema], required: true },
    actionItems: { type: [ObjectIdType], required: true },
    topics: { type: [String], required: true },
    recommendations: { type: [recommendationSchema], required: true },
    links: { type: [linkSchema], required: true },
    generatedBy: { type: String, required: true },
    missing: { type: [String], required: true },
    mailId: { type: ObjectIdType, default: null },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: "insights", ...strictly },
);
insightSchema.index({ userId: 1 });
insightSchema.index({ meetingId: 1 });
insightSchema.index({ userId: 1, meetingId: 1 }, { unique: true });

export interface RecapDocument {
  /** The meeting's id: one recap a meeting. */
  _id: ObjectId;
  status: InsightStatus;
  problem: string | null;
  delivery: StoredRecap["delivery"];
  /** These five are absent in recaps of before they were written down. */
  edition?: number;
  speakers?: ObjectId[];
  withheld?: ObjectId[] | null;
  mode?: StoredRecap["mode"];
  revision?: number | null;
  createdAt: Date;
  updatedAt: Date;
}

const recapSchema = new mongoose.Schema<RecapDocument>(
  {
    _id: { type: ObjectIdType, required: true },
    status: { type: String, required: true },
    problem: { type: String, default: null },
    delivery: { type: String, required: true },
    edition: { type: Number, default: 0 },
    speakers: { type: [ObjectIdType], default: [] },
    withheld: { type: [ObjectIdType], default: null },
    mode: { type: String, default: null },
    revision: { type: Number, default: null },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: "recaps", ...strictly },
);
recapSchema.index({ speakers: 1, _id: 1 });

export async function openInsightModels(connection: mongoose.Connection) {
  const segments = connection.model<SegmentDocument>("TranscriptSegment", segmentSchema);
  const actions = connection.model<ActionDocument>("ActionItem", actionSchema);
  const insights = connection.model<InsightDocument>("Insight", insightSchema);
  const recaps = connection.model<RecapDocument>("Recap", recapSchema);
  await createIndexes(segments, actions, insights, recaps);
  return { segments, actions, insights, recaps };
}
