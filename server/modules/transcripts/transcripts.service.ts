// Appending to and reading the live transcript.
import type { Connection } from "mongoose";
import type { MeetingId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { TranscriptChunk, TranscriptPage } from "../../../shared/schemas/transcripts.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Journal, StreamFollowers } from "../../platform/journal/index.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { AuditService } from "../audit/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import { createMongoCorrectionsRepository } from "./corrections.repository.mongo.ts";
import type { CorrectionsRepository } from "./corrections.repository.ts";
import { createCorrections } from "./corrections.service.ts";
import type { TranscriptsService } from "./index.ts";
import { createSpeakerCheck } from "./speaker-check.ts";
import { createAppend } from "./transcripts.append.ts";
import { chunkKey, fromEntry, toView, transcriptStream } from "./transcripts.chunks.ts";
import { createCaptionConsent } from "./transcripts.consent.ts";
import { createFollow } from "./transcripts.follow.ts";
import { createTranscriptMaterialiser } from "./transcripts.materialiser.ts";
import { createMongoTranscriptsRepository } from "./transcripts.repository.mongo.ts";
import { searchLines } from "./transcripts.search.ts";
import type { TranscriptsRepository } from "./transcripts.repository.ts";

export interface TranscriptsParts {
  clock: Clock;
  journal: Journal;
  streams: StreamFollowers;
  meetings: Pick<MeetingsService, "authorize" | "authorizeVendor" | "record" | "consents">;
  bus: EventBus;
  audit: AuditService;
  metrics: Metrics;
}

export async function createTranscriptsModule({
  connection,
  ...parts
}: TranscriptsParts & { connection: Connection }): Promise<TranscriptsService> {
  return createTranscriptsService({
    ...parts,
    repository: await createMongoTranscriptsRepository(connection),
    correctionsRepository: await createMongoCorrectionsRepository(connection),
  });
}

/** Registers its materialisers with the journal, so it is made before the journal starts. */
export function createTranscriptsService({
  clock,
  journal,
  streams,
  meetings,
  bus,
  audit,
  metrics,
  repository,
  correctionsRepository,
}: TranscriptsParts & {
  repository: TranscriptsRepository;
  correctionsRepository: CorrectionsRepository;
}): TranscriptsService {
  journal.register(createTranscriptMaterialiser(repository));
  const speakers = createSpeakerCheck({ clock, meetings });

  const lastSequence = (meetingId: MeetingId) => journal.lastSequence(transcriptStream(meetingId));
  const corrections = createCorrections({
    journal,
    meetings,
    speakers,
    bus,
    audit,
    metrics,
    repository: correctionsRepository,
    lastSequence,
    original: async (meetingId, sequence) => {
      const line = (await readOriginals(meetingId, sequence, 1)).chunks[0];
      return line?.sequence === sequence ? line : null;
    },
  });

  /** Chunks as they came, without corrections. */
  async function readOriginals(meetingId: MeetingId, fromSequence: number, limit: number) {
    const stream = transcriptStream(meetingId);
    // The tail before the pages: what moves from one to the other in between is then seen twice, not never.
    const tail = await journal.tail(stream, fromSequence);
    const durable = await journal.lastSequence(stream);
    // Most who come back want the last lines alone, which are not filed yet.
    const isInTail = durable < fromSequence || tail[0]?.sequence === Math.max(1, fromSequence);
    const stored = isInTail ? [] : await repository.read(meetingId, fromSequence, limit);
    const storedUntil = stored.at(-1)?.sequence ?? 0;
    const chunks = [...stored, ...tail.filter(({ sequence }) => sequence > storedUntil).map(fromEntry)]
      .slice(0, limit)
      .map(toView);
    return { chunks, durable };
  }

  async function readPage(
    meetingId: MeetingId,
    fromSequence: number,
    limit: number,
  ): Promise<TranscriptPage> {
    const { chunks, durable } = await readOriginals(meetingId, fromSequence, limit);
    // Before the corrections: a later one may be in the lines, an earlier one is in any case.
    const revision = await corrections.lastRevision(meetingId);
    const corrected = await corrections.applied(meetingId, chunks);
    const last = chunks.at(-1)?.sequence ?? 0;
    const highest = Math.max(durable, last);
    return {
      chunks: [...corrected],
      lastSequence: highest,
      revision,
      nextFromSequence: last > 0 && last < highest ? last + 1 : null,
    };
  }

  async function* readAll(meetingId: MeetingId): AsyncGenerator<TranscriptChunk[]> {
    let fromSequence: number | null = 1;
    while (fromSequence !== null) {
      const page: TranscriptPage = await readPage(meetingId, fromSequence, limits.transcriptPageMaxChunks);
      if (page.chunks.length > 0) yield page.chunks;
      fromSequence = page.nextFromSequence;
    }
  }

  return {
    ...createAppend({
      journal,
      meetings,
      speakers,
      corrections,
      consent: createCaptionConsent(meetings),
      bus,
      audit,
      metrics,
    }),

    async sequenceOf(meetingId, authorId, clientKey) {
      const key = chunkKey(authorId, clientKey);
      const tail = await journal.tail(transcriptStream(meetingId), 1);
      const waiting = tail.find((entry) => entry.key === key);
      if (waiting !== undefined) return waiting.sequence;
      const stored = await repository.findByClientKeys(meetingId, [clientKey]);
      return stored.find((chunk) => chunk.authorId === authorId)?.sequence ?? null;
    },

    async read(actor, meetingId, { fromSequence, limit }) {
      await meetings.authorize(actor, meetingId, "transcript.read");
      return readPage(meetingId, fromSequence, Math.min(limit, limits.transcriptPageMaxChunks));
    },

    async search(actor, meetingId, query) {
      await meetings.authorize(actor, meetingId, "transcript.read");
      return await searchLines(readAll(meetingId), query);
    },

    readAll,
    fileCorrections: corrections.file,
    lastSequence,
    lastRevision: corrections.lastRevision,
    correctedAfter: corrections.correctedAfter,
    edit: corrections.edit,
    renameSpeaker: corrections.rename,
    history: corrections.history,
    async revision(actor, meetingId) {
      await meetings.authorize(actor, meetingId, "transcript.read");
      return await corrections.lastRevision(meetingId);
    },

    follow: createFollow({ streams, corrections }),
  };
}
