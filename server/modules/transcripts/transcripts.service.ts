// Appending to and reading the live transcript.
import type { Connection } from "mongoose";
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { AppendChunk, Appended, TranscriptPage } from "../../../shared/schemas/transcripts.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import { createInOrder } from "../../platform/in-order.ts";
import type { Journal } from "../../platform/journal/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { TranscriptsService } from "./index.ts";
import { createSpeakerCheck } from "./speaker-check.ts";
import { fromEntry, toInput, toView, transcriptStream } from "./transcripts.chunks.ts";
import { createTranscriptMaterialiser } from "./transcripts.materialiser.ts";
import { createMongoTranscriptsRepository } from "./transcripts.repository.mongo.ts";
import type { TranscriptsRepository } from "./transcripts.repository.ts";

export interface TranscriptsParts {
  clock: Clock;
  journal: Journal;
  meetings: Pick<MeetingsService, "authorize" | "record">;
  bus: EventBus;
}

export async function createTranscriptsModule({
  connection,
  ...parts
}: TranscriptsParts & { connection: Connection }): Promise<TranscriptsService> {
  return createTranscriptsService({
    ...parts,
    repository: await createMongoTranscriptsRepository(connection),
  });
}

/** Registers its materialiser with the journal, so it is made before the journal starts. */
export function createTranscriptsService({
  clock,
  journal,
  meetings,
  bus,
  repository,
}: TranscriptsParts & { repository: TranscriptsRepository }): TranscriptsService {
  journal.register(createTranscriptMaterialiser(repository));
  const speakers = createSpeakerCheck({ clock, meetings });
  const arrivals = createInOrder();

  async function readPage(
    meetingId: MeetingId,
    fromSequence: number,
    limit: number,
  ): Promise<TranscriptPage> {
    const stream = transcriptStream(meetingId);
    // The tail before the pages: what moves from one to the other in between is then seen twice, not never.
    const tail = await journal.tail(stream, fromSequence);
    const durable = await journal.lastSequence(stream);
    const stored = await repository.read(meetingId, fromSequence, limit);
    const storedUntil = stored.at(-1)?.sequence ?? 0;
    const chunks = [...stored, ...tail.filter(({ sequence }) => sequence > storedUntil).map(fromEntry)]
      .slice(0, limit)
      .map(toView);
    const last = chunks.at(-1)?.sequence ?? 0;
    const lastSequence = Math.max(durable, last);
    return { chunks, lastSequence, nextFromSequence: last > 0 && last < lastSequence ? last + 1 : null };
  }

  return {
    async append(actor: Actor, meetingId: MeetingId, chunks: AppendChunk[]): Promise<Appended> {
      assertBatch(chunks);
      // One person's batches reach the journal in the order they came, however long the access check of one takes.
      const { written } = await arrivals.run(`${meetingId}/${actor.userId}`, async () => {
        const others = new Set<UserId>();
        for (const { speakerId } of chunks) {
          if (speakerId !== undefined && speakerId !== actor.userId) others.add(speakerId);
        }
        const action = others.size === 0 ? "transcript.append" : "transcript.append-for-others";
        await meetings.authorize(actor, meetingId, action);
        if (others.size > 0) await speakers.assertInMeeting(meetingId, [...others]);
        return {
          written: journal.append(
            transcriptStream(meetingId),
            chunks.map((chunk) => toInput(actor.userId, chunk)),
          ),
        };
      });
      const appended = await written;
      // The journal's promises resolve in order of sequence, and nothing is awaited in between: so does publication.
      const fresh = appended.filter(({ repeated }) => !repeated).map(({ entry }) => toView(fromEntry(entry)));
      if (fresh.length > 0) bus.publish("transcript.appended", { meetingId, chunks: fresh });
      const sequences = appended.map(({ entry }) => entry.sequence);
      return { firstSequence: Math.min(...sequences), lastSequence: Math.max(...sequences) };
    },

    async read(actor, meetingId, { fromSequence, limit }) {
      await meetings.authorize(actor, meetingId, "transcript.read");
      return readPage(meetingId, fromSequence, Math.min(limit, limits.transcriptPageMaxChunks));
    },

    async *readAll(meetingId) {
      let fromSequence: number | null = 1;
      while (fromSequence !== null) {
        const page: TranscriptPage = await readPage(meetingId, fromSequence, limits.transcriptPageMaxChunks);
        if (page.chunks.length > 0) yield page.chunks;
        fromSequence = page.nextFromSequence;
      }
    },

    lastSequence: (meetingId) => journal.lastSequence(transcriptStream(meetingId)),
  };
}

function assertBatch(chunks: AppendChunk[]): void {
  if (chunks.length === 0 || chunks.length > limits.transcriptAppendMaxChunks) {
    throw new AppError(
      "VALIDATION_ERROR",
      `A batch holds 1 to ${limits.transcriptAppendMaxChunks} chunks; send more in several batches.`,
    );
  }
}
