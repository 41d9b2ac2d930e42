// Lines on their way into the journal: who may send them, in which order they count, and who hears of them.
import { AppError, keyMismatch } from "../../../shared/errors.ts";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { AppendChunk, Appended } from "../../../shared/schemas/transcripts.ts";
import { applyCorrections } from "../../../shared/transcript/corrections.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import { createInOrder } from "../../platform/in-order.ts";
import type { AppendedEntry, Journal } from "../../platform/journal/index.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { AuditService } from "../audit/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { Corrections } from "./corrections.service.ts";
import type { TranscriptsService } from "./index.ts";
import { notInMeeting, type SpeakerCheck } from "./speaker-check.ts";
import { fromEntry, toInput, toView, transcriptStream, type ChunkPayload } from "./transcripts.chunks.ts";
import { captionsRefused, type CaptionConsent } from "./transcripts.consent.ts";

/** Meetings whose first delivery by a vendor is in the audit log, as far as this process knows. */
const vendorMeetingsMax = 1_000;

const keysShown = 20;

export interface AppendParts {
  journal: Journal;
  meetings: Pick<MeetingsService, "authorize" | "authorizeVendor">;
  speakers: SpeakerCheck;
  corrections: Pick<Corrections, "concerning">;
  consent: CaptionConsent;
  bus: EventBus;
  audit: AuditService;
  metrics: Metrics;
}

interface Sender {
  /** Null: a vendor. */
  authorId: UserId | null;
  /** Throws where it may not send these. */
  admit(): Promise<unknown>;
  /** Its words under one key may differ: the first ones stand. */
  hears: boolean;
}

