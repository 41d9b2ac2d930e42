// A piece of sound on its way to lines: may it, has it been written down already, what was said, and into the transcript.
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import type { SpeechPiece, SpeechPieceQuery } from "../../../shared/schemas/speech.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { GatedSpeech } from "../../vendors/speech/index.ts";
import type { AuditService } from "../audit/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { TranscriptsService } from "../transcripts/index.ts";
import { keyOf, linesOf } from "./captions.lines.ts";
import type { CaptionsService, Sound } from "./index.ts";

/** Later than this nobody reads a caption; within the minute that a repeated request waits for the first. */
const answeredWithinMs = 45_000;
/** People and meetings of whom the audit log has, as far as this process knows, that their sound goes to a service. */
const notedMost = 10_000;

export interface CaptionsParts {
  /** Null where no service is configured. */
  speech: GatedSpeech | null;
  meetings: Pick<MeetingsService, "authorize" | "record">;
  transcripts: Pick<TranscriptsService, "appendHeard" | "sequenceOf">;
  audit: Pick<AuditService, "record">;
  clock: Clock;
  metrics: Metrics;
}

export function createCaptionsModule(parts: CaptionsParts): CaptionsService {
  const { speech, meetings, transcripts, audit, clock, metrics } = parts;
  const pieces = metrics.counter(
    "caption_pieces_total",
    "Pieces of sound for captions by outcome: lines, silence, repeated, or the code of the refusal",
    ["outcome"],
  );
  const seconds = metrics.histogram(
    "caption_piece_seconds",
    "From a piece's arrival to its durable lines",
    [],
  );
  /** The same piece may come again before the first has been written down. */
  const running = new Map<string, Promise<SpeechPiece>>();
  const noted = new Set<string>();

  async function write(
    actor: Actor,
    meetingId: MeetingId,
    piece: SpeechPieceQuery,
    receive: () => Promise<Sound>,
  ): Promise<{ answer: SpeechPiece; outcome: string }> {
    await meetings.authorize(actor, meetingId, "transcript.append");
    if (speech === null)
      throw new AppError("FORBIDDEN", "This server has no speech service: SPEECH_MODEL names one.");
    await speech.assertMayHear(meetingId, actor.userId);
    const before = await transcripts.sequenceOf(meetingId, actor.userId, keyOf(piece.key, 0));
    if (before !== null)
      return { answer: { firstSequence: before, lastSequence: before }, outcome: "repeated" };
    const { bytes, format } = await receive();
    const record = await meetings.record(meetingId);
    await noteOnce(actor, meetingId, speech.name);
    const ended = new AbortController();
    const cancel = clock.schedule(answeredWithinMs, () => ended.abort(tooLate()));
    let spoken;
    try {
      const { durationMs, language } = piece;
      const recording = { audio: bytes, format, durationMs, ...(language === undefined ? {} : { language }) };
      const subject = { meetingId, orgId: record?.orgId ?? null, speakerId: actor.userId };
      spoken = await speech.transcribe(recording, { ...subject, signal: ended.signal });
    } finally {
      cancel();
    }
    const lines = linesOf(piece, spoken);
    if (lines.length === 0)
      return { answer: { firstSequence: null, lastSequence: null }, outcome: "silence" };
    const { firstSequence, lastSequence } = await transcripts.appendHeard(actor, meetingId, lines);
    return { answer: { firstSequence, lastSequence }, outcome: "lines" };
  }

  /** That somebody's sound leaves this server; a process that starts again, or another one, may note its own first. */
  async function noteOnce({ userId }: Actor, meetingId: MeetingId, service: string): Promise<void> {
    const key = `${meetingId}/${userId}`;
    if (noted.has(key)) return;
    await audit.record({
      actorUserId: userId,
      resourceType: "meeting",
      resourceId: meetingId,
      action: "speech.send",
      outcome: "done",
      metadata: { service },
    });
    noted.add(key);
    const oldest = noted.values().next().value;
    if (noted.size > notedMost && oldest !== undefined) noted.delete(oldest);
  }

  async function counted(work: ReturnType<typeof write>): Promise<SpeechPiece> {
    const startedMs = clock.monotonicMs();
    let outcome = "INTERNAL";
    try {
      const done = await work;
      ({ outcome } = done);
      return done.answer;
    } catch (error) {
      if (error instanceof AppError) outcome = error.code;
      throw error;
    } finally {
      pieces.inc({ outcome });
      if (outcome === "lines") seconds.observe({}, (clock.monotonicMs() - startedMs) / 1_000);
    }
  }

  return {
    write(actor, meetingId, piece, receive) {
      const key = `${meetingId}/${actor.userId}/${piece.key}`;
      const current = running.get(key);
      if (current !== undefined) return current;
      const work = counted(write(actor, meetingId, piece, receive)).finally(() => running.delete(key));
      running.set(key, work);
      return work;
    },
  };
}

function tooLate(): AppError {
  return new AppError("TIMEOUT", "The speech service did not answer in time. Please try again.", {
    retryAfterSeconds: 2,
  });
}
