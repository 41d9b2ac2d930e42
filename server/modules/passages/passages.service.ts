// Passages as use cases: put in and taken out by jobs, as people allow; found, and checked again before they are shown.
import { createHash } from "node:crypto";
import type { Actor } from "../../../shared/actor.ts";
import { mayBeReadByMachine, noAnswers, type ConsentAnswers } from "../../../shared/consent-rules.ts";
import { AppError } from "../../../shared/errors.ts";
import { meetingIdSchema, type MeetingId, type OrgId, type UserId } from "../../../shared/ids.ts";
import type { FoundPassage } from "../../../shared/schemas/passages.ts";
import type { Segment } from "../../../shared/schemas/transcripts.ts";
import type { Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import type { EmbeddingsProvider } from "../../vendors/embeddings/index.ts";
import type { Match, Metadata, StoredVector, VectorIndex } from "../../vendors/vectors/index.ts";
import type { AiService } from "../ai/index.ts";
import type { ConsentLedger } from "../consent/index.ts";
import type { InsightsService } from "../insights/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { PassagesService } from "./index.ts";
import { createPassagesJobs } from "./passages.jobs.ts";
import type { PassagesRepository } from "./passages.repository.ts";

export interface PassagesOptions {
  repository: PassagesRepository;
  embeddings: EmbeddingsProvider;
  /** Opened when the number of dimensions is known. */
  openIndex(dimensions: number): VectorIndex;
  provider: string;
  indexName: string;
  jobs: Jobs;
  meetings: Pick<MeetingsService, "authorize" | "record" | "placesOf">;
  insights: Pick<InsightsService, "segmentsOf">;
  consents: Pick<ConsentLedger, "answers" | "standing">;
  ai: Pick<AiService, "useIn" | "useOf">;
  clock: Clock;
  logger: Logger;
}

const sourceType = "transcriptSegment";
/** Of what the index finds, some may not be shown. */
const lookedAtFor = 4;
const batch = 200;

export function createPassagesModule(options: PassagesOptions): PassagesService {
  const { repository, embeddings, openIndex, provider, meetings, insights, consents, ai } = options;
  const readerMode: "rules" | "model" = embeddings.mode === "model" ? "model" : "rules";
  let opened: Promise<VectorIndex> | null = null;

  function index(): Promise<VectorIndex> {
    opened ??= open().catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return opened;
  }

  async function open(): Promise<VectorIndex> {
    let { dimensions } = embeddings;
    if (dimensions === null) {
      // The model says by its first answer how long its vectors are.
      const [vector] = await embeddings.embed(["hello"], { subject: { meetingId: null, orgId: null } });
      dimensions = vector?.length ?? 0;
    }
    return openIndex(dimensions);
  }

  /** Whether machines of this mode may read what these people said. */
  const allow = (
    speakers: readonly UserId[],
    answers: ReadonlyMap<UserId, ConsentAnswers>,
    mode: "rules" | "model",
  ) => speakers.every((speaker) => mayBeReadByMachine(answers.get(speaker) ?? noAnswers, mode));
  const isUsed = (use: "model" | "rules" | "off", mode = readerMode) =>
    use === "model" || (use === "rules" && mode === "rules");

  async function allowedSegments(
    meetingId: MeetingId,
    mode: "rules" | "model" = readerMode,
  ): Promise<Segment[]> {
    if (!isUsed(await ai.useIn(meetingId), mode)) return [];
    const segments = await insights.segmentsOf(meetingId);
    const speakers = [...new Set(segments.flatMap((segment) => segment.speakers))];
    const answers = await consents.answers(meetingId, speakers);
    return segments.filter((segment) => segment.text.trim() !== "" && allow(segment.speakers, answers, mode));
  }

  /** Afterwards exactly what is allowed of the meeting is in the index. */
  async function indexMeeting(meetingId: MeetingId, signal: AbortSignal): Promise<void> {
    const vectors = await index();
    const record = await meetings.record(meetingId);
    const segments = record === null ? [] : await allowedSegments(meetingId);
    const wanted = new Set<string>(segments.map(({ id }) => id));
    const before = await repository.idsOf(meetingId);
    const stale = before.filter(({ id, gone }) => !wanted.has(id) && !gone);
    for (const namespace of new Set(stale.map((each) => each.namespace))) {
      const ids = stale.filter((each) => each.namespace === namespace).map(({ id }) => id);
      await vectors.deleteIds(namespace, ids, signal);
      await repository.remove(namespace, ids);
    }
    if (record === null) return;
    const namespace = namespaceOf(record.orgId);
    const known = await repository.known(meetingId);
    for (let from = 0; from < segments.length; from += batch) {
      signal.throwIfAborted();
      const part = segments.slice(from, from + batch);
      const hashes = part.map(({ text }) => hashOf(text));
      const missing = part.filter(({ id }, at) => known.get(id)?.textHash !== hashes[at]);
      const made = await embeddings.embed(
        missing.map(({ text }) => text),
        { subject: { meetingId, orgId: record.orgId }, signal },
      );
      const fresh = new Map<string, Float32Array | undefined>(missing.map(({ id }, at) => [id, made[at]]));
      const stored = part.flatMap((segment, at): StoredVector[] => {
        const vector = fresh.get(segment.id) ?? known.get(segment.id)?.vector;
        return vector === undefined
          ? []
          : [{ id: segment.id, vector, metadata: metadataOf(segment, hashes[at] ?? "") }];
      });
      // The store keeps them whatever index is used: what is known is not asked for again.
      await repository.put(
        namespace,
        stored.filter(({ id }) => fresh.has(id)),
      );
      if (vectors.provider === "pinecone") await vectors.upsert(namespace, stored, signal);
    }
  }

  const work = createPassagesJobs({ ...options, indexMeeting });

  /** What of it may be shown to the actor now; null where it may not. */
  async function shown(
    actor: Actor,
    { id, score, metadata }: Match,
    seen: Seen,
  ): Promise<FoundPassage | null> {
    const meetingId = meetingIdSchema.safeParse(metadata["meetingId"]);
    if (!meetingId.success) return null;
    const known = await seen.meeting(actor, meetingId.data);
    const segment = known?.segments.find((each) => each.id === id);
    if (known === null || segment === undefined) return null;
    // Embedded from other words than it has now.
    if (hashOf(segment.text) !== metadata["textHash"]) return null;
    return {
      meetingId: meetingId.data,
      meetingTitle: known.title,
      segmentId: segment.id,
      firstSequence: segment.firstSequence,
      startMs: segment.startMs,
      speakers: segment.speakers,
      text: segment.text,
      score,
    };
  }

  /** Each meeting is looked at once for a search. */
  function newSeen(): Seen {
    const looked = new Map<MeetingId, Promise<{ title: string; segments: Segment[] } | null>>();
    async function look(actor: Actor, meetingId: MeetingId) {
      try {
        await meetings.authorize(actor, meetingId, "transcript.read");
      } catch (error) {
        if (error instanceof AppError) return null;
        throw error;
      }
      const record = await meetings.record(meetingId);
      return record === null ? null : { title: record.title, segments: await allowedSegments(meetingId) };
    }
    return {
      meeting(actor, meetingId) {
        const looking = looked.get(meetingId) ?? look(actor, meetingId);
        looked.set(meetingId, looking);
        return looking;
      },
    };
  }

  return {
    reconsider: work.reconsider,
    readable: allowedSegments,
    vectors: embeddings.mode,
    status: async () => ({ provider, ...(await work.progress()) }),
    start: work.start,

    async search(actor, { query, limit }) {
      if (actor.orgId !== null && !isUsed(await ai.useOf(actor.orgId)))
        throw new AppError("CONSENT_MISSING", "This search is switched off for your organisation.");
      const own = (await consents.standing(actor.userId, null)).find(({ purpose }) => purpose === "ai");
      if (!mayBeReadByMachine({ ...noAnswers, ai: own?.answer ?? null }, readerMode))
        throw new AppError(
          "CONSENT_MISSING",
          "A machine compares your question with what was said: say yes to that under Privacy first.",
        );
      const places = await meetings.placesOf(actor.userId);
      if (places.length === 0) return [];
      const [vector] = await embeddings.embed([query], { subject: { meetingId: null, orgId: actor.orgId } });
      if (vector === undefined) return [];
      const matches = await (
        await index()
      ).query(namespaceOf(actor.orgId), {
        vector,
        limit: limit * lookedAtFor,
        filter: { meetingId: { $in: places } },
      });
      const seen = newSeen();
      const found: FoundPassage[] = [];
      for (const match of matches) {
        if (found.length === limit) break;
        if (match.score <= 0) continue;
        const passage = await shown(actor, match, seen);
        if (passage !== null) found.push(passage);
      }
      return found;
    },
  };
}

interface Seen {
  meeting(actor: Actor, meetingId: MeetingId): Promise<{ title: string; segments: Segment[] } | null>;
}

/** One a tenant; people outside any organisation share one, in which the filter by meeting keeps them apart. */
export function namespaceOf(orgId: OrgId | null): string {
  return orgId === null ? "none" : `org-${orgId}`;
}

function metadataOf({ meetingId, startMs, firstSequence }: Segment, textHash: string): Metadata {
  return { sourceType, meetingId, startMs, firstSequence, textHash };
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