export function createAppend({
  journal,
  meetings,
  speakers,
  corrections,
  consent,
  bus,
  audit,
  metrics,
}: AppendParts): Pick<TranscriptsService, "append" | "appendHeard" | "appendFromVendor"> {
  const arrivals = createInOrder();
  const taken = metrics.counter("transcript_chunks_total", "Transcript chunks made durable, by sender", [
    "sender",
    "outcome",
  ]);
  const withheld = metrics.counter(
    "transcript_chunks_withheld_total",
    "Transcript chunks that were not stored because their speaker refuses captions or has no place in the meeting",
    ["sender"],
  );
  const vendorMeetings = new Set<MeetingId>();

  async function write(
    meetingId: MeetingId,
    chunks: AppendChunk[],
    { authorId, admit, hears }: Sender,
  ): Promise<Appended> {
    assertBatch(chunks);
    let kept = chunks;
    // One sender's batches reach the journal in the order they came, however long the access check of one takes.
    const { written, renames } = await arrivals.run(`${meetingId}/${authorId ?? ""}`, async () => {
      await admit();
      const others = othersIn(chunks, authorId);
      const strangers = others.length === 0 ? null : await speakers.strangersAmong(meetingId, others);
      const named = chunks.filter(
        ({ speakerId }) => speakerId === undefined || strangers?.has(speakerId) !== true,
      );
      // A vendor cannot know who was removed since: it loses those lines alone, and is told where none are left.
      if (named.length < chunks.length && (authorId !== null || named.length === 0)) throw notInMeeting();
      // Of speakers everywhere alone: no line that is yet to come has a correction of its own.
      const renamed = chunks.some(isLabelled) ? await corrections.concerning(meetingId, 0, 0) : [];
      const isRefused = await consent.refusals(meetingId, authorId, named, renamed);
      kept = named.filter((chunk) => !isRefused(chunk));
      withheld.inc({ sender: authorId === null ? "vendor" : "person" }, chunks.length - kept.length);
      // A vendor would send the whole delivery again and again: it loses those lines alone.
      if (kept.length < chunks.length && authorId !== null) throw captionsRefused();
      return {
        renames: renamed,
        written:
          kept.length === 0
            ? Promise.resolve([])
            : journal.append(
                transcriptStream(meetingId),
                kept.map((chunk) => toInput(meetingId, authorId, chunk)),
              ),
      };
    });
    const appended = await written;
    // The journal's promises resolve in order of sequence, and nothing is awaited in between: so does publication.
    const fresh = appended.filter(({ repeated }) => !repeated).map(({ entry }) => toView(fromEntry(entry)));
    if (fresh.length > 0) {
      bus.publish("transcript.appended", { meetingId, chunks: [...applyCorrections(fresh, renames)] });
    }
    const sender = authorId === null ? "vendor" : "person";
    taken.inc({ sender, outcome: "new" }, fresh.length);
    taken.inc({ sender, outcome: "repeated" }, appended.length - fresh.length);
    if (appended.length === 0) {
      const last = await journal.lastSequence(transcriptStream(meetingId));
      return { firstSequence: last, lastSequence: last, withheld: chunks.length };
    }
    const reused = kept.filter(({ text }, index) => wasOther(appended[index], text));
    if (!hears && reused.length > 0) {
      throw keyMismatch(
        "Some of these clientKeys were used for other words: take new ones. The other lines are taken.",
        reused.slice(0, keysShown).map(({ clientKey }) => clientKey),
      );
    }
    const sequences = appended.map(({ entry }) => entry.sequence);
    const some = kept.length < chunks.length ? { withheld: chunks.length - kept.length } : {};
    return { firstSequence: Math.min(...sequences), lastSequence: Math.max(...sequences), ...some };
  }

  return {
    append: (actor, meetingId, chunks) =>
      write(meetingId, chunks, {
        authorId: actor.userId,
        hears: false,
        admit() {
          const own = othersIn(chunks, actor.userId).length === 0 && !chunks.some(isLabelled);
          const action = own ? "transcript.append" : "transcript.append-for-others";
          return meetings.authorize(actor, meetingId, action);
        },
      }),

    appendHeard: (actor, meetingId, chunks) =>
      write(meetingId, chunks, {
        authorId: actor.userId,
        hears: true,
        admit: () => meetings.authorize(actor, meetingId, "transcript.append"),
      }),

    async appendFromVendor(meetingId, chunks) {
      const appended = await write(meetingId, chunks, {
        authorId: null,
        hears: true,
        admit: () => meetings.authorizeVendor(meetingId, "transcript.append-for-others"),
      });
      if (!vendorMeetings.has(meetingId)) {
        // Where this fails the vendor sends again, which changes nothing but this.
        await audit.record({
          actorUserId: null,
          resourceType: "meeting",
          resourceId: meetingId,
          action: "transcript.receive-from-vendor",
          outcome: "done",
        });
        vendorMeetings.add(meetingId);
        const oldest = vendorMeetings.values().next().value;
        if (vendorMeetings.size > vendorMeetingsMax && oldest !== undefined) vendorMeetings.delete(oldest);
      }
      return appended;
    },
  };
}

const isLabelled = ({ speakerLabel }: AppendChunk) => speakerLabel !== undefined;

function othersIn(chunks: AppendChunk[], authorId: UserId | null): UserId[] {
  const others = new Set<UserId>();
  for (const { speakerId } of chunks) {
    if (speakerId !== undefined && speakerId !== authorId) others.add(speakerId);
  }
  return [...others];
}

function assertBatch(chunks: AppendChunk[]): void {
  if (chunks.length === 0 || chunks.length > limits.transcriptAppendMaxChunks) {
    throw new AppError(
      "VALIDATION_ERROR",
      `A batch holds 1 to ${limits.transcriptAppendMaxChunks} chunks; send more in several batches.`,
    );
  }
}

/** A vendor may hear an utterance anew and say it differently; a person's key stands for one line. */
function wasOther(appended: AppendedEntry | undefined, text: string): boolean {
  return appended?.repeated === true && (appended.entry.payload as ChunkPayload).text !== text;
}
